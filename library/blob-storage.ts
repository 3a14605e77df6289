import { DataAwsS3Bucket } from "@cdktf/provider-aws/lib/data-aws-s3-bucket";
import { Construct } from "constructs";

import type { IBlobStorage, IEncryptionKey } from "../constructs/common/contracts";
import { renderJson, renderText } from "../constructs/common/render";
import { BlobStorage as BucketResources } from "../constructs/storage/blob-storage";
import { type BlobStorageSpec, planBlobStorage } from "../domain/storage/s3";
import { EncryptionKey } from "./encryption-key";
import { type CommonProps, contextOf, partName, pathOf, planned, settingsOf } from "./scope";
import { tag } from "./tags";

/** Settings of a {@link BlobStorage}; every one has a default. */
export interface BlobStorageProps extends CommonProps, Omit<BlobStorageSpec, "kind" | "identity"> {
  /**
   * Key that encrypts the objects.
   *
   * @default - a new one
   */
  readonly encryptionKey?: IEncryptionKey;
}

/**
 * An S3 bucket that is private, encrypted, TLS only and versioned, with access logs. It costs what it holds.
 *
 * @example
 * ```ts
 * const storage = new BlobStorage(this, "Storage", { noncurrentVersionDays: 7 });
 * ```
 * @throws `ConfigurationError` with every problem of the settings.
 */
export class BlobStorage extends Construct implements IBlobStorage {
  /** {@inheritDoc IBlobStorage.bucketName} */
  public readonly bucketName: string;
  /** {@inheritDoc IBlobStorage.bucketArn} */
  public readonly bucketArn: string;

  public constructor(scope: Construct, id: string, props: BlobStorageProps = {}) {
    super(scope, id);
    tag(this, props.tags);
    const context = contextOf(scope, id, props);
    const { encryptionKey, ...spec } = settingsOf(props);
    const plan = planned([scope, id, props], planBlobStorage(spec, context), "blobStorage");
    const { dataProtection } = props;
    const key = encryptionKey ?? new EncryptionKey(this, "Key", { ...partName(props, "key"), dataProtection });
    const { bucketName, bucketArn } = new BucketResources(this, "Bucket", {
      plan: { ...plan, userCodePodNames: [] },
      encryptionKey: key,
    });
    this.bucketName = bucketName;
    this.bucketArn = bucketArn;
  }

  /**
   * A bucket that exists; the plan stops where there is none of the name, or it is in another region.
   *
   * @param scope - Where the bucket is looked up.
   * @param id - Id of what looks it up.
   * @param bucketName - Name of the bucket.
   */
  public static fromBucketName(scope: Construct, id: string, bucketName: string): IBlobStorage {
    const { region } = contextOf(scope, id, {});
    const bucket = new DataAwsS3Bucket(scope, id, {
      bucket: bucketName,
      lifecycle: {
        postcondition: [
          {
            // The only attribute that says where the bucket is in both major versions of the provider: <bucket>.s3.<region>.<suffix>.
            condition: `\${startswith(trimprefix(self.bucket_regional_domain_name, self.bucket), ${renderJson(`.s3.${region}.`)})}`,
            errorMessage: `${pathOf(scope, id)}: the bucket ${renderText(bucketName)} is in another region; use one in ${region}`,
          },
        ],
      },
    });
    return { bucketName, bucketArn: bucket.arn };
  }
}
