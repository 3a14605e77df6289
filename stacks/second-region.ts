import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Construct } from "constructs";

import type { BackupCopy } from "../constructs/backup/backup";
import { forget } from "../constructs/common/render-blocks";
import { EncryptionKey } from "../constructs/secrets/kms-key";
import { planEncryptionKey } from "../domain/secrets/kms-key";
import { secretReaders } from "../domain/secrets/readers";
import type { EnvironmentPlan } from "../domain/environment/environment";
import { accessIn } from "./providers";

/** What {@link SecondRegion} is made from. */
export interface SecondRegionProps {
  /** The environment. */
  readonly plan: EnvironmentPlan;
}

/**
 * The region of `backup.copyTo`, with its own provider and key.
 *
 * Where there is none, the provider is still declared: Terraform needs it to forget the copies that a configuration had before.
 * They stay where they are with their key, in a disposable environment too: nothing says which region to delete them in.
 */
export class SecondRegion extends Construct {
  /** Where copies and secrets go. */
  public readonly copy?: BackupCopy & { readonly region: string };

  public constructor(scope: Construct, id: string, { plan }: SecondRegionProps) {
    super(scope, id);
    const region = plan.backup.copyTo?.region;
    const access = accessIn(region ?? plan.context.region, plan);
    const provider = new AwsProvider(this, "Aws", { alias: "second-region", ...access });
    if (region === undefined) forget(this, { "Key/Resource": "aws_kms_key", "Key/Alias": "aws_kms_alias" });
    else this.copy = { region, provider, encryptionKey: this.defineKey(plan, region, provider) };
  }

  private defineKey(environment: EnvironmentPlan, region: string, provider: AwsProvider): EncryptionKey {
    const spec = {
      name: "copies",
      description: "Copies of Retool's data and secrets",
      secretReaders: secretReaders(environment, "copies"),
    };
    const plan = planEncryptionKey(spec, { ...environment.context, region });
    return new EncryptionKey(this, "Key", { plan, provider });
  }
}
