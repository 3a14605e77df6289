import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { DbInstance, type DbInstanceConfig } from "@cdktf/provider-aws/lib/db-instance";
import { DbParameterGroup } from "@cdktf/provider-aws/lib/db-parameter-group";
import { DbSnapshotCopy } from "@cdktf/provider-aws/lib/db-snapshot-copy";
import { DbSubnetGroup } from "@cdktf/provider-aws/lib/db-subnet-group";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Fn, type ITerraformDependable, TerraformLocal, type TerraformResourceLifecycle } from "cdktf";
import { Construct } from "constructs";

import type { PostgresPlan } from "../../domain/database/instance";
import type { IEncryptionKey, IManagedSecret, INetwork, INetworkPeer, IPostgresDatabase } from "../common/contracts";
import { serviceTrust } from "../common/policy-document";
import { PostgresDatabaseAdoption } from "./postgres-database-adoption";
import { RemovedBlock } from "../common/render-blocks";

/** Logs that RDS exports to CloudWatch. */
const LOG_TYPES = ["postgresql", "upgrade"];

/** What a {@link PostgresDatabase} is made from. */
export interface PostgresDatabaseProps {
  /** What to define. */
  readonly plan: PostgresPlan;
  /** Network whose database subnets hold the instance. */
  readonly network: INetwork;
  /** Key that encrypts storage, backups and Performance Insights. */
  readonly encryptionKey: IEncryptionKey;
  /**
   * Key that encrypts the log groups; its policy must let CloudWatch Logs use it.
   *
   * @default - `encryptionKey`
   */
  readonly logsKey?: IEncryptionKey;
  /** Password of the administrator. */
  readonly password: IManagedSecret;
}

/**
 * The PostgreSQL database Retool stores its state in, on Amazon RDS.
 *
 * Encryption, TLS and a private address are not options. The password goes from Secrets Manager into a write-only argument,
 * so it appears neither in the synthesized JSON nor in a plan nor in Terraform state.
 */
export class PostgresDatabase extends Construct implements IPostgresDatabase {
  /** {@inheritDoc IPostgresDatabase.host} */
  public readonly host: string;
  /** {@inheritDoc IPostgresDatabase.port} */
  public readonly port: number;
  /** {@inheritDoc IPostgresDatabase.databaseName} */
  public readonly databaseName: string;
  /** {@inheritDoc IPostgresDatabase.username} */
  public readonly username: string;
  /** ARN of the instance. */
  public readonly instanceArn: string;
  /** Identifier of the instance, known when it exists. */
  public readonly instanceIdentifier: string;
  /** Security group in front of the instance; it lets nobody in until {@link PostgresDatabase.allowFrom} is called. */
  public readonly securityGroupId: string;

  public constructor(scope: Construct, id: string, props: PostgresDatabaseProps) {
    super(scope, id);
    const { plan } = props;
    const securityGroup = this.defineSecurityGroup(props);
    const logGroups = this.defineLogGroups(props);
    const instance = this.defineInstance(props, securityGroup, [...logGroups.values()]);
    new PostgresDatabaseAdoption(this, "Adoption", { plan, instance, logGroups });
    this.forgetOlderGenerations(plan);

    this.host = instance.address;
    this.port = plan.port;
    this.databaseName = plan.databaseName;
    this.username = plan.username;
    this.instanceArn = instance.arn;
    this.instanceIdentifier = instance.identifier;
    this.securityGroupId = securityGroup.id;
  }

  /**
   * Lets a peer open connections to the database.
   *
   * @param id - Names the rule; changing it replaces the rule.
   * @param peer - Where the connections come from.
   */
  public allowFrom(id: string, peer: INetworkPeer): void {
    new VpcSecurityGroupIngressRule(this, `From${id}`, {
      securityGroupId: this.securityGroupId,
      referencedSecurityGroupId: peer.securityGroupId,
      ipProtocol: "tcp",
      fromPort: this.port,
      toPort: this.port,
      description: `PostgreSQL from ${id}`,
    });
  }

  private defineSecurityGroup({ plan, network }: PostgresDatabaseProps): SecurityGroup {
    return new SecurityGroup(this, "SecurityGroup", {
      namePrefix: `${plan.sharedName}-database-`,
      description: `PostgreSQL ${plan.sharedName}`,
      vpcId: network.vpcId,
      lifecycle: { createBeforeDestroy: true },
    });
  }

