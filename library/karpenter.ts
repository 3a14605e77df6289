import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import type { IEncryptionKey, IKarpenter, INetwork } from "../constructs/common/contracts";
import { ExistingKarpenter as GrantedKarpenter } from "../constructs/nodes/existing-karpenter";
import { InterruptionQueue } from "../constructs/nodes/interruption-queue";
import { Karpenter as KarpenterResources } from "../constructs/nodes/karpenter";
import { KarpenterNodes } from "../constructs/nodes/karpenter-nodes";
import type { ExistingKarpenterSpec } from "../domain/cluster/existing";
import { planExistingKarpenter } from "../domain/cluster/existing-karpenter";
import { amiAliasOf } from "../domain/cluster/node-release";
import { POOLS_TIMEOUT_SECONDS, REMOVAL_MARGIN_SECONDS } from "../domain/nodes/node-pools";
import { KARPENTER } from "../domain/cluster/pool-names";
import { planKarpenter } from "../domain/nodes/karpenter";
import type { NodeClassParts } from "../domain/nodes/node-classes";
import {
  PLAIN_GRACE_MINUTES,
  type PlainPoolSpec,
  plainNodeClass,
  plainNodePool,
  planPlainPools,
} from "../domain/nodes/plain-pools";
import { EncryptionKey } from "./encryption-key";
import type { KubernetesHost } from "./kubernetes-host";
import { type CommonProps, contextOf, partName, planned } from "./scope";
import { tag } from "./tags";

/** Settings of {@link Karpenter}; only the cluster has no default. */
export interface KarpenterProps extends Omit<CommonProps, "dataProtection"> {
  /** Cluster whose nodes it launches. */
  readonly cluster: KubernetesHost;
  /**
   * Network whose private subnets hold the nodes.
   *
   * @default - the cluster's
   */
  readonly network?: INetwork;
  /**
   * Pools of nodes, by name.
   *
   * @default { general: {} }
   */
  readonly pools?: Readonly<Record<string, PlainPoolSpec>>;
  /**
   * Key of the nodes' disks.
   *
   * @default - a new one
   */
  readonly encryptionKey?: IEncryptionKey;
}

/** What is said of a Karpenter that exists. */
export interface ExistingKarpenterProps extends ExistingKarpenterSpec {
  /** Cluster that it runs in. */
  readonly cluster: KubernetesHost;
  /**
   * Key of the disks of our nodes.
   *
   * @default - a new one
   */
  readonly encryptionKey?: IEncryptionKey;
}

/** A Karpenter to which other constructs add pools. */
export interface SharedKarpenter extends IKarpenter {
  /** Key of the nodes' disks, which the controller may use. */
  readonly encryptionKey: IEncryptionKey;
  /**
   * Version and features of a Karpenter that is not made here.
   *
   * @default - one of this package, with everything that pools can ask for
   */
  readonly existing?: ExistingKarpenterSpec;
}

/**
 * Karpenter with its pools: nodes appear for pods that fit on none, and go when they are not needed. Its own pods run on the
 * cluster's system nodes and cost nothing more.
 *
 * @example
 * ```ts
 * new Karpenter(this, "Karpenter", { cluster, pools: { general: { cpuLimit: 32 } } });
 * ```
 * @throws `ConfigurationError` with every problem of the settings.
 */
export class Karpenter extends Construct implements SharedKarpenter {
  /** {@inheritDoc IKarpenter.instanceProfileName} */
  public readonly instanceProfileName: string;
  /** {@inheritDoc IKarpenter.sandboxInstanceProfileName} */
  public readonly sandboxInstanceProfileName: string;
  /** Key of the nodes' disks, which the controller may use. */
  public readonly encryptionKey: IEncryptionKey;
  /** What must exist before a pod can rely on the pools. */
  public readonly ready: readonly ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: KarpenterProps) {
    super(scope, id);
    tag(this, props.tags);
    const { cluster, pools = { general: {} }, encryptionKey } = props;
    const context = contextOf(scope, id, props);
    const plan = planned([scope, id, props], planPlainPools(pools), "");
    const controller = planKarpenter(cluster.name, context, cluster);
    const key = encryptionKey ?? new EncryptionKey(this, "Key", partName(props, "key"));
    const nodes = new KarpenterNodes(this, "Nodes", { role: controller.nodeRole, cluster });
    const karpenter = new KarpenterResources(this, "Controller", {
      plan: controller,
      context,
      cluster,
      nodes,
      sandboxNodes: nodes,
      queue: new InterruptionQueue(this, "InterruptionQueue", { plan: controller }),
      encryptionKey: key,
      workloads: cluster.workloads,
      after: cluster.nodesReady,
    });
    const parts = partsOf(props, nodes.instanceProfileName, key);
    const install = { namespace: KARPENTER.namespace, after: karpenter.ready };
    const classes = cluster.workloads.customResources(this, "NodeClasses", {
      ...install,
      name: "node-classes",
      manifests: plan.map((pool) => plainNodeClass(pool, parts)),
      timeoutSeconds: PLAIN_GRACE_MINUTES * 60 + REMOVAL_MARGIN_SECONDS,
    });
    // Pools go before the classes, so that no node appears while the last ones end.
    const made = cluster.workloads.customResources(this, "NodePools", {
      ...install,
      name: "node-pools",
      manifests: plan.map(plainNodePool),
      timeoutSeconds: POOLS_TIMEOUT_SECONDS,
      after: [...karpenter.ready, ...classes],
    });
    this.encryptionKey = key;
    this.instanceProfileName = nodes.instanceProfileName;
    this.sandboxInstanceProfileName = karpenter.sandboxInstanceProfileName;
    this.ready = [...karpenter.ready, ...classes, ...made];
  }

  /**
   * A Karpenter that runs in a cluster already. It gets a grant for the key of the nodes' disks, so its role stays as it is.
   *
   * @throws `ConfigurationError` with every problem of the settings.
   */
  public static fromExisting(scope: Construct, id: string, props: ExistingKarpenterProps): SharedKarpenter {
    const { cluster, encryptionKey, ...given } = props;
    const context = contextOf(scope, id, {});
    const { kubernetesVersion } = cluster;
    const { account, region } = context;
    const checked = planExistingKarpenter(given, { kubernetesVersion, account, region });
    const existing = planned([scope, id, {}], checked, "cluster.has.karpenter");
    const within = new Construct(scope, id);
    const key = encryptionKey ?? new EncryptionKey(within, "Key");
    const granted = new GrantedKarpenter(within, "Controller", {
      karpenter: existing,
      prefix: context.prefix,
      encryptionKey: key,
      after: cluster.nodesReady,
    });
    const { instanceProfileName, sandboxInstanceProfileName, ready } = granted;
    return { instanceProfileName, sandboxInstanceProfileName, ready, encryptionKey: key, existing };
  }
}

function partsOf(
  { cluster, network = cluster.network, tags = {} }: KarpenterProps,
  instanceProfileName: string,
  { keyArn: kmsKeyArn }: IEncryptionKey,
): NodeClassParts {
  return {
    subnetIds: network.privateSubnetIds,
    securityGroupIds: [cluster.clusterSecurityGroupId, ...(cluster.nodeSecurityGroupIds ?? [])],
    instanceProfileName,
    kmsKeyArn,
    amiAlias: amiAliasOf(cluster.nodeReleaseVersion),
    tags,
  };
}
