import { KmsGrant } from "@cdktf/provider-aws/lib/kms-grant";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import type { ExistingKarpenterSpec } from "../../domain/cluster/existing";
import type { IEncryptionKey, IKarpenter } from "../common/contracts";

/** Construction properties for {@link ExistingKarpenter}. */
export interface ExistingKarpenterProps {
  /** What is known of it. */
  readonly karpenter: Pick<
    ExistingKarpenterSpec,
    "instanceProfileName" | "sandboxInstanceProfileName" | "controllerRoleArn"
  >;
  /** Name of the grant. */
  readonly prefix: string;
  /** Key that encrypts the disks of our nodes. */
  readonly encryptionKey: IEncryptionKey;
  /** What must exist before a NodePool, besides the grant: the cluster's API, and the namespace of the pools' releases. */
  readonly after: readonly ITerraformDependable[];
}

/** What EC2 does with the key of a disk on behalf of the principal that launches an instance. */
const DISK_OPERATIONS = [
  "CreateGrant",
  "Decrypt",
  "DescribeKey",
  "GenerateDataKeyWithoutPlaintext",
  "ReEncryptFrom",
  "ReEncryptTo",
];

/**
 * A Karpenter that someone else owns, which is allowed to encrypt the disks of our nodes.
 *
 * By a grant on our key: its role stays as it is, and the grant goes with us.
 */
export class ExistingKarpenter extends Construct implements IKarpenter {
  /** {@inheritDoc IKarpenter.instanceProfileName} */
  public readonly instanceProfileName: string;
  /** {@inheritDoc IKarpenter.sandboxInstanceProfileName} */
  public readonly sandboxInstanceProfileName: string;
  /** {@inheritDoc IKarpenter.ready} */
  public readonly ready: readonly ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: ExistingKarpenterProps) {
    super(scope, id);
    const { karpenter, prefix, encryptionKey, after } = props;
    const grant = new KmsGrant(this, "Resource", {
      name: `${prefix}-karpenter`,
      keyId: encryptionKey.keyArn,
      granteePrincipal: karpenter.controllerRoleArn,
      operations: DISK_OPERATIONS,
    });
    this.instanceProfileName = karpenter.instanceProfileName;
    this.sandboxInstanceProfileName = karpenter.sandboxInstanceProfileName ?? karpenter.instanceProfileName;
    this.ready = [...after, grant];
  }
}
