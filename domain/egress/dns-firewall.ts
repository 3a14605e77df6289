import type { EgressPlan } from "./egress";
import { type MetricFilters, nameFilters } from "./metrics";
import { widerName } from "./names";
import { type EgressDestination, formatDestination } from "./rules";
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

/**
 * In a network of others their groups go first. Ours has the same number in every instance: AWS refuses a second group with it,
 * where two lists would each refuse what only the other has.
 *
 * Source: https://docs.aws.amazon.com/Route53/latest/APIReference/API_route53resolver_AssociateFirewallRuleGroup.html
 */
const GROUP_AMONG_OTHERS = 5000;

/** Plans the DNS firewall of an environment. */
export function planDnsFirewall(
  { rules, mode }: Pick<EgressPlan, "rules" | "mode">,
  { region }: Pick<EnvironmentContext, "region">,
  network: "own" | "others" = "own",
): DnsFirewallPlan {
  const names = rules
    .filter(({ sources }) => sources.some((source) => source !== "deployer"))
    .flatMap(({ destination }) => namesOf(destination));
  return {
    allowed: [...new Set([...names, ...platformNames(region)])].sort(),
    priority: network === "own" ? FIRST_GROUP : GROUP_AMONG_OTHERS,
    metrics: nameFilters(rules),
    action: mode === "enforce" ? "BLOCK" : "ALERT",
  };
}

function namesOf(destination: EgressDestination): string[] {
  if (destination.kind !== "host" && destination.kind !== "subdomains") return [];
  const name = formatDestination(destination);
  return [widerName(name) ?? name];
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
