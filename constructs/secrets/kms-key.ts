import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import type { TerraformProvider } from "cdktf";
import { Construct } from "constructs";

import type { EncryptionKeyPlan } from "../../domain/secrets/kms-key";
import type { IEncryptionKey } from "../common/contracts";
import { policyDocument } from "../common/policy-document";
import { renderText } from "../common/render";

/** Construction properties for {@link EncryptionKey}. */
export interface EncryptionKeyProps {
  /** The key and its policy. */
  readonly plan: EncryptionKeyPlan;

  /**
   * Provider of the key's region.
   *
   * @default - the provider of the stack
   */
  readonly provider?: TerraformProvider;
}

/** A KMS key that rotates every year, with an alias, for one purpose. */
export class EncryptionKey extends Construct implements IEncryptionKey {
  /** {@inheritDoc IEncryptionKey.keyArn} */
  public readonly keyArn: string;

  public constructor(scope: Construct, id: string, { plan, provider }: EncryptionKeyProps) {
    super(scope, id);

    const key = new KmsKey(this, "Resource", {
      description: renderText(plan.description),
      enableKeyRotation: true,
      deletionWindowInDays: plan.deletionWindowDays,
      policy: policyDocument(plan.statements),
      lifecycle: { preventDestroy: plan.preventDestroy },
      provider,
    });
    new KmsAlias(this, "Alias", { name: plan.alias, targetKeyId: key.keyId, provider });

    this.keyArn = key.arn;
  }
}
