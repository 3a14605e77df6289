import { awsPartition } from "./aws-partition";
import { checkedSpec } from "./checked-spec";
import { dataProtectionRules } from "./data-protection";
import type { EnvironmentContext } from "./environment-context";
import { boundedName } from "./names";
import { type PostgresSpec, postgresSchema } from "./postgres-spec";
import { restoreViolations, type RestorePlan, planRestore } from "./postgres-restore";
import { connectionLimit, defaultInstanceClass } from "./rds-capacity";
import { windowViolations } from "./rds-windows";
import type { Planned, Violation } from "./violation";

export type { PostgresSpec } from "./postgres-spec";
export { postgresSchema } from "./postgres-spec";
export type { RestorePlan } from "./postgres-restore";

/** What the rest of the environment asks of the database. */
export interface PostgresDemand {
  /** Connections that all components may open at once, during an upgrade. */
  readonly connections: number;
  /**
   * What the connections are made of, to be shown where they are too many.
   *
   * @default []
   */
  readonly parts?: readonly ConnectionPart[];
}

/** The connections of one component. */
export interface ConnectionPart {
  /** Component that opens them. */
  readonly name: string;
  /** How many it may open. */
  readonly connections: number;
}

/** A {@link PostgresSpec} with every default filled in and every derived value computed. */
export interface PostgresPlan extends Required<Omit<PostgresSpec, "restore">> {
  /** Name of the RDS instance and of everything defined with it. */
  readonly identifier: string;
  /** Beginning of the names of what all generations share: security group, subnets and parameters. */
  readonly sharedName: string;
  /** Tags that no instance of another environment has. */
  readonly tags: Readonly<Record<string, string>>;
  /** What the instance is made from; an empty database where it is undefined. */
  readonly restore: RestorePlan | undefined;
  /** Parameter group family, derived from the version so that the two cannot disagree. */
  readonly parameterGroupFamily: string;
  /** Parameters that differ from the defaults of some version. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Beginning of the name of the role by which RDS sends measurements of the operating system to CloudWatch. */
  readonly monitoringRolePrefix: string;
  /** Policy of that role. */
  readonly monitoringPolicyArn: string;
  /** Seconds between two measurements of the operating system. */
  readonly monitoringIntervalSeconds: number;
  /** Whether RDS refuses to delete the instance. */
  readonly deletionProtection: boolean;
  /** Whether the instance is deleted without a last snapshot and without its automated backups. */
  readonly skipFinalSnapshot: boolean;
  /** Whether Terraform refuses a plan that destroys the instance. */
  readonly preventDestroy: boolean;
}

/** Retool needs 13. */
const OLDEST_MAJOR = 13;
/** Source: https://docs.aws.amazon.com/AmazonRDS/latest/PostgreSQLReleaseNotes/postgresql-versions.html */
const NEWEST_MAJOR = 18;
/** Retool's own recommendation for the platform database. */
const LEAST_STORAGE_GIB = 60;
/** Largest volume of an RDS for PostgreSQL instance on gp3. */
const MOST_STORAGE_GIB = 65_536;
/** CloudWatch accepts no other numbers of days. */
const LOG_RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/**
 * Resolves defaults and checks the result.
 *
 * @param spec - What the configuration says.
 * @param context - The environment.
 * @param demand - What the rest of the environment asks of the database.
 * @param root - Prefix of every reported path.
 */
export function planPostgres(
  spec: PostgresSpec | undefined,
  context: EnvironmentContext,
  demand: PostgresDemand,
  root = "database",
): Planned<PostgresPlan> {
  const { spec: known, shape } = checkedSpec<PostgresSpec>(postgresSchema, spec, {}, root);
  const plan = resolve(withoutUndefined(known), context, demand);
  return {
    plan,
    violations: [
      ...shape,
      ...versionViolations(plan, `${root}.engineVersion`),
      ...classViolations(plan, demand, `${root}.instanceClass`),
      ...storageViolations(plan, root),
      ...windowViolations(plan, root),
      ...retentionViolations(plan, root),
      ...nameViolations(plan, root),
      ...restoreViolations(known.restore, plan, root),
    ],
  };
}

/** An option that is written out as `undefined` has its default, like one that is left out. */
function withoutUndefined(spec: PostgresSpec): PostgresSpec {
  return Object.fromEntries(Object.entries(spec).filter(([, value]) => value !== undefined));
}

function resolve(spec: PostgresSpec, context: EnvironmentContext, demand: PostgresDemand): PostgresPlan {
  const { preventDestroy, databaseDeletionProtection, skipFinalSnapshot } = dataProtectionRules(context.dataProtection);
  const storageGiB = spec.storageGiB ?? 100;
  const { engineVersion = "17", generation = 1 } = spec;
  const identifier = generation === 1 ? context.prefix : `${context.prefix}-${generation}`;
  return {
    ...DEFAULTS,
    instanceClass: defaultInstanceClass(demand.connections),
    maxStorageGiB: Math.min(storageGiB * 5, MOST_STORAGE_GIB),
    ...spec,
    engineVersion,
    storageGiB,
    generation,
    identifier,
    sharedName: context.prefix,
    tags: { "cdktf-retool/database-of": context.prefix },
    restore: planRestore(spec.restore, identifier),
    parameterGroupFamily: `postgres${engineVersion}`,
    parameters: PARAMETERS,
    monitoringRolePrefix: `${boundedName(`${context.prefix}-database-monitoring`, LONGEST_ROLE_PREFIX - 1)}-`,
    monitoringPolicyArn: `arn:${awsPartition(context.region)}:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole`,
    monitoringIntervalSeconds: 60,
    deletionProtection: databaseDeletionProtection,
    skipFinalSnapshot,
    preventDestroy,
  };
}

