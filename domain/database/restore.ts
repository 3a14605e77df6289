import { z } from "zod";

import { checked } from "../common/setting";
import { quote } from "../common/quote";
import type { Problem, Violation } from "../common/violation";

/** What a database instance is made from. */
export type RestoreSpec =
  | {
      /** A snapshot; it is copied under the environment's own key first, so any key of the region will do. */
      readonly kind: "snapshot";
      /** Name of a snapshot of the account, or the ARN of one that is shared with it. */
      readonly snapshot: string;
    }
  | {
      /** The state of an instance of the account at some second of its backup retention. */
      readonly kind: "point-in-time";
      /** Name of that instance; it may still be running. */
      readonly instance: string;
      /**
       * The second, such as `2026-03-01T09:30:00Z`.
       *
       * @default - the latest that can be restored, about five minutes ago
       */
      readonly time?: string;
    };

/** Shape of a {@link RestoreSpec}; its names are checked against the instance that is made. */
export const restoreSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("snapshot"), snapshot: z.string() }),
  z.strictObject({
    kind: z.literal("point-in-time"),
    instance: z.string(),
    time: checked(z.string(), timeProblem, { form: "a second in UTC" }).optional(),
  }),
]);

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
      return sourceViolations(spec.instance, target, root);
  }
}

/** Leaving `restore` out later would even replace the restored instance: what it is made from is part of what it is. */
function emptyViolations({ generation }: RestoreTarget, root: string): Violation[] {
  if (generation === 1) return [];
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
  const problem = instanceNameProblem(instance);
  if (problem !== undefined) return [{ path, ...problem }];
  if (instance !== identifier) return [];
  return [
    {
      path,
      problem: `"${instance}" would be restored onto itself`,
      remedy: `raise ${root}.generation: a restore creates a new instance and keeps the old one`,
    },
  ];
}

/** Finds what is not the name of an RDS instance. */
export function instanceNameProblem(name: string): Problem | undefined {
  if (/^[a-zA-Z](-?[a-zA-Z0-9]){0,62}$/.test(name)) return undefined;
  return {
    problem: `${quote(name)} is not the name of an instance`,
    remedy: "take it from aws rds describe-db-instances",
  };
}

/** Finds what is not a second in UTC. */
function timeProblem(time: string): Problem | undefined {
  // A day that a month does not have becomes one of the next month.
  const isDay = TIME.test(time) && new Date(time).toISOString().startsWith(time.slice(0, 10));
  if (isDay) return undefined;
  return { problem: `${quote(time)} is not a UTC time`, remedy: "use the form 2026-03-01T09:30:00Z" };
}
