import type { Fact } from "../common/fact";

/** A Deployment as the cluster has it. */
export interface DeploymentState {
  /** Its name. */
  readonly name: string;
  /** Pods that it asks for. */
  readonly wanted: number;
  /** Pods of its newest template. */
  readonly updated: number;
  /** Pods that are ready, old and new ones. */
  readonly ready: number;
  /** Pods that exist, old and new ones. */
  readonly existing: number;
  /** Labels that select its pods. */
  readonly selector: Readonly<Record<string, string>>;
  /** Image of its first container. */
  readonly image: string;
  /** Why the API server refuses its pods, such as a quota or a webhook; undefined where it takes them. */
  readonly refused: string | undefined;
}

/** Why a container does not run, or why it stopped. */
export interface ContainerEnd {
  /** Kubernetes' word for it, such as `CrashLoopBackOff` or `OOMKilled`. */
  readonly reason: string;
  /** What Kubernetes adds; empty where it adds nothing. */
  readonly message: string;
}

/** A pod as the cluster has it. */
export interface PodState {
  /** Its name. */
  readonly name: string;
  /** Its labels. */
  readonly labels: Readonly<Record<string, string>>;
  /** `Pending`, `Running`, `Succeeded`, `Failed` or `Unknown`. */
  readonly phase: string;
  /** Whether it is ready. */
  readonly ready: boolean;
  /** Since when it is not ready, in ISO 8601; undefined where it is, or where its node has not said anything yet. */
  readonly notReadySince: string | undefined;
  /** Whether it was ready since its containers started, and is not any more. */
  readonly lostReadiness: boolean;
  /** Whether it is being deleted. */
  readonly ending: boolean;
  /** When it was created, in ISO 8601. */
  readonly created: string;
  /** Restarts of all its containers. */
  readonly restarts: number;
  /** Why no node takes it; undefined where one does. */
  readonly unschedulable: string | undefined;
  /** Why a container waits; undefined where none does, or where it only starts. */
  readonly waiting: ContainerEnd | undefined;
  /** Why a container last stopped, and when; undefined where none has. */
  readonly stopped: (ContainerEnd & { readonly at: string }) | undefined;
}

/** What runs in the namespace of an environment, and the controllers that it needs. */
export interface Workloads {
  /** Deployments of the namespace. */
  readonly deployments: readonly DeploymentState[];
  /** Pods of the namespace. */
  readonly pods: readonly PodState[];
  /** Deployments of `kube-system`. */
  readonly controllers: readonly DeploymentState[];
}

/** A node as the cluster has it. */
export interface NodeState {
  /** Its name. */
  readonly name: string;
  /** NodePool of Karpenter that it belongs to; undefined for others. */
  readonly pool: string | undefined;
  /** Whether it belongs to a managed node group. */
  readonly isManaged: boolean;
  /** Whether it is ready. */
  readonly ready: boolean;
  /** Instance type; empty where it is not known. */
  readonly type: string;
}

/** A NodePool as the cluster has it. */
export interface PoolState {
  /** Its name. */
  readonly name: string;
  /** Most nodes that it may have; undefined without a limit. */
  readonly mostNodes: number | undefined;
  /** CPUs of its nodes. */
  readonly cpus: number;
  /** Most CPUs that it may have; undefined without a limit. */
  readonly mostCpus: number | undefined;
}

/** A node that Karpenter asked for and did not get. */
export interface LaunchFailure {
  /** NodePool that asked. */
  readonly pool: string;
  /** What EC2 or Karpenter said. */
  readonly message: string;
}

/** Nodes of a cluster. */
export interface Nodes {
  /** Every node. */
  readonly nodes: readonly NodeState[];
  /** NodePools. */
  readonly pools: readonly PoolState[];
  /** Nodes that could not be launched. */
  readonly failures: readonly LaunchFailure[];
}

/** The control plane. */
export interface ClusterState {
  /** `ACTIVE`, `CREATING` and so on; undefined where there is no such cluster. */
  readonly status: string | undefined;
  /** Kubernetes minor version; undefined where there is no such cluster. */
  readonly version: string | undefined;
}

/** A database instance. */
export interface DatabaseState {
  /** `available`, `creating` and so on; undefined where there is no such instance. */
  readonly status: string | undefined;
  /** Most connections in the last hour; undefined where CloudWatch has no measurement. */
  readonly connections: Fact<number | undefined>;
  /** Last moment to which it can be restored, in ISO 8601; undefined where there is none. */
  readonly restorableTo: string | undefined;
  /** When its newest snapshot was made, in ISO 8601; undefined where there is none. */
  readonly lastSnapshot: Fact<string | undefined>;
}

