import { z } from "zod";

import { formatMinutes } from "../common/duration";
import { quote } from "../common/quote";
import { checked, integer } from "../common/setting";
import type { Problem } from "../common/violation";

const WEEK = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const;
const DAYS = {
  "monday-friday": [1, 2, 3, 4, 5],
  "sunday-thursday": [0, 1, 2, 3, 4],
  "every-day": [0, 1, 2, 3, 4, 5, 6],
} as const;

/** Hours of the week in which Karpenter leaves running pods where they are, in the time zone of those who work then. */
export interface BusinessHours {
  /**
   * First hour, 0 to 23.
   *
   * @default 7
   */
  readonly startHour?: number;
  /**
   * Number of hours, 1 to 23.
   *
   * @default 12
   */
  readonly hours?: number;
  /**
   * Days on which they begin.
   *
   * @default "monday-friday"
   */
  readonly days?: keyof typeof DAYS;
  /**
   * Time zone of the hours, by its name in the IANA database, such as `Europe/Berlin`; `UTC` for none. Karpenter's schedules are in
   * UTC: where clocks change, the hours are kept free in summer and in winter, so they are an hour longer.
   *
   * @default - that of the region, such as `America/New_York` in us-east-1
   */
  readonly timeZone?: string;
}

/** Shape of {@link BusinessHours}, or of none. */
export const businessHoursSchema = z.union([
  z.literal("none"),
  z.strictObject({
    startHour: integer({ min: 0, max: 23, unit: "o'clock" }).default(7),
    hours: integer({ min: 1, max: 23, unit: "hours" }).default(12),
    days: z.enum(["monday-friday", "sunday-thursday", "every-day"]).default("monday-friday"),
    timeZone: checked(z.string(), timeZoneProblem, { form: "the name of a time zone" }).optional(),
  }),
]);

/** {@link BusinessHours} with the defaults filled in. */
export type BusinessHoursSettings = z.output<typeof businessHoursSchema>;

/** Business hours in the time zone in which they hold. */
export type PlannedHours = "none" | Required<BusinessHours>;

/** Fills in the time zone of the region. */
export function businessHoursIn(region: string, given: BusinessHoursSettings): PlannedHours {
  if (given === "none") return given;
  return { ...given, timeZone: given.timeZone ?? REGION_TIME_ZONES[region] ?? "UTC" };
}

/** Business hours in words: `07:00-19:00 Europe/Berlin, Mon-Fri`. */
export function businessHoursText(planned: PlannedHours): string {
  if (planned === "none") return "none";
  const { startHour, hours, days, timeZone } = planned;
  const clock = (hour: number): string => `${String(hour % 24).padStart(2, "0")}:00`;
  return `${clock(startHour)}-${clock(startHour + hours)} ${timeZone}, ${DAYS_TEXT[days]}`;
}

const DAYS_TEXT: Readonly<Record<keyof typeof DAYS, string>> = {
  "monday-friday": "Mon-Fri",
  "sunday-thursday": "Sun-Thu",
  "every-day": "every day",
};

/** Business hours as Karpenter takes them. */
export interface QuietHours {
  /** Cron expression of their beginning, UTC. */
  readonly schedule: string;
  /** How long they last: `12h`. */
  readonly duration: string;
}

const HOUR = 60;
const DAY = 24 * HOUR;

/** An hour a day stays free at least, else nodes could never be replaced. */
const LONGEST = 23 * HOUR;

/**
 * Converts hours of a time zone for Karpenter, whose schedules know UTC only.
 *
 * Where clocks change, the window begins at the earlier beginning of the year and ends at the later end.
 * Source: https://karpenter.sh/docs/concepts/disruption/#schedule
 */
export function quietHours(given: PlannedHours): QuietHours | undefined {
  if (given === "none") return undefined;
  const offsets = offsetsOf(given.timeZone);
  const [least, most] = [Math.min(...offsets), Math.max(...offsets)];
  const start = given.startHour * HOUR - most;
  const minute = (start + DAY) % DAY;
  return {
    schedule: `${minute % HOUR} ${Math.floor(minute / HOUR)} * * ${daysText(given.days, Math.floor(start / DAY))}`,
    duration: formatMinutes(Math.min(LONGEST, given.hours * HOUR + most - least)),
  };
}

