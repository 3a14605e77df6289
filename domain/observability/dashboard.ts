import { type DimensionValue, LOAD_BALANCER, type MetricOf, type Statistic, targetGroup } from "./alarm";
import { METRICS } from "./metrics";
import { type ClusterSource, podsInNamespace } from "./cluster-alarms";

/** A line of a graph. */
export interface LinePlan extends MetricOf {
  /** What the line is called. */
  readonly label: string;
  /** How a period is summarized. */
  readonly statistic: Statistic;
  /**
   * The axis, for a line whose values are far from the others'.
   *
   * @default - left
   */
  readonly axis?: "right";
  /**
   * Seconds of a period.
   *
   * @default 300
   */
  readonly periodSeconds?: number;
}

/** A graph of the dashboard. */
export interface GraphPlan {
  /** Heading. */
  readonly title: string;
  /** Its lines. */
  readonly lines: readonly LinePlan[];
  /**
   * A value worth a horizontal line, such as a limit.
   *
   * @default - none
   */
  readonly limit?: { readonly label: string; readonly value: number };
}

/** A dashboard of one page: all alarms, and graphs in rows of three. */
export interface DashboardPlan {
  /** Name of the dashboard. */
  readonly name: string;
  /** Graphs, from the users' side inwards. */
  readonly graphs: readonly GraphPlan[];
}

/** What the dashboard shows. */
export interface DashboardSources {
  /** Prefix of the environment's names. */
  readonly prefix: string;
  /** Short names of the target groups. */
  readonly targets: readonly string[];
  /** Database instances by what they hold. */
  readonly databases: Readonly<Record<string, { readonly identifier: string; readonly connections: number }>>;
  /** The cluster; absent where nobody collects its metrics. */
  readonly cluster: ClusterSource | undefined;
}

const line = (
  label: string,
  metric: MetricOf["metric"],
  dimensions: Readonly<Record<string, DimensionValue>>,
  statistic: Statistic,
): LinePlan => ({ label, metric, dimensions, statistic });

/** Resolves the dashboard. */
export function planDashboard({ prefix, targets, databases, cluster }: DashboardSources): DashboardPlan {
  return {
    name: prefix,
    graphs: [
      ...entranceGraphs(targets),
      ...databaseGraphs(databases),
      ...(cluster === undefined ? [] : clusterGraphs(cluster)),
    ],
  };
}

/** Requests, response time and health behind a load balancer. */
export function entranceGraphs(targets: readonly string[]): GraphPlan[] {
  return [
    {
      title: "Requests and errors in five minutes",
      lines: [
        line("requests", METRICS.requests, LOAD_BALANCER, "Sum"),
        line("errors of the load balancer", METRICS.loadBalancerErrors, LOAD_BALANCER, "Sum"),
        ...targets.map((name) => line(`errors of ${name}`, METRICS.targetErrors, targetGroup(name), "Sum")),
      ],
    },
    {
      title: "Response time of nine in ten, seconds",
      lines: targets.map((name) => line(name, METRICS.responseTime, targetGroup(name), "p90")),
    },
    {
      title: "Healthy pods behind the load balancer",
      lines: targets.map((name) => line(name, METRICS.healthyTargets, targetGroup(name), "Minimum")),
    },
  ];
}

/** Load, connections and room of databases. */
export function databaseGraphs(databases: DashboardSources["databases"]): GraphPlan[] {
  const entries = Object.entries(databases);
  if (entries.length === 0) return [];
  const of = (metric: MetricOf["metric"], statistic: Statistic): LinePlan[] =>
    entries.map(([name, { identifier }]) => line(name, metric, { DBInstanceIdentifier: identifier }, statistic));
  const [first] = entries;
  return [
    { title: "CPU of the database, %", lines: of(METRICS.databaseCpu, "Average") },
    {
      title: "Connections to the database",
      lines: of(METRICS.databaseConnections, "Maximum"),
      limit: first && { label: `planned for ${first[0]}`, value: first[1].connections },
    },
    {
      title: "Free memory (left), storage (right), bytes",
      lines: [
        ...of(METRICS.databaseMemory, "Average").map((each) => ({ ...each, label: `${each.label}, memory` })),
        ...of(METRICS.databaseStorage, "Minimum").map((each) => ({
          ...each,
          label: `${each.label}, storage`,
          axis: "right" as const,
        })),
      ],
    },
  ];
}

function clusterGraphs(source: ClusterSource): GraphPlan[] {
  const { clusterName, namespace, maxTotalJobs } = source;
  const [nodes, restarts] = nodeGraphs(clusterName);
  const pods: GraphPlan = {
    title: "Pods of Retool and its sandboxes",
    lines: [line("running", METRICS.runningPods, { Namespace: namespace, ClusterName: clusterName }, "Maximum")],
    limit: { label: "with every sandbox", value: podsInNamespace(source, maxTotalJobs) },
  };
  return [nodes, pods, restarts];
}

/** Nodes and pods of any cluster. */
export function nodeGraphs(clusterName: string): [GraphPlan, GraphPlan] {
  const ofCluster = { ClusterName: clusterName };
  return [
    {
      title: "Nodes",
      lines: [
        line("nodes", METRICS.nodes, ofCluster, "Maximum"),
        line("not ready", METRICS.failedNodes, ofCluster, "Maximum"),
      ],
    },
    {
      title: "Restarts and pods that wait for a node",
      lines: [
        line("restarts", METRICS.restarts, ofCluster, "Sum"),
        // Each pod is measured once a minute, so that the sum of a minute is the number of pods.
        { ...line("pending", METRICS.pendingPods, ofCluster, "Sum"), periodSeconds: 60 },
      ],
    },
  ];
}