/** States in which RDS serves while it works. Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html */
const SERVING = ["available", "backing-up", "configuring-enhanced-monitoring", "modifying", "storage-optimization"];

/** Whether an instance of RDS serves in a state. */
export function isServing(status: string): boolean {
  return SERVING.includes(status);
}

/** Pods behind the load balancer that serve one purpose. */
export interface TargetState {
  /** Short name, such as `retool`. */
  readonly name: string;
  /** Pods that pass their health check. */
  readonly healthy: number;
  /** Registered pods. */
  readonly registered: number;
  /** Reasons that the load balancer gives for the others, each once. */
  readonly reasons: readonly string[];
}

/** The certificate of the HTTPS listener. */
export interface ServedCertificate {
  /** Its status in ACM. */
  readonly status: string;
  /** Its last day as `YYYY-MM-DD`; undefined before it is issued. */
  readonly notAfter: string | undefined;
  /** Why its renewal does not succeed; undefined where none fails. */
  readonly renewalFailure: string | undefined;
}

/** The load balancer. */
export interface Entrance {
  /** Whether it exists. */
  readonly exists: boolean;
  /** Its target groups. */
  readonly targets: readonly TargetState[];
  /** Certificate of its HTTPS listener; undefined where it has none. */
  readonly certificate: Fact<ServedCertificate | undefined>;
}

/** The daily copies. */
export interface Copies {
  /** When the newest one was made, in ISO 8601; undefined where there is none. */
  readonly last: string | undefined;
  /** What AWS Backup said of those that failed in the last two days. */
  readonly failures: Fact<readonly string[]>;
}

/** An alarm as CloudWatch has it. */
export interface AlarmState {
  /** Its whole name. */
  readonly name: string;
  /** Whether it is on. */
  readonly isOn: boolean;
  /** Since when it is on or off, in ISO 8601; undefined where CloudWatch says none. */
  readonly since: string | undefined;
  /** Whether it tells anybody: somebody may have switched its actions off. */
  readonly tells: boolean;
}

/** A mail address that is subscribed to the topic of alarms. */
export interface AlarmReceiver {
  /** The address. */
  readonly address: string;
  /** Whether its owner followed the link in the mail that SNS sent. */
  readonly hasConfirmed: boolean;
}

/** An operation of Helm that has begun and not ended. */
export interface UnfinishedOperation {
  /** Namespace and name of the release. */
  readonly release: string;
  /** What Helm does: `pending-install`, `pending-upgrade`, `pending-rollback` or `uninstalling`. */
  readonly status: string;
  /** When it began, in ISO 8601. */
  readonly since: string;
}

/** Everything that was looked at, each with its answer or the reason why there is none. */
export interface Observed {
  /** When, in ISO 8601. */
  readonly at: string;
  /** The control plane. */
  readonly cluster: Fact<ClusterState>;
  /** Deployments and pods. */
  readonly workloads: Fact<Workloads>;
  /** Nodes and pools. */
  readonly nodes: Fact<Nodes>;
  /** Operations of Helm that have not ended, in the namespaces of the releases that are installed. */
  readonly operations: Fact<readonly UnfinishedOperation[]>;
  /** End of the log of the newest jobs-runner. */
  readonly migrationLog: Fact<string>;
  /** End of the logs of the pods that talk to Temporal. */
  readonly temporalLog: Fact<string>;
  /** Database instances, by the path of their configuration. */
  readonly databases: Readonly<Record<string, Fact<DatabaseState>>>;
  /** The load balancer. */
  readonly entrance: Fact<Entrance>;
  /** Daily copies. */
  readonly copies: Fact<Copies>;
  /** Alarms whose names begin as those of the environment do. */
  readonly alarms: Fact<readonly AlarmState[]>;
  /** Who is subscribed to the topic of alarms; empty where it is not ours. */
  readonly receivers: Fact<readonly AlarmReceiver[]>;
}

/** Minutes between two moments in ISO 8601, rounded. */
export function minutesBetween(from: string, to: string): number {
  return Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 60_000));
}

/** A moment to the minute, in UTC. */
export function minuteOf(moment: string): string {
  return `${new Date(moment).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** ` since <minute>`; nothing where it is not known. */
export function sinceMinute(moment: string | undefined): string {
  return moment === undefined ? "" : ` since ${minuteOf(moment)}`;
}
