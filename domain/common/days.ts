import { quote } from "./quote";
import type { Problem } from "./violation";

const DAY_MS = 86_400_000;

/** Days from one day to another, both as `YYYY-MM-DD`; negative where the second comes first. */
export function daysBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / DAY_MS;
}

/** The day that comes so many days after another, both as `YYYY-MM-DD`. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);
}

/** Finds a text that is not a day of the calendar as `YYYY-MM-DD`. */
export function dayProblem(text: string): Problem | undefined {
  const isDay = /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)) && addDays(text, 0) === text;
  return isDay ? undefined : { problem: `${quote(text)} is not a day`, remedy: 'use one such as "2027-06-30"' };
}
