import type { ReleasePatch } from "../../domain/chart/post-render";
import type { SubnetRanges } from "../../domain/network/spec";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import type { Construct } from "constructs";

import type {
  HorizontalPodAutoscaler,
  JsonObject,
  Manifest,
  Namespace,
  NetworkPolicy,
  PriorityClass,
  StorageClass,
} from "../../domain/common/kubernetes";

/** A VPC with subnets. */
export interface INetwork {
  /** Id of the VPC. */
  readonly vpcId: string;
  /** Primary address range of the VPC. */
  readonly vpcCidr: string;
  /**
   * Further address ranges of the VPC.
   *
   * @default []
   */
  readonly secondaryCidrs?: readonly string[];
  /**
   * Those of the further ranges in which only subnets of sandboxes are.
   *
   * @default []
   */
  readonly sandboxCidrs?: readonly string[];
  /**
   * What must exist for the VPC to have those ranges. EKS learns of a range that is added to the VPC of a running control plane only
   * hours later, so a new one waits for them.
   *
   * @default []
   */
  readonly rangesReady?: readonly ITerraformDependable[];
  /** Subnets with a route to an internet gateway, one a zone; empty in a private network. */
  readonly publicSubnetIds: readonly string[];
  /** Subnets of nodes and pods, one a zone. */
  readonly privateSubnetIds: readonly string[];
  /**
   * Subnets of the sandboxes' nodes and pods.
   *
   * @default - the private subnets
   */
  readonly sandboxSubnetIds?: readonly string[];
  /** Subnets without any route out of the VPC, one a zone, for databases. */
  readonly databaseSubnetIds: readonly string[];
  /**
   * Address ranges, where they are known before anything is made.
   *
   * @default - not known, as those of a network that is found by tags
   */
  readonly ranges?: SubnetRanges;
  /** Public addresses that traffic from the private subnets has; data sources must allow them. */
  readonly natAddresses: readonly string[];
  /** What must exist before anything in a private subnet can reach the internet or AWS. */
  readonly egressReady: readonly ITerraformDependable[];
}

/** One availability zone of a network that leaves through NAT, as a firewall in between needs it. */
export interface NetworkZone {
  /** Name of the zone. */
  readonly name: string;
  /** Range that is free for the endpoint of a firewall. */
  readonly firewallCidr: string;
  /** Ranges of the subnets of nodes and pods, each as it is: a route back must name a whole subnet. */
  readonly privateCidrs: readonly string[];
  /** NAT gateway through which the zone leaves. */
  readonly natGatewayId: string;
  /** Route table of the subnet that holds that NAT gateway, and nothing else. */
  readonly natRouteTableId: string;
}

/** The endpoint of a firewall in one availability zone. */
export interface FirewallEndpoint {
  /** Id of the endpoint, to which routes lead. */
  readonly endpointId: string;
  /** What must exist before anything is routed to it. */
  readonly ready: readonly ITerraformDependable[];
}

/** A KMS key. */
export interface IEncryptionKey {
  /** ARN of the key. */
  readonly keyArn: string;
}

/** An EKS cluster. */
export interface ICluster {
  /** Name of the cluster. */
  readonly clusterName: string;
  /** URL of the Kubernetes API. */
  readonly endpoint: string;
  /** Base64 of the certificate authority that signed the API's certificate. */
  readonly certificateAuthority: string;
  /** URL of the issuer of its service accounts' tokens. */
  readonly oidcIssuer: string;
  /** Security group shared by the control plane and every node. */
  readonly clusterSecurityGroupId: string;
  /** What must exist before the Kubernetes API answers the deployer: cluster and access entries. */
  readonly apiReady: readonly ITerraformDependable[];
  /** What must exist before a pod can run: system nodes and the add-ons pods need. */
  readonly nodesReady: readonly ITerraformDependable[];
}

/** The Karpenter controller and what its nodes need. */
export interface IKarpenter {
  /** Instance profile of the nodes. */
  readonly instanceProfileName: string;
  /** Instance profile of nodes that run users' code. */
  readonly sandboxInstanceProfileName: string;
  /** What must exist before a NodePool is made. */
  readonly ready: readonly ITerraformDependable[];
}

