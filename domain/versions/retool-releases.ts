import { daysBetween } from "../common/days";
import { type RetoolVersion, isFromLine, lineOf } from "./retool";

/** A line of the stable channel. */
export interface StableLine {
  /** First two numbers of its versions. */
  readonly line: string;
  /** Day of its first release, as `YYYY-MM-DD`; undefined where no page gives it. */
  readonly released: string | undefined;
}

/** The day on which the lines below were looked up; each of them was out by then. */
const KNOWN_ON = "2026-11-21";

/**
 * Lines of the stable channel, oldest first, as of `KNOWN_ON`.
 *
 * Source: https://docs.retool.com/releases/stable and the path in
 * https://docs.retool.com/4.86/self-hosted/self-managed/guides/upgrade/4x/upgrade-helm
 */
export const STABLE_LINES: readonly StableLine[] = [
  { line: "3.300", released: "2025-12-03" },
  { line: "3.334", released: "2026-03-03" },
  { line: "4.0", released: "2026-06-11" },
  { line: "4.34", released: undefined },
  { line: "4.86", released: undefined },
];

/** Newest line of the edge channel as of `KNOWN_ON`. Source: https://docs.retool.com/releases/edge */
export const NEWEST_EDGE_LINE = "4.93";

/** Months for which a stable line gets patches. Source: https://docs.retool.com/releases/stable */
const SUPPORT_MONTHS = 6;

/** Days before the last patch from which a warning says so. */
const WARNING_DAYS = 60;

/** Last day on which a stable line gets patches; undefined where its release is not known. */
export function supportedUntil(line: string): string | undefined {
  const released = STABLE_LINES.find((known) => known.line === line)?.released;
  return released === undefined ? undefined : addMonths(released, SUPPORT_MONTHS);
}

/**
 * Says what is wrong with a version's support.
 *
 * @param version - The version.
 * @param today - The day as `YYYY-MM-DD`.
 */
export function supportWarnings(version: RetoolVersion, today: string): string[] {
  return version.channel === "edge" ? edgeWarnings(version) : stableWarnings(version, today);
}

function edgeWarnings(version: RetoolVersion): string[] {
  if (isFromLine(version, NEWEST_EDGE_LINE)) return [];
  return [`Retool ${version.tag} is not the newest edge release (${NEWEST_EDGE_LINE}), the only one with support.`];
}

function stableWarnings(version: RetoolVersion, today: string): string[] {
  const line = lineOf(version);
  if (!STABLE_LINES.some((known) => known.line === line)) {
    const known = STABLE_LINES.map((stable) => stable.line).join(", ");
    return [`${line} is not a stable line that this package knows (${known}): ask Retool about its support.`];
  }
  const until = supportedUntil(line);
  const latest = until ?? addMonths(KNOWN_ON, SUPPORT_MONTHS);
  const when = until === undefined ? `${latest} at the latest` : latest;
  if (today > latest) {
    return [`Patches for Retool ${line} ended on ${when}: upgrade to the next stable line.`];
  }
  return daysBetween(today, latest) > WARNING_DAYS
    ? []
    : [`Patches for Retool ${line} end on ${when}: plan the upgrade to the next stable line now.`];
}

/** Adds months to a day; the last day of a month stays the last where the other month is shorter. */
function addMonths(day: string, months: number): string {
  const [year = 0, month = 0, date = 0] = day.split("-").map(Number);
  const index = year * 12 + (month - 1) + months;
  const [newYear, newMonth] = [Math.floor(index / 12), (index % 12) + 1];
  return [newYear, newMonth, Math.min(date, daysIn(newYear, newMonth))].map(padded).join("-");
}

function daysIn(year: number, month: number): number {
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  if (month === 2) return isLeap ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

function padded(number: number): string {
  return String(number).padStart(2, "0");
}
