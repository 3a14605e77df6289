import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Construct } from "constructs";

import type { BackupCopy } from "../constructs/backup/backup";
import { EncryptionKey } from "../constructs/secrets/kms-key";
import { planEncryptionKey } from "../domain/secrets/kms-key";
import { secretReaders } from "../domain/secrets/readers";
import type { EnvironmentPlan } from "../domain/environment/environment";

/** What {@link SecondRegion} is made from. */
export interface SecondRegionProps {
  /** The environment. */
  readonly plan: EnvironmentPlan;
}

/** The region of `backup.copyTo`, with its own provider and key; nothing where there is none. */
export class SecondRegion extends Construct {
  /** Where copies and secrets go. */
  public readonly copy?: BackupCopy & { readonly region: string };

  public constructor(scope: Construct, id: string, { plan }: SecondRegionProps) {
    super(scope, id);
    const { copyTo } = plan.backup;
    if (copyTo !== undefined) this.copy = { region: copyTo.region, ...this.defineCopy(plan, copyTo.region) };
  }

  private defineCopy(environment: EnvironmentPlan, region: string): BackupCopy {
    const { context, deployRoleArn, maxRetries } = environment;
    const provider = new AwsProvider(this, "Aws", {
      alias: "second-region",
      region,
      allowedAccountIds: [context.account],
      assumeRole: deployRoleArn === undefined ? undefined : [{ roleArn: deployRoleArn }],
      maxRetries,
    });
    const spec = {
      name: "copies",
      description: "Copies of Retool's data and secrets",
      secretReaders: secretReaders(environment, "copies"),
    };
    const plan = planEncryptionKey(spec, { ...context, region });
    return { provider, encryptionKey: new EncryptionKey(this, "Key", { plan, provider }) };
  }
}