/** Something that may be allowed through a security group. */
export interface INetworkPeer {
  /** Security group of the peer. */
  readonly securityGroupId: string;
}

/** A PostgreSQL database. */
export interface IPostgresDatabase {
  /** Host name to connect to. */
  readonly host: string;
  /** TCP port to connect to. */
  readonly port: number;
  /** Name of the database. */
  readonly databaseName: string;
  /** User to connect as. */
  readonly username: string;
}

/** A bucket for app storage, Git repositories and sandbox snapshots. */
export interface IBlobStorage {
  /** Name of the bucket. */
  readonly bucketName: string;
  /** ARN of the bucket. */
  readonly bucketArn: string;
}

/** A Route 53 hosted zone. */
export interface IDnsZone {
  /** Id of the zone. */
  readonly zoneId: string;
}

/** A hosted zone, with the provider that may write into it where it is in another account. */
export interface IWritableZone extends IDnsZone {
  /**
   * Provider that may write into the zone.
   *
   * @default - the provider of the stack
   */
  readonly provider?: TerraformProvider;
}

/** A certificate that a listener can use now. */
export interface ICertificate {
  /** ARN of the certificate, known only when it has been validated. */
  readonly certificateArn: string;
}

/** A load balancer in front of Services of a cluster. */
export interface IFrontDoor {
  /** What CloudWatch calls the load balancer: `app/<name>/<id>`. */
  readonly arnSuffix: string;
  /** DNS name of the load balancer. */
  readonly dnsName: string;
  /** Hosted zone id of the load balancer, for alias records. */
  readonly hostedZoneId: string;
  /** Security group of the load balancer. */
  readonly securityGroupId: string;
  /** Target groups, and the Kubernetes Service that fills each of them. */
  readonly targets: readonly FrontDoorTarget[];
  /**
   * What leads requests to the target groups. Until then no pod in one is healthy, so none with a readiness gate is ready.
   */
  readonly attached: readonly ITerraformDependable[];
}

/** A target group and the Service whose pods it holds. */
export interface FrontDoorTarget {
  /** Short name, such as `retool`. */
  readonly name: string;
  /** ARN of the target group. */
  readonly targetGroupArn: string;
  /** What CloudWatch calls the target group: `targetgroup/<name>/<id>`. */
  readonly targetGroupArnSuffix: string;
  /** Kubernetes Service whose pods are registered. */
  readonly serviceName: string;
  /** Port of that Service. */
  readonly servicePort: number;
}

/** A secret in Secrets Manager whose value Terraform never stores. */
export interface IManagedSecret {
  /** ARN of the secret. */
  readonly secretArn: string;
  /** Name of the secret. */
  readonly secretName: string;
  /**
   * Member of the JSON object in the secret that is the value; {@link IManagedSecret.ephemeralValue} reads it already.
   *
   * @default - the whole text is the value
   */
  readonly member?: string;
  /** Number that grows when the value changes on purpose; drives `*_wo_version` arguments and pod annotations. */
  readonly revision: number;
  /** Expression that reads the stored value while Terraform runs; allowed in write-only arguments only. */
  readonly ephemeralValue: string;
  /** The stored value itself; everything that uses the secret depends on it. */
  readonly ready: readonly ITerraformDependable[];
}

/** A chart to install: published in a repository, or a folder of this package. */
export type ChartReference =
  | { readonly kind: "repository"; readonly name: string; readonly repository: string; readonly version: string }
  | { readonly kind: "asset"; readonly path: string; readonly version: string };

