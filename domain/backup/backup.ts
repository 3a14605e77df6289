import { z } from "zod";

import { awsPartition, managedPolicyArn } from "../common/aws-partition";
import { checkedSpec, withShape } from "../common/checked-spec";
import { dataProtectionRules } from "../common/data-protection";
import type { EnvironmentContext } from "../common/context";
import { roleNamePrefix } from "../common/names";
import { regionProblem } from "../common/regions";
import { checked, integer } from "../common/setting";
import { copyTimeViolations, type WindowsToCheck } from "../database/rds-windows";
import { planRecovery, type RecoveryPlan, type RecoverySources } from "./recovery";
import type { Planned, Violation } from "../common/violation";

/** Copies of database and bucket in a vault, where nobody who may delete the originals can delete them with the same right. */
export interface BackupSpec {
  /**
   * Days that each daily copy is kept.
   *
   * @default 35
   */
  readonly retentionDays?: number;

  /**
   * Hour of the day within which the copies begin, in UTC; not in the hour before a database's windows for backups and
   * maintenance, nor in these.
   *
   * @default 2
   */
  readonly hour?: number;

  /**
   * A second region that gets every copy as well.
   *
   * @default - none; losing the region loses the data
   */
  readonly copyTo?: BackupCopySpec;

  /**
   * Who can delete a copy before its time: with `governance` principals with the right to remove the lock first, with `compliance` nobody, not
   * even AWS, from three days after the first deployment on.
   *
   * @default - no lock; everybody who may use the vault
   */
  readonly lock?: "governance" | "compliance";
}

/** A second region for copies. */
export interface BackupCopySpec {
  /** The region; not the environment's own. After a change, earlier copies stay where they are, and nothing manages them. */
  readonly region: string;

  /**
   * Days that each copy is kept there.
   *
   * @default - `retentionDays`
   */
  readonly retentionDays?: number;
}

/** A {@link BackupSpec} with every default filled in, and what it means for losses. */
export interface BackupPlan {
  /** Name of the vault in the environment's region. */
  readonly vaultName: string;
  /** Name of the vault in the second region. */
  readonly copyVaultName: string;
  /** Name of the schedule. */
  readonly scheduleName: string;
  /** Hour of the day at which copies begin, in UTC. */
  readonly hour: number;
  /** When copies begin, as AWS Backup writes it. */
  readonly schedule: string;
  /** Days that each copy is kept. */
  readonly retentionDays: number;
  /** Minutes within which a copy has to begin. */
  readonly startWindowMinutes: number;
  /** Minutes within which a copy has to be complete. */
  readonly completionWindowMinutes: number;
  /** The second region; absent where there is none. */
  readonly copyTo?: Required<BackupCopySpec>;
  /** The lock of the vaults; absent where there is none. */
  readonly lock?: BackupLockPlan;
  /** Beginning of the name of the role by which AWS Backup makes copies. */
  readonly rolePrefix: string;
  /** Policies of that role: AWS's own, which grow with the service. */
  readonly policyArns: readonly string[];
  /** Whether the vaults are emptied before they are deleted. */
  readonly emptyOnDestroy: boolean;
  /** Whether Terraform refuses a plan that destroys a vault. */
  readonly preventDestroy: boolean;
  /** What can be lost, and how long it takes to get the rest back. */
  readonly recovery: RecoveryPlan;
}

/** The lock of a vault. */
export interface BackupLockPlan {
  /** Days that no copy can be deleted for. */
  readonly leastDays: number;
  /** Days in which the lock can still be removed; absent where principals with the right can always remove it. */
  readonly graceDays?: number;
}

/** What is copied. */
export interface BackupSources extends RecoverySources {
  /**
   * Windows of the instances that are copied, by the path of their configuration.
   *
   * @default {}
   */
  readonly instances?: Readonly<Record<string, WindowsToCheck>>;
}

