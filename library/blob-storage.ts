import { Construct } from "constructs";

import type { IBlobStorage, IEncryptionKey } from "../constructs/common/contracts";
import { BlobStorage as BucketResources } from "../constructs/storage/blob-storage";
import { awsPartition } from "../domain/common/aws-partition";
import { type BlobStorageSpec, planBlobStorage } from "../domain/storage/s3";
import { EncryptionKey } from "./encryption-key";
import { type CommonProps, contextOf, partName, pathOf, planned, settingsOf } from "./scope";

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
    const context = contextOf(scope, id, props);
    const { encryptionKey, ...spec } = settingsOf(props);
    const plan = planned(pathOf(scope, id), planBlobStorage(spec, context), "blobStorage");
    const { dataProtection } = props;
    const key = encryptionKey ?? new EncryptionKey(this, "Key", { ...partName(props, "key"), dataProtection });
    const { bucketName, bucketArn } = new BucketResources(this, "Bucket", {
      plan: { ...plan, userCodePodNames: [] },
      encryptionKey: key,
    });
    this.bucketName = bucketName;
    this.bucketArn = bucketArn;
  }

  /** A bucket that exists. */
  public static fromBucketName(scope: Construct, bucketName: string): IBlobStorage {
    const { region } = contextOf(scope, "bucket", {});
    return { bucketName, bucketArn: `arn:${awsPartition(region)}:s3:::${bucketName}` };
  }
}
