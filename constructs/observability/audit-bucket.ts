import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketLifecycleConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import { Construct } from "constructs";

import { denyOtherAccounts, denyPlainHttp } from "../../domain/common/policy-statement";
import type { AuditBucketPlan } from "../../domain/observability/audit-bucket";
import type { IEncryptionKey } from "../common/contracts";
import { policyDocument, type PolicyStatement } from "../common/policy-document";
import { defineEncryption, definePrivacy } from "../common/private-bucket";

/** Construction properties for {@link AuditBucket}. */
export interface AuditBucketProps {
  /** What to define. */
  readonly plan: AuditBucketPlan;
  /** Key that encrypts every object. */
  readonly encryptionKey: IEncryptionKey;
}

/** Types of all that an {@link AuditBucket} makes, by their ids. */
export const AUDIT_BUCKET_RESOURCES: Readonly<Record<string, string>> = {
  Resource: "aws_s3_bucket",
  Ownership: "aws_s3_bucket_ownership_controls",
  Versioning: "aws_s3_bucket_versioning",
  PublicAccess: "aws_s3_bucket_public_access_block",
  Encryption: "aws_s3_bucket_server_side_encryption_configuration",
  Lifecycle: "aws_s3_bucket_lifecycle_configuration",
  Policy: "aws_s3_bucket_policy",
};

/**
 * A bucket that keeps Retool's audit events for years.
 *
 * The agents can only add: an object that is written again keeps its earlier version. Only the lifecycle and the account's
 * administrators delete.
 */
export class AuditBucket extends Construct {
  /** What the writer may do. */
  public readonly writing: readonly PolicyStatement[];

  public constructor(scope: Construct, id: string, { plan, encryptionKey }: AuditBucketProps) {
    super(scope, id);
    const { bucketName, retentionDays, account, region, emptyOnDestroy, preventDestroy } = plan;
    const bucket = new S3Bucket(this, "Resource", {
      bucket: bucketName,
      forceDestroy: emptyOnDestroy,
      lifecycle: { preventDestroy },
    });
    const { versioning, publicAccessBlock } = definePrivacy(this, "", bucket);
    defineEncryption(this, bucket, encryptionKey);
    new S3BucketLifecycleConfiguration(this, "Lifecycle", {
      bucket: bucket.id,
      rule: [
        {
          id: "old-events",
          status: "Enabled",
          filter: [{ prefix: "" }],
          expiration: [{ days: retentionDays }],
          noncurrentVersionExpiration: [{ noncurrentDays: retentionDays }],
          abortIncompleteMultipartUpload: [{ daysAfterInitiation: 7 }],
        },
      ],
      dependsOn: [versioning],
    });
    new S3BucketPolicy(this, "Policy", {
      bucket: bucket.id,
      policy: policyDocument([denyPlainHttp(bucket.arn), denyOtherAccounts(bucket.arn, account)]),
      dependsOn: [publicAccessBlock],
    });
    this.writing = [
      { Sid: "AddAuditEvents", Action: "s3:PutObject", Resource: `${bucket.arn}/*` },
      {
        Sid: "EncryptAuditEvents",
        Action: "kms:GenerateDataKey",
        Resource: encryptionKey.keyArn,
        Condition: { StringEquals: { "kms:ViaService": `s3.${region}.amazonaws.com` } },
      },
    ];
  }
}
