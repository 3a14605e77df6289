import { z } from "zod";

import { checked } from "./setting";
import type { Problem } from "./violation";

/** Days that CloudWatch Logs can keep a log group. Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
export const POSSIBLE_LOG_DAYS: readonly number[] = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/**
 * Days that each log is kept unless the configuration says otherwise.
 *
 * A year of a log costs four times what 90 days cost, so that an environment which needs a year says so.
 */
export const LOG_DAYS = {
  /** Control plane of the cluster: `cluster.logRetentionDays`. */
  controlPlane: 90,
  /** Flow logs of the network: `network.flowLogRetentionDays`. */
  flows: 90,
  /** DNS firewall and network firewall: `egress.logRetentionDays`. */
  egress: 90,
  /** PostgreSQL: `database.logRetentionDays`. */
  database: 90,
  /** Who read and wrote the bucket: `blobStorage.accessLogDays`. */
  bucketAccess: 90,
  /** Requests that the web ACL of the load balancer saw; there is no setting. */
  webAcl: 30,
  /** Pods and nodes: `observability.logs.retentionDays`. */
  cluster: 30,
  /** Retool's audit events: `observability.logs.auditRetentionDays`. */
  auditEvents: 365,
} as const;

/** Days that a log group is kept: a number that CloudWatch Logs knows. */
export function logRetention(): z.ZodNumber {
  return checked(z.number(), logRetentionProblem, {
    form: "a number of days that CloudWatch Logs knows",
    unit: "days",
  });
}

/** Finds a number of days for which CloudWatch Logs cannot keep a log group. */
export function logRetentionProblem(days: number): Problem | undefined {
  if (POSSIBLE_LOG_DAYS.includes(days)) return undefined;
  return {
    problem: `CloudWatch Logs cannot keep logs for ${days} days`,
    remedy: `use one of ${POSSIBLE_LOG_DAYS.join(", ")}`,
  };
}
