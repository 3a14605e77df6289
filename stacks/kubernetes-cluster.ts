import { Construct } from "constructs";

import { Cluster } from "../constructs/cluster/cluster";
import { ClusterAddons } from "../constructs/cluster/cluster-addons";
import type { ICluster, IEncryptionKey, INetwork, IWorkloads } from "../constructs/common/contracts";
import { SystemNetworkPolicies } from "../constructs/network-policies/system-network-policies";
import { TagsOfEks } from "../constructs/landing-zone/tags-of-eks";
import { SystemNodes } from "../constructs/cluster/system-nodes";
import type { ClusterPlan } from "../domain/cluster/cluster";
import { systemPolicies } from "../domain/network-policies/system-policies";

/** What {@link KubernetesCluster} is made from. */
export interface KubernetesClusterProps {
  /** The cluster. */
  readonly plan: ClusterPlan;
  /** Network that holds it. */
  readonly network: INetwork;
  /** Key of its Secrets. */
  readonly secretsKey: IEncryptionKey;
  /** Key of its logs. */
  readonly logsKey: IEncryptionKey;
  /**
   * Tags of what EKS makes for it.
   *
   * @default {}
   */
  readonly tags?: Readonly<Record<string, string>>;
}

/**
 * An EKS cluster that can run pods, in the order that makes it work the first time.
 *
 * Network plugin and credentials agent stand before the first node; the policies of `kube-system` before the first pod that
 * a strict network plugin would cut off.
 */
export class KubernetesCluster extends Construct {
  /** The cluster before its nodes: enough to configure providers. */
  private readonly controlPlane: Cluster;

  public constructor(
    scope: Construct,
    id: string,
    private readonly props: KubernetesClusterProps,
  ) {
    super(scope, id);
    this.controlPlane = new Cluster(this, "ControlPlane", props);
  }

  /** Endpoint and certificate authority, for the providers of everything inside the cluster. */
  public get api(): Pick<ICluster, "clusterName" | "endpoint" | "certificateAuthority"> {
    return this.controlPlane;
  }

  /**
   * Adds nodes and add-ons.
   *
   * @param workloads - Where the policies of `kube-system` go.
   */
  public withNodes(workloads: IWorkloads): ICluster {
    const cluster = this.controlPlane;
    const { plan, network, tags = {} } = this.props;
    const before = new ClusterAddons(this, "AddonsBeforeNodes", {
      addons: plan.addons.beforeNodes,
      cluster,
      after: cluster.apiReady,
    });
    const nodes = new SystemNodes(this, "SystemNodes", {
      plan: plan.systemNodes,
      cluster,
      network,
      after: before.ready,
    });
    new TagsOfEks(this, "Tags", {
      tags,
      autoscalingGroupNames: [nodes.autoscalingGroupName],
      clusterSecurityGroupId: cluster.clusterSecurityGroupId,
    });
    const policies = new SystemNetworkPolicies(this, "SystemPolicies", {
      policies: systemPolicies([network.vpcCidr, ...(network.secondaryCidrs ?? [])]),
      workloads,
      after: cluster.apiReady,
    });
    const after = new ClusterAddons(this, "AddonsAfterNodes", {
      addons: plan.addons.afterNodes,
      cluster,
      after: [...nodes.ready, ...policies.ready],
    });
    const { clusterName, endpoint, certificateAuthority, oidcIssuer, clusterSecurityGroupId, apiReady } = cluster;
    return {
      clusterName,
      endpoint,
      certificateAuthority,
      oidcIssuer,
      clusterSecurityGroupId,
      apiReady: [...apiReady, ...policies.ready],
      nodesReady: [...nodes.ready, ...after.ready],
    };
  }
}
