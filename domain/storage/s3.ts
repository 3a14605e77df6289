import { z } from "zod";

import { checkedSpec, withShape } from "../common/checked-spec";
import { bucketNameProblem } from "../common/bucket-name";
import { LOG_DAYS } from "../common/log-retention";
import { dataProtectionRules } from "../common/data-protection";
import type { EnvironmentContext } from "../common/context";
import { type BlobAccessPlan, planBlobAccess, USER_CODE_POD_NAMES } from "./bucket-access";
import { BUCKET_NAME_LIMIT } from "../common/names";
import { quote } from "../common/quote";
import { checked, integer } from "../common/setting";
import type { Planned, Problem, Violation } from "../common/violation";

/**
 * Where Retool keeps apps, Git repositories and sandbox snapshots.
 *
 * A separate S3 bucket, which Retool's pods reach without any key.
 */
export interface BlobStorageSpec {
  /**
   * A bucket that is made here.
   *
   * @default "s3"
   */
  readonly kind?: "s3";

  /**
   * Name of the bucket; it cannot be changed once it holds data.
   *
   * @default - `<prefix>-<account>-<region>`, unique among all AWS accounts
   */
  readonly bucketName?: string;

  /**
   * Days that a replaced or deleted object can still be restored.
   *
   * The default covers the longest time for which RDS keeps backups, so that a restored database finds its objects.
   *
   * @default 35
   */
  readonly noncurrentVersionDays?: number;

  /**
   * How pods get credentials for the bucket without a key: from the EKS Pod Identity agent, or from IAM roles for service accounts (IRSA) by
   * a token that STS takes, where the agent may not run.
   *
   * @default "pod-identity"
   */
  readonly identity?: "pod-identity" | "irsa";

  /**
   * Days that the records of who read and wrote the bucket are kept.
   *
   * @default 90
   */
  readonly accessLogDays?: number;
}

/** A {@link BlobStorageSpec} with every default filled in and every derived value computed. */
export interface BlobStoragePlan {
  /** A bucket that is made here. */
  readonly kind: "s3";
  /** Name of the bucket. */
  readonly bucketName: string;
  /** Name of the bucket that receives the access logs. */
  readonly logBucketName: string;
  /** Days that a replaced or deleted object is kept. */
  readonly noncurrentVersionDays: number;
  /** Days that access logs are kept. */
  readonly accessLogDays: number;
  /** Days after which the parts of an upload that never finished are deleted. */
  readonly abortedUploadDays: number;
  /** Account whose principals may use the bucket. */
  readonly account: string;
  /** Whether both buckets are emptied before they are deleted. */
  readonly emptyOnDestroy: boolean;
  /** Whether Terraform refuses a plan that destroys the bucket. */
  readonly preventDestroy: boolean;
  /** Patterns of the names of pods that never get access to the bucket, with any role: they run users' code. */
  readonly userCodePodNames: readonly string[];
  /** Who may use the bucket. */
  readonly access: BlobAccessPlan;
}

const LOG_SUFFIX = "-logs";

/** Schema of a {@link BlobStorageSpec}, with bounds, units and every default that does not depend on the environment. */
export const blobStorageSchema = z.strictObject({
  kind: z.literal("s3").optional(),
  bucketName: checked(z.string(), ownBucketNameProblem, { form: "the name of an S3 bucket" }).optional(),
  noncurrentVersionDays: days().default(35),
  accessLogDays: days().default(LOG_DAYS.bucketAccess),
  identity: z.enum(["pod-identity", "irsa"]).default("pod-identity"),
});

/** Lifecycle rules count days in a 32-bit number; ten years is more than anybody keeps logs or old versions. */
function days(): z.ZodNumber {
  return integer({ min: 1, max: 3650, unit: "days" });
}

/**
 * Resolves defaults and checks the result.
 *
 * @param spec - What the configuration says.
 * @param context - The environment.
 */
export function planBlobStorage(
  spec: BlobStorageSpec | undefined,
  context: EnvironmentContext,
): Planned<BlobStoragePlan> {
  const { spec: known, shape } = checkedSpec(blobStorageSchema, spec, {}, "blobStorage");
  const { bucketName, noncurrentVersionDays, accessLogDays, identity } = known;
  const { preventDestroy, emptyBucketOnDestroy } = dataProtectionRules(context.dataProtection);
  const name = bucketName ?? `${context.prefix}-${context.account}-${context.region}`;
  const plan: BlobStoragePlan = {
    kind: "s3",
    bucketName: name,
    logBucketName: `${name}${LOG_SUFFIX}`,
    noncurrentVersionDays,
    accessLogDays,
    abortedUploadDays: 7,
    account: context.account,
    emptyOnDestroy: emptyBucketOnDestroy,
    preventDestroy,
    userCodePodNames: USER_CODE_POD_NAMES,
    access: planBlobAccess(identity, context),
  };
  return { plan, violations: withShape(shape, derivedNameViolations(bucketName, name)) };
}

/** The default is made from the environment's name, which may be too long for it. */
function derivedNameViolations(given: string | undefined, derived: string): Violation[] {
  const problem = given === undefined ? ownBucketNameProblem(derived) : undefined;
  return problem === undefined ? [] : [{ path: "blobStorage.bucketName", ...problem }];
}

function ownBucketNameProblem(name: string): Problem | undefined {
  const longest = BUCKET_NAME_LIMIT - LOG_SUFFIX.length;
  if (name.length > longest) {
    return {
      problem: `${quote(name)} has ${name.length} characters, and its access log bucket adds ${LOG_SUFFIX.length}`,
      remedy: `use at most ${longest} characters`,
    };
  }
  // No dots: the certificate of S3 covers one label, so TLS to a dotted bucket name fails.
  if (bucketNameProblem(name) === undefined && !name.includes(".")) return undefined;
  return {
    problem: `${quote(name)} is not a bucket name`,
    remedy: "use lower-case letters, digits and hyphens, without a prefix or suffix that S3 reserves",
  };
}
