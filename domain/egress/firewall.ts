import { isWithin, PRIVATE_RANGES } from "../common/address-range";
import type { EgressPlan } from "./egress";
import { RETOOL_RANGES } from "./hosts";
import { firewallFilters, type MetricFilters } from "./metrics";
import { retoolAddressRules } from "./retool-hosts";
import type { EgressRule } from "./rules";
import { RETOOL_ADDRESSES_SET, suricataRules } from "./suricata";

/** Addresses of the environment that the firewall needs. */
export interface FirewallReferences {
  /** Every range of the VPC and of pods. */
  readonly cidrs: readonly string[];
  /**
   * Ranges of the subnets that only sandboxes and their nodes have; from there only what nodes call is passed.
   *
   * @default [] - sandboxes share their subnets
   */
  readonly sandboxCidrs?: readonly string[];
}

/** A network firewall. */
export interface FirewallPlan {
  /** Whether AWS refuses to delete the firewall, to move it, or to give it another policy. */
  readonly changeProtection: boolean;
  /** Ranges that count as inside. */
  readonly homeNet: readonly string[];
  /** Rules, one a line, in the order in which they are tried. */
  readonly rules: readonly string[];
  /** Rules that the rule group has room for; it can never change, so its name carries it. */
  readonly capacity: number;
  /** Ranges of the prefix list that the rules name; empty where addresses are not passed. */
  readonly prefixList: readonly string[];
  /** What is counted in the log of alerts. */
  readonly metrics: MetricFilters;
  /** What happens to what no rule mentions. */
  readonly defaultActions: readonly string[];
}

/**
 * What happens after the first packets of a connection that no rule has passed by then.
 *
 * Source: https://docs.aws.amazon.com/network-firewall/latest/developerguide/suricata-rule-evaluation-order.html; the server
 * direction only, so that answers and banners get through, and only once the name in a ClientHello of several packets is
 * known.
 */
const DEFAULT_ALERT = "aws:alert_established_app_layer_to_server";
const DEFAULT_DROP = "aws:drop_established_app_layer_to_server";

/** Smallest rule group, and what it grows by. */
const SMALLEST_CAPACITY = 200;

/** Plans the network firewall of an environment. */
export function planFirewall(
  egress: Pick<EgressPlan, "rules" | "mode" | "retoolAddresses" | "changeProtection">,
  { cidrs, sandboxCidrs = [] }: FirewallReferences,
): FirewallPlan {
  const { mode, retoolAddresses, changeProtection } = egress;
  // The shared range is added only where it is in use.
  const homeNet = [...PRIVATE_RANGES, ...cidrs.filter((cidr) => !isWithin(cidr, PRIVATE_RANGES))];
  const rules = suricataRules(firewallRules(egress.rules, retoolAddresses, homeNet), mode, sandboxCidrs);
  return {
    changeProtection,
    homeNet: [...new Set(homeNet)],
    rules,
    capacity: capacityFor(rules.length),
    prefixList: retoolAddresses ? RETOOL_RANGES : [],
    metrics: firewallFilters(egress.rules),
    defaultActions: mode === "enforce" ? [DEFAULT_DROP, DEFAULT_ALERT] : [DEFAULT_ALERT],
  };
}

/** Name of the prefix list in rules. */
export const PREFIX_LIST_NAME = RETOOL_ADDRESSES_SET;

/** The rules whose connections pass the firewall. */
function firewallRules(
  rules: readonly EgressRule[],
  retoolAddresses: boolean,
  homeNet: readonly string[],
): EgressRule[] {
  return [...rules, ...(retoolAddresses ? retoolAddressRules() : [])].filter(
    ({ route, sources, destination }) =>
      route === "internet" &&
      sources.some((source) => source !== "deployer") &&
      !(destination.kind === "range" && isWithin(destination.cidr, homeNet)),
  );
}

/**
 * Room for twice the rules there are, in steps that double.
 *
 * A step is a replacement of the rule group, so there are few of them.
 */
function capacityFor(count: number): number {
  const grow = (capacity: number): number => (capacity >= 2 * count ? capacity : grow(2 * capacity));
  return grow(SMALLEST_CAPACITY);
}
