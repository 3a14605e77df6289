import { CATALOG } from "../catalog/catalog";
import type { AddonPlan } from "../cluster/addons";
import { INSTANCE_METADATA } from "../common/address-range";
import type { Namespace, NetworkPolicy } from "../common/kubernetes";
import { boundedName, ROLE_NAME_LIMIT } from "../common/names";
import type { AuditBucketPlan } from "./audit-bucket";
import { fluentBitConfiguration } from "./fluent-bit";
import type { Metric } from "./metrics";

/** Namespace of the add-on; EKS fixes it. */
export const LOGS_NAMESPACE = "amazon-cloudwatch";

/** A log group of CloudWatch. */
export interface LogGroupPlan {
  /** What it holds, in a word. */
  readonly name: "application" | "audit" | "dataplane" | "host" | "performance";
  /** Name of the log group. */
  readonly groupName: string;
  /** Days that logs are kept. */
  readonly retentionDays: number;
}

/** A count of the lines of a log group that match. */
export interface LineCountPlan {
  /** What it counts, in a word. */
  readonly name: string;
  /** The log group. */
  readonly group: LogGroupPlan["name"];
  /** Which lines, as CloudWatch Logs writes it. */
  readonly pattern: string;
  /** The metric that the lines make; it has no dimensions. */
  readonly metric: Metric;
}

/** Logs and metrics of pods and nodes in CloudWatch. */
export interface LogsPlan {
  /** Pods of Retool that always run and are measured, sandboxes left out. */
  readonly basePods: number;
  /** The log groups; the agents make none. */
  readonly groups: readonly LogGroupPlan[];
  /** A second store for audit events, if configured. */
  readonly auditBucket?: AuditBucketPlan;
  /** Lines that are counted. */
  readonly counts: readonly LineCountPlan[];
  /** The add-on whose agents write into them. */
  readonly addon: AddonPlan;
  /** Namespace of the add-on, which is made first so that the policies stand before its pods. */
  readonly namespace: Namespace;
  /** The role of the agents, apart from the statements that name the log groups. */
  readonly agents: {
    /** Name of the role. */
    readonly roleName: string;
    /** Service account of both agents. */
    readonly serviceAccount: string;
  };
}

/** What decides the logs. */
export interface LogsInput {
  /** Name of the cluster. */
  readonly clusterName: string;
  /** Kubernetes minor version of the cluster. */
  readonly kubernetesVersion: string;
  /** Pods of Retool that always run, sandboxes left out. */
  readonly basePods: number;
  /** Whether the sandboxes of Retool run in the cluster. */
  readonly hasSandboxes: boolean;
  /** Exact version of the add-on; undefined for the one that EKS recommends. */
  readonly addonVersion: string | undefined;
  /** Days that logs of pods and nodes are kept. */
  readonly retentionDays: number;
  /** Days that audit events are kept; undefined where Retool writes none into its logs. */
  readonly auditRetentionDays: number | undefined;
  /** Bucket that gets the audit events as well. */
  readonly auditBucket?: AuditBucketPlan;
}

/** The log group's name, which Container Insights and its console pages expect. */
const groupOf = (clusterName: string, name: LogGroupPlan["name"]): string =>
  `/aws/containerinsights/${clusterName}/${name}`;

/**
 * What Karpenter logs, as JSON, where EC2 gives it no node: no quota and no capacity have their own message; everything else, such as
 * a missing right, is the error with which the reconciler ends.
 *
 * Source: https://github.com/kubernetes-sigs/karpenter/blob/main/pkg/controllers/nodeclaim/lifecycle/launch.go
 */
const LAUNCH_FAILURE = [
  '{ $.log_processed.level = "ERROR" && (($.log_processed.message = "failed launching nodeclaim") ||',
  '($.log_processed.message = "Reconciler error" && $.log_processed.error = "*launching nodeclaim, *")) }',
].join(" ");

/**
 * A pod for which the scheduler has no node yet, as Container Insights writes it each minute. Sandboxes and the placeholders that
 * keep room for them are left out: a busy pool always has some that wait for the next node.
 *
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-reference-performance-logs-EKS.html
 */
