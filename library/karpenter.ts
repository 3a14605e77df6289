import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import type { IEncryptionKey, IKarpenter, INetwork } from "../constructs/common/contracts";
import { InterruptionQueue } from "../constructs/nodes/interruption-queue";
import { Karpenter as KarpenterResources } from "../constructs/nodes/karpenter";
import { KarpenterNodes } from "../constructs/nodes/karpenter-nodes";
import { amiAliasOf } from "../domain/cluster/node-release";
import { POOLS_TIMEOUT_SECONDS, REMOVAL_MARGIN_SECONDS } from "../constructs/nodes/node-pools";
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
import type { KubernetesHost } from "./kubernetes-cluster";
import { type CommonProps, contextOf, partName, pathOf, planned } from "./scope";

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
  /**
   * Tags of every instance and disk.
   *
   * @default {}
   */
  readonly tags?: Readonly<Record<string, string>>;
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
export class Karpenter extends Construct implements IKarpenter {
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
    const { cluster, pools = { general: {} }, encryptionKey } = props;
    const context = contextOf(scope, id, props);
    const plan = planned(pathOf(scope, id), planPlainPools(pools), "");
    const controller = planKarpenter(cluster.name, context);
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
}

function partsOf(
  { cluster, network = cluster.network, tags = {} }: KarpenterProps,
  instanceProfileName: string,
  { keyArn: kmsKeyArn }: IEncryptionKey,
): NodeClassParts {
  return {
    subnetIds: network.privateSubnetIds,
    securityGroupIds: [cluster.clusterSecurityGroupId],
    instanceProfileName,
    kmsKeyArn,
    amiAlias: amiAliasOf(cluster.nodeReleaseVersion),
    tags,
  };
}