/** Shape of a {@link BackupSpec}. */
export const backupSchema = z.strictObject({
  retentionDays: retention().default(35),
  hour: integer({ min: 0, max: 23 }).default(2),
  copyTo: z
    .strictObject({
      region: checked(z.string(), regionProblem, { form: "an AWS region" }),
      retentionDays: retention().optional(),
    })
    .optional(),
  lock: z.enum(["governance", "compliance"]).optional(),
});

/** At most a year: the longest that anybody would pay for daily copies of everything. */
function retention(): z.ZodNumber {
  return integer({ min: 1, max: 365, unit: "days" });
}

/** A {@link BackupSpec} with every default that does not depend on another setting. */
type BackupSettings = z.output<typeof backupSchema>;

const START_MINUTES = 60;
const COMPLETION_MINUTES = 360;
/** The fewest that AWS Backup accepts; the lock can be removed for so long. */
const GRACE_DAYS = 3;

/**
 * Resolves when copies are made and how long they stay, and computes what can be lost.
 *
 * @param spec - What the configuration says.
 * @param context - The environment.
 * @param sources - Database and bucket, which also have backups outside the vault.
 */
export function planBackup(
  spec: BackupSpec | undefined,
  context: EnvironmentContext,
  sources: BackupSources,
): Planned<BackupPlan> {
  const { spec: known, shape } = checkedSpec(backupSchema, spec, {}, "backup");
  const plan = resolve(known, context, sources);
  return {
    plan,
    violations: withShape(shape, [
      ...copyTimeViolations(plan, sources.instances ?? {}),
      ...(plan.copyTo === undefined ? [] : copyViolations(plan.copyTo.region, context.region)),
      ...lockViolations(known.lock, context),
    ]),
  };
}

function resolve(spec: BackupSettings, context: EnvironmentContext, sources: RecoverySources): BackupPlan {
  const { retentionDays, hour, lock } = spec;
  const { preventDestroy, emptyBucketOnDestroy } = dataProtectionRules(context.dataProtection);
  const copyTo = spec.copyTo && { retentionDays, ...spec.copyTo };
  const windows = { startWindowMinutes: START_MINUTES, completionWindowMinutes: COMPLETION_MINUTES };
  return {
    vaultName: `${context.prefix}-backup`,
    copyVaultName: context.prefix,
    scheduleName: `${context.prefix}-daily`,
    hour,
    schedule: `cron(0 ${hour} * * ? *)`,
    retentionDays,
    ...windows,
    copyTo,
    lock: lock && lockPlan(lock, Math.min(retentionDays, copyTo?.retentionDays ?? retentionDays)),
    rolePrefix: roleNamePrefix(`${context.prefix}-backup`),
    policyArns: POLICIES.map((name) => managedPolicyArn(context.region, name)),
    emptyOnDestroy: emptyBucketOnDestroy,
    preventDestroy,
    recovery: planRecovery(sources, { retentionDays, copyTo, ...windows }),
  };
}

const POLICIES = ["service-role/AWSBackupServiceRolePolicyForBackup", "AWSBackupServiceRolePolicyForS3Backup"];

function lockPlan(lock: "governance" | "compliance", leastDays: number): BackupLockPlan {
  return lock === "governance" ? { leastDays } : { leastDays, graceDays: GRACE_DAYS };
}

function copyViolations(copy: string, own: string): Violation[] {
  if (copy === own) {
    return [
      {
        path: "backup.copyTo.region",
        problem: `"${copy}" is the environment's own region`,
        remedy: "use another one, or remove copyTo",
      },
    ];
  }
  if (awsPartition(copy) === awsPartition(own)) return [];
  return [
    {
      path: "backup.copyTo.region",
      problem: `"${copy}" is in another AWS partition than ${own}, and backups cannot be copied between partitions`,
      remedy: `use a region of ${awsPartition(own)}`,
    },
  ];
}

function lockViolations(lock: BackupSpec["lock"], { dataProtection }: EnvironmentContext): Violation[] {
  if (lock === undefined || dataProtection !== "disposable") return [];
  return [
    {
      path: "backup.lock",
      problem: `"${lock}" locks the backups of an environment with disposable data, so its vault could not be deleted`,
      remedy: 'remove the lock, or set dataProtection to "protected"',
    },
  ];
}
