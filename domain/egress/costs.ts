import { EGRESS_PRICES, monthlyCents } from "./prices";
import type { EgressRule } from "./rules";
import type { EgressLevel } from "./spec";

/** What a level costs, at list prices of us-east-1. */
export interface LevelCost {
  /** US dollars a month of 730 hours that are due without any use, such as 766.53. */
  readonly perMonth: number;
  /** What is due on top, by use. */
  readonly byUse: string;
  /** What the level stops, and what it does not. */
  readonly buys: string;
}

/** What the cost of a firewall follows from. */
export interface NetworkSize {
  /** Zones, each with an endpoint of the firewall. */
  readonly zones: number;
  /** NAT gateways, at most one a zone, whose hours are waived behind a firewall. */
  readonly natGateways: number;
}

const BUYS = {
  open: "Only listed containers connect to public addresses, on listed ports; host names are not checked.",
  dns:
    "Also, only listed names are resolved. api, workers and nodes can still connect to a hard-coded address on an open port; users' code " +
    "has no internet access unless it is listed.",
  firewall:
    "Also, each connection must name a listed host in its first bytes or go to a listed address, so hard-coded addresses of api, workers " +
    "and nodes are blocked. A client that sends a listed name but connects elsewhere is not stopped.",
} as const;

const BY_QUERY = `$${EGRESS_PRICES["dns-firewall:queries"][0].toFixed(2)} a million queries`;

/** What each level costs compared with an open one. */
export function levelCosts(
  rules: readonly EgressRule[],
  { zones, natGateways }: NetworkSize,
): Readonly<Record<EgressLevel, LevelCost>> {
  const names = rules.filter(
    ({ destination: { kind }, sources }) =>
      (kind === "host" || kind === "subdomains") && sources.some((source) => source !== "deployer"),
  ).length;
  const dnsCents = Math.ceil(names * EGRESS_PRICES["dns-firewall:name"][0] * 100);
  const firewallCents = zones * monthlyCents("firewall:endpoint") - natGateways * monthlyCents("nat:hour");
  return {
    open: { perMonth: 0, byUse: "", buys: BUYS.open },
    dns: { perMonth: dnsCents / 100, byUse: BY_QUERY, buys: BUYS.dns },
    firewall: {
      perMonth: (dnsCents + firewallCents) / 100,
      byUse: `$${EGRESS_PRICES["firewall:gb"][0]} a GB, and ${BY_QUERY}`,
      buys: BUYS.firewall,
    },
  };
}
