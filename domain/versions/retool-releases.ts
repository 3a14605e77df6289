import { daysBetween } from "../common/days";
import { type RetoolVersion, isFromLine, lineOf } from "./retool";

/** A line of the stable channel. */
export interface StableLine {
  /** First two numbers of its versions. */
  readonly line: string;
  /** Day of its first release, as `YYYY-MM-DD`, or the days between which it was, where no page gives it. */
  readonly released: string | ReleasedBetween;
  /** Oldest version of the chart that Retool's pages name for it; undefined where they name none. */
  readonly minimumChart?: string;
}

/** What is known of a release without a date. */
export interface ReleasedBetween {
  /** Last day on which the line before was still the newest. */
  readonly after: string;
  /** First day on which it was seen. */
  readonly before: string;
}

/**
 * Lines of the stable channel, oldest first, as of 2026-11-21.
 *
 * Of single patches Retool's pages and its Terraform blueprints name only some of 4.0, up to 4.0.9. Those of 4.34 and 4.86 could not
 * be looked up: the tag 4.34.1-stable, with which new environments begin, is known from the tests of one public project
 * (https://github.com/s-humphreys/patchwright, which found it with chart 6.11.32), and none of 4.86 is known.
 *
 * Sources: https://docs.retool.com/releases/stable (dates up to 4.0; 4.0 was the newest on 2026-07-23),
 * https://docs.retool.com/4.86/self-hosted/self-managed/guides/upgrade/4x/upgrade-helm (the path),
 * https://docs.retool.com/4.34/self-hosted/self-managed/guides/upgrade/upgrade-helm and
 * https://docs.retool.com/changelog/self-hosted-retool-40-stable (charts).
 */
export const STABLE_LINES: readonly StableLine[] = [
  { line: "3.300", released: "2025-12-03" },
  { line: "3.334", released: "2026-03-03" },
  { line: "4.0", released: "2026-06-11", minimumChart: "6.11.0" },
  { line: "4.34", released: { after: "2026-07-23", before: "2026-11-21" }, minimumChart: "6.11.10" },
  { line: "4.86", released: { after: "2026-07-23", before: "2026-11-21" } },
];

/**
 * First line in which PostgreSQL can orchestrate the app builder, and does unless told otherwise.
 *
 * Source: `DOCUMENTS.orchestration` in `common/documents.ts`
 */
export const POSTGRES_ORCHESTRATION_FROM = "4.47";

/** Newest line of the edge channel as of 2026-11-21. Source: https://docs.retool.com/releases/edge */
export const NEWEST_EDGE_LINE = "4.93";

/** Months for which a stable line gets patches. Source: https://docs.retool.com/releases/stable */
const SUPPORT_MONTHS = 6;

/** Days before the last patch from which a warning says so. */
const WARNING_DAYS = 60;

/** Last day on which a stable line gets patches, at the earliest and at the latest; undefined where the line is not known. */
export function supportedUntil(line: string): { readonly earliest: string; readonly latest: string } | undefined {
  const released = STABLE_LINES.find((known) => known.line === line)?.released;
  if (released === undefined) return undefined;
  const { after, before } = typeof released === "string" ? { after: released, before: released } : released;
  return { earliest: addMonths(after, SUPPORT_MONTHS), latest: addMonths(before, SUPPORT_MONTHS) };
}

/** Oldest version of the chart for a version of Retool: that of its line or, where none is named, of the line before. */
export function minimumChart(version: RetoolVersion): string | undefined {
  return STABLE_LINES.filter(({ line }) => isFromLine(version, line))
    .flatMap((known) => known.minimumChart ?? [])
    .at(-1);
}

/** Whether Retool's pages name the line of a version of the stable channel; of the edge channel they list no lines. */
export function isKnownLine(version: RetoolVersion): boolean {
  return version.channel === "edge" || STABLE_LINES.some(({ line }) => line === lineOf(version));
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
  if (!isKnownLine(version)) {
    // Version 3 is refused.
    const known = STABLE_LINES.map((stable) => stable.line)
      .filter((each) => !each.startsWith("3."))
      .join(", ");
    return [
      `Retool ${line} is not a stable line that this package knows: use a version of ${known}, or ask Retool about its support.`,
    ];
  }
  return [...windowWarnings(line, today), ...chartWarnings(line)];
}

function windowWarnings(line: string, today: string): string[] {
  const until = supportedUntil(line);
  if (until === undefined || daysBetween(today, until.earliest) > WARNING_DAYS) return [];
  const { earliest, latest } = until;
  if (earliest !== latest && today <= latest)
    return [
      `Patches for Retool ${line} end between ${earliest} and ${latest}; the exact day is unknown because Retool did not publish the date of its first release: plan the upgrade to the next stable line now.`,
    ];
  return [
    today > latest
      ? `Patches for Retool ${line} ended on ${latest}: upgrade to the next stable line.`
      : `Patches for Retool ${line} end on ${latest}: plan the upgrade to the next stable line now.`,
  ];
}

function chartWarnings(line: string): string[] {
  if (STABLE_LINES.some((known) => known.line === line && known.minimumChart !== undefined)) return [];
  return [
    `Retool's pages name no version of the chart for ${line}: try retool.chartVersion in a staging environment first.`,
  ];
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
