import { BackupPlan as Schedule, type BackupPlanRuleCopyAction } from "@cdktf/provider-aws/lib/backup-plan";
import { BackupSelection } from "@cdktf/provider-aws/lib/backup-selection";
import { BackupVault } from "@cdktf/provider-aws/lib/backup-vault";
import { BackupVaultLockConfiguration } from "@cdktf/provider-aws/lib/backup-vault-lock-configuration";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import type { TerraformProvider } from "cdktf";
import { Construct } from "constructs";

import type { BackupPlan } from "../../domain/backup/backup";
import type { IEncryptionKey } from "../common/contracts";
import { serviceTrust } from "../common/policy-document";

/** Construction properties for {@link Backup}. */
export interface BackupProps {
  /** When copies are made and how long they stay. */
  readonly plan: BackupPlan;
  /** Key that encrypts the copies. */
  readonly encryptionKey: IEncryptionKey;
  /** ARNs of what is copied: database and bucket. */
  readonly resources: readonly string[];
  /**
   * Where the second region's copies go; needed where the plan has one.
   *
   * @default - none
   */
  readonly copy?: BackupCopy;
}

/** The second region. */
export interface BackupCopy {
  /** Provider for that region. */
  readonly provider: TerraformProvider;
  /** Key in that region that encrypts the copies. */
  readonly encryptionKey: IEncryptionKey;
}

/**
 * Daily copies of database and bucket in a vault of AWS Backup, and in a second region where the plan says so.
 *
 * The copies come on top of what RDS and S3 keep themselves: these go when the database or the bucket is deleted, or with their
 * retention. Costs what the copies hold: about $0.10 a GiB and month for the database and $0.05 for the bucket.
 */
export class Backup extends Construct {
  /** Name of the vault. */
  public readonly vaultName: string;

  public constructor(scope: Construct, id: string, props: BackupProps) {
    super(scope, id);
    const vault = this.defineVault("", props.plan, props.encryptionKey);
    const schedule = this.defineSchedule(props, vault);
    this.defineSelection(props, schedule);

    this.vaultName = vault.name;
  }

  private defineVault(
    prefix: string,
    plan: BackupPlan,
    encryptionKey: IEncryptionKey,
    provider?: TerraformProvider,
  ): BackupVault {
    const vault = new BackupVault(this, prefix === "" ? "Resource" : prefix, {
      name: plan.vaultName,
      kmsKeyArn: encryptionKey.keyArn,
      forceDestroy: plan.emptyOnDestroy,
      lifecycle: { preventDestroy: plan.preventDestroy },
      provider,
    });
    if (plan.lock !== undefined) {
      new BackupVaultLockConfiguration(this, `${prefix}Lock`, {
        backupVaultName: vault.name,
        minRetentionDays: plan.lock.leastDays,
        changeableForDays: plan.lock.graceDays,
        provider,
      });
    }
    return vault;
  }

  private defineSchedule(props: BackupProps, vault: BackupVault): Schedule {
    const { plan } = props;
    return new Schedule(this, "Schedule", {
      name: plan.scheduleName,
      rule: [
        {
          ruleName: "daily",
          targetVaultName: vault.name,
          schedule: plan.schedule,
          startWindow: plan.startWindowMinutes,
          completionWindow: plan.completionWindowMinutes,
          lifecycle: { deleteAfter: plan.retentionDays },
          copyAction: this.defineCopies(props),
        },
      ],
    });
  }

  private defineCopies({ plan, copy }: BackupProps): BackupPlanRuleCopyAction[] {
    if (plan.copyTo === undefined) return [];
    if (copy === undefined) throw new Error("the plan has a second region, and no provider for it is given");
    const vault = this.defineVault("Copies", plan, copy.encryptionKey, copy.provider);
    return [{ destinationVaultArn: vault.arn, lifecycle: { deleteAfter: plan.copyTo.retentionDays } }];
  }

  /** Nothing is selected where database and bucket are somebody else's; the vault stays with the copies that it holds. */
  private defineSelection({ plan, resources }: BackupProps, schedule: Schedule): void {
    if (resources.length === 0) return;
    const { role, attachments } = this.defineRole(plan);
    new BackupSelection(this, "Selection", {
      name: plan.scheduleName,
      planId: schedule.id,
      iamRoleArn: role.arn,
      resources: [...resources],
      dependsOn: attachments,
    });
  }

  private defineRole({ rolePrefix, policyArns }: BackupPlan): {
    role: IamRole;
    attachments: IamRolePolicyAttachment[];
  } {
    const role = new IamRole(this, "Role", {
      namePrefix: rolePrefix,
      description: "Makes the daily copies of databases and buckets",
      assumeRolePolicy: serviceTrust("backup.amazonaws.com"),
    });
    const attachments = policyArns.map(
      (policyArn) =>
        new IamRolePolicyAttachment(this, `Policy-${policyArn.split("/").at(-1) ?? ""}`, {
          role: role.name,
          policyArn,
        }),
    );
    return { role, attachments };
  }
}
