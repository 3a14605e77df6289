import { z } from "zod";

import { LOG_DAYS, logRetention } from "../common/log-retention";
import { quote } from "../common/quote";
import { checked, integer } from "../common/setting";
import type { Problem } from "../common/violation";
import { instanceClassProblem } from "./instance-classes";
import { BACKUP_WINDOW, backupWindowProblem, MAINTENANCE_WINDOW, maintenanceWindowProblem } from "./rds-windows";
import { type RestoreSpec, restoreSchema } from "./restore";
import { databaseNameProblem, usernameProblem } from "./sql-names";

/** Largest volume of an RDS for PostgreSQL instance on gp3. */
export const MOST_STORAGE_GIB = 65_536;

const INSIGHTS_DAYS = "7, a multiple of 31 up to 713, or 731";

/** The PostgreSQL database that Retool keeps its state in, on Amazon RDS. */
export interface PostgresSpec {
  /**
   * An instance that is made here.
   *
   * @default "new"
   */
  readonly kind?: "new";

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
   * Storage to begin with.
   *
   * @default 100
   */
  readonly storageGiB?: number;

  /**
   * Size to which the storage may grow by itself, in GiB; at least a tenth more than `storageGiB`.
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
   * Days for which Performance Insights keeps its history; 7 are free. Since its console ended in July 2026, CloudWatch
   * Database Insights shows it, in its standard mode and with the same retention.
   *
   * Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PerfInsights.Enabling.html
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

  /**
   * Name of the database in the instance; a restored instance keeps the one it had.
   *
   * @default "retool"
   */
  readonly databaseName?: string;

  /**
   * Administrator of the instance, as whom Retool connects; a restored instance keeps the one it had.
   *
   * @default "retool"
   */
  readonly username?: string;

  /**
   * Number of the instance; a larger one makes a new instance next to the old one, moves Retool to it and forgets the old one,
   * which stays in the account.
   *
   * @default 1
   */
  readonly generation?: number;

  /**
   * What the instance is made from. It belongs to the generation it was written for: leave it until the next one.
   *
   * @default - an empty database
   */
  readonly restore?: RestoreSpec;
}

/** Number of an instance; the largest is one restore a month for eight years. */
export function generation(): z.ZodNumber {
  return integer({ min: 1, max: 99 });
}

/** Schema of a {@link PostgresSpec}, with bounds, units and every default that does not depend on something else. */
export const postgresSchema = z.strictObject({
  kind: z.literal("new").optional(),
  engineVersion: checked(z.string(), majorVersionProblem, { form: "a major version of PostgreSQL" }).default("17"),
  instanceClass: checked(z.string(), instanceClassProblem, { form: "an RDS instance class" }).optional(),
  // Retool's own recommendation for the platform database is 60 GiB.
  storageGiB: integer({ min: 60, max: MOST_STORAGE_GIB, unit: "GiB" }).default(100),
  maxStorageGiB: z.number().optional(),
  multiAz: z.boolean().default(true),
  backupRetentionDays: integer({ min: 1, max: 35, unit: "days" }).default(14),
  backupWindow: checked(z.string(), backupWindowProblem).default(BACKUP_WINDOW),
  maintenanceWindow: checked(z.string(), maintenanceWindowProblem).default(MAINTENANCE_WINDOW),
  applyImmediately: z.boolean().default(false),
  allowMajorVersionUpgrade: z.boolean().default(false),
  performanceInsightsDays: checked(z.number(), insightsProblem, {
    form: `${INSIGHTS_DAYS} days`,
    unit: "days",
  }).default(7),
  logRetentionDays: logRetention().default(LOG_DAYS.database),
  databaseName: checked(z.string(), databaseNameProblem, { form: "an unquoted name in SQL" }).default("retool"),
  username: checked(z.string(), usernameProblem, { form: "an unquoted name in SQL" }).default("retool"),
  generation: generation().default(1),
  restore: restoreSchema.optional(),
});

/** A {@link PostgresSpec} with every default that does not depend on something else. */
export type PostgresSettings = z.output<typeof postgresSchema>;

function majorVersionProblem(version: string): Problem | undefined {
  if (/^[1-9]\d?($|\.)/.test(version)) return undefined;
  return { problem: `${quote(version)} is not a major version of PostgreSQL`, remedy: 'use a value such as "17"' };
}

/** Source: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html */
function insightsProblem(days: number): Problem | undefined {
  if (days === 7 || days === 731 || (days > 0 && days <= 713 && days % 31 === 0)) return undefined;
  return { problem: `Performance Insights cannot keep ${days} days`, remedy: `use ${INSIGHTS_DAYS}` };
}
