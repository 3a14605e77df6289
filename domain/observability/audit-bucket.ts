import type { EnvironmentContext } from "../common/context";
import { dataProtectionRules } from "../common/data-protection";
import { BUCKET_NAME_LIMIT, boundedName } from "../common/names";

/** A bucket for Retool's audit events. */
export interface AuditBucketPlan {
  /** Name of the bucket. */
  readonly bucketName: string;
  /** Days after which an event expires; its version is deleted as many days later. */
  readonly retentionDays: number;
  /** Account whose principals may use the bucket. */
  readonly account: string;
  /** Region of the bucket. */
  readonly region: string;
  /** Whether it is emptied before it is deleted. */
  readonly emptyOnDestroy: boolean;
  /** Whether Terraform refuses a plan that destroys it. */
  readonly preventDestroy: boolean;
}

/** Resolves the bucket for audit events. */
export function planAuditBucket(
  retentionDays: number,
  { prefix, account, region, dataProtection }: EnvironmentContext,
): AuditBucketPlan {
  const { preventDestroy, emptyBucketOnDestroy: emptyOnDestroy } = dataProtectionRules(dataProtection);
  const bucketName = boundedName(`${prefix}-audit-${account}-${region}`, BUCKET_NAME_LIMIT);
  return { bucketName, retentionDays, account, region, emptyOnDestroy, preventDestroy };
}
