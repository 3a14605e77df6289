import type { CapacityPlan } from "../capacity/capacity";
import type { EnvironmentPlan } from "../environment/environment";
import type { AuditBucketPlan } from "../observability/audit-bucket";
import type { LogsPlan } from "../observability/logs";
import { type MonthlyCost, MONTH_HOURS, priced, type PricedLine } from "./line";
import { sandboxNodesOf } from "./node-costs";
import type { PriceBook } from "./prices";

/** What the logs of pods are taken as, since no setting says it: a GB a month. */
export const POD_LOGS_GB = 15;

/**
 * Metrics that the agent publishes each minute of a pod with one container, and of a node.
 *
 * Source: the declarations of https://github.com/aws/amazon-cloudwatch-agent (translator/translate/otel/exporter/awsemf/kubernetes.go).
 */
const METRICS_OF = { pod: 40, node: 33 } as const;

/** Pods on every node: network plugin, proxy, credentials, disks, and the two agents. */
const PODS_OF_A_NODE = 6;

/** Alarms, dashboard, and logs and metrics of pods and nodes. */
export function watchingCosts(book: PriceBook, plan: EnvironmentPlan): PricedLine[] {
  const { alarms, dashboard, logs } = plan.observability;
  const count = alarms?.alarms.length ?? 0;
  return [
    ...(count > 0 ? [priced(book, PART, `${count} alarms`, { "cloudwatch:alarm": count })] : []),
    ...(dashboard === undefined ? [] : [priced(book, PART, "dashboard", { "cloudwatch:dashboard": 1 })]),
    ...(logs === undefined ? [] : logsCosts(book, plan, logs)),
    ...(logs?.auditBucket === undefined ? [] : [auditCosts(book, logs.auditBucket)]),
  ];
}

const PART = "observability";

function logsCosts(book: PriceBook, { capacity, cluster }: EnvironmentPlan, logs: LogsPlan): PricedLine[] {
  const days = logs.groups.find(({ name }) => name === "application")?.retentionDays ?? 0;
  const system = cluster.systemNodes?.count ?? 0;
  return [
    priced(book, PART, `logs of pods and nodes, ${POD_LOGS_GB} GB kept ${days} days`, {
      "logs:ingest": POD_LOGS_GB,
      "logs:kept": (POD_LOGS_GB * days) / 30,
    }),
    priced(book, PART, "metrics of pods and nodes", {
      "cloudwatch:observations": observations(nodesOf(capacity, system), logs.basePods),
    }),
  ];
}

/** What audit events are taken as, since no setting says it: a GB a month, compressed. */
const AUDIT_GB = 1;

/** Files a month, in thousands: one every five minutes from two nodes on which `api` runs. */
const AUDIT_FILES = (2 * MONTH_HOURS * 12) / 1000;

/** The bucket has grown to its full size once the first event is deleted. */
function auditCosts(book: PriceBook, { retentionDays }: AuditBucketPlan): PricedLine {
  return priced(book, PART, `bucket of audit events, ${AUDIT_GB} GB a month kept ${retentionDays} days`, {
    "s3:standard": (AUDIT_GB * retentionDays) / 30,
    "s3:put": AUDIT_FILES,
  });
}

function nodesOf(capacity: CapacityPlan, system: number): MonthlyCost {
  const sandboxes = sandboxNodesOf(capacity);
  const pools = [capacity.retoolPool, ...(capacity.codePool === undefined ? [] : [capacity.codePool])];
  const base = system + pools.reduce((sum, { nodesAtRest }) => sum + nodesAtRest, 0);
  return {
    atRest: base + sandboxes.atRest,
    workingDays: base + sandboxes.workingDays,
    atMost: system + pools.reduce((sum, { limits }) => sum + limits.nodes, 0) + sandboxes.atMost,
  };
}

/** Millions a month. */
function observations(nodes: MonthlyCost, pods: number): MonthlyCost {
  const of = (count: number): number => {
    const each = count * METRICS_OF.node + (pods + count * PODS_OF_A_NODE) * METRICS_OF.pod;
    return (each * MONTH_HOURS * 60) / 1_000_000;
  };
  return { atRest: of(nodes.atRest), workingDays: of(nodes.workingDays), atMost: of(nodes.atMost) };
}
