import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Construct } from "constructs";

import { Backup, type BackupCopy } from "../constructs/backup";
import type { IEncryptionKey } from "../constructs/contracts";
import { EncryptionKey } from "../constructs/encryption-key";
import { planEncryptionKey } from "../domain/encryption-key";
import type { EnvironmentPlan } from "../domain/environment";

/** What {@link Backups} are made from. */
export interface BackupsProps {
  /** The environment. */
  readonly plan: EnvironmentPlan;
  /** Key that encrypts the copies. */
  readonly encryptionKey: IEncryptionKey;
  /** ARNs of what is copied. */
  readonly resources: readonly string[];
}

/** Daily copies in a vault, and in the second region with a provider and a key of its own. */
export class Backups extends Construct {
  public constructor(scope: Construct, id: string, { plan, encryptionKey, resources }: BackupsProps) {
    super(scope, id);
    const copy = this.defineCopy(plan);
    new Backup(this, "Vault", { plan: plan.backup, encryptionKey, resources, copy });
  }

  private defineCopy({ backup, context, deployRoleArn, maxRetries, tags }: EnvironmentPlan): BackupCopy | undefined {
    if (backup.copyTo === undefined) return undefined;
    const { region } = backup.copyTo;
    const provider = new AwsProvider(this, "CopyRegion", {
      alias: "backup",
      region,
      allowedAccountIds: [context.account],
      assumeRole: deployRoleArn === undefined ? undefined : [{ roleArn: deployRoleArn }],
      maxRetries,
      defaultTags: [{ tags: { ...tags } }],
    });
    const keyPlan = planEncryptionKey(
      { name: "backup", description: "Copies of Retool's data" },
      { ...context, region },
    );
    return { provider, encryptionKey: new EncryptionKey(this, "CopyKey", { plan: keyPlan, provider }) };
  }
}
