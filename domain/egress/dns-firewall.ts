import type { EgressPlan } from "./egress";
import type { EgressDestination } from "./rules";
import type { EnvironmentContext } from "../common/context";

/** A guard over the names that a network's resolver answers for. */
export interface DnsFirewallPlan {
  /** Names that are resolved, sorted; an asterisk stands for everything below a domain. */
  readonly allowed: readonly string[];
  /** What happens to every other name. */
  readonly action: "ALERT" | "BLOCK";
}

/** Plans the DNS firewall of an environment. */
export function planDnsFirewall(
  { rules, mode }: Pick<EgressPlan, "rules" | "mode">,
  { region }: Pick<EnvironmentContext, "region">,
): DnsFirewallPlan {
  const names = rules
    .filter(({ sources }) => sources.some((source) => source !== "deployer"))
    .flatMap(({ destination }) => namesOf(destination));
  return {
    allowed: [...new Set([...names, ...platformNames(region)])].sort(),
    action: mode === "enforce" ? "BLOCK" : "ALERT",
  };
}

function namesOf(destination: EgressDestination): string[] {
  switch (destination.kind) {
    case "host":
      return [destination.host];
    case "subdomains":
      return [`*.${destination.domain}`];
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
