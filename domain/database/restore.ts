import type { RestoreSpec } from "./instance-spec";
import type { Violation } from "../common/violation";

/** A {@link RestoreSpec} with the names of what is made on the way. */
export type RestorePlan =
  | {
      readonly kind: "snapshot";
      /** The snapshot, by name or ARN. */
      readonly snapshot: string;
      /** Name of its copy under the environment's own key. */
      readonly copy: string;
    }
  | {
      readonly kind: "point-in-time";
      /** Name of the instance whose backups are used. */
      readonly instance: string;
      /** The second; the latest possible one where it is undefined. */
      readonly time: string | undefined;
    };

/** What of the plan a restore is checked against. */
export interface RestoreTarget {
  /** Name of the instance that is made. */
  readonly identifier: string;
  /** Its number; 1 for the first. */
  readonly generation: number;
  /**
   * Region in which it is made.
   *
   * @default - not compared with that of the snapshot
   */
  readonly region?: string;
}

/** Resolves what an instance is made from. */
export function planRestore(spec: RestoreSpec | undefined, identifier: string): RestorePlan | undefined {
  switch (spec?.kind) {
    case undefined:
      return undefined;
    case "snapshot":
      return { kind: "snapshot", snapshot: spec.snapshot, copy: `${identifier}-restored-from` };
    case "point-in-time":
      return { kind: "point-in-time", instance: spec.instance, time: spec.time };
  }
}

/**
 * Names of RDS instances and snapshots: letters, digits and single hyphens. RDS begins those of its own snapshots with `rds:`,
 * AWS Backup those of the copies in a vault with `awsbackup:`.
 */
const IDENTIFIER = /^((rds|awsbackup):)?[a-zA-Z](-?[a-zA-Z0-9])*$/;
const SNAPSHOT_ARN = /^arn:aws[a-z-]*:rds:([a-z0-9-]+):\d{12}:snapshot:((rds|awsbackup):)?[a-zA-Z](-?[a-zA-Z0-9])*$/;
const TIME = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/;

/**
 * Finds restores that cannot work.
 *
 * @param spec - What the configuration says.
 * @param target - The instance that is made.
 * @param root - Path of the database's configuration.
 */
export function restoreViolations(spec: RestoreSpec | undefined, target: RestoreTarget, root: string): Violation[] {
  switch (spec?.kind) {
    case undefined:
      return emptyViolations(target, root);
    case "snapshot":
      return snapshotViolations(spec.snapshot, target.region, `${root}.restore.snapshot`);
    case "point-in-time":
      return [
        ...sourceViolations(spec.instance, target, root),
        ...(spec.time === undefined ? [] : timeViolations(spec.time, `${root}.restore.time`)),
      ];
  }
}

/** Largest number of an instance; one restore a month for eight years. */
export const LARGEST_GENERATION = 99;

/** Leaving `restore` out later would even replace the restored instance: what it is made from is part of what it is. */
function emptyViolations({ generation }: RestoreTarget, root: string): Violation[] {
  if (!Number.isInteger(generation) || generation < 2 || generation > LARGEST_GENERATION) return [];
  return [
    {
      path: `${root}.generation`,
      problem: `instance ${generation} would be empty, and Retool would switch to it`,
      remedy: `set ${root}.restore to the source of its data, and keep that setting`,
    },
  ];
}

function snapshotViolations(snapshot: string, region: string | undefined, path: string): Violation[] {
  const [, itsRegion] = SNAPSHOT_ARN.exec(snapshot) ?? [];
  if (itsRegion !== undefined && region !== undefined && itsRegion !== region)
    return [
      {
        path,
        problem: `the snapshot is in ${itsRegion}, and the instance is made in ${region}`,
        remedy: `copy it to ${region} and write the name of the copy`,
      },
    ];
  if (IDENTIFIER.test(snapshot) || itsRegion !== undefined) return [];
  return [
    {
      path,
      problem: `"${snapshot}" is neither the name nor the ARN of a snapshot`,
      remedy: "take it from aws rds describe-db-snapshots",
    },
  ];
}

function sourceViolations(instance: string, { identifier }: RestoreTarget, root: string): Violation[] {
  const path = `${root}.restore.instance`;
  if (!IDENTIFIER.test(instance) || instance.includes(":")) {
    return [
      {
        path,
        problem: `"${instance}" is not the name of an instance`,
        remedy: "take it from aws rds describe-db-instances",
      },
    ];
  }
  if (instance !== identifier) return [];
  return [
    {
      path,
      problem: `"${instance}" would be restored onto itself`,
      remedy: `raise ${root}.generation: a restore creates a new instance and keeps the old one`,
    },
  ];
}

function timeViolations(time: string, path: string): Violation[] {
  // A day that a month does not have becomes one of the next month.
  const isDay = TIME.test(time) && new Date(time).toISOString().startsWith(time.slice(0, 10));
  if (isDay) return [];
  return [{ path, problem: `"${time}" is not a UTC time`, remedy: "use the form 2026-03-01T09:30:00Z" }];
}
