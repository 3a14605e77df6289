import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";

import { BlobAccess } from "../constructs/storage/blob-access";
import { BLOB_STORAGE_RESOURCES, BlobStorage } from "../constructs/storage/blob-storage";
import type { IBlobStorage, ICluster, IEncryptionKey } from "../constructs/common/contracts";
import { keepFormer } from "../constructs/common/render-blocks";
import type { BlobPlan } from "../domain/storage/storage";
import type { DataProtection } from "../domain/common/context";

/** What {@link Blobs} is made from. */
export interface BlobsProps {
  /** What was chosen. */
  readonly plan: BlobPlan;
  /** How data is treated when its resource would go. */
  readonly dataProtection: DataProtection;
  /** Cluster whose pods use the bucket. */
  readonly cluster: ICluster;
  /**
   * Whether IAM knows the cluster's tokens already.
   *
   * @default false
   */
  readonly hasOidcProvider?: boolean;
  /** Key that encrypts it. */
  readonly encryptionKey: IEncryptionKey;
}

/**
 * Blob storage: a bucket with the role by which pods reach it, or nothing where it exists elsewhere.
 *
 * A bucket that was made before such a change is forgotten and stays in the account with what guards it.
 */
export class Blobs {
  /** The bucket; absent where storage exists elsewhere. */
  public readonly storage?: IBlobStorage;
  /** Role that the pods' service account is annotated with; undefined where they get it otherwise, or none. */
  public readonly annotatedRoleArn?: string;
  /** What must exist before a pod that reads the bucket starts. */
  public readonly ready: readonly ITerraformDependable[] = [];

  public constructor(scope: Construct, props: BlobsProps) {
    const { plan, dataProtection, cluster, hasOidcProvider, encryptionKey } = props;
    if (plan.kind === "s3") {
      this.storage = new BlobStorage(scope, "BlobStorage", { plan, encryptionKey });
      const { ready, annotatedRoleArn } = new BlobAccess(scope, "BlobAccess", {
        plan: plan.access,
        cluster,
        hasOidcProvider,
        storage: this.storage,
        encryptionKey,
      });
      this.ready = ready;
      this.annotatedRoleArn = annotatedRoleArn;
    } else {
      keepFormer(scope, dataProtection, BLOB_STORAGE_RESOURCES);
    }
  }
}
