import { checkedInteger } from "../common/checked-integer";
import type { DatabaseRole } from "../common/database-role";
import { NEWEST_POSTGRES } from "../common/postgres-version";
import type { PostgresDemand, PostgresPlan } from "./instance-plan";
import { type RestoreSpec, restoreViolations } from "./restore";
import { MOST_STORAGE_GIB } from "./instance-spec";
import { connectionLimit, defaultInstanceClass } from "./rds-capacity";
import { longUsernameProblem } from "./sql-names";
import { windowViolations } from "./rds-windows";
import type { Violation } from "../common/violation";

/** What an instance is checked against, besides its own plan. */
export interface InstanceExpectations {
  /** What the rest of the environment asks of it. */
  readonly demand: PostgresDemand;
  /** Which of the environment's databases it is. */
  readonly role: DatabaseRole;
  /** What it is made from, as the configuration says it. */
  readonly restore: RestoreSpec | undefined;
  /** Region in which it is made. */
  readonly region: string;
}

/** Finds everything about an instance that RDS or its clients would refuse. */
export function instanceViolations(
  plan: PostgresPlan,
  { demand, role, restore, region }: InstanceExpectations,
  root: string,
): Violation[] {
  return [
    ...versionViolations(plan, role, `${root}.engineVersion`),
    ...upgradeViolations(plan, root),
    ...classViolations(plan, demand, role, `${root}.instanceClass`),
    ...ceilingViolations(plan, `${root}.maxStorageGiB`),
    ...windowViolations(plan, root),
    ...usernameViolations(plan, `${root}.username`),
    ...restoreViolations(restore, { ...plan, region }, root),
  ];
}

function versionViolations(
  { engineVersion }: PostgresPlan,
  { client, oldestMajor }: DatabaseRole,
  path: string,
): Violation[] {
  const [major = "", ...minor] = engineVersion.split(".");
  if (Number(major) < oldestMajor) {
    return [
      {
        path,
        problem: `PostgreSQL ${engineVersion} is too old for ${client}`,
        remedy: `use "${oldestMajor}" or later`,
      },
    ];
  }
  if (Number(major) > NEWEST_POSTGRES) {
    return [
      {
        path,
        problem: `RDS does not offer PostgreSQL ${engineVersion}`,
        remedy: `use "${NEWEST_POSTGRES}" or earlier`,
      },
    ];
  }
  if (minor.length === 0) return [];
  return [
    {
      path,
      problem: `"${engineVersion}" is a minor version, which RDS retires after about a year`,
      remedy: `use "${major}"; RDS keeps the minor version current`,
    },
  ];
}

/**
 * A major upgrade that waits for the maintenance window leaves the parameter group of the old version in use, so that
 * Terraform cannot delete it and the deployment fails for days.
 */
function upgradeViolations({ allowMajorVersionUpgrade, applyImmediately }: PostgresPlan, root: string): Violation[] {
  if (!allowMajorVersionUpgrade || applyImmediately) return [];
  return [
    {
      path: `${root}.allowMajorVersionUpgrade`,
      problem: "would upgrade only in the maintenance window, and every deployment would fail until then",
      remedy: `set ${root}.applyImmediately to true as well, and deploy when downtime is acceptable (docs/guides/upgrades.md)`,
    },
  ];
}

function classViolations(
  { instanceClass }: PostgresPlan,
  demand: PostgresDemand,
  { client }: DatabaseRole,
  path: string,
): Violation[] {
  const limit = connectionLimit(instanceClass) ?? 0;
  if (demand.connections <= limit) return [];
  const fitting = defaultInstanceClass(demand.connections);
  const parts = (demand.parts ?? []).map(({ name, connections }) => `${name} ${connections}`).join(" + ");
  return [
    {
      path,
      problem: `${instanceClass} allows about ${limit} connections, but ${client} may open ${demand.connections}${parts === "" ? "" : ` (${parts})`}`,
      remedy:
        (connectionLimit(fitting) ?? 0) >= demand.connections
          ? `use ${fitting} or larger, or fewer replicas`
          : "use fewer replicas or smaller pools: RDS for PostgreSQL allows at most 5000 connections",
    },
  ];
}

/**
 * RDS refuses a ceiling less than a tenth above the storage.
 *
 * Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.Autoscaling.html
 */
function ceilingViolations({ storageGiB, maxStorageGiB }: PostgresPlan, path: string): readonly Violation[] {
  const min = Math.min(storageGiB + Math.ceil(storageGiB / 10), MOST_STORAGE_GIB);
  return checkedInteger(path, maxStorageGiB, { min, max: MOST_STORAGE_GIB, unit: "GiB" }).violations;
}

function usernameViolations({ username, restore }: PostgresPlan, path: string): Violation[] {
  const problem = restore === undefined ? longUsernameProblem(username) : undefined;
  return problem === undefined ? [] : [{ path, ...problem }];
}
