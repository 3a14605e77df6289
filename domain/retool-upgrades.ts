import { z } from "zod";

import { boundedName } from "./names";
import { type RetoolVersion, compareRetoolVersions, parseRetoolVersion } from "./retool-version";
import type { Violation } from "./violation";

/** An upgrade whose snapshot is kept. */
export interface UpgradeRecord {
  /** Tag that ran before. */
  readonly from: string;
  /** Tag that it was upgraded to. */
  readonly to: string;
}

/** A snapshot of the database from just before an upgrade. */
export interface UpgradeSnapshot extends UpgradeRecord {
  /** Identifier of the snapshot. */
  readonly identifier: string;
}

/** Shape of the list of upgrades. */
export const upgradesSchema = z.array(z.strictObject({ from: z.string(), to: z.string() }));

/** Longest identifier that RDS takes. */
const LONGEST_IDENTIFIER = 255;

/** Names the snapshot of each upgrade. Each has a name of its own, so that a later upgrade never replaces an earlier one. */
export function planSnapshots(upgrades: readonly UpgradeRecord[], prefix: string): UpgradeSnapshot[] {
  return upgrades.map(({ from, to }) => ({
    from,
    to,
    identifier: boundedName(`${prefix}-${from}-before-${to}`.replaceAll(".", "-"), LONGEST_IDENTIFIER),
  }));
}

/** Finds upgrades that cannot have happened in this order. */
export function upgradeRecordViolations(
  upgrades: readonly UpgradeRecord[],
  version: RetoolVersion,
  root: string,
): Violation[] {
  const entries = upgrades.map((upgrade, index) => ({ ...upgrade, path: `${root}[${index}]` }));
  const unreadable = entries.flatMap(({ from, to, path }) => [
    ...tagViolations(from, `${path}.from`),
    ...tagViolations(to, `${path}.to`),
  ]);
  if (unreadable.length > 0) return unreadable;
  return entries.flatMap(({ from, to, path }, index) => {
    const before = upgrades[index - 1]?.to ?? from;
    const after = index === upgrades.length - 1 ? version.tag : to;
    return [
      ...orderViolations(from, to, `${path}.to`, true),
      ...orderViolations(before, from, `${path}.from`, false),
      ...orderViolations(to, after, `${path}.to`, false),
    ];
  });
}

function tagViolations(tag: string, path: string): Violation[] {
  if (parseRetoolVersion(tag) !== undefined) return [];
  return [{ path, problem: `"${tag}" is not the tag of a release`, remedy: 'use a whole tag, such as "4.0.9-stable"' }];
}

function orderViolations(earlier: string, later: string, path: string, isUpgrade: boolean): Violation[] {
  const [left, right] = [parseRetoolVersion(earlier), parseRetoolVersion(later)];
  if (left === undefined || right === undefined) return [];
  const order = compareRetoolVersions(left, right);
  if (order < 0 || (order === 0 && !isUpgrade)) return [];
  return [
    {
      path,
      problem: `${later} does not come after ${earlier}`,
      remedy: "list every upgrade once, oldest first, up to the version that runs; entries are added and never changed",
    },
  ];
}
