import { DataAwsKmsAlias } from "@cdktf/provider-aws/lib/data-aws-kms-alias";
import { Construct } from "constructs";

import type { EncryptionKeyPlan } from "../../domain/secrets/kms-key";
import type { IEncryptionKey } from "../common/contracts";

/** Construction properties for {@link PlannedEncryptionKey}. */
export interface PlannedEncryptionKeyProps {
  /** What the key was made from. */
  readonly plan: Pick<EncryptionKeyPlan, "alias">;
}

/** A key that another stack has made from the same plan, found by its alias when Terraform plans. */
export class PlannedEncryptionKey extends Construct implements IEncryptionKey {
  /** {@inheritDoc IEncryptionKey.keyArn} */
  public readonly keyArn: string;

  public constructor(scope: Construct, id: string, { plan }: PlannedEncryptionKeyProps) {
    super(scope, id);
    this.keyArn = new DataAwsKmsAlias(this, "Resource", { name: plan.alias }).targetKeyArn;
  }
}
