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
import { forget, RemovedBlock } from "../common/render-blocks";

/** Construction properties for {@link Backup}. */
export interface BackupProps {
  /** When copies are made and how long they stay. */
  readonly plan: BackupPlan;
  /**
   * Key of the vault; not that of the bucket, whose copies must survive it. Copies of a database keep the key of the database.
   *
   * https://docs.aws.amazon.com/aws-backup/latest/devguide/encryption.html
   */
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

/** What one vault is made from. */
interface VaultProps {
  readonly name: string;
  readonly plan: BackupPlan;
  readonly encryptionKey: IEncryptionKey;
  readonly provider?: TerraformProvider;
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
    const { plan, encryptionKey } = props;
    const vault = this.defineVault("Vault", { name: plan.vaultName, plan, encryptionKey });
    this.forgetFormerVault(plan);
    const schedule = this.defineSchedule(props, vault);
    this.defineSelection(props, schedule);
    this.forgetCopies(plan);

    this.vaultName = vault.name;
  }

  private defineVault(id: string, { name, plan, encryptionKey, provider }: VaultProps): BackupVault {
    const vault = new BackupVault(this, id, {
      name,
      kmsKeyArn: encryptionKey.keyArn,
      forceDestroy: plan.emptyOnDestroy,
      lifecycle: { preventDestroy: plan.preventDestroy },
      provider,
    });
    if (plan.lock !== undefined) {
      new BackupVaultLockConfiguration(this, `${id}Lock`, {
        backupVaultName: vault.name,
        minRetentionDays: plan.lock.leastDays,
        changeableForDays: plan.lock.graceDays,
        provider,
      });
    }
    return vault;
  }

  /**
   * The vault of the releases that had no key for it stays, with its lock, until its copies have expired.
   *
   * AWS changes the key of no vault: Terraform would have to replace it, with every copy.
   */
  private forgetFormerVault({ preventDestroy, lock }: BackupPlan): void {
    if (!preventDestroy) return;
    new RemovedBlock(this, "Resource", "aws_backup_vault");
    if (lock !== undefined) new RemovedBlock(this, "Lock", "aws_backup_vault_lock_configuration");
  }

  /** The vault of a former second region stays, with its lock: nothing says which region it is in. */
  private forgetCopies({ copyTo }: BackupPlan): void {
    if (copyTo !== undefined) return;
    forget(this, { Copies: "aws_backup_vault", CopiesLock: "aws_backup_vault_lock_configuration" });
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
    const vault = this.defineVault("Copies", { name: plan.copyVaultName, plan, ...copy });
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
