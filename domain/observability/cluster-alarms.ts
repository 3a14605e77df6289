import { CATALOG } from "../catalog/catalog";
import { mostBeforeNearlyFull } from "../common/nearly-full";
import type { RetoolComponent } from "../catalog/row";
import { type AlarmPlan, FIVE_MINUTES } from "./alarm";
import { launchFailures, waitingPods } from "./logs";
import { METRICS } from "./metrics";

/**
 * A quarter of an hour in three periods. Agents measure once a minute, and not on the second: a minute may have two measurements and
 * the next none, which would break a row of 15 minutes.
 *
 * For conditions that must persist (nodes, jobs-runner), use the statistic that breaches only when every sample does: `Minimum` above,
 * `Maximum` below. `restarts` takes `Maximum` above, since a container that restarts leaves CrashLoopBackOff while it runs. `pods-pending`
 * takes `Sum`, since its metric counts lines of a log, one a pod and minute, and has no value for a minute without one.
 */
const QUARTER = { periodSeconds: FIVE_MINUTES, periods: 3 } as const;

/**
 * Minutes that pods may wait in five, all of them together. One pod that waits all the time is counted five times, or four where a
 * measurement falls into the next period; a higher number would miss it. Several pods with short waits reach it too.
 */
const WAITED_MINUTES = 3;

/** What alarms need to know of the cluster and of what runs in it. */
export interface ClusterSource {
  /** Name of the cluster. */
  readonly clusterName: string;
  /** Namespace of Retool. */
  readonly namespace: string;
  /** Pods of Retool that always run, sandboxes left out. */
  readonly basePods: number;
  /** Most sandboxes that Retool's controller creates. */
  readonly maxTotalJobs: number;
  /** Pods of the sandboxes' DaemonSets, which run in the same namespace, while so many sandboxes exist. */
  readonly daemonPods: (sandboxes: number) => number;
  /** Services without a load balancer health check. */
  readonly withoutTargets: readonly RetoolComponent[];
}

/** Alarms of Retool's cluster, from the metrics of Container Insights. */
export function clusterAlarms(source: ClusterSource): AlarmPlan[] {
  return [
    ...nodeAlarms(source),
    ...jobsRunnerAlarms(source),
    ...readinessAlarms(source),
    sandboxAlarm(source),
    proxyAlarm(source),
  ];
}

/** Alarms of any cluster that Karpenter gives nodes. */
export function nodeAlarms({ clusterName }: Pick<ClusterSource, "clusterName">): AlarmPlan[] {
  const dimensions = { ClusterName: clusterName };
  return [
    {
      ...QUARTER,
      name: "pods-pending",
      runbook: "pods-pending",
      says:
        `In each of three 5-minute periods pods of the platform waited for a node for more than ${WAITED_MINUTES} minutes altogether: ` +
        "Karpenter cannot launch one, or none that fits",
      metric: waitingPods(clusterName),
      dimensions: {},
      statistic: "Sum",
      wrong: "GreaterThanThreshold",
      threshold: WAITED_MINUTES,
    },
    launchAlarm(clusterName),
    {
      ...QUARTER,
      name: "nodes-not-ready",
      runbook: "nodes-not-ready",
      says: "A node has not been ready for 15 minutes",
      metric: METRICS.failedNodes,
      dimensions,
      statistic: "Minimum",
      wrong: "GreaterThanThreshold",
      threshold: 0,
    },
    {
      ...QUARTER,
      name: "restarts",
      runbook: "restarts",
      says: "Containers were in CrashLoopBackOff in each of three 5-minute periods: they start, stop, and wait longer each time",
      metric: METRICS.crashLoops,
      dimensions,
      statistic: "Maximum",
      wrong: "GreaterThanThreshold",
      threshold: 0,
    },
  ];
}

/** One refusal is ordinary: Karpenter goes on to the next type or zone. */
function launchAlarm(clusterName: string): AlarmPlan {
  return {
    name: "karpenter-launch",
    runbook: "pods-pending",
    says: "Karpenter failed to launch more than 3 nodes in 15 minutes",
    metric: launchFailures(clusterName),
    dimensions: {},
    statistic: "Sum",
    periodSeconds: 3 * FIVE_MINUTES,
    periods: 1,
    wrong: "GreaterThanThreshold",
    threshold: 3,
  };
}

