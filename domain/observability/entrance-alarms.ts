import { type AlarmPlan, FIVE_MINUTES, LOAD_BALANCER, targetGroup } from "./alarm";
import { METRICS } from "./metrics";

const DAY = 86_400;

/** What the load balancer and its certificate tell. */
export interface EntranceSources {
  /** Short names of the target groups, the one of most requests first. */
  readonly targets: readonly string[];
}

/** Alarms of what users meet first. */
export function entranceAlarms({ targets }: EntranceSources): AlarmPlan[] {
  return [...loadBalancerAlarms({ targets }), certificateAlarm()];
}

/** Alarms of a load balancer. */
export function loadBalancerAlarms({ targets }: EntranceSources): AlarmPlan[] {
  return [loadBalancerErrors(), ...targets.flatMap(targetAlarms), ...targets.slice(0, 1).map(latency)];
}

function loadBalancerErrors(): AlarmPlan {
  return {
    name: "load-balancer-errors",
    runbook: "load-balancer-errors",
    says: "The load balancer itself answered more than 10 requests in 5 minutes with an error: no pod took them",
    metric: METRICS.loadBalancerErrors,
    dimensions: LOAD_BALANCER,
    statistic: "Sum",
    periodSeconds: FIVE_MINUTES,
    periods: 2,
    wrong: "GreaterThanThreshold",
    threshold: 10,
  };
}

/** Without a registered pod there is no metric at all, which means the same as none that is healthy. */
function targetAlarms(name: string): AlarmPlan[] {
  const shared = { runbook: "targets", dimensions: targetGroup(name), periodSeconds: 60 } as const;
  return [
    {
      ...shared,
      name: `no-healthy-${name}`,
      says: `No pod of ${name} is healthy: users get an error page`,
      metric: METRICS.healthyTargets,
      statistic: "Maximum",
      periods: 5,
      wrong: "LessThanThreshold",
      threshold: 1,
      missing: "breaching",
    },
    {
      ...shared,
      name: `unhealthy-${name}`,
      says: `A pod of ${name} has failed its health checks for 15 minutes`,
      metric: METRICS.unhealthyTargets,
      statistic: "Maximum",
      periods: 15,
      wrong: "GreaterThanThreshold",
      threshold: 0,
    },
    {
      ...shared,
      runbook: "load-balancer-errors",
      name: `errors-${name}`,
      says: `Pods of ${name} answered more than 50 requests in 5 minutes with an error`,
      metric: METRICS.targetErrors,
      statistic: "Sum",
      periodSeconds: FIVE_MINUTES,
      periods: 2,
      wrong: "GreaterThanThreshold",
      threshold: 50,
    },
  ];
}

/**
 * A synchronous workflow may take minutes, so the slowest tenth of the requests is left out. CloudWatch judges a p90 from 100
 * requests on; see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/percentiles-with-low-samples.html.
 */
function latency(target: string): AlarmPlan {
  return {
    name: "latency",
    runbook: "latency",
    says: "A tenth of at least 100 requests took longer than 5 s for 15 minutes",
    metric: METRICS.responseTime,
    dimensions: targetGroup(target),
    statistic: "p90",
    periodSeconds: FIVE_MINUTES,
    periods: 3,
    wrong: "GreaterThanThreshold",
    threshold: 5,
  };
}

/**
 * ACM renews 60 days ahead, so a certificate that has 30 left was not renewed; an imported one never is. Twice a day there is a
 * value, and none after the last day, on which the alarm must stay on.
 */
export function certificateAlarm(): AlarmPlan {
  return {
    name: "certificate-days",
    runbook: "certificate",
    says: "The certificate has less than 30 days left",
    metric: METRICS.certificateDays,
    dimensions: { CertificateArn: { of: "certificate" } },
    statistic: "Minimum",
    periodSeconds: DAY,
    periods: 1,
    wrong: "LessThanThreshold",
    threshold: 30,
    missing: "ignore",
  };
}
