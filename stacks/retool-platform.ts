import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import { Backup, type BackupCopy } from "../constructs/backup/backup";
import type {
  IBlobStorage,
  ICluster,
  IEncryptionKey,
  IFrontDoor,
  INetwork,
  IWorkloads,
} from "../constructs/common/contracts";
import { TemporalPrivateLink } from "../constructs/temporal/temporal-private-link";
import type { EnvironmentPlan } from "../domain/environment/environment";
import { Blobs } from "./blobs";
import { type Databases, defineDatabases } from "./databases";
import { Entrance } from "./entrance";
import { defineCluster, type DefinedCluster, obeyOrganization } from "./cluster";
import { Foundation, type Keys } from "./foundation";
import { fillTargetGroups, Nodes } from "./nodes";
import { RetoolNamespace } from "./retool-namespace";
import { RetoolSecrets } from "./retool-secrets";
import { SecondRegion } from "./second-region";
import { Watch } from "./watch";

/** Construction properties for {@link RetoolPlatform}. */
export interface RetoolPlatformProps {
  /** The environment, as `planEnvironment` returns it. */
  readonly plan: EnvironmentPlan;

  /**
   * Where Kubernetes objects go.
   *
   * Called with the cluster as soon as its API can be addressed, so that providers can be configured from it.
   */
  readonly workloads: (api: Pick<ICluster, "clusterName" | "endpoint" | "certificateAuthority">) => IWorkloads;

  /**
   * Keys, network and cluster that other stacks have made from the same plan.
   *
   * @default - all are made here
   */
  readonly below?: LowerLayers;
}

/** What the stacks below the one of Retool have made. */
export interface LowerLayers {
  /** Keys and network. */
  readonly foundation: Pick<Foundation, "keys" | "network">;
  /** The cluster with its nodes, pools and logs. */
  readonly cluster: DefinedCluster;
}

/** What copies are made of, and where they go. */
interface BackedUp {
  readonly encryptionKey: IEncryptionKey;
  readonly instanceArns: readonly string[];
  readonly copy: BackupCopy | undefined;
}

/**
 * Everything a production self-hosted Retool needs on AWS, and Retool itself.
 *
 * It makes keys, network, firewalls, EKS cluster with Karpenter, PostgreSQL database, bucket, secrets, zone records, certificate,
 * load balancer, and the Helm releases, each from its part of the plan. About 1,790 USD a month for the defaults in us-east-1,
 * without what sandboxes use.
 *
 * @example
 * ```ts
 * const plan = planEnvironment(spec);
 * new RetoolPlatform(stack, "Retool", { plan, workloads: () => new RenderedWorkloads(stack) });
 * ```
 */
export class RetoolPlatform extends Construct {
  /** Keys by what they encrypt. */
  public readonly keys: Keys;
  /** The network. */
  public readonly network: INetwork;
  /** The cluster. */
  public readonly cluster: ICluster;
  /** The platform database. */
  public readonly database: Databases["platform"];
  /** The bucket; absent where blob storage exists elsewhere. */
  public readonly blobStorage?: IBlobStorage;
  /** Keys and passwords in Secrets Manager. */
  public readonly secrets: RetoolSecrets;
  /** The load balancer. */
  public readonly frontDoor: IFrontDoor;
  /** Name servers of a public zone that is made here, to which someone delegates; empty where none is made. */
  public readonly nameServers: readonly string[];

  public constructor(scope: Construct, id: string, { plan, workloads: target, below }: RetoolPlatformProps) {
    super(scope, id);
    obeyOrganization(this, plan);
    const { keys, network } = below?.foundation ?? new Foundation(this, "Foundation", { plan });
    const kubernetes = below?.cluster ?? defineCluster(this, { plan, network, keys });
    const workloads = target(kubernetes.api);

    this.keys = keys;
    this.network = network;
    this.cluster = kubernetes.withNodes(workloads);
    const { copy } = new SecondRegion(this, "SecondRegion", { plan });
    this.secrets = new RetoolSecrets(this, "Secrets", {
      plan: plan.secrets,
      encryptionKey: keys.data,
      replica: copy,
    });
    const databases = defineDatabases(this, { plan, network, cluster: this.cluster, keys, secrets: this.secrets });
    this.database = databases.platform;
    const blob = this.defineBlob(plan, keys.data);
    if (blob.storage !== undefined) this.blobStorage = blob.storage;
    this.defineBackup(plan, { encryptionKey: keys.backup, instanceArns: databases.instanceArns, copy });
    const entrance = new Entrance(this, "Entrance", { plan, network, cluster: this.cluster, logsKey: keys.logs });
    this.frontDoor = entrance.frontDoor;
    this.nameServers = entrance.nameServers;

    const { cluster, frontDoor } = this;
    const { certificateArn } = entrance;
    const inCluster = { plan, network, cluster, workloads };
    new Watch(this, "Watch", {
      plan,
      keys,
      frontDoor,
      certificateArn,
      logged: below === undefined ? inCluster : undefined,
    });
    const targetsReady =
      below === undefined
        ? new Nodes(this, "Nodes", { ...inCluster, encryptionKey: keys.data, frontDoor }).ready
        : fillTargetGroups(new Construct(this, "Nodes"), { ...inCluster, frontDoor });
    new RetoolNamespace(this, "Namespace", {
      plan,
      platform: this,
      blobRoleArn: blob.annotatedRoleArn,
      encryptionKey: keys.data,
      databases,
      workloads,
      after: [...targetsReady, ...blob.ready, ...this.defineTemporalLink(plan)],
    });
  }

  private defineBackup({ backup }: EnvironmentPlan, { encryptionKey, instanceArns, copy }: BackedUp): void {
    new Backup(new Construct(this, "Backup"), "Vault", {
      plan: backup,
      encryptionKey,
      resources: [...instanceArns, ...(this.blobStorage === undefined ? [] : [this.blobStorage.bucketArn])],
      copy,
    });
  }

  private defineTemporalLink({ temporal: { privateLink } }: EnvironmentPlan): readonly ITerraformDependable[] {
    if (privateLink === undefined) return [];
    return new TemporalPrivateLink(this, "TemporalPrivateLink", { plan: privateLink, network: this.network }).ready;
  }

  private defineBlob({ blobStorage, context, ...plan }: EnvironmentPlan, encryptionKey: IEncryptionKey): Blobs {
    return new Blobs(this, {
      plan: blobStorage,
      dataProtection: context.dataProtection,
      cluster: this.cluster,
      hasOidcProvider: plan.cluster.kind === "existing" && plan.cluster.oidcProvider,
      encryptionKey,
    });
  }
}
