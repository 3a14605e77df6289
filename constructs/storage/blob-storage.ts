import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketLifecycleConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import { S3BucketLoggingA } from "@cdktf/provider-aws/lib/s3-bucket-logging";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration";
import { Construct } from "constructs";

import { bucketStatements, logBucketStatements } from "../../domain/storage/bucket-access";
import type { BlobStoragePlan } from "../../domain/storage/s3";
import type { IBlobStorage, IEncryptionKey } from "../common/contracts";
import { policyDocument } from "../common/policy-document";
import { defineEncryption, definePrivacy } from "../common/private-bucket";

/** What a {@link BlobStorage} is made from. */
export interface BlobStorageProps {
  /** What to define. */
  readonly plan: BlobStoragePlan;
  /** Key that encrypts every object. */
  readonly encryptionKey: IEncryptionKey;
}

/** Types of all that a `BlobStorage` makes, by their paths below its scope where its id is `BlobStorage`. */
export const BLOB_STORAGE_RESOURCES: Readonly<Record<string, string>> = {
  "BlobStorage/Resource": "aws_s3_bucket",
  "BlobStorage/Ownership": "aws_s3_bucket_ownership_controls",
  "BlobStorage/Versioning": "aws_s3_bucket_versioning",
  "BlobStorage/PublicAccess": "aws_s3_bucket_public_access_block",
  "BlobStorage/Encryption": "aws_s3_bucket_server_side_encryption_configuration",
  "BlobStorage/Lifecycle": "aws_s3_bucket_lifecycle_configuration",
  "BlobStorage/Policy": "aws_s3_bucket_policy",
  "BlobStorage/Logs": "aws_s3_bucket",
  "BlobStorage/LogsOwnership": "aws_s3_bucket_ownership_controls",
  "BlobStorage/LogsVersioning": "aws_s3_bucket_versioning",
  "BlobStorage/LogsPublicAccess": "aws_s3_bucket_public_access_block",
  "BlobStorage/LogsEncryption": "aws_s3_bucket_server_side_encryption_configuration",
  "BlobStorage/LogsLifecycle": "aws_s3_bucket_lifecycle_configuration",
  "BlobStorage/LogsPolicy": "aws_s3_bucket_policy",
  "BlobStorage/Logging": "aws_s3_bucket_logging",
};

/**
 * The S3 bucket for app storage, Git repositories and sandbox snapshots, and a second one for its access logs.
 *
 * Every version of an object is encrypted and stays restorable for a while; nothing expires the current one. Only TLS, only
 * principals of the account, and no pod that runs users' code, even where its role allows it.
 */
export class BlobStorage extends Construct implements IBlobStorage {
  /** {@inheritDoc IBlobStorage.bucketName} */
  public readonly bucketName: string;
  /** {@inheritDoc IBlobStorage.bucketArn} */
  public readonly bucketArn: string;

  public constructor(scope: Construct, id: string, props: BlobStorageProps) {
    super(scope, id);
    const bucket = this.defineBucket(props);
    this.defineLogging(props, bucket);

    this.bucketName = bucket.bucket;
    this.bucketArn = bucket.arn;
  }

  private defineBucket({ plan, encryptionKey }: BlobStorageProps): S3Bucket {
    const bucket = new S3Bucket(this, "Resource", {
      bucket: plan.bucketName,
      forceDestroy: plan.emptyOnDestroy,
      lifecycle: { preventDestroy: plan.preventDestroy },
    });
    const { versioning, publicAccessBlock } = definePrivacy(this, "", bucket);
    defineEncryption(this, bucket, encryptionKey);
    new S3BucketLifecycleConfiguration(this, "Lifecycle", {
      bucket: bucket.id,
      rule: [
        {
          id: "old-versions",
          status: "Enabled",
          filter: [{ prefix: "" }],
          noncurrentVersionExpiration: [{ noncurrentDays: plan.noncurrentVersionDays }],
          abortIncompleteMultipartUpload: [{ daysAfterInitiation: plan.abortedUploadDays }],
        },
      ],
      dependsOn: [versioning],
    });
    new S3BucketPolicy(this, "Policy", {
      bucket: bucket.id,
      policy: policyDocument(bucketStatements(plan, { bucketArn: bucket.arn, keyArn: encryptionKey.keyArn })),
      dependsOn: [publicAccessBlock],
    });
    return bucket;
  }

  private defineLogging({ plan }: BlobStorageProps, bucket: S3Bucket): void {
    const logs = new S3Bucket(this, "Logs", { bucket: plan.logBucketName, forceDestroy: plan.emptyOnDestroy });
    const { versioning, publicAccessBlock } = definePrivacy(this, "Logs", logs);
    new S3BucketServerSideEncryptionConfigurationA(this, "LogsEncryption", {
      bucket: logs.id,
      rule: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
    });
    new S3BucketLifecycleConfiguration(this, "LogsLifecycle", {
      bucket: logs.id,
      rule: [
        {
          id: "old-logs",
          status: "Enabled",
          filter: [{ prefix: "" }],
          expiration: [{ days: plan.accessLogDays }],
          noncurrentVersionExpiration: [{ noncurrentDays: plan.abortedUploadDays }],
          abortIncompleteMultipartUpload: [{ daysAfterInitiation: plan.abortedUploadDays }],
        },
      ],
      dependsOn: [versioning],
    });
    const policy = new S3BucketPolicy(this, "LogsPolicy", {
      bucket: logs.id,
      policy: policyDocument(logBucketStatements(plan, { logsArn: logs.arn, bucketArn: bucket.arn })),
      dependsOn: [publicAccessBlock],
    });
    new S3BucketLoggingA(this, "Logging", {
      bucket: bucket.id,
      targetBucket: logs.id,
      targetPrefix: "s3/",
      // S3 refuses a target whose policy does not let it write yet.
      dependsOn: [policy],
    });
  }
}
