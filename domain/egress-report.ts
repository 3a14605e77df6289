import type { EgressLevel, EgressPlan } from "./egress";
import { RETOOL_ADDRESSES, RETOOL_RANGES } from "./egress-hosts";
import { type EgressRule, formatDestination } from "./egress-rules";
import type { EnvironmentContext } from "./environment-context";

/** One connection of the report. */
export interface EgressReportRow {
  /** Who opens it. */
  readonly who: readonly string[];
  /** Where to. */
  readonly where: string;
  /** TCP port, or `any`. */
  readonly port: string;
  /** What is spoken. */
  readonly application: string;
  /** What for. */
  readonly why: string;
  /** What leaves, as far as a document says; empty otherwise. */
  readonly data: string;
  /** Whether Retool does not work without it. */
  readonly required: boolean;
  /** Whether it is our conclusion instead of a document's word. */
  readonly inferred: boolean;
  /** Page it comes from; empty where it is the team's own. */
  readonly source: string;
  /** What enforces it, and on what. */
  readonly enforcedBy: readonly string[];
}

/** What a level costs. */
export interface LevelCost {
  /** Level. */
  readonly level: EgressLevel;
  /** US cents a month that are due whatever is used, rounded; in us-east-1. */
  readonly monthlyCents: number;
  /** What is due on top, by use. */
  readonly byUse: string;
}

/** Everything that may leave an environment, ready to be printed. */
export interface EgressReport {
  /** Name of the environment. */
  readonly environment: string;
  /** How far names are enforced. */
  readonly level: EgressLevel;
  /** Connections that leave pods, nodes, or the machine that deploys. */
  readonly connections: readonly EgressReportRow[];
  /** Connections between Retool's own containers. */
  readonly inside: readonly EgressReportRow[];
  /** Addresses of Retool's own hosts, for firewalls that know no names: ranges, and the same one by one. */
  readonly retoolAddresses: { readonly ranges: readonly string[]; readonly addresses: readonly string[] };
  /** What is worth knowing. */
  readonly notes: readonly string[];
  /** What each level costs. */
  readonly costs: readonly LevelCost[];
}

/** Collects what may leave an environment. */
export function egressReport(
  plan: EgressPlan,
  { name }: Pick<EnvironmentContext, "name">,
  size: { readonly zones: number },
): EgressReport {
  return {
    environment: name,
    level: plan.level,
    connections: plan.rules.map((rule) => connectionRow(rule, plan.level)),
    inside: plan.arrows.map(({ from, to, port, reason, inferred }) => ({
      who: [from],
      where: to,
      port: String(port.number),
      application: port.protocol.toLowerCase(),
      why: reason,
      data: "",
      required: true,
      inferred,
      source: "",
      enforcedBy: [POLICY],
    })),
    retoolAddresses: { ranges: RETOOL_RANGES, addresses: RETOOL_ADDRESSES },
    notes: plan.notes,
    costs: levelCosts(size.zones),
  };
}

const POLICY = "network policy: container and port";
const DNS_FIREWALL = "DNS firewall: name";

function connectionRow(rule: EgressRule, level: EgressLevel): EgressReportRow {
  return {
    who: rule.sources,
    where: formatDestination(rule.destination),
    port: String(rule.port),
    application: rule.application,
    why: rule.reason,
    data: rule.data ?? "",
    required: rule.required,
    inferred: rule.inferred,
    source: rule.document,
    enforcedBy: layersOf(rule, level),
  };
}

function layersOf(rule: EgressRule, level: EgressLevel): string[] {
  if (rule.sources.every((source) => source === "deployer")) return [];
  const hasName = rule.destination.kind === "host" || rule.destination.kind === "subdomains";
  const layers: readonly (readonly [boolean, string])[] = [
    [rule.sources.some((source) => source !== "nodes" && source !== "deployer"), POLICY],
    [hasName && level !== "open", DNS_FIREWALL],
    [rule.route === "endpoint", "VPC endpoint: service"],
    [level === "firewall" && rule.route === "internet", firewallLayer(rule)],
  ];
  return layers.filter(([applies]) => applies).map(([, layer]) => layer);
}

function firewallLayer({ application }: EgressRule): string {
  return `network firewall: ${application === "tcp" ? "address" : "name"} and port`;
}

/**
 * Prices of us-east-1, in US cents a month of 730 hours.
 *
 * Sources: https://aws.amazon.com/network-firewall/pricing/ ($0.395 an endpoint and hour; the hours of as many NAT gateways
 * are waived), https://aws.amazon.com/route53/pricing/ (DNS Firewall).
 */
const FIREWALL_ENDPOINT_CENTS = 28_835;
const NAT_GATEWAY_CENTS = 3_285;

function levelCosts(zones: number): LevelCost[] {
  return [
    { level: "open", monthlyCents: 0, byUse: "" },
    { level: "dns", monthlyCents: 0, byUse: "$0.60 a million queries and $0.0005 a name" },
    {
      level: "firewall",
      monthlyCents: zones * (FIREWALL_ENDPOINT_CENTS - NAT_GATEWAY_CENTS),
      byUse: "$0.065 a GB, and the queries of level dns",
    },
  ];
}
