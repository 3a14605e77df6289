import type { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketOwnershipControls } from "@cdktf/provider-aws/lib/s3-bucket-ownership-controls";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning";
import type { Construct } from "constructs";

import type { IEncryptionKey } from "./contracts";

/** What the lifecycle and the policy of a bucket wait for. */
export interface Privacy {
  /** Versions. */
  readonly versioning: S3BucketVersioningA;
  /** No public access. */
  readonly publicAccessBlock: S3BucketPublicAccessBlock;
}

/** Versions, no ACLs and no public access: the same for every bucket; the prefix stands before the ids of what is made. */
export function definePrivacy(scope: Construct, prefix: string, bucket: S3Bucket): Privacy {
  new S3BucketOwnershipControls(scope, `${prefix}Ownership`, {
    bucket: bucket.id,
    rule: { objectOwnership: "BucketOwnerEnforced" },
  });
  return {
    versioning: new S3BucketVersioningA(scope, `${prefix}Versioning`, {
      bucket: bucket.id,
      versioningConfiguration: { status: "Enabled" },
    }),
    publicAccessBlock: new S3BucketPublicAccessBlock(scope, `${prefix}PublicAccess`, {
      bucket: bucket.id,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    }),
  };
}

/** Encrypts every object that names no other encryption with a key. */
export function defineEncryption(scope: Construct, bucket: S3Bucket, { keyArn }: IEncryptionKey): void {
  new S3BucketServerSideEncryptionConfigurationA(scope, "Encryption", {
    bucket: bucket.id,
    rule: [
      {
        applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: keyArn },
        bucketKeyEnabled: true,
      },
    ],
  });
}