/** There are two for the moment of a rolling update. */
function jobsRunnerAlarms({ clusterName, namespace }: ClusterSource): AlarmPlan[] {
  const shared = {
    runbook: "jobs-runner",
    metric: METRICS.availableReplicas,
    dimensions: { PodName: CATALOG["jobs-runner"].deployment, Namespace: namespace, ClusterName: clusterName },
    ...QUARTER,
  } as const;
  return [
    {
      ...shared,
      name: "jobs-runner-missing",
      says: "jobs-runner has not been available for 15 minutes: nothing scheduled runs, and no upgrade migrates the database",
      statistic: "Maximum",
      wrong: "LessThanThreshold",
      threshold: 1,
      missing: "breaching",
    },
    {
      ...shared,
      name: "jobs-runner-twice",
      says: "More than one jobs-runner has been available for 15 minutes: scheduled work may run twice",
      statistic: "Minimum",
      wrong: "GreaterThanThreshold",
      threshold: 1,
    },
  ];
}

/** What users lose without any pod of a service, as the end of a sentence. */
const WITHOUT: Readonly<Partial<Record<RetoolComponent, string>>> = {
  "workflow-worker": ": workflows stop",
  "workflow-backend": ": queries of workflows fail",
  "code-executor": ": JavaScript and Python of workflows fail",
  "js-executor": ": backend functions of apps fail",
  "sandbox-controller": ": no editing session opens",
  "r2-agent-worker": ": agents of builders stop",
  dbconnector: ": queries of apps fail",
  "agent-worker": ": agents stop",
  "agent-eval-worker": ": evaluations of agents stop",
  mcp: ": MCP clients get no answer",
};

/**
 * A pod that runs and never gets ready is neither pending nor in CrashLoopBackOff, and only services behind the load balancer have
 * health checks. Missing metrics are reported by `jobs-runner-missing`: without the agent all of these would ring at once.
 */
function readinessAlarms({ clusterName, namespace, withoutTargets }: ClusterSource): AlarmPlan[] {
  return withoutTargets
    .filter((service) => service !== "jobs-runner")
    .map((service) => ({
      ...QUARTER,
      name: `${service}-not-ready`,
      runbook: "not-ready",
      says: `No pod of ${service} has been available for 15 minutes${WITHOUT[service] ?? ""}`,
      metric: METRICS.availableReplicas,
      dimensions: { PodName: CATALOG[service].deployment, Namespace: namespace, ClusterName: clusterName },
      statistic: "Maximum",
      wrong: "LessThanThreshold",
      threshold: 1,
    }));
}

/** Every session goes through it, so that one restart is felt by all who edit. */
function proxyAlarm({ clusterName, namespace }: ClusterSource): AlarmPlan {
  return {
    name: "sandbox-proxy-restarts",
    runbook: "sandbox-proxy",
    says: "The proxy of the sandboxes restarted more than once in 15 minutes: each restart breaks sessions",
    metric: METRICS.podRestarts,
    dimensions: { PodName: CATALOG["sandbox-proxy"].deployment, Namespace: namespace, ClusterName: clusterName },
    statistic: "Sum",
    periodSeconds: 3 * FIVE_MINUTES,
    periods: 1,
    wrong: "GreaterThanThreshold",
    threshold: 1,
  };
}

/** Pods in the namespace while so many sandboxes exist: no metric counts sandboxes by themselves. */
export function podsInNamespace({ basePods, daemonPods }: ClusterSource, sandboxes: number): number {
  return basePods + sandboxes + daemonPods(sandboxes);
}

function sandboxAlarm(source: ClusterSource): AlarmPlan {
  const { clusterName, namespace, maxTotalJobs } = source;
  const many = mostBeforeNearlyFull(maxTotalJobs);
  const threshold = podsInNamespace(source, many);
  return {
    name: "sandboxes-near-limit",
    runbook: "sandboxes",
    says: `More than ${threshold} pods run in the namespace: about ${many} of at most ${maxTotalJobs} sandboxes`,
    metric: METRICS.runningPods,
    dimensions: { Namespace: namespace, ClusterName: clusterName },
    statistic: "Maximum",
    periodSeconds: FIVE_MINUTES,
    periods: 2,
    wrong: "GreaterThanThreshold",
    threshold,
  };
}
