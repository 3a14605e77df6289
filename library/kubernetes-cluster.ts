import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import type { IEncryptionKey, INetwork, IWorkloads } from "../constructs/common/contracts";
import { ClusterWorkloads } from "../constructs/common/workloads";
import { type ClusterSpec, planCluster } from "../domain/cluster/cluster";
import type { ClusterAccess } from "../domain/cluster/access";
import { addonsTagging } from "../domain/environment/organization";
import { KubernetesCluster as ClusterResources } from "../stacks/kubernetes-cluster";
import { EncryptionKey } from "./encryption-key";
import { ExistingKubernetesCluster, type ExistingKubernetesClusterProps } from "./existing-kubernetes-cluster";
import { declareProvidersOf, type KubernetesHost } from "./kubernetes-host";
import { type CommonProps, contextOf, partName, planned, settingsOf } from "./scope";
import { tag } from "./tags";

/** Settings of a {@link KubernetesCluster}; only the network has no default. */
export interface KubernetesClusterProps extends CommonProps, ClusterSpec {
  /** Network whose private subnets hold control plane and nodes. */
  readonly network: INetwork;
  /**
   * Who may reach the Kubernetes API: ranges that include the machine that deploys, or only the VPC.
   *
   * @default "private"
   */
  readonly access?: ClusterAccess;
  /**
   * Key of Kubernetes Secrets and logs.
   *
   * @default - a new one
   */
  readonly encryptionKey?: IEncryptionKey;
  /**
   * Role by which Terraform talks to the Kubernetes API.
   *
   * @default - the caller's own credentials
   */
  readonly deployRoleArn?: string;
}

/**
 * An EKS cluster with two system nodes, its add-ons and enforced network policies, ready for pods.
 *
 * It declares the Kubernetes and Helm providers of its stack, which log in by `aws eks get-token`; so a stack has one cluster.
 * About $215 a month: $73 for the control plane, $140 for two m6i.large.
 *
 * @example
 * ```ts
 * const cluster = new KubernetesCluster(this, "Cluster", { network, access: ["203.0.113.10/32"] });
 * cluster.workloads.namespace(this, "Tools", { manifest: tools, after: cluster.nodesReady });
 * ```
 * @throws `ConfigurationError` with every problem of the settings.
 */
export class KubernetesCluster extends Construct implements KubernetesHost {
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
  /** {@inheritDoc KubernetesHost.serviceCidr} */
  public readonly serviceCidr: string;
  /** {@inheritDoc KubernetesHost.nodeReleaseVersion} */
  public readonly nodeReleaseVersion: string;
  /** {@inheritDoc KubernetesHost.network} */
  public readonly network: INetwork;
  /** {@inheritDoc KubernetesHost.workloads} */
  public readonly workloads: IWorkloads;

  public constructor(scope: Construct, id: string, props: KubernetesClusterProps) {
    super(scope, id);
    tag(this, props.tags);
    const context = contextOf(scope, id, props);
    const { network, access = "private", encryptionKey, deployRoleArn, ...spec } = settingsOf(props);
    const { dataProtection, tags = {} } = props;
    const plan = addonsTagging(planned([scope, id, props], planCluster(spec, context, access), "cluster"), tags);
    const key =
      encryptionKey ??
      new EncryptionKey(this, "Key", { ...partName(props, "key"), dataProtection, services: ["cloudwatch-logs"] });
    const resources = new ClusterResources(this, "Cluster", { plan, network, secretsKey: key, logsKey: key, tags });
    declareProvidersOf(this, resources.api, { context, deployRoleArn });
    this.name = plan.name;
    this.network = network;
    this.kubernetesVersion = plan.kubernetesVersion;
    this.serviceCidr = plan.serviceCidr;
    this.nodeReleaseVersion = plan.nodeReleaseVersion;
    this.workloads = new ClusterWorkloads({ hasNodes: true });
    const cluster = resources.withNodes(this.workloads);
    this.clusterName = cluster.clusterName;
    this.endpoint = cluster.endpoint;
    this.certificateAuthority = cluster.certificateAuthority;
    this.oidcIssuer = cluster.oidcIssuer;
    this.clusterSecurityGroupId = cluster.clusterSecurityGroupId;
    this.securityGroupId = cluster.clusterSecurityGroupId;
    this.apiReady = cluster.apiReady;
    this.nodesReady = cluster.nodesReady;
  }

  /**
   * An EKS cluster that exists, with the providers that install into it. It has the agent of Pod Identity and enforces network
   * policies, which no plan can check.
   *
   * A plan stops where EKS says something else than the settings: version, VPC, Service range, authentication mode, and subnets of the
   * control plane. The deploying role needs an access entry that administers the cluster.
   *
   * @param scope - Where the cluster is looked up.
   * @param id - Id of what looks it up.
   * @param name - Name of the cluster.
   * @param props - Its network, and what differs from the defaults.
   * @throws `ConfigurationError` with every problem of the settings.
   */
  public static fromName(
    scope: Construct,
    id: string,
    name: string,
    props: ExistingKubernetesClusterProps,
  ): KubernetesHost {
    return new ExistingKubernetesCluster(scope, id, { ...props, clusterName: name });
  }
}
