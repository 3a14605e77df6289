import { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";

import type { ICluster, INetwork, INetworkPeer, IWorkloads } from "../constructs/common/contracts";
import type { ExistingLoadBalancerControllerSpec } from "../domain/cluster/existing";
import { ConfigurationError } from "../domain/common/violation";
import { declareKubernetes } from "../stacks/providers";

/** A cluster in which constructs install releases and objects; as a peer it stands for its nodes. */
export interface KubernetesHost extends ICluster, INetworkPeer {
  /** Name of the cluster as it is known before it exists: other names begin with it. */
  readonly name: string;
  /** Its Kubernetes minor version. */
  readonly kubernetesVersion: string;
  /** Release of the image of its nodes. */
  readonly nodeReleaseVersion: string;
  /** Addresses of its Services. */
  readonly serviceCidr: string;
  /** Network of its nodes and pods. */
  readonly network: INetwork;
  /** Where Helm releases and Kubernetes objects of this cluster go. */
  readonly workloads: IWorkloads;
  /**
   * Ranges of the subnets that hold the interfaces of its control plane, through which pods reach the Kubernetes API.
   *
   * @default - those of the network's private subnets
   */
  readonly controlPlaneCidrs?: readonly string[];
  /**
   * Security groups of its nodes besides the cluster's.
   *
   * @default []
   */
  readonly nodeSecurityGroupIds?: readonly string[];
  /**
   * Whether the VPC CNI manages network interfaces with the role of the node.
   *
   * @default false
   */
  readonly networkPluginUsesNodeRole?: boolean;
  /**
   * Load balancer controller that runs in it, and its role where that may fill only the target groups it is told of.
   *
   * @default - none: {@link FrontDoor} installs one
   */
  readonly loadBalancerController?: ExistingLoadBalancerControllerSpec;
}

/**
 * Declares the stack's providers of everything inside a cluster.
 *
 * @throws `ConfigurationError` where the stack has some already: they would install everything in one of the two clusters.
 */
export function declareProvidersOf(
  scope: Construct,
  cluster: Parameters<typeof declareKubernetes>[1],
  login: Parameters<typeof declareKubernetes>[2],
): void {
  const stack = TerraformStack.of(scope);
  const isOne = (child: unknown): boolean =>
    (child instanceof KubernetesProvider || child instanceof HelmProvider) && child.alias === undefined;
  if (stack.node.findAll().some(isOne)) {
    const problem = "the stack has a Kubernetes or Helm provider already, which leads to one cluster only";
    throw new ConfigurationError([{ path: scope.node.path, problem, remedy: "put each cluster into its own stack" }]);
  }
  declareKubernetes(stack, cluster, login);
}