/** IAM adds 26 characters of its own to the beginning of a role's name. */
const LONGEST_ROLE_PREFIX = 38;

const PARAMETERS = {
  "rds.force_ssl": "1",
  log_connections: "1",
  log_disconnections: "1",
  // Milliseconds.
  log_min_duration_statement: "1000",
  // Retool's migrations and queues rely on it.
  default_transaction_isolation: "read committed",
};

const DEFAULTS = {
  multiAz: true,
  backupRetentionDays: 14,
  backupWindow: "05:00-06:00",
  maintenanceWindow: "sun:06:30-sun:07:30",
  applyImmediately: false,
  allowMajorVersionUpgrade: false,
  performanceInsightsDays: 7,
  logRetentionDays: 90,
  databaseName: "retool",
  username: "retool",
};

function versionViolations({ engineVersion }: PostgresPlan, path: string): Violation[] {
  const [major = "", ...minor] = engineVersion.split(".");
  if (!/^[1-9]\d?$/.test(major)) {
    return [
      { path, problem: `"${engineVersion}" is not a major version of PostgreSQL`, remedy: 'use a value such as "17"' },
    ];
  }
  if (Number(major) < OLDEST_MAJOR) {
    return [
      { path, problem: `PostgreSQL ${engineVersion} is too old for Retool`, remedy: `use "${OLDEST_MAJOR}" or later` },
    ];
  }
  if (Number(major) > NEWEST_MAJOR) {
    return [
      { path, problem: `RDS does not offer PostgreSQL ${engineVersion}`, remedy: `use "${NEWEST_MAJOR}" or earlier` },
    ];
  }
  if (minor.length === 0) return [];
  return [
    {
      path,
      problem: `"${engineVersion}" pins a minor version, which RDS withdraws after about a year`,
      remedy: `use "${major}"; RDS keeps the minor version current`,
    },
  ];
}

function classViolations({ instanceClass }: PostgresPlan, demand: PostgresDemand, path: string): Violation[] {
  const limit = connectionLimit(instanceClass);
  if (limit === undefined) {
    return [
      {
        path,
        problem: `"${instanceClass}" is not an RDS class whose memory is known`,
        remedy: "use a class such as db.m7g.large, db.r7g.xlarge or db.t4g.medium",
      },
    ];
  }
  if (demand.connections <= limit) return [];
  const fitting = defaultInstanceClass(demand.connections);
  const parts = (demand.parts ?? []).map(({ name, connections }) => `${name} ${connections}`).join(" + ");
  return [
    {
      path,
      problem: `${instanceClass} admits about ${limit} connections and Retool may open ${demand.connections}${parts === "" ? "" : ` (${parts})`}`,
      remedy:
        (connectionLimit(fitting) ?? 0) >= demand.connections
          ? `use ${fitting} or larger, or fewer replicas`
          : "use fewer replicas or smaller pools: RDS for PostgreSQL opens 5000 connections at most",
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
      problem: `${maxStorageGiB} GiB is no ceiling for ${storageGiB} GiB of storage`,
      remedy: `use a whole number from ${smallestCeiling} to ${MOST_STORAGE_GIB}`,
    },
  ];
}

function retentionViolations(plan: PostgresPlan, root: string): Violation[] {
  const { backupRetentionDays, performanceInsightsDays, logRetentionDays } = plan;
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
    ...refuseUnless(LOG_RETENTION_DAYS.includes(logRetentionDays), {
      path: `${root}.logRetentionDays`,
      problem: `CloudWatch cannot keep logs for ${logRetentionDays} days`,
      remedy: `use one of ${LOG_RETENTION_DAYS.join(", ")}`,
    }),
  ];
}

/**
 * RDS keeps a few names for itself; the rest is what an unquoted name in SQL may be.
 *
 * Source: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html
 */
const SQL_NAME = /^(?!(?:rdsadmin|template[01]|rds_.*)$)[a-z_][a-z0-9_]{0,62}$/;

function nameViolations({ databaseName, username, generation }: PostgresPlan, root: string): Violation[] {
  const remedy = "use lower-case letters, digits and underscores, at most 63";
  return [
    ...refuseUnless(SQL_NAME.test(databaseName), {
      path: `${root}.databaseName`,
      problem: `"${databaseName}" is not the name of a database`,
      remedy,
    }),
    ...refuseUnless(SQL_NAME.test(username), {
      path: `${root}.username`,
      problem: `"${username}" is not the name of a user`,
      remedy,
    }),
    ...refuseUnless(isWithin(generation, 1, 99), {
      path: `${root}.generation`,
      problem: `${generation} is not the number of an instance`,
      remedy: "use a whole number from 1 to 99, one more than the instance that runs",
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
