import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import { ExistingCluster } from "../constructs/cluster/existing-cluster";
import { apiAnswer } from "../constructs/cluster/planned-cluster";
import type { INetwork, IWorkloads } from "../constructs/common/contracts";
import { ClusterWorkloads } from "../constructs/common/workloads";
import type { ExistingLoadBalancerControllerSpec } from "../domain/cluster/existing";
import { type PlainExistingClusterSpec, planPlainExistingCluster } from "../domain/cluster/plain-existing";
import { declareProvidersOf, type KubernetesHost } from "./kubernetes-host";
import { contextOf, pathOf, planned } from "./scope";

/** What is said of a cluster that exists; only the network has no default. */
export interface ExistingKubernetesClusterProps extends PlainExistingClusterSpec {
  /** Network that the cluster is in. */
  readonly network: INetwork;
  /**
   * Role by which Terraform talks to the Kubernetes API.
   *
   * @default - the caller's own credentials
   */
  readonly deployRoleArn?: string;
}

/** An EKS cluster that someone else owns, in which nothing is changed that exists. */
export class ExistingKubernetesCluster extends Construct implements KubernetesHost {
  /** {@inheritDoc ICluster.clusterName} */
  public readonly clusterName: string;
  /** {@inheritDoc ICluster.endpoint} */
  public readonly endpoint: string;
  /** {@inheritDoc ICluster.certificateAuthority} */
  public readonly certificateAuthority: string;
  /** {@inheritDoc ICluster.oidcIssuer} */
  public readonly oidcIssuer: string;
  /** {@inheritDoc ICluster.clusterSecurityGroupId} */
  public readonly clusterSecurityGroupId: string;
  /** The same group, under the name that peers have. */
  public readonly securityGroupId: string;
  /** {@inheritDoc ICluster.apiReady} */
  public readonly apiReady: readonly ITerraformDependable[];
  /** {@inheritDoc ICluster.nodesReady} */
  public readonly nodesReady: readonly ITerraformDependable[];
  /** {@inheritDoc KubernetesHost.name} */
  public readonly name: string;
  /** {@inheritDoc KubernetesHost.kubernetesVersion} */
  public readonly kubernetesVersion: string;
  /** {@inheritDoc KubernetesHost.nodeReleaseVersion} */
  public readonly nodeReleaseVersion: string;
  /** {@inheritDoc KubernetesHost.serviceCidr} */
  public readonly serviceCidr: string;
  /** {@inheritDoc KubernetesHost.network} */
  public readonly network: INetwork;
  /** {@inheritDoc KubernetesHost.workloads} */
  public readonly workloads: IWorkloads = new ClusterWorkloads({ hasNodes: true });
  /** {@inheritDoc KubernetesHost.controlPlaneCidrs} */
  public readonly controlPlaneCidrs: readonly string[];
  /** {@inheritDoc KubernetesHost.nodeSecurityGroupIds} */
  public readonly nodeSecurityGroupIds: readonly string[];
  /** {@inheritDoc KubernetesHost.networkPluginUsesNodeRole} */
  public readonly networkPluginUsesNodeRole: boolean;
  /** {@inheritDoc KubernetesHost.loadBalancerController} */
  public readonly loadBalancerController?: ExistingLoadBalancerControllerSpec;

  public constructor(
    scope: Construct,
    id: string,
    props: ExistingKubernetesClusterProps & { readonly clusterName: string },
  ) {
    super(scope, id);
    const { clusterName, network, deployRoleArn, ...spec } = props;
    const context = contextOf(scope, id, {});
    const path = pathOf(scope, id);
    const found = planPlainExistingCluster(clusterName, spec, context, network.ranges?.private ?? []);
    const plan = planned([scope, id, {}], found, "cluster");
    const paths = { cluster: path, network: `${path}.network` };
    const cluster = new ExistingCluster(this, "Cluster", { plan, network, paths });
    declareProvidersOf(this, cluster, { context, deployRoleArn });
    this.clusterName = cluster.clusterName;
    this.endpoint = cluster.endpoint;
    this.certificateAuthority = cluster.certificateAuthority;
    this.oidcIssuer = cluster.oidcIssuer;
    this.clusterSecurityGroupId = cluster.clusterSecurityGroupId;
    this.securityGroupId = cluster.clusterSecurityGroupId;
    this.apiReady = [apiAnswer(this)];
    this.nodesReady = this.apiReady;
    this.name = plan.name;
    this.kubernetesVersion = plan.kubernetesVersion;
    this.nodeReleaseVersion = plan.nodeReleaseVersion;
    this.serviceCidr = plan.serviceCidr;
    this.network = network;
    this.controlPlaneCidrs = plan.controlPlaneCidrs;
    this.nodeSecurityGroupIds = plan.nodeSecurityGroupIds;
    this.networkPluginUsesNodeRole = plan.networkPluginUsesNodeRole;
    if (plan.loadBalancerController !== undefined) this.loadBalancerController = plan.loadBalancerController;
  }
}
