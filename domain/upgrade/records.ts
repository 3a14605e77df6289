import { z } from "zod";

import { boundedName } from "../common/names";
import { DOCUMENTS } from "../common/documents";
import {
  type RetoolVersion,
  compareRetoolVersions,
  lineOf,
  parseRetoolVersion,
  tagViolations,
} from "../versions/retool";
import { planUpgrade } from "./upgrade";
import type { Violation } from "../common/violation";

/** An upgrade whose snapshot is kept. */
export interface UpgradeRecord {
  /** Tag that ran before. */
  readonly from: string;
  /** Tag that it was upgraded to. */
  readonly to: string;
  /**
   * That Retool 4.0 had migrated all permissions before this upgrade; later lines fail where it had not.
   *
   * @default - not said; an upgrade from 4.0 to a later line is refused
   */
  readonly permissionsMigration?: "complete";
  /**
   * Whether the upgrade was taken back, so that `from` runs again. Its snapshot stays.
   *
   * @default false
   */
  readonly rolledBack?: boolean;
}

/** A snapshot of the database from just before an upgrade. */
export interface UpgradeSnapshot {
  /** Tag that ran when it was taken. */
  readonly from: string;
  /** Tag of the upgrade that it was taken for. */
  readonly to: string;
  /** Identifier of the snapshot. */
  readonly identifier: string;
}

/** Shape of the list of upgrades. */
export const upgradesSchema = z.array(
  z.strictObject({
    from: z.string(),
    to: z.string(),
    permissionsMigration: z.literal("complete").optional(),
    rolledBack: z.boolean().optional(),
  }),
) satisfies z.ZodType<readonly UpgradeRecord[]>;

/** Longest identifier that RDS takes. */
const LONGEST_IDENTIFIER = 255;

/**
 * Names the snapshot of each upgrade. Each has a unique name, so that a later upgrade never replaces an earlier one, nor
 * a second attempt the snapshot from before the first.
 */
export function planSnapshots(upgrades: readonly UpgradeRecord[], prefix: string): UpgradeSnapshot[] {
  return upgrades.map(({ from, to }, index) => {
    const earlier = upgrades.slice(0, index).filter((other) => other.from === from && other.to === to).length;
    const attempt = earlier === 0 ? "" : `-${String(earlier + 1)}`;
    const name = `${prefix}-${from}-before-${to}${attempt}`;
    return { from, to, identifier: boundedName(name.replaceAll(".", "-"), LONGEST_IDENTIFIER) };
  });
}

/** What the list of upgrades is checked against. */
export interface UpgradeRecordsContext {
  /** Version that runs. */
  readonly version: RetoolVersion;
  /** What the configuration says about the app builder's orchestration. */
  readonly appOrchestration: "postgres" | "temporal" | undefined;
}

/** Finds upgrades that Retool does not support, and upgrades that cannot have happened in this order. */
export function upgradeRecordViolations(
  upgrades: readonly UpgradeRecord[],
  context: UpgradeRecordsContext,
  root: string,
): Violation[] {
  const entries = upgrades.map((upgrade, index) => ({ ...upgrade, path: `${root}[${index}]` }));
  const unreadable = entries.flatMap(({ from, to, path }) => [
    ...tagViolations(from, `${path}.from`),
    ...tagViolations(to, `${path}.to`),
  ]);
  if (unreadable.length > 0) return unreadable;
  return [
    ...entries.flatMap((entry) => entryViolations(entry, entry.path, context)),
    ...entries.slice(1).flatMap(({ from, path }, index) => {
      const before = upgrades[index];
      return before === undefined ? [] : gapViolations(runningAfter(before), from, `${path}.from`);
    }),
    ...lastViolations(upgrades, context.version, root),
  ];
}

/** Tag that runs once an entry is written. */
function runningAfter({ from, to, rolledBack }: UpgradeRecord): string {
  return rolledBack === true ? from : to;
}

/** The upgrade by itself: forwards, and one that Retool supports. */
function entryViolations(
  { from, to, permissionsMigration }: UpgradeRecord,
  path: string,
  { appOrchestration }: UpgradeRecordsContext,
): Violation[] {
  if (order(from, to) >= 0) return [unordered(from, to, `${path}.to`)];
  const choice = { from, to, permissionsMigration, appOrchestration, migrationTimeoutMinutes: 1 };
  return planUpgrade(choice).violations.map((violation) => ({ ...violation, path: ownPath(violation.path, path) }));
}

/** Paths of the entry itself start with it; those of other settings stay. */
function ownPath(path: string, entry: string): string {
  return path.includes(".") ? path : `${entry}.${path}`;
}

/** From one entry to the next only patches may have come in between. */
function gapViolations(before: string, after: string, path: string): Violation[] {
  if (order(before, after) > 0) return [unordered(before, after, path)];
  if (isPatch(before, after)) return [];
  return [
    {
      path,
      problem: `is ${after}, but the entry before it ends with ${before}, from another line`,
      remedy: "add the upgrade in between; never change an existing entry",
    },
  ];
}

function lastViolations(upgrades: readonly UpgradeRecord[], version: RetoolVersion, root: string): Violation[] {
  const last = upgrades.at(-1);
  if (last === undefined) return [];
  const running = runningAfter(last);
  if (order(running, version.tag) > 0) return [older(last, version, root)];
  if (isPatch(running, version.tag)) return [];
  return [
    {
      path: root,
      problem: `ends with ${running}, but retoolVersion is ${version.tag}, from another line or channel`,
      remedy: `add { from: "${running}", to: "${version.tag}" }, so that a snapshot is taken before it migrates the database`,
      document: DOCUMENTS.upgrades,
    },
  ];
}

function older(last: UpgradeRecord, { tag }: RetoolVersion, root: string): Violation {
  const running = runningAfter(last);
  const back = `if you roll that upgrade back, add rolledBack: true to its entry and use "${last.from}"`;
  return {
    path: "retoolVersion",
    problem: `${tag} is older than ${running}, the last version in ${root}`,
    remedy: last.rolledBack === true ? `use "${running}" or a later patch` : back,
  };
}

function order(left: string, right: string): number {
  const [a, b] = [parseRetoolVersion(left), parseRetoolVersion(right)];
  return a === undefined || b === undefined ? 0 : compareRetoolVersions(a, b);
}

function isPatch(left: string, right: string): boolean {
  const [a, b] = [parseRetoolVersion(left), parseRetoolVersion(right)];
  return a !== undefined && b !== undefined && lineOf(a) === lineOf(b) && a.channel === b.channel;
}

function unordered(earlier: string, later: string, path: string): Violation {
  return {
    path,
    problem: `${later} does not come after ${earlier}`,
    remedy: "list every upgrade once, oldest first, up to the running version; never change an existing entry",
  };
}
