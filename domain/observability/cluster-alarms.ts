import { CATALOG } from "../catalog/catalog";
import { mostBeforeNearlyFull } from "../common/nearly-full";
import type { AlarmPlan } from "./alarm";
import { launchFailures, waitingPods } from "./logs";
import { METRICS } from "./metrics";

const FIVE_MINUTES = 300;

/**
 * A quarter of an hour without a break, by the statistic that is wrong only if every measurement is. Agents measure once a minute,
 * and not on the second: a minute may have two measurements and the next none, which would break a row of 15 minutes.
 */
const QUARTER = { periodSeconds: FIVE_MINUTES, periods: 3 } as const;

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

/** Alarms of Retool's cluster, from the metrics of Container Insights. */
export function clusterAlarms(source: ClusterSource): AlarmPlan[] {
  return [...nodeAlarms(source), ...jobsRunnerAlarms(source), sandboxAlarm(source), proxyAlarm(source)];
}

/** Alarms of any cluster that Karpenter gives nodes. */
export function nodeAlarms({ clusterName }: Pick<ClusterSource, "clusterName">): AlarmPlan[] {
  const dimensions = { ClusterName: clusterName };
  return [
    {
      ...QUARTER,
      name: "pods-pending",
      runbook: "pods-pending",
      says: "Pods of the platform have waited for a node for 15 minutes: Karpenter cannot launch one, or none that fits",
      metric: waitingPods(clusterName),
      dimensions: {},
      statistic: "Sum",
      wrong: "GreaterThanThreshold",
      // A pod that waits all the time is counted once a minute.
      threshold: 3,
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
      says: "A container has been in CrashLoopBackOff for 15 minutes: it starts, stops, and waits longer each time",
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