  private defineInstance(
    props: PostgresDatabaseProps,
    securityGroup: SecurityGroup,
    after: readonly ITerraformDependable[],
  ): DbInstance {
    const { plan, encryptionKey, password } = props;
    const { role, ready } = this.defineMonitoringRole(plan);
    return new DbInstance(this, instanceId(plan.generation), {
      identifier: plan.identifier,
      engine: "postgres",
      engineVersion: plan.engineVersion,
      autoMinorVersionUpgrade: true,
      allowMajorVersionUpgrade: plan.allowMajorVersionUpgrade,
      applyImmediately: plan.applyImmediately,
      instanceClass: plan.instanceClass,
      username: plan.username,
      passwordWo: password.ephemeralValue,
      passwordWoVersion: password.revision,
      port: plan.port,
      multiAz: plan.multiAz,
      storageType: "gp3",
      storageEncrypted: true,
      maxAllocatedStorage: plan.maxStorageGiB,
      publiclyAccessible: false,
      dbSubnetGroupName: this.defineSubnets(props).name,
      vpcSecurityGroupIds: [securityGroup.id],
      parameterGroupName: this.defineParameters(plan).name,
      monitoringInterval: plan.monitoringIntervalSeconds,
      monitoringRoleArn: role.arn,
      performanceInsightsEnabled: true,
      performanceInsightsKmsKeyId: encryptionKey.keyArn,
      performanceInsightsRetentionPeriod: plan.performanceInsightsDays,
      enabledCloudwatchLogsExports: LOG_TYPES,
      maintenanceWindow: plan.maintenanceWindow,
      tags: { ...plan.tags },
      ...backups(plan, securityGroup),
      ...this.defineOrigin(props),
      lifecycle: { preventDestroy: plan.preventDestroy, precondition: this.timePreconditions(plan) },
      dependsOn: [...password.ready, ...ready, ...after],
    });
  }

  private defineSubnets({ plan, network }: PostgresDatabaseProps): DbSubnetGroup {
    return new DbSubnetGroup(this, "Subnets", {
      namePrefix: `${plan.sharedName}-`,
      description: `Subnets of PostgreSQL ${plan.sharedName}`,
      subnetIds: [...network.databaseSubnetIds],
    });
  }

  private defineParameters(plan: PostgresPlan): DbParameterGroup {
    return new DbParameterGroup(this, "Parameters", {
      // A major upgrade needs the group of the new family while the old one is still in use.
      namePrefix: `${plan.sharedName}-${plan.parameterGroupFamily}-`,
      description: `Parameters of PostgreSQL ${plan.sharedName}`,
      family: plan.parameterGroupFamily,
      parameter: Object.entries(plan.parameters).map(([name, value]) => ({ name, value })),
      lifecycle: { createBeforeDestroy: true },
    });
  }

  /** RDS would make these log groups itself, unencrypted and kept forever. */
  private defineLogGroups(props: PostgresDatabaseProps): ReadonlyMap<string, CloudwatchLogGroup> {
    const { plan, encryptionKey, logsKey = encryptionKey } = props;
    const group = (type: string, name: string): CloudwatchLogGroup =>
      new CloudwatchLogGroup(this, logGroupId(type, plan.generation), {
        name,
        retentionInDays: plan.logRetentionDays,
        kmsKeyId: logsKey.keyArn,
      });
    return new Map(
      LOG_TYPES.map((type) => [`/aws/rds/instance/${plan.identifier}/${type}`, type] as const).map(([name, type]) => [
        name,
        group(type, name),
      ]),
    );
  }

