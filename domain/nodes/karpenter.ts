import { awsPartition } from "../common/aws-partition";
import type { EnvironmentContext } from "../common/context";
import type { JsonObject } from "../common/kubernetes";
import { boundedName } from "../common/names";
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
  /** Name of the role and of the instance profile of the nodes. */
  readonly nodeRoleName: string;
  /** Name of the queue of interruption notices. */
  readonly queueName: string;
  /** ARNs of the nodes' managed policies by name; the network plugin has its own role. */
  readonly nodePolicies: Readonly<Record<string, string>>;
  /** Whether Karpenter keeps room for pods that do not exist yet. */
  readonly capacityBuffers: boolean;
}

/** Features of Karpenter that are off unless something needs them. */
export interface KarpenterFeatures {
  /**
   * Whether Karpenter keeps room for pods that do not exist yet; an alpha feature.
   *
   * @default false
   */
  readonly capacityBuffers?: boolean;
}

/** Longest name of an IAM role. */
const ROLE_NAME_LIMIT = 64;

/** Longest name of an SQS queue. */
const QUEUE_NAME_LIMIT = 80;

const NODE_POLICIES = [
  "AmazonEKSWorkerNodePolicy",
  "AmazonEC2ContainerRegistryPullOnly",
  "AmazonSSMManagedInstanceCore",
] as const;

/** Names everything that Karpenter needs for a cluster. */
export function planKarpenter(
  clusterName: string,
  { region, account }: EnvironmentContext,
  { capacityBuffers = false }: KarpenterFeatures = {},
): KarpenterPlan {
  const partition = awsPartition(region);
  return {
    clusterName,
    region,
    clusterArn: `arn:${partition}:eks:${region}:${account}:cluster/${clusterName}`,
    controllerRoleName: boundedName(`${clusterName}-karpenter`, ROLE_NAME_LIMIT),
    nodeRoleName: boundedName(`${clusterName}-karpenter-node`, ROLE_NAME_LIMIT),
    queueName: boundedName(`${clusterName}-karpenter`, QUEUE_NAME_LIMIT),
    nodePolicies: Object.fromEntries(NODE_POLICIES.map((name) => [name, `arn:${partition}:iam::aws:policy/${name}`])),
    capacityBuffers,
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
  plan: Pick<KarpenterPlan, "clusterName" | "region" | "capacityBuffers">,
  interruptionQueue: string,
): JsonObject {
  const resources = { cpu: "1", memory: "1Gi" };
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
      featureGates: { nodeOverlay: true, capacityBuffer: plan.capacityBuffers },
    },
  };
}
