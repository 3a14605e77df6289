import { z } from "zod";

import { awsPartition } from "./aws-partition";
import { checkedSpec } from "./checked-spec";
import { dataProtectionRules } from "./data-protection";
import type { EnvironmentContext } from "./environment-context";
import { boundedName } from "./names";
import { connectionLimit, defaultInstanceClass } from "./rds-capacity";
import { windowViolations } from "./rds-windows";
import type { Planned, Violation } from "./violation";

/** The PostgreSQL database that Retool keeps its state in, on Amazon RDS. */
export interface PostgresSpec {
  /**
   * Major version of PostgreSQL; RDS keeps the minor version current.
   *
   * @default "17"
   */
  readonly engineVersion?: string;

  /**
   * Class of the instance and its standby.
   *
   * @default - the smallest of db.m7g.large to db.m7g.4xlarge that admits every connection Retool may open
   */
  readonly instanceClass?: string;

  /**
   * Storage to begin with, in GiB; 60 or more.
   *
   * @default 100
   */
  readonly storageGiB?: number;

  /**
   * Size to which the storage may grow by itself, in GiB.
   *
   * @default - five times `storageGiB`
   */
  readonly maxStorageGiB?: number;

  /**
   * Whether a standby in a second zone takes over when the first fails.
   *
   * @default true
   */
  readonly multiAz?: boolean;

  /**
   * Days for which the database can be restored to any second.
   *
   * @default 14
   */
  readonly backupRetentionDays?: number;

  /**
   * Time of the daily backup, `hh:mm-hh:mm` in UTC.
   *
   * @default "05:00-06:00"
   */
  readonly backupWindow?: string;

  /**
   * Time of the week in which RDS may restart the database for a new minor version, `ddd:hh:mm-ddd:hh:mm` in UTC.
   *
   * @default "sun:06:30-sun:07:30"
   */
  readonly maintenanceWindow?: string;

  /**
   * Whether a change that restarts the database, such as another class, is made at once and not in the maintenance window.
   *
   * @default false
   */
  readonly applyImmediately?: boolean;

  /**
   * Whether a larger `engineVersion` may upgrade the database in place, which takes it down for minutes.
   *
   * @default false
   */
  readonly allowMajorVersionUpgrade?: boolean;

  /**
   * Days for which Performance Insights keeps its history; 7 are free.
   *
   * @default 7
   */
  readonly performanceInsightsDays?: number;

  /**
   * Days for which the database's logs are kept.
   *
   * @default 90
   */
  readonly logRetentionDays?: number;
}

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
export interface PostgresPlan extends Required<PostgresSpec> {
  /** Name of the RDS instance and of everything defined with it. */
  readonly identifier: string;
  /** Tags that no instance of another environment has. */
  readonly tags: Readonly<Record<string, string>>;
  /** Name of the database. */
  readonly databaseName: string;
  /** User that Retool connects as: the administrator, because Retool makes schemas and extensions. */
  readonly username: string;
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

/** Shape of a {@link PostgresSpec}. */
export const postgresSchema = z.strictObject({
  engineVersion: z.string().optional(),
  instanceClass: z.string().optional(),
  storageGiB: z.number().optional(),
  maxStorageGiB: z.number().optional(),
  multiAz: z.boolean().optional(),
  backupRetentionDays: z.number().optional(),
  backupWindow: z.string().optional(),
  maintenanceWindow: z.string().optional(),
  applyImmediately: z.boolean().optional(),
  allowMajorVersionUpgrade: z.boolean().optional(),
  performanceInsightsDays: z.number().optional(),
  logRetentionDays: z.number().optional(),
}) satisfies z.ZodType<PostgresSpec>;

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
  const engineVersion = spec.engineVersion ?? "17";
  return {
    ...DEFAULTS,
    instanceClass: defaultInstanceClass(demand.connections),
    maxStorageGiB: Math.min(storageGiB * 5, MOST_STORAGE_GIB),
    ...spec,
    engineVersion,
    storageGiB,
    identifier: context.prefix,
    tags: { "cdktf-retool/database-of": context.prefix },
    databaseName: "retool",
    username: "retool",
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
