import { quote } from "../common/quote";
import type { Problem, Violation } from "../common/violation";

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const MINUTES_PER_DAY = 24 * 60;
const MINUTES_PER_WEEK = DAYS.length * MINUTES_PER_DAY;
const SHORTEST_WINDOW_MINUTES = 30;

/** A time of the week: minutes since Monday 00:00 UTC, and how many minutes it lasts. */
interface Window {
  readonly start: number;
  readonly minutes: number;
}

/** When RDS makes backups unless the configuration says otherwise: at night in America, and well before the maintenance. */
export const BACKUP_WINDOW = "05:00-06:00";
/** When RDS may restart an instance unless the configuration says otherwise. */
export const MAINTENANCE_WINDOW = "sun:06:30-sun:07:30";

/** The daily and the weekly window of an RDS instance. */
export interface WindowsToCheck {
  /** Daily window of backups, `hh:mm-hh:mm` in UTC. */
  readonly backupWindow: string;
  /** Weekly window of maintenance, `ddd:hh:mm-ddd:hh:mm` in UTC. */
  readonly maintenanceWindow: string;
}

/** Finds what is not a window of every day that lasts at least half an hour; RDS refuses anything else. */
export function backupWindowProblem(text: string): Problem | undefined {
  return windowProblem(text, dailyWindow(text), BACKUP_WINDOW);
}

/** Finds what is not a window of the week that lasts at least half an hour; RDS refuses anything else. */
export function maintenanceWindowProblem(text: string): Problem | undefined {
  return windowProblem(text, weeklyWindow(text), MAINTENANCE_WINDOW);
}

/**
 * Finds two windows that overlap.
 *
 * @param windows - What was configured.
 * @param root - Prefix of every reported path.
 */
export function windowViolations(windows: WindowsToCheck, root: string): Violation[] {
  const { backupWindow, maintenanceWindow } = windows;
  const backup = dailyWindow(backupWindow);
  const maintenance = weeklyWindow(maintenanceWindow);
  if (backup === undefined || maintenance === undefined || !overlapsOnAnyDay(backup, maintenance)) return [];
  return [
    {
      path: `${root}.maintenanceWindow`,
      problem: `${maintenanceWindow} overlaps the daily backup window ${backupWindow}`,
      remedy: "change one of the two windows: RDS refuses overlapping windows",
    },
  ];
}

const MINUTES_PER_HOUR = 60;

/** When AWS Backup may begin to copy. */
export interface CopyTime {
  /** Hour of the day, in UTC. */
  readonly hour: number;
  /** Minutes within which a copy begins. */
  readonly startWindowMinutes: number;
}

/**
 * Finds instances of which AWS Backup would make no copy at that time: its jobs fail in an instance's windows and in the
 * hour before each.
 *
 * Source: https://repost.aws/knowledge-center/backup-coordinates-pitr
 *
 * @param time - When copies begin.
 * @param instances - Windows of every instance by the path of its configuration.
 */
export function copyTimeViolations(time: CopyTime, instances: Readonly<Record<string, WindowsToCheck>>): Violation[] {
  const { hour, startWindowMinutes } = time;
  const copies = { start: hour * MINUTES_PER_HOUR, minutes: startWindowMinutes + MINUTES_PER_HOUR };
  return Object.entries(instances).flatMap(([root, { backupWindow, maintenanceWindow }]) =>
    [
      { name: "backupWindow", text: backupWindow, window: dailyWindow(backupWindow) },
      { name: "maintenanceWindow", text: maintenanceWindow, window: weeklyWindow(maintenanceWindow) },
    ]
      .filter(({ window }) => window !== undefined && overlapsOnAnyDay(copies, window))
      .map(({ name, text }) => ({
        path: "backup.hour",
        problem:
          `AWS Backup cannot start a copy during ${root}.${name} ${text} or the hour before it, ` +
          `but copies start between ${hour}:00 and ${hour + 1}:00`,
        remedy: "change one of the two windows",
      })),
  );
}

function windowProblem(text: string, window: Window | undefined, example: string): Problem | undefined {
  if (window === undefined)
    return { problem: `${quote(text)} is not a time window in UTC`, remedy: `use the form ${example}` };
  if (window.minutes >= SHORTEST_WINDOW_MINUTES && window.minutes < MINUTES_PER_DAY) return undefined;
  return {
    problem: `${text} lasts ${window.minutes} minutes`,
    remedy: `use at least ${SHORTEST_WINDOW_MINUTES} minutes and less than a day`,
  };
}

function dailyWindow(text: string): Window | undefined {
  const [from, to, ...rest] = text.split("-").map(minuteOfDay);
  if (from === undefined || to === undefined || rest.length > 0) return undefined;
  return { start: from, minutes: modulo(to - from, MINUTES_PER_DAY) };
}

function weeklyWindow(text: string): Window | undefined {
  const [from, to, ...rest] = text.split("-").map(minuteOfWeek);
  if (from === undefined || to === undefined || rest.length > 0) return undefined;
  return { start: from, minutes: modulo(to - from, MINUTES_PER_WEEK) };
}

function minuteOfWeek(text: string): number | undefined {
  const day = DAYS.indexOf(text.slice(0, 3));
  const minute = text.charAt(3) === ":" ? minuteOfDay(text.slice(4)) : undefined;
  return day < 0 || minute === undefined ? undefined : day * MINUTES_PER_DAY + minute;
}

function minuteOfDay(text: string): number | undefined {
  const match = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text);
  return match === null ? undefined : Number(match[1]) * 60 + Number(match[2]);
}

/** Whether a window of every day meets another one on some day. */
function overlapsOnAnyDay(daily: Window, other: Window): boolean {
  return DAYS.some((_, day) => overlap({ ...daily, start: daily.start + day * MINUTES_PER_DAY }, other));
}

/** Whether two windows share a minute, on a week that wraps around. */
function overlap(a: Window, b: Window): boolean {
  return (
    modulo(b.start - a.start, MINUTES_PER_WEEK) < a.minutes || modulo(a.start - b.start, MINUTES_PER_WEEK) < b.minutes
  );
}

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by;
}
