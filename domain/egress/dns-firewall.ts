import type { EgressPlan } from "./egress";
import { type MetricFilters, nameFilters } from "./metrics";
import type { EgressDestination } from "./rules";
import type { EnvironmentContext } from "../common/context";

/** A guard over the names that a network's resolver answers for. */
export interface DnsFirewallPlan {
  /** Names that are resolved, sorted; an asterisk stands for everything below a domain. */
  readonly allowed: readonly string[];
  /** Place of its group among those of the VPC: the lowest is asked first, and no two may have the same. */
  readonly priority: number;
  /** What is counted in the log of queries. */
  readonly metrics: MetricFilters;
  /** What happens to every other name. */
  readonly action: "ALERT" | "BLOCK";
}

/** The first priority that an account may give to its own group. */
const FIRST_GROUP = 101;

/** In a network of others their groups go first; ours has a number that follows from its name, so that no two collide. */
const FIRST_OF_OTHERS = 5000;
const PLACES = 4000;

function checksum(text: string): number {
  return new TextEncoder().encode(text).reduce((sum, byte) => (sum * 31 + byte) % PLACES, 0);
}

/** Plans the DNS firewall of an environment. */
export function planDnsFirewall(
  { rules, mode }: Pick<EgressPlan, "rules" | "mode">,
  { region, prefix }: Pick<EnvironmentContext, "region" | "prefix">,
  network: "own" | "others" = "own",
): DnsFirewallPlan {
  const names = rules
    .filter(({ sources }) => sources.some((source) => source !== "deployer"))
    .flatMap(({ destination }) => namesOf(destination));
  return {
    allowed: [...new Set([...names, ...platformNames(region)])].sort(),
    priority: network === "own" ? FIRST_GROUP : FIRST_OF_OTHERS + checksum(prefix),
    metrics: nameFilters(rules),
    action: mode === "enforce" ? "BLOCK" : "ALERT",
  };
}

/**
 * The name of a host in a list of domains, which takes no underscore: everything below its parent stands for such a host.
 *
 * Policies and the firewall still know the host itself.
 * Source: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-dns-firewall-user-managed-domain-lists.html
 */
function listedName(host: string): string {
  const labels = host.split(".");
  const last = labels.map((label) => label.includes("_")).lastIndexOf(true);
  return last < 0 ? host : `*.${labels.slice(last + 1).join(".")}`;
}

function namesOf(destination: EgressDestination): string[] {
  switch (destination.kind) {
    case "host":
      return [listedName(destination.host)];
    case "subdomains":
      return [destination.domain.includes("_") ? listedName(destination.domain) : `*.${destination.domain}`];
    case "range":
    case "anywhere":
    case "namespace":
    case "platform":
      return [];
  }
}

/**
 * Names that are resolved for addresses inside the VPC.
 *
 * Names of the cluster itself are CoreDNS's own and never asked for outside.
 */
function platformNames(region: string): string[] {
  return [
    // The control plane.
    `*.${region}.eks.amazonaws.com`,
    // The database.
    `*.${region}.rds.amazonaws.com`,
    // Names of nodes, which are also tried as the end of every other name.
    region === "us-east-1" ? "*.ec2.internal" : `*.${region}.compute.internal`,
  ];
}
