import type { DatabaseRole } from "../common/database-role";
import { NEWEST_POSTGRES } from "../common/postgres-version";
import type { PostgresDemand, PostgresPlan } from "./instance-plan";
import { instanceClassProblem } from "./instance-classes";
import { LARGEST_GENERATION, restoreViolations } from "./restore";
import type { RestoreSpec } from "./instance-spec";
import { connectionLimit, defaultInstanceClass } from "./rds-capacity";
import { RESERVED_WORDS } from "./reserved-words";
import { windowViolations } from "./rds-windows";
import { logRetentionProblem } from "../common/log-retention";
import type { Violation } from "../common/violation";

/** Retool's own recommendation for the platform database. */
const LEAST_STORAGE_GIB = 60;
/** Largest volume of an RDS for PostgreSQL instance on gp3. */
export const MOST_STORAGE_GIB = 65_536;

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
    ...storageViolations(plan, root),
    ...windowViolations(plan, root),
    ...retentionViolations(plan, root),
    ...nameViolations(plan, root),
    ...restoreViolations(restore, { ...plan, region }, root),
  ];
}

function versionViolations(
  { engineVersion }: PostgresPlan,
  { client, oldestMajor }: DatabaseRole,
  path: string,
): Violation[] {
  const [major = "", ...minor] = engineVersion.split(".");
  if (!/^[1-9]\d?$/.test(major)) {
    return [
      { path, problem: `"${engineVersion}" is not a major version of PostgreSQL`, remedy: 'use a value such as "17"' },
    ];
  }
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
  const unknown = instanceClassProblem(instanceClass);
  if (unknown !== undefined) return [{ path, ...unknown }];
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

function storageViolations({ storageGiB, maxStorageGiB }: PostgresPlan, root: string): Violation[] {
  if (!isWithin(storageGiB, LEAST_STORAGE_GIB, MOST_STORAGE_GIB)) {
    return [
      {
        path: `${root}.storageGiB`,
        problem: `${storageGiB} GiB is out of range`,
        remedy: `use a whole number from ${LEAST_STORAGE_GIB} to ${MOST_STORAGE_GIB}`,
      },
    ];
  }
  // RDS refuses a ceiling less than a tenth above the storage.
  // Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.Autoscaling.html
  const smallestCeiling = Math.min(storageGiB + Math.ceil(storageGiB / 10), MOST_STORAGE_GIB);
  if (isWithin(maxStorageGiB, smallestCeiling, MOST_STORAGE_GIB)) return [];
  return [
    {
      path: `${root}.maxStorageGiB`,
      problem: `${maxStorageGiB} GiB is not above the ${storageGiB} GiB of storage`,
      remedy: `use a whole number from ${smallestCeiling} to ${MOST_STORAGE_GIB}`,
    },
  ];
}

function retentionViolations(plan: PostgresPlan, root: string): Violation[] {
  const { backupRetentionDays, performanceInsightsDays, logRetentionDays } = plan;
  const logProblem = logRetentionProblem(logRetentionDays);
  return [
    ...refuseUnless(isWithin(backupRetentionDays, 1, 35), {
      path: `${root}.backupRetentionDays`,
      problem: `${backupRetentionDays} is out of range`,
      remedy: "use a whole number from 1 to 35",
    }),
    ...refuseUnless(isInsightsRetention(performanceInsightsDays), {
      path: `${root}.performanceInsightsDays`,
      problem: `Performance Insights cannot keep ${performanceInsightsDays} days`,
      remedy: "use 7, a multiple of 31 up to 713, or 731",
    }),
    ...(logProblem === undefined ? [] : [{ path: `${root}.logRetentionDays`, ...logProblem }]),
  ];
}

/**
 * RDS and PostgreSQL keep a few names for themselves; the rest is what an unquoted name in SQL may be.
 *
 * Source: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html; "reserved word used by the
 * engine" and 'starting with "pg_" are reserved' are what RDS answered to others
 */
const SQL_NAME = /^(?!(?:admin|rdsadmin|rdsrepladmin|rdstopmgr|template[01]|rds_.*|pg_.*)$)[a-z][a-z0-9_]{0,62}$/;

function isSqlName(name: string): boolean {
  return SQL_NAME.test(name) && !RESERVED_WORDS.has(name);
}
/** RDS makes no administrator with a longer name; one that a restored instance brings may have it. */
const LONGEST_NEW_USERNAME = 16;

function nameViolations({ databaseName, username, generation, restore }: PostgresPlan, root: string): Violation[] {
  const remedy = "use a lower-case letter and then letters, digits and underscores, and no reserved word of RDS or SQL";
  const longest = restore === undefined ? LONGEST_NEW_USERNAME : 63;
  return [
    ...refuseUnless(isSqlName(databaseName), {
      path: `${root}.databaseName`,
      problem: `"${databaseName}" is not the name of a database`,
      remedy: `${remedy}; at most 63 characters`,
    }),
    ...refuseUnless(isSqlName(username) && username.length <= longest, {
      path: `${root}.username`,
      problem: `"${username}" is not the name of a user`,
      remedy: `${remedy}; at most ${longest} characters`,
    }),
    ...refuseUnless(isWithin(generation, 1, LARGEST_GENERATION), {
      path: `${root}.generation`,
      problem: `${generation} is not the number of an instance`,
      remedy: `use a whole number from 1 to ${LARGEST_GENERATION}, one more than that of the running instance`,
    }),
  ];
}

/** Source: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html */
function isInsightsRetention(days: number): boolean {
  return days === 7 || days === 731 || (isWithin(days, 31, 713) && days % 31 === 0);
}

function isWithin(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}

function refuseUnless(accepted: boolean, violation: Violation): Violation[] {
  return accepted ? [] : [violation];
}
