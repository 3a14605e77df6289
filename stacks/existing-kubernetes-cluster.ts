import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import { ClusterAddons } from "../constructs/cluster/cluster-addons";
import type { ICluster, INetwork, IWorkloads } from "../constructs/common/contracts";
import { ExistingCluster } from "../constructs/cluster/existing-cluster";
import { TagsOfEks } from "../constructs/landing-zone/tags-of-eks";
import { SystemNodes } from "../constructs/cluster/system-nodes";
import type { ExistingClusterPlan } from "../domain/cluster/existing";

/** What {@link ExistingKubernetesCluster} is made from. */
export interface ExistingKubernetesClusterProps {
  /** The cluster. */
  readonly plan: ExistingClusterPlan;
  /** Network that it is in. */
  readonly network: INetwork;
  /** Tags of what EKS makes for our nodes. */
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * An EKS cluster that someone else owns, with the add-ons that it lacks and nodes for the controllers that it lacks.
 *
 * Nothing that exists is changed: policies, network plugin and nodes belong to the cluster's owner.
 */
export class ExistingKubernetesCluster extends Construct {
  private readonly controlPlane: ExistingCluster;

  public constructor(
    scope: Construct,
    id: string,
    private readonly props: ExistingKubernetesClusterProps,
  ) {
    super(scope, id);
    this.controlPlane = new ExistingCluster(this, "ControlPlane", props);
  }

  /** Endpoint and certificate authority, for the providers of everything inside the cluster. */
  public get api(): Pick<ICluster, "clusterName" | "endpoint" | "certificateAuthority"> {
    return this.controlPlane;
  }

  /**
   * Adds what is missing.
   *
   * @param workloads - Where the namespace of our pools goes; everything that is installed waits for it, so that an API that does
   * not answer stops the plan.
   */
  public withNodes(workloads: IWorkloads): ICluster {
    const { clusterName, endpoint, certificateAuthority, oidcIssuer, clusterSecurityGroupId } = this.controlPlane;
    const namespace = this.defineNamespace(workloads);
    return {
      clusterName,
      endpoint,
      certificateAuthority,
      oidcIssuer,
      clusterSecurityGroupId,
      apiReady: namespace,
      nodesReady: [...namespace, ...this.defineNodes(clusterName, clusterSecurityGroupId)],
    };
  }

  private defineNamespace(workloads: IWorkloads): readonly ITerraformDependable[] {
    const manifest = {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: {
        name: this.props.plan.nodesNamespace,
        labels: { "pod-security.kubernetes.io/enforce": "restricted" },
      },
    } as const;
    return workloads.namespace(this, "Namespace", { manifest, after: [] });
  }

  private defineNodes(clusterName: string, clusterSecurityGroupId: string): readonly ITerraformDependable[] {
    const { plan, network, tags } = this.props;
    const addons = new ClusterAddons(this, "Addons", { addons: plan.addons, cluster: { clusterName }, after: [] });
    if (plan.systemNodes === undefined) return addons.ready;
    const nodes = new SystemNodes(this, "SystemNodes", {
      plan: plan.systemNodes,
      cluster: { clusterName },
      network,
      securityGroupIds: [clusterSecurityGroupId, ...plan.nodeSecurityGroupIds],
      after: [],
    });
    new TagsOfEks(this, "Tags", { tags, autoscalingGroupNames: [nodes.autoscalingGroupName] });
    return [...addons.ready, ...nodes.ready];
  }
}
