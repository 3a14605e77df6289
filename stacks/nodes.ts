import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import type { ICluster, IEncryptionKey, IFrontDoor, IKarpenter, INetwork, IWorkloads } from "../constructs/contracts";
import { InterruptionQueue } from "../constructs/interruption-queue";
import { Karpenter } from "../constructs/karpenter";
import { KarpenterNodes } from "../constructs/karpenter-nodes";
import { LoadBalancerController } from "../constructs/load-balancer-controller";
import { NodePools } from "../constructs/node-pools";
import type { EnvironmentPlan } from "../domain/environment";
import { planKarpenter } from "../domain/karpenter";

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
  /** Load balancer whose target groups the controller fills. */
  readonly frontDoor: IFrontDoor;
  /** Where releases go. */
  readonly workloads: IWorkloads;
}

/** The controllers of a cluster and the pools from which Karpenter takes nodes. */
export class Nodes extends Construct {
  /** What must exist before a namespace whose pods need these nodes; destroyed only after that namespace is gone. */
  public readonly ready: readonly ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: NodesProps) {
    super(scope, id);
    const { plan, network, cluster, encryptionKey, frontDoor, workloads } = props;
    const pools = new NodePools(this, "Pools", {
      plan: plan.capacity,
      subnetIds: network.privateSubnetIds,
      securityGroupIds: [cluster.clusterSecurityGroupId],
      encryptionKey,
      tags: plan.tags,
      karpenter: this.defineKarpenter(props),
      workloads,
    });
    const balancer = new LoadBalancerController(this, "LoadBalancerController", {
      prefix: plan.context.prefix,
      region: plan.context.region,
      cluster,
      network,
      frontDoor,
      workloads,
    });
    this.ready = [...pools.ready, ...balancer.ready];
  }

  private defineKarpenter({ plan: { context, capacity }, cluster, encryptionKey, workloads }: NodesProps): IKarpenter {
    const capacityBuffers = capacity.headroom.kind === "capacity-buffer";
    const plan = planKarpenter(context.prefix, context, { capacityBuffers });
    return new Karpenter(this, "Karpenter", {
      plan,
      context,
      cluster,
      nodes: new KarpenterNodes(this, "KarpenterNodes", { plan, cluster }),
      queue: new InterruptionQueue(this, "InterruptionQueue", { plan }),
      encryptionKey,
      workloads,
      after: cluster.nodesReady,
    });
  }
}
