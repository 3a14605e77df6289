import { LOG_DAYS } from "../common/log-retention";
import { madeInstances } from "../environment/databases";
import type { EnvironmentPlan } from "../environment/environment";
import { times, priced, type PricedLine } from "./line";
import type { PriceBook } from "./prices";

/** One log: what it is taken to hold, since no setting says it, and how long it is kept; without days in a bucket of the organization. */
interface Log {
  readonly gb: number;
  readonly days?: number;
}

/** GB a month while few people work: assumptions, which the report names. */
const GB = { controlPlane: 8, flows: 8, names: 3, database: 1, firewall: 5, webAcl: 1 } as const;

/** The logs of everything but pods and nodes. */
export function logCosts(book: PriceBook, plan: EnvironmentPlan): PricedLine[] {
  const logs = logsOf(plan);
  const kept = logs.filter(({ days }) => days !== undefined);
  const sent = sum(logs) - sum(kept);
  return [
    ...(kept.length === 0 ? [] : [keptCost(book, kept)]),
    ...(sent === 0
      ? []
      : [priced(book, PART, `flow logs, ${sent} GB to the organization's bucket`, { "logs:to-bucket": sent })]),
    ...metricsCosts(book, plan),
  ];
}

/** GB a month that all of them are taken to hold. */
export function logsGB(plan: EnvironmentPlan): number {
  return sum(logsOf(plan));
}

const PART = "keys and logs";

function keptCost(book: PriceBook, logs: readonly Log[]): PricedLine {
  const days = logs.map((log) => log.days ?? 0);
  const [least, most] = [Math.min(...days), Math.max(...days)];
  const long = least === most ? `${most}` : `${least} to ${most}`;
  return priced(book, PART, `logs, ${sum(logs)} GB kept ${long} days`, {
    "logs:ingest": sum(logs),
    "logs:kept": logs.reduce((total, log) => total + (log.gb * (log.days ?? 0)) / 30, 0),
  });
}

function sum(logs: readonly Log[]): number {
  return logs.reduce((total, { gb }) => total + gb, 0);
}

function logsOf(plan: EnvironmentPlan): Log[] {
  const { cluster, network, egress, dnsFirewall, networkFirewall, frontDoor } = plan;
  const days = egress.logRetentionDays;
  return [
    ...(cluster.kind === "new" && cluster.logs.types.length > 0
      ? [{ gb: GB.controlPlane, days: cluster.logs.retentionDays }]
      : []),
    ...(network.kind === "new"
      ? [{ gb: GB.flows, ...(network.flowLogDestination === undefined ? { days: network.flowLogRetentionDays } : {}) }]
      : []),
    ...(dnsFirewall === undefined ? [] : [{ gb: GB.names, days }]),
    ...(networkFirewall === undefined ? [] : [{ gb: GB.firewall, days }]),
    ...(frontDoor.waf === undefined ? [] : [{ gb: GB.webAcl, days: LOG_DAYS.webAcl }]),
    ...Object.values(madeInstances(plan)).map(({ logRetentionDays }) => ({ gb: GB.database, days: logRetentionDays })),
  ];
}

/** Metrics that lines of logs make; one without lines costs nothing, but those of the cluster's logs are zero then. */
function metricsCosts(book: PriceBook, plan: EnvironmentPlan): PricedLine[] {
  const { dnsFirewall, networkFirewall, observability } = plan;
  const always = observability.logs?.counts.length ?? 0;
  const refusals = [dnsFirewall?.metrics, networkFirewall?.metrics].flatMap((filters) => Object.keys(filters ?? {}));
  if (always + refusals.length === 0) return [];
  const count = { ...times(always, 1), atMost: always + refusals.length };
  return [priced(book, PART, `${always} to ${count.atMost} metrics of logs`, { "cloudwatch:metric": count })];
}