/** What a Helm release installs and how long that may take. */
export interface HelmReleaseProps {
  /** Name of the release. */
  readonly name: string;
  /** Namespace of the release; it must exist. */
  readonly namespace: string;
  /** Chart to install. */
  readonly chart: ChartReference;
  /** Values; Terraform references in them are whole strings that hold no quote or newline. */
  readonly values: JsonObject;
  /**
   * What a program of this package adds to the rendered chart.
   *
   * @default - nothing
   */
  readonly patches?: readonly ReleasePatch[];
  /** Seconds that an install, an upgrade or an uninstall may take. */
  readonly timeoutSeconds: number;
  /** Whether the chart starts pods: on an API server without nodes such a release is not waited for. */
  readonly hasPods: boolean;
  /**
   * Whether Helm installs the CRDs in the chart's `crds/` folder; it never upgrades them.
   *
   * @default false - the CRDs come from a separate chart
   */
  readonly installsCrds?: boolean;
  /**
   * Whether the chart's admission webhooks refuse its custom resources while none of its pods runs: on an API server
   * without nodes only its CRDs are installed.
   *
   * @default false
   */
  readonly failsClosed?: boolean;
  /** What must exist before. */
  readonly after: readonly ITerraformDependable[];
}

/** Custom resources that are installed as one release of the local chart. */
export interface CustomResourcesProps {
  /** Name of the release. */
  readonly name: string;
  /** Namespace that holds the release's own record. */
  readonly namespace: string;
  /** The objects. */
  readonly manifests: readonly Manifest[];
  /** Seconds that an install or an uninstall (which waits for finalizers) may take. */
  readonly timeoutSeconds: number;
  /** What must exist before. */
  readonly after: readonly ITerraformDependable[];
}

/** A value in Secrets Manager: the whole text of a secret, or one member of the JSON object that it is. */
export interface StoredValue {
  /** The secret. */
  readonly secret: IManagedSecret;
  /**
   * Member of the JSON object.
   *
   * @default - the whole text
   */
  readonly member?: string;
}

/** A Kubernetes Secret filled from Secrets Manager without passing through state. */
export interface KubernetesSecretProps {
  /** Name of the Secret. */
  readonly name: string;
  /** Namespace of the Secret. */
  readonly namespace: string;
  /** Stored values by key. */
  readonly data: Readonly<Record<string, StoredValue>>;
  /** Sum of the revisions of what it holds; a larger number writes the data again. */
  readonly revision: number;
  /** What must exist before. */
  readonly after: readonly ITerraformDependable[];
}

/** A plain Kubernetes object of a built-in kind. */
export interface KubernetesObjectProps<Kind extends Manifest = Manifest> {
  /** The object as its API takes it. */
  readonly manifest: Kind;
  /** What must exist before. */
  readonly after: readonly ITerraformDependable[];
}

/** What writes Kubernetes Secrets: Terraform, or an operator in the cluster. */
export interface ISecretWriter {
  /** Makes a Secret. */
  secret(scope: Construct, id: string, props: KubernetesSecretProps): readonly ITerraformDependable[];
}

/**
 * Where Kubernetes objects and Helm releases go: to a cluster, or into files.
 *
 * Every method returns what later resources depend on; nothing where files are written.
 */
export interface IWorkloads extends ISecretWriter {
  /** Installs a chart. */
  helmRelease(scope: Construct, id: string, props: HelmReleaseProps): readonly ITerraformDependable[];
  /** Installs custom resources through the local chart. */
  customResources(scope: Construct, id: string, props: CustomResourcesProps): readonly ITerraformDependable[];
  /** Makes a namespace. */
  namespace(scope: Construct, id: string, props: KubernetesObjectProps<Namespace>): readonly ITerraformDependable[];
  /** Makes a NetworkPolicy. */
  networkPolicy(
    scope: Construct,
    id: string,
    props: KubernetesObjectProps<NetworkPolicy>,
  ): readonly ITerraformDependable[];
  /** Makes a StorageClass. */
  storageClass(
    scope: Construct,
    id: string,
    props: KubernetesObjectProps<StorageClass>,
  ): readonly ITerraformDependable[];
  /** Makes a PriorityClass. */
  priorityClass(
    scope: Construct,
    id: string,
    props: KubernetesObjectProps<PriorityClass>,
  ): readonly ITerraformDependable[];
  /** Makes a HorizontalPodAutoscaler. */
  horizontalPodAutoscaler(
    scope: Construct,
    id: string,
    props: KubernetesObjectProps<HorizontalPodAutoscaler>,
  ): readonly ITerraformDependable[];
}
