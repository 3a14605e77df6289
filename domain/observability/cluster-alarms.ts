import { CATALOG } from "../catalog/catalog";
import { mostBeforeNearlyFull } from "../common/nearly-full";
import type { AlarmPlan } from "./alarm";
import { launchFailures } from "./logs";
import { METRICS } from "./metrics";

const MINUTE = 60;
const FIVE_MINUTES = 300;

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
}

/** Restarts in five minutes that one rollout with a slow dependency does not reach. */
const MANY_RESTARTS = 5;

/** Alarms of Retool's cluster, from the metrics of Container Insights. */
export function clusterAlarms(source: ClusterSource): AlarmPlan[] {
  return [...nodeAlarms(source), ...jobsRunnerAlarms(source), sandboxAlarm(source), proxyAlarm(source)];
}

/** Alarms of any cluster that Karpenter gives nodes. */
export function nodeAlarms(source: Pick<ClusterSource, "clusterName">): AlarmPlan[] {
  const dimensions = { ClusterName: source.clusterName };
  const above = { wrong: "GreaterThanThreshold", dimensions, statistic: "Maximum" } as const;
  return [
    {
      ...above,
      name: "pods-pending",
      runbook: "pods-pending",
      says: "Pods have waited for nodes for 15 minutes without a break: Karpenter cannot launch one, or none that fits",
      metric: METRICS.pendingPods,
      periodSeconds: MINUTE,
      periods: 15,
      threshold: 0,
    },
    launchAlarm(source),
    {
      ...above,
      name: "nodes-not-ready",
      runbook: "nodes-not-ready",
      says: "A node has not been ready for 15 minutes",
      metric: METRICS.failedNodes,
      periodSeconds: MINUTE,
      periods: 15,
      threshold: 0,
    },
    {
      ...above,
      name: "restarts",
      runbook: "restarts",
      says: `Containers restarted more than ${MANY_RESTARTS} times in 5 minutes, twice in a row`,
      metric: METRICS.restarts,
      statistic: "Sum",
      periodSeconds: FIVE_MINUTES,
      periods: 2,
      threshold: MANY_RESTARTS,
    },
  ];
}

/** One refusal is ordinary: Karpenter goes on to the next type or zone. */
function launchAlarm({ clusterName }: Pick<ClusterSource, "clusterName">): AlarmPlan {
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
    periodSeconds: MINUTE,
    periods: 15,
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

function sandboxAlarm({ clusterName, namespace, basePods, maxTotalJobs }: ClusterSource): AlarmPlan {
  const many = mostBeforeNearlyFull(maxTotalJobs);
  return {
    name: "sandboxes-near-limit",
    runbook: "sandboxes",
    says: `More than ${basePods + many} pods run in the namespace: about ${many} of at most ${maxTotalJobs} sandboxes`,
    metric: METRICS.runningPods,
    dimensions: { Namespace: namespace, ClusterName: clusterName },
    statistic: "Maximum",
    periodSeconds: FIVE_MINUTES,
    periods: 2,
    wrong: "GreaterThanThreshold",
    threshold: basePods + many,
  };
}
