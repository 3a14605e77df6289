import { holesIn, type OwnRanges } from "./closed-ranges";
import type { EgressLevel, EgressMode, EgressPlan } from "./egress";
import { RETOOL_ADDRESSES, RETOOL_RANGES } from "./hosts";
import { widerName } from "./names";
import { alertBanner, isUnnamed } from "./notes";
import { type EgressRule, type EgressSource, formatDestination, isComponent } from "./rules";
import type { EnvironmentContext } from "../common/context";

/** One connection of the report. */
export interface EgressReportRow {
  /** Who opens it. */
  readonly who: readonly string[];
  /** Where to. */
  readonly where: string;
  /** TCP port, or `any`. */
  readonly port: number | "any";
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
  /** At which addresses it is reached: those that are listed, or what network policies open; empty for a name from nodes. */
  readonly addresses: string;
  /** What enforces it, and on what. */
  readonly enforcedBy: readonly string[];
}

/** Everything that may leave an environment, ready to be printed. */
export interface EgressReport {
  /** Name of the environment. */
  readonly environment: string;
  /** How far names are enforced. */
  readonly level: EgressLevel;
  /** Whether what is not listed is refused, or only reported. */
  readonly mode: EgressMode;
  /** Connections that leave pods, nodes, or the machine that deploys. */
  readonly connections: readonly EgressReportRow[];
  /** Hosts that Retool's documents or its chart name, and that stay closed. */
  readonly closed: EgressPlan["closed"];
  /** Connections between Retool's own containers. */
  readonly inside: readonly EgressReportRow[];
  /** Addresses of Retool's own hosts, for firewalls that know no names: ranges, and the same one by one. */
  readonly retoolAddresses: { readonly ranges: readonly string[]; readonly addresses: readonly string[] };
  /** The line to begin with while nothing is refused; empty otherwise. */
  readonly banner: string;
  /** Warnings. */
  readonly notes: readonly string[];
  /** What each level costs. */
  readonly costs: EgressPlan["costs"];
}

/** Collects what may leave an environment. */
export function egressReport(plan: EgressPlan, { name }: Pick<EnvironmentContext, "name">): EgressReport {
  return {
    environment: name,
    level: plan.level,
    mode: plan.mode,
    connections: plan.rules.map((rule) => connectionRow(rule, plan)),
    inside: plan.arrows.map(({ from, to, port, reason, inferred }) => ({
      who: [from],
      where: to,
      port: port.number,
      application: port.protocol.toLowerCase(),
      why: reason,
      data: "",
      required: true,
      inferred,
      source: "",
      addresses: "",
      enforcedBy: [POLICY],
    })),
    closed: plan.closed,
    retoolAddresses: { ranges: RETOOL_RANGES, addresses: RETOOL_ADDRESSES },
    banner: alertBanner(plan.owner ?? plan) ?? "",
    notes: plan.notes,
    costs: plan.costs,
  };
}

const POLICY = "network policy: container and port";

function connectionRow(rule: EgressRule, { level, ranges, owner }: EgressPlan): EgressReportRow {
  return {
    who: rule.sources,
    where: formatDestination(rule.destination),
    port: rule.port,
    application: rule.application,
    why: rule.reason,
    data: rule.data ?? "",
    required: rule.required,
    inferred: rule.inferred,
    source: rule.document,
    addresses: addressesOf(rule, ranges),
    enforcedBy: layersOf(rule, owner?.level ?? level, owner?.name),
  };
}

/** Where a policy lets a rule lead, and what it leaves out. */
function addressesOf(rule: EgressRule, ranges: OwnRanges | undefined): string {
  const { destination, addresses = [] } = rule;
  const pods = rule.sources.filter(isComponent);
  if (addresses.length > 0) return addresses.map((cidr) => withoutHoles(cidr, pods, ranges)).join("; ");
  if (pods.length === 0) return "";
  if (destination.kind === "range") return withoutHoles(destination.cidr, pods, ranges);
  if (destination.kind === "platform" || destination.kind === "namespace") return "";
  return anyAddress(rule);
}

function anyAddress({ route, mayBePrivate }: EgressRule): string {
  if (route === "private-link") return "the private subnets";
  return mayBePrivate === true ? "any; public ones only for code of users" : "public";
}

/** A range, and what stays closed in it; what stays closed only to code of users is said so. */
function withoutHoles(cidr: string, pods: readonly EgressSource[], ranges: OwnRanges | undefined): string {
  const forAll = holesIn(cidr, "nodes", ranges);
  const more = pods.flatMap((pod) => holesIn(cidr, pod, ranges).filter((hole) => !forAll.includes(hole)));
  return [
    cidr,
    ...(forAll.length === 0 ? [] : [`without ${forAll.join(", ")}`]),
    ...(more.length === 0 ? [] : [`for code of users also without ${[...new Set(more)].join(", ")}`]),
  ].join(" ");
}

function layersOf(rule: EgressRule, level: EgressLevel, owner?: string): string[] {
  if (rule.sources.every((source) => source === "deployer")) return [];
  const isOutside = !["range", "platform", "namespace"].includes(rule.destination.kind);
  const theirs = owner === undefined ? "" : ` of ${owner}`;
  const layers: readonly (readonly [boolean, string])[] = [
    [rule.sources.some(isComponent), POLICY],
    [isOutside && level !== "open", nameLayer(rule, theirs)],
    [rule.route === "endpoint" || rule.route === "private-link", `VPC endpoint${theirs}: service`],
    [level === "firewall" && rule.route === "internet" && !isUnnamed(rule), firewallLayer(rule, theirs)],
  ];
  return layers.filter(([applies]) => applies).map(([, layer]) => layer);
}

/** The policies of a guest at level `open` open more than the list of the network's owner, which decides. */
function nameLayer({ destination }: EgressRule, theirs: string): string {
  const name = formatDestination(destination);
  const what = destination.kind === "anywhere" ? "only listed names" : (widerName(name) ?? "name");
  return `DNS firewall${theirs}: ${what}`;
}

function firewallLayer({ application, destination: { kind } }: EgressRule, theirs: string): string {
  if (kind === "anywhere") return `network firewall${theirs}: only listed destinations`;
  return `network firewall${theirs}: ${application === "tcp" ? "address" : "name"} and port`;
}