function daysText(days: keyof typeof DAYS, shift: number): string {
  if (days === "every-day") return "*";
  const shifted = DAYS[days].map((day) => (day + shift + WEEK.length) % WEEK.length).sort((one, other) => one - other);
  const [first = 0, last = 0] = [shifted[0], shifted.at(-1)];
  const isRange = last - first === shifted.length - 1;
  return isRange ? `${WEEK[first]}-${WEEK[last]}` : shifted.map((day) => WEEK[day]).join(",");
}

/** The year whose clocks are looked at: only its changes of the clock matter, which return every year. */
const YEAR = 2026;

/** Asked for again with every plan, and slow to find out. */
const OFFSETS = new Map<string, readonly number[]>();

/** Minutes by which the clocks of a zone are ahead of UTC, on the first day of each month. */
function offsetsOf(timeZone: string): readonly number[] {
  const known = OFFSETS.get(timeZone) ?? readOffsets(timeZone);
  OFFSETS.set(timeZone, known);
  return known;
}

function readOffsets(timeZone: string): number[] {
  const format = new Intl.DateTimeFormat("en-US", { timeZone, timeZoneName: "longOffset" });
  return Array.from({ length: 12 }, (_, month) => {
    const name = format.formatToParts(Date.UTC(YEAR, month, 1, 12)).find(({ type }) => type === "timeZoneName")?.value;
    const [, sign = "+", hours = "0", minutes = "0"] = /GMT([+-])(\d+):(\d+)/.exec(name ?? "") ?? [];
    return (sign === "-" ? -1 : 1) * (Number(hours) * HOUR + Number(minutes));
  });
}

function timeZoneProblem(name: string): Problem | undefined {
  try {
    new Intl.DateTimeFormat("en-US", { timeZone: name });
    return undefined;
  } catch {
    return {
      problem: `${quote(name)} is not the name of a time zone`,
      remedy: 'use a name such as "Europe/Berlin" or "UTC"',
    };
  }
}

/** Time zone of the place of each region. Source: https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html */
export const REGION_TIME_ZONES: Readonly<Record<string, string>> = {
  "us-east-1": "America/New_York",
  "us-east-2": "America/New_York",
  "us-west-1": "America/Los_Angeles",
  "us-west-2": "America/Los_Angeles",
  "us-gov-east-1": "America/New_York",
  "us-gov-west-1": "America/Los_Angeles",
  "ca-central-1": "America/Toronto",
  "ca-west-1": "America/Edmonton",
  "mx-central-1": "America/Mexico_City",
  "sa-east-1": "America/Sao_Paulo",
  "sa-west-1": "America/Santiago",
  "eu-central-1": "Europe/Berlin",
  "eu-central-2": "Europe/Zurich",
  "eu-north-1": "Europe/Stockholm",
  "eu-south-1": "Europe/Rome",
  "eu-south-2": "Europe/Madrid",
  "eu-west-1": "Europe/Dublin",
  "eu-west-2": "Europe/London",
  "eu-west-3": "Europe/Paris",
  "af-south-1": "Africa/Johannesburg",
  "il-central-1": "Asia/Jerusalem",
  "me-central-1": "Asia/Dubai",
  "me-south-1": "Asia/Bahrain",
  "me-west-1": "Asia/Riyadh",
  "ap-east-1": "Asia/Hong_Kong",
  "ap-east-2": "Asia/Taipei",
  "ap-northeast-1": "Asia/Tokyo",
  "ap-northeast-2": "Asia/Seoul",
  "ap-northeast-3": "Asia/Tokyo",
  "ap-south-1": "Asia/Kolkata",
  "ap-south-2": "Asia/Kolkata",
  "ap-southeast-1": "Asia/Singapore",
  "ap-southeast-2": "Australia/Sydney",
  "ap-southeast-3": "Asia/Jakarta",
  "ap-southeast-4": "Australia/Melbourne",
  "ap-southeast-5": "Asia/Kuala_Lumpur",
  "ap-southeast-6": "Pacific/Auckland",
  "ap-southeast-7": "Asia/Bangkok",
};
