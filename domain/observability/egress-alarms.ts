import type { EgressMetrics, MetricId } from "../egress/metrics";
import { type AlarmPlan, FIVE_MINUTES } from "./alarm";

/** How often something may be refused in five minutes before somebody looks, and where it says what to do. */
interface Rule {
  readonly name: string;
  readonly runbook: "refused-names" | "firewall-drops";
  readonly threshold: number;
}

/** Users' code tries what it likes, so that single refusals are ordinary; one of the license's host is not. */
const RULES: Readonly<Record<MetricId, Rule>> = {
  refusedNames: { name: "refused-names", runbook: "refused-names", threshold: 50 },
  refusedLicence: { name: "refused-license", runbook: "refused-names", threshold: 0 },
  firewallRejected: { name: "firewall-rejected", runbook: "firewall-drops", threshold: 50 },
  firewallDropped: { name: "firewall-dropped", runbook: "firewall-drops", threshold: 50 },
  firewallLicence: { name: "firewall-license", runbook: "firewall-drops", threshold: 0 },
  foreignRange: { name: "firewall-foreign-range", runbook: "firewall-drops", threshold: 0 },
};

/** Alarms of what was refused on the way out, as far as the level sees it. */
export function egressAlarms(metrics: EgressMetrics): AlarmPlan[] {
  return Object.entries(metrics).map(([id, { namespace, metricName, what, more }]) => {
    const { name, runbook, threshold } = RULES[id as MetricId];
    const often = threshold === 0 ? "at least once" : `more than ${threshold} times`;
    return {
      name,
      runbook,
      says: `${what.slice(0, 1).toUpperCase()}${what.slice(1)} ${often} in 5 minutes${more === undefined ? "" : `; ${more}`}`,
      metric: { namespace, metricName, dimensions: [] },
      dimensions: {},
      statistic: "Sum",
      periodSeconds: FIVE_MINUTES,
      periods: 1,
      wrong: "GreaterThanThreshold",
      threshold,
    };
  });
}