function waitingPodPattern(hasSandboxes: boolean): string {
  const service = "$.kubernetes.labels.retoolService";
  const conditions = [
    '$.Type = "Pod"',
    "$.pod_status_scheduled = 0",
    ...(hasSandboxes
      ? [
          '$.PodName != "*-sandbox-headroom"',
          `((${service} NOT EXISTS) || (${service} != "${CATALOG.sandbox.deployment}"))`,
        ]
      : []),
  ];
  return `{ ${conditions.join(" && ")} }`;
}

/** Pods that wait for a node, each counted once a minute. */
export function waitingPods(clusterName: string): Metric {
  return { namespace: `cdktf-retool/${clusterName}`, metricName: "PodsWithoutNode", dimensions: [] };
}

/** Nodes that Karpenter asked for and did not get. */
export function launchFailures(clusterName: string): Metric {
  return { namespace: `cdktf-retool/${clusterName}`, metricName: "KarpenterLaunchFailures", dimensions: [] };
}

/** Resolves log groups, add-on and role. */
export function planLogs(input: LogsInput): LogsPlan {
  const { clusterName, retentionDays, auditRetentionDays, auditBucket } = input;
  const group = (name: LogGroupPlan["name"], days: number): LogGroupPlan => ({
    name,
    groupName: groupOf(clusterName, name),
    retentionDays: days,
  });
  const hasAudit = auditRetentionDays !== undefined;
  return {
    basePods: input.basePods,
    groups: [
      ...(["application", "dataplane", "host", "performance"] as const).map((name) => group(name, retentionDays)),
      ...(hasAudit ? [group("audit", auditRetentionDays)] : []),
    ],
    ...(auditBucket === undefined ? {} : { auditBucket }),
    counts: [
      {
        name: "waiting-pods",
        group: "performance",
        pattern: waitingPodPattern(input.hasSandboxes),
        metric: waitingPods(clusterName),
      },
      { name: "launch-failures", group: "application", pattern: LAUNCH_FAILURE, metric: launchFailures(clusterName) },
    ],
    addon: addonOf(input, hasAudit),
    namespace: {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: {
        name: LOGS_NAMESPACE,
        // The agents read the logs of their node, on its network.
        labels: { "pod-security.kubernetes.io/enforce": "privileged" },
      },
    },
    agents: {
      roleName: boundedName(`${clusterName}-logs`, ROLE_NAME_LIMIT),
      serviceAccount: "cloudwatch-agent",
    },
  };
}

/**
 * Traces, profiles and metrics of GPUs stay off: nobody asked for them, and auto-monitoring would put an agent into every pod.
 *
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/install-CloudWatch-Observability-EKS-addon.html
 */
function addonOf(input: LogsInput, hasAudit: boolean): AddonPlan {
  const { kubernetesVersion, addonVersion: version, auditBucket } = input;
  const insights = { enhanced_container_insights: true, accelerated_compute_metrics: false };
  return {
    name: "amazon-cloudwatch-observability",
    kubernetesVersion,
    version,
    configuration: {
      agent: { config: { logs: { metrics_collected: { kubernetes: insights } } } },
      manager: { applicationSignals: { autoMonitor: { monitorAllServices: false } } },
      containerLogs: { enabled: true, fluentBit: { config: fluentBitConfiguration({ hasAudit, auditBucket }) } },
    },
  };
}

/**
 * What the pods of the add-on may do that are not on their node's network: those of its operator, whose webhooks the control
 * plane calls. Strict enforcement cuts off every pod that no policy selects.
 *
 * @param clusterCidrs - Ranges of pods, nodes and the control plane's interfaces: those of the VPC.
 */
export function logsPolicies(clusterCidrs: readonly string[]): NetworkPolicy[] {
  return [
    {
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: { name: "operator", namespace: LOGS_NAMESPACE },
      spec: {
        podSelector: {},
        policyTypes: ["Ingress", "Egress"],
        ingress: [
          {
            from: clusterCidrs.map((cidr) => ({ ipBlock: { cidr } })),
            ports: [{ port: 9443, protocol: "TCP" }],
          },
        ],
        egress: [{ to: [{ ipBlock: { cidr: "0.0.0.0/0", except: [INSTANCE_METADATA] } }] }],
      },
    },
  ];
}
