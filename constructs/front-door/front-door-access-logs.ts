import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketLifecycleConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import { S3BucketOwnershipControls } from "@cdktf/provider-aws/lib/s3-bucket-ownership-controls";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration";
import type { Construct } from "constructs";

import type { DataProtection } from "../../domain/common/context";
import { denyPlainHttp } from "../../domain/common/policy-statement";
import type { AccessLogsPlan } from "../../domain/front-door/front-door";
import { policyDocument, type PolicyStatement } from "../common/policy-document";
import { keepFormer } from "../common/render-blocks";

/** Types of all that {@link defineAccessLogs} makes, by their ids. */
const ACCESS_LOGS_RESOURCES: Readonly<Record<string, string>> = {
  AccessLogs: "aws_s3_bucket",
  AccessLogsPublicAccess: "aws_s3_bucket_public_access_block",
  AccessLogsOwnership: "aws_s3_bucket_ownership_controls",
  AccessLogsEncryption: "aws_s3_bucket_server_side_encryption_configuration",
  AccessLogsLifecycle: "aws_s3_bucket_lifecycle_configuration",
  AccessLogsPolicy: "aws_s3_bucket_policy",
};

/**
 * Defines a bucket for the access logs of a load balancer, which carry tokens in the addresses of requests.
 *
 * Load balancers can write to it, the listed roles can read it, and nobody else can, even where IAM allows it.
 *
 * @returns Name of the bucket, known once the load balancer may write to it.
 */
export function defineAccessLogs(scope: Construct, account: string, plan: AccessLogsPlan): string {
  const bucket = new S3Bucket(scope, "AccessLogs", { bucket: plan.bucketName, forceDestroy: plan.emptyOnDestroy });
  const closed = new S3BucketPublicAccessBlock(scope, "AccessLogsPublicAccess", {
    bucket: bucket.id,
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
  });
  defineHousekeeping(scope, bucket, plan);
  const policy = new S3BucketPolicy(scope, "AccessLogsPolicy", {
    bucket: bucket.id,
    policy: policyDocument(statements(bucket.arn, account, plan)),
    dependsOn: [closed],
  });
  return policy.bucket;
}

/** Leaves the bucket that a load balancer had before with everything that closes it and expires its logs. */
export function keepFormerAccessLogs(scope: Construct, dataProtection: DataProtection): void {
  keepFormer(scope, dataProtection, ACCESS_LOGS_RESOURCES);
}

function defineHousekeeping(scope: Construct, bucket: S3Bucket, { retentionDays }: AccessLogsPlan): void {
  new S3BucketOwnershipControls(scope, "AccessLogsOwnership", {
    bucket: bucket.id,
    rule: { objectOwnership: "BucketOwnerEnforced" },
  });
  // A load balancer writes to no bucket that is encrypted with a key of KMS.
  new S3BucketServerSideEncryptionConfigurationA(scope, "AccessLogsEncryption", {
    bucket: bucket.id,
    rule: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
  });
  new S3BucketLifecycleConfiguration(scope, "AccessLogsLifecycle", {
    bucket: bucket.id,
    rule: [
      {
        id: "forget",
        status: "Enabled",
        filter: [{ prefix: "" }],
        expiration: [{ days: retentionDays }],
        abortIncompleteMultipartUpload: [{ daysAfterInitiation: 1 }],
      },
    ],
  });
}

/** Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html */
function statements(bucketArn: string, account: string, { readerRoleArns }: AccessLogsPlan): PolicyStatement[] {
  return [
    {
      Sid: "LoadBalancersWrite",
      Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
      Action: "s3:PutObject",
      Resource: `${bucketArn}/AWSLogs/${account}/*`,
    },
    {
      Sid: "NobodyElseReads",
      Effect: "Deny",
      Principal: "*",
      Action: ["s3:GetObject", "s3:GetObjectVersion"],
      Resource: `${bucketArn}/*`,
      ...(readerRoleArns.length > 0 ? { Condition: { ArnNotLike: { "aws:PrincipalArn": readerRoleArns } } } : {}),
    },
    denyPlainHttp(bucketArn),
  ];
}
