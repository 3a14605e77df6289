import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import type {
  ICluster,
  IEncryptionKey,
  IFrontDoor,
  IKarpenter,
  INetwork,
  IWorkloads,
} from "../constructs/common/contracts";
import { ExistingKarpenter } from "../constructs/nodes/existing-karpenter";
import { systemCpus } from "../domain/capacity/system-cpus";
import { InstanceQuotas } from "../constructs/nodes/instance-quotas";
import { InterruptionQueue } from "../constructs/nodes/interruption-queue";
import { Karpenter } from "../constructs/nodes/karpenter";
import { KarpenterNodes } from "../constructs/nodes/karpenter-nodes";
import { LoadBalancerController } from "../constructs/cluster/load-balancer-controller";
import { LoadBalancerRights } from "../constructs/cluster/load-balancer-rights";
import { NodePools } from "../constructs/nodes/node-pools";
import { userCodeSecurityGroups } from "../constructs/nodes/user-code-security-group";
import type { EnvironmentPlan } from "../domain/environment/environment";
import { amiAliasOf } from "../domain/cluster/node-release";
import { mostNodesOf } from "../domain/capacity/pools";
import { planKarpenter } from "../domain/nodes/karpenter";

/** What {@link Nodes} are made from. */
export interface NodesProps {
  /** The environment. */
  readonly plan: EnvironmentPlan;
  /** Network of the nodes. */
  readonly network: INetwork;
  /** Cluster of the nodes. */
  readonly cluster: ICluster;
  /** Key of their disks. */
  readonly encryptionKey: IEncryptionKey;
  /**
   * Load balancer whose target groups a controller fills.
   *
   * @default - another stack installs the controller
   */
  readonly frontDoor?: IFrontDoor;
  /** Where releases go. */
  readonly workloads: IWorkloads;
}

/** The controllers of a cluster and the pools from which Karpenter takes nodes. */
export class Nodes extends Construct {
  /** What must exist before a namespace whose pods need these nodes; destroyed only after that namespace is gone. */
  public readonly ready: readonly ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: NodesProps) {
    super(scope, id);
    const { plan, network, cluster, encryptionKey, workloads } = props;
    new InstanceQuotas(this, "Quotas", {
      plan: plan.capacity,
      systemCpus: systemCpus(plan.cluster.systemNodes),
      region: plan.context.region,
    });
    const more = plan.cluster.kind === "existing" ? plan.cluster.nodeSecurityGroupIds : [];
    const securityGroupIds = [cluster.clusterSecurityGroupId, ...more];
    const pools = new NodePools(this, "Pools", {
      plan: plan.capacity,
      names: plan.cluster.pools,
      namespace: plan.cluster.nodesNamespace,
      subnetIds: network.privateSubnetIds,
      sandboxSubnetIds: network.sandboxSubnetIds,
      securityGroupIds,
      ...userCodeSecurityGroups(this, plan.capacity, {
        prefix: plan.context.prefix,
        network,
        clusterSecurityGroupIds: securityGroupIds,
      }),
      encryptionKey,
      amiAlias: amiAliasOf(plan.cluster.nodeReleaseVersion),
      tags: plan.tags,
      karpenter: this.defineKarpenter(props),
      workloads,
    });
    const { frontDoor } = props;
    this.ready = [...pools.ready, ...(frontDoor === undefined ? [] : fillTargetGroups(this, { ...props, frontDoor }))];
  }

  private defineKarpenter(props: NodesProps): IKarpenter {
    const { plan, cluster, encryptionKey, workloads } = props;
    const { context } = plan;
    if (plan.cluster.kind === "existing" && plan.cluster.karpenter !== undefined) {
      const { karpenter } = plan.cluster;
      const after = cluster.nodesReady;
      return new ExistingKarpenter(this, "Karpenter", { karpenter, prefix: context.prefix, encryptionKey, after });
    }
    const controller = planKarpenter(plan.cluster.name, context, plan.cluster);
    return new Karpenter(this, "Karpenter", {
      plan: controller,
      context,
      cluster,
      nodes: new KarpenterNodes(this, "KarpenterNodes", { role: controller.nodeRole, cluster }),
      sandboxNodes: new KarpenterNodes(this, "SandboxNodes", { role: controller.sandboxNodeRole, cluster }),
      queue: new InterruptionQueue(this, "InterruptionQueue", { plan: controller }),
      mostNodes: mostNodesOf(plan.capacity),
      encryptionKey,
      workloads,
      after: cluster.nodesReady,
    });
  }
}

/** What {@link fillTargetGroups} needs. */
export type TargetGroupProps = Omit<NodesProps, "encryptionKey"> & { readonly frontDoor: IFrontDoor };

/**
 * Installs the controller that keeps pods in the target groups of a load balancer, or gives the one that runs its rights.
 *
 * @returns What must exist before a target group is bound.
 */
export function fillTargetGroups(scope: Construct, props: TargetGroupProps): readonly ITerraformDependable[] {
  const { plan, network, cluster, frontDoor, workloads } = props;
  const { prefix, region } = plan.context;
  const present = plan.cluster.kind === "existing" ? plan.cluster.loadBalancerController : undefined;
  if (present === undefined) {
    const settings = { prefix, region, cluster, network, frontDoor, workloads };
    return new LoadBalancerController(scope, "LoadBalancerController", settings).ready;
  }
  if (present.roleName === undefined) return [];
  return new LoadBalancerRights(scope, "LoadBalancerRights", { roleName: present.roleName, prefix, frontDoor }).ready;
}
