import type { EgressPlan } from "./egress";
import { REQUIRED_HOST } from "./retool-hosts";

/** A metric of what was refused, without dimensions. */
export interface EgressMetric {
  /** Namespace, one an environment. */
  readonly namespace: string;
  /** Name. */
  readonly metricName: string;
  /** What one count of it means. */
  readonly what: string;
}

/** A filter that counts lines of a log. */
export interface MetricFilter {
  /** Name of the metric that it writes. */
  readonly metricName: string;
  /** Lines that it counts, in the language of CloudWatch Logs. */
  readonly pattern: string;
  /** What such a line means. */
  readonly what: string;
}

/** Which of the metrics there are follows from the level. */
export type EgressMetrics = Partial<Record<MetricId, EgressMetric>>;

/** Metrics by what they count. */
export type MetricId =
  "refusedNames" | "refusedLicence" | "firewallRejected" | "firewallDropped" | "firewallLicence" | "foreignRange";

type Filters = Readonly<Partial<Record<MetricId, MetricFilter>>>;

/** Namespace of an environment's metrics. */
export function metricNamespace(prefix: string): string {
  return `cdktf-retool/${prefix}`;
}

/**
 * What the log of names shows: names that are not listed, the host of the licence apart, without which Retool stops.
 *
 * Source: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-query-logs-format.html; names end with a dot there.
 */
export const NAME_FILTERS = {
  refusedNames: {
    metricName: "RefusedNames",
    pattern: `{ ${nameWas("!=")} }`,
    what: "a name that is not listed was not resolved, or while egress only alerts would not have been",
  },
  refusedLicence: {
    metricName: "RefusedLicenceHost",
    pattern: `{ ${nameWas("=")} }`,
    what: `${REQUIRED_HOST} was not resolved: Retool stops when it cannot check its licence`,
  },
} as const satisfies Filters;

/** A line without a name counts as one with another name. */
const NOT_LICENCE = `($.event.tls.sni NOT EXISTS) || ($.event.tls.sni != "${REQUIRED_HOST}")`;

/**
 * What the firewall's log shows, by the numbers of the rules in `suricata.ts`: they stay when a rule only reports.
 *
 * Source: https://docs.aws.amazon.com/network-firewall/latest/developerguide/firewall-logging-contents.html
 */
export const FIREWALL_FILTERS = {
  firewallRejected: {
    metricName: "FirewallRejected",
    pattern: `{ ${rules(131, 135)} && (${NOT_LICENCE}) }`,
    what: "the firewall reset a connection to a port or a name that is not listed",
  },
  firewallDropped: {
    metricName: "FirewallDropped",
    pattern: `{ ${rules(121, 123)} }`,
    what: "the firewall dropped QUIC, other UDP, or something that is neither TCP nor UDP",
  },
  firewallLicence: {
    metricName: "FirewallRejectedLicenceHost",
    pattern: `{ ${rules(131, 135)} && ($.event.tls.sni = "${REQUIRED_HOST}") }`,
    what: `the firewall reset a connection to ${REQUIRED_HOST}: Retool stops when it cannot check its licence`,
  },
  foreignRange: {
    metricName: "HomeNetLacksRange",
    pattern: "{ $.event.alert.signature_id = 103 }",
    what: "the firewall saw a range that is not among its own (HOME_NET), to which no rule applies",
  },
} as const satisfies Filters;

function nameWas(operator: "=" | "!="): string {
  const refused = '(($.firewall_rule_action = "BLOCK") || ($.firewall_rule_action = "ALERT"))';
  return `${refused} && ($.query_name ${operator} "${REQUIRED_HOST}.")`;
}

function rules(first: number, last: number): string {
  return `($.event.alert.signature_id >= ${first}) && ($.event.alert.signature_id <= ${last})`;
}

/** The metrics that the logs of an environment's firewalls are counted into. */
export function egressMetrics({ level }: Pick<EgressPlan, "level">, prefix: string): EgressMetrics {
  const filters: Filters = {
    ...(level === "open" ? {} : NAME_FILTERS),
    ...(level === "firewall" ? FIREWALL_FILTERS : {}),
  };
  const namespace = metricNamespace(prefix);
  return Object.fromEntries(
    Object.entries(filters).map(([id, { metricName, what }]) => [id, { namespace, metricName, what }]),
  );
}
