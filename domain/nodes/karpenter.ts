import { awsPartition, managedPolicyArn } from "../common/aws-partition";
import type { EnvironmentContext } from "../common/context";
import type { JsonObject } from "../common/kubernetes";
import { boundedName, ROLE_NAME_LIMIT } from "../common/names";
import { KARPENTER } from "../cluster/pool-names";
import { SYSTEM_NODE_LABELS, SYSTEM_TOLERATION } from "../cluster/system-nodes";
import { versions } from "../versions/pins";

/** Names of everything that Karpenter needs in AWS. */
export interface KarpenterPlan {
  /** Name of the cluster, also the value of the tags that bound what the controller may touch. */
  readonly clusterName: string;
  /** ARN of the cluster. */
  readonly clusterArn: string;
  /** Region of the cluster. */
  readonly region: string;
  /** Name of the controller's role. */
  readonly controllerRoleName: string;
  /** Role of the nodes of Retool's own containers. */
  readonly nodeRole: NodeRolePlan;
  /** Role of the nodes of sandboxes: they only join the cluster and pull images. */
  readonly sandboxNodeRole: NodeRolePlan;
  /** Name of the queue of interruption notices. */
  readonly queueName: string;
}

/** What the nodes of a cluster need beyond the usual. */
export interface NodeNeeds {
  /**
   * Whether the VPC CNI manages network interfaces with the role of the node.
   *
   * @default false
   */
  readonly networkPluginUsesNodeRole?: boolean;
}

/** The role of nodes, which is also the name of their instance profile. */
export interface NodeRolePlan {
  /** Name of the role and of the instance profile. */
  readonly roleName: string;
  /** ARNs of its managed policies, by name. */
  readonly policies: Readonly<Record<string, string>>;
}

/** Longest name of an SQS queue. */
const QUEUE_NAME_LIMIT = 80;

/** What every node needs: to join the cluster, and to pull images. */
const NODE_POLICIES = ["AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly"];

/** Session Manager; it also reads every parameter of the account, which users' code must never get at. */
const SESSIONS = "AmazonSSMManagedInstanceCore";

/** Network interfaces, where the network plug-in has no role of its own. */
const NETWORK = "AmazonEKS_CNI_Policy";

/** Names everything that Karpenter needs for a cluster. */
export function planKarpenter(
  clusterName: string,
  { region, account }: EnvironmentContext,
  { networkPluginUsesNodeRole = false }: NodeNeeds = {},
): KarpenterPlan {
  const partition = awsPartition(region);
  const always = [...NODE_POLICIES, ...(networkPluginUsesNodeRole ? [NETWORK] : [])];
  const role = (suffix: string, policies: readonly string[]): NodeRolePlan => ({
    roleName: boundedName(`${clusterName}-${suffix}`, ROLE_NAME_LIMIT),
    policies: Object.fromEntries(policies.map((name) => [name, managedPolicyArn(region, name)])),
  });
  return {
    clusterName,
    region,
    clusterArn: `arn:${partition}:eks:${region}:${account}:cluster/${clusterName}`,
    controllerRoleName: boundedName(`${clusterName}-karpenter`, ROLE_NAME_LIMIT),
    nodeRole: role("karpenter-node", [...always, SESSIONS]),
    sandboxNodeRole: role("sandbox-node", always),
    queueName: boundedName(`${clusterName}-karpenter`, QUEUE_NAME_LIMIT),
  };
}

/** A kind of notice that EventBridge passes on, so that Karpenter empties a node before AWS takes it. */
export interface InterruptionEvent {
  /** Short name, part of the rule's name and of its id. */
  readonly name: string;
  /** Service that sends it. */
  readonly source: string;
  /** What it is called there. */
  readonly detailType: string;
}

/** The notices that Karpenter acts on, or logs. Source: https://karpenter.sh/docs/concepts/disruption/#interruption */
export const INTERRUPTION_EVENTS: readonly InterruptionEvent[] = [
  { name: "health", source: "aws.health", detailType: "AWS Health Event" },
  { name: "spot", source: "aws.ec2", detailType: "EC2 Spot Instance Interruption Warning" },
  { name: "rebalance", source: "aws.ec2", detailType: "EC2 Instance Rebalance Recommendation" },
  { name: "state", source: "aws.ec2", detailType: "EC2 Instance State-change Notification" },
  { name: "reservation", source: "aws.ec2", detailType: "EC2 Capacity Reservation Instance Interruption Warning" },
];

/** Seconds for which a notice is worth keeping: a spot node is gone after 120. */
export const INTERRUPTION_RETENTION_SECONDS = 300;

/** Seconds that Karpenter's charts may take to be installed or removed. */
export const KARPENTER_TIMEOUT_SECONDS = 600;

/** Charts of Karpenter: its custom resource definitions have a separate one, which Helm can upgrade. */
export const KARPENTER_CHARTS = { definitions: versions.charts.karpenterCrd, controller: versions.charts.karpenter };

/**
 * Builds the values of Karpenter's chart.
 *
 * Without the overlay's gate Karpenter does not know the device that each sandbox asks for and never launches a node for
 * one. DNS is the node's own, so that Karpenter can bring up the nodes on which the cluster's DNS may run. Without the region
 * the controller asks the instance's metadata, which no pod reaches here, and ends at once
 * (https://github.com/aws/karpenter-provider-aws/issues/8219).
 *
 * It is told that AWS's global APIs are out of reach: otherwise it asks IAM for instance profiles before it lets a node class
 * go, and where names are enforced, or there is no NAT, nothing could ever be destroyed. Terraform made the only profile;
 * on-demand prices are those that its release knows, of us-east-1. Source: `pkg/controllers/nodeclass` of Karpenter 1.14.
 */
export function karpenterValues(
  plan: Pick<KarpenterPlan, "clusterName" | "region">,
  interruptionQueue: string,
  nodes = 0,
): JsonObject {
  const resources = { cpu: "1", memory: `${controllerMemoryGiB(nodes)}Gi` };
  return {
    replicas: 2,
    logLevel: "info",
    dnsPolicy: "Default",
    serviceAccount: { name: KARPENTER.serviceAccount },
    nodeSelector: { "kubernetes.io/os": "linux", ...SYSTEM_NODE_LABELS },
    tolerations: [SYSTEM_TOLERATION],
    controller: {
      resources: { requests: resources, limits: resources },
      env: [{ name: "AWS_REGION", value: plan.region }],
    },
    settings: {
      clusterName: plan.clusterName,
      interruptionQueue,
      isolatedVPC: true,
      featureGates: { nodeOverlay: true },
    },
  };
}

/** GiB of the controller, which holds every node and pod in memory: one, and one more for 200 nodes. Estimated. */
function controllerMemoryGiB(nodes: number): number {
  return Math.min(MOST_MEMORY_GIB, 1 + Math.floor(nodes / 200));
}

/** More does not fit on the smallest system nodes. */
const MOST_MEMORY_GIB = 4;
