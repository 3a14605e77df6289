import type { EgressPlan } from "./egress";
import { REQUIRED_HOST } from "./retool-hosts";
import type { EgressRule } from "./rules";

/** A metric of what was refused, without dimensions. */
export interface EgressMetric {
  /** Namespace, one an environment. */
  readonly namespace: string;
  /** Name. */
  readonly metricName: string;
  /** What one count of it means. */
  readonly what: string;
  /**
   * What follows from it.
   *
   * @default - no further consequence
   */
  readonly more?: string;
}

/** A filter that counts lines of a log. */
export interface MetricFilter {
  /** Name of the metric that it writes. */
  readonly metricName: string;
  /** Lines that it counts, in the language of CloudWatch Logs. */
  readonly pattern: string;
  /** What such a line means. */
  readonly what: string;
  /**
   * What follows from it.
   *
   * @default - no further consequence
   */
  readonly more?: string;
}

const LICENSE = "Retool stops when it cannot check its license";

/** Which of the metrics there are follows from the level. */
export type EgressMetrics = Partial<Record<MetricId, EgressMetric>>;

/** Metrics by what they count. */
export type MetricId =
  "refusedNames" | "refusedLicence" | "firewallRejected" | "firewallDropped" | "firewallLicence" | "foreignRange";

/** Filters by what they count. */
export type MetricFilters = Readonly<Partial<Record<MetricId, MetricFilter>>>;

/** Namespace of an environment's metrics. */
export function metricNamespace(prefix: string): string {
  return `cdktf-retool/${prefix}`;
}

/**
 * What the log of names shows: names that are not listed, and apart from them the host of the license where it is listed,
 * without which Retool stops.
 *
 * Source: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-query-logs-format.html; names end with a dot there.
 */
export function nameFilters(rules: readonly EgressRule[]): MetricFilters {
  const refused = '(($.firewall_rule_action = "BLOCK") || ($.firewall_rule_action = "ALERT"))';
  const names = {
    metricName: "RefusedNames",
    what: "an unlisted name was refused",
    more: 'with egress.mode "alert" such a name is resolved all the same',
  };
  if (!checksLicense(rules)) return { refusedNames: { ...names, pattern: `{ ${refused} }` } };
  return {
    refusedNames: { ...names, pattern: `{ ${refused} && ($.query_name != "${REQUIRED_HOST}.") }` },
    refusedLicence: {
      metricName: "RefusedLicenceHost",
      pattern: `{ ${refused} && ($.query_name = "${REQUIRED_HOST}.") }`,
      what: `the name ${REQUIRED_HOST} was refused`,
      more: LICENSE,
    },
  };
}

/**
 * What the firewall's log shows, by the numbers of the rules in `suricata.ts`: they stay when a rule only reports. A line without
 * a name counts as one with another name.
 *
 * Source: https://docs.aws.amazon.com/network-firewall/latest/developerguide/firewall-logging-contents.html
 */
export function firewallFilters(rules: readonly EgressRule[]): MetricFilters {
  const rejected = numbers(131, 135);
  const isLicense = `$.event.tls.sni = "${REQUIRED_HOST}"`;
  const others = `(($.event.tls.sni NOT EXISTS) || ($.event.tls.sni != "${REQUIRED_HOST}"))`;
  const hasLicense = checksLicense(rules);
  return {
    firewallRejected: {
      metricName: "FirewallRejected",
      pattern: hasLicense ? `{ ${rejected} && ${others} }` : `{ ${rejected} }`,
      what: "the firewall reset a connection to a port or a name that is not listed",
    },
    firewallDropped: {
      metricName: "FirewallDropped",
      pattern: `{ ${numbers(121, 123)} }`,
      what: "the firewall dropped QUIC, other UDP, or something that is neither TCP nor UDP",
    },
    foreignRange: {
      metricName: "HomeNetLacksRange",
      pattern: "{ $.event.alert.signature_id = 103 }",
      what: "the firewall saw a range that is not in its HOME_NET",
      more: "no rule applies to it",
    },
    ...(hasLicense
      ? {
          firewallLicence: {
            metricName: "FirewallRejectedLicenceHost",
            pattern: `{ ${rejected} && (${isLicense}) }`,
            what: `the firewall reset a connection to ${REQUIRED_HOST}`,
            more: LICENSE,
          },
        }
      : {}),
  };
}

function checksLicense(rules: readonly EgressRule[]): boolean {
  return rules.some(({ destination }) => destination.kind === "host" && destination.host === REQUIRED_HOST);
}

function numbers(first: number, last: number): string {
  return `($.event.alert.signature_id >= ${first}) && ($.event.alert.signature_id <= ${last})`;
}

/** The metrics that the logs of an environment's firewalls are counted into. */
export function egressMetrics({ level, rules }: Pick<EgressPlan, "level" | "rules">, prefix: string): EgressMetrics {
  const filters: MetricFilters = {
    ...(level === "open" ? {} : nameFilters(rules)),
    ...(level === "firewall" ? firewallFilters(rules) : {}),
  };
  const namespace = metricNamespace(prefix);
  return Object.fromEntries(
    Object.entries(filters).map(([id, { metricName, what, more }]) => [id, { namespace, metricName, what, more }]),
  );
}