  /**
   * What the instance is made from.
   *
   * A restored one brings its database, so none is named: RDS refuses a name in a restore ("DBName must be null"), and one
   * that differs from what the data came with would later replace the instance.
   */
  private defineOrigin({ plan, encryptionKey }: PostgresDatabaseProps): Partial<DbInstanceConfig> {
    const { restore } = plan;
    const kmsKeyId = encryptionKey.keyArn;
    switch (restore?.kind) {
      case undefined:
        return { dbName: plan.databaseName, allocatedStorage: plan.storageGiB, kmsKeyId };
      case "snapshot": {
        // RDS restores under the key of the snapshot; the copy has ours, not the original's.
        const copy = new DbSnapshotCopy(this, snapshotId(plan.identifier), {
          sourceDbSnapshotIdentifier: restore.snapshot,
          targetDbSnapshotIdentifier: restore.copy,
          kmsKeyId,
        });
        // A volume that had grown by itself cannot be made smaller: RDS would refuse after the restore.
        const allocatedStorage = Fn.max([plan.storageGiB, copy.allocatedStorage]);
        return { snapshotIdentifier: copy.targetDbSnapshotIdentifier, allocatedStorage, kmsKeyId };
      }
      case "point-in-time":
        // The key stays that of the source; naming another would later replace the instance.
        return {
          allocatedStorage: plan.storageGiB,
          restoreToPointInTime: {
            sourceDbInstanceIdentifier: restore.instance,
            ...(restore.time === undefined ? { useLatestRestorableTime: true } : { restoreTime: restore.time }),
          },
        };
    }
  }

  /** RDS would refuse a time to come only in the apply, and a plan of ours knows no clock. */
  private timePreconditions({ restore }: PostgresPlan): TerraformResourceLifecycle["precondition"] {
    if (restore?.kind !== "point-in-time" || restore.time === undefined) return undefined;
    // Terraform takes no condition that refers to nothing.
    const time = new TerraformLocal(this, "RestoreTime", restore.time);
    return [
      {
        condition: `\${timecmp(${time.fqn}, plantimestamp()) <= 0}`,
        errorMessage: `database.restore.time: ${restore.time} is in the future; use an earlier time`,
      },
    ];
  }

  /** The instances before this one stay in the account with their logs, so that they can be inspected. */
  private forgetOlderGenerations({ generation, sharedName }: PostgresPlan): void {
    for (let older = 1; older < generation; older++) {
      new RemovedBlock(this, instanceId(older), "aws_db_instance");
      new RemovedBlock(this, snapshotId(older === 1 ? sharedName : `${sharedName}-${older}`), "aws_db_snapshot_copy");
      for (const type of LOG_TYPES) new RemovedBlock(this, logGroupId(type, older), "aws_cloudwatch_log_group");
    }
  }

  private defineMonitoringRole(plan: PostgresPlan): { role: IamRole; ready: ITerraformDependable[] } {
    const role = new IamRole(this, "MonitoringRole", {
      namePrefix: plan.monitoringRolePrefix,
      description: "Sends the operating system metrics of the database to CloudWatch",
      assumeRolePolicy: serviceTrust("monitoring.rds.amazonaws.com"),
    });
    const policy = new IamRolePolicyAttachment(this, "MonitoringPolicy", {
      role: role.name,
      policyArn: plan.monitoringPolicyArn,
    });
    return { role, ready: [policy] };
  }
}

/** The first instance has the id of the primary resource; later ones have their own ids next to it. */
function instanceId(generation: number): string {
  return generation === 1 ? "Resource" : `Instance${generation}`;
}

function snapshotId(identifier: string): string {
  return `Snapshot-${identifier}`;
}

function logGroupId(type: string, generation: number): string {
  return generation === 1 ? `Log-${type}` : `Log-${type}-${generation}`;
}

/**
 * Backups, and what stays of the database when it goes.
 *
 * RDS refuses a final snapshot whose name exists. The id of the security group is new in each life of the database and known
 * to Terraform before the instance is made, so a second destroy takes a second name; a name made from a clock would change
 * in every plan.
 */
function backups(plan: PostgresPlan, securityGroup: SecurityGroup): Partial<DbInstanceConfig> {
  return {
    backupRetentionPeriod: plan.backupRetentionDays,
    backupWindow: plan.backupWindow,
    copyTagsToSnapshot: true,
    deletionProtection: plan.deletionProtection,
    skipFinalSnapshot: plan.skipFinalSnapshot,
    finalSnapshotIdentifier: plan.skipFinalSnapshot ? undefined : `${plan.identifier}-final-${securityGroup.id}`,
    deleteAutomatedBackups: plan.skipFinalSnapshot,
  };
}
