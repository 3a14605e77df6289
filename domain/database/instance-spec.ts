import { z } from "zod";

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

/** Shape of a {@link PostgresSpec}. */
export const postgresSchema = z.strictObject({
  kind: z.literal("new").optional(),
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
  databaseName: z.string().optional(),
  username: z.string().optional(),
  generation: z.number().optional(),
  restore: z
    .discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("snapshot"), snapshot: z.string() }),
      z.strictObject({ kind: z.literal("point-in-time"), instance: z.string(), time: z.string().optional() }),
    ])
    .optional(),
}) satisfies z.ZodType<PostgresSpec>;
