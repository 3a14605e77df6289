import type { EnvironmentContext } from "../common/context";
import type { Violation } from "../common/violation";
import type { EgressPlan } from "../egress/egress";
import type { DnsPlan } from "../front-door/dns";
import type { TemporalPlan } from "../temporal/temporal";
import type { SiteNetworkPlan } from "./site";

/** The parts of an environment that do something to its VPC. */
export interface NetworkUsers {
  /** The environment. */
  readonly context: EnvironmentContext;
  /** The network. */
  readonly network: SiteNetworkPlan;
  /** Firewalls. */
  readonly egress: EgressPlan;
  /** Endpoint of Temporal Cloud. */
  readonly temporal: TemporalPlan;
  /** Private zone. */
  readonly dns: DnsPlan;
}

/** What only the owner of a VPC can do in it. Source: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-share-limitations.html */
const BY_ITS_OWNER = "which only the account that owns the VPC can do";

/** Refuses what an account to which subnets are shared cannot do: AWS would refuse it in the middle of an apply. */
export function sharedNetworkViolations({ network, egress, temporal, dns, context }: NetworkUsers): Violation[] {
  if (network.kind === "new" || network.ownerAccount === undefined) return [];
  if (network.ownerAccount === context.account) {
    const problem = `"${context.account}" is the environment's own account`;
    return [{ path: "network.ownerAccount", problem, remedy: "remove it" }];
  }
  const refused = (path: string, what: string, remedy: string): Violation => ({
    path,
    problem: `${what}, ${BY_ITS_OWNER}`,
    remedy,
  });
  return [
    ...(egress.level === "dns"
      ? [
          refused(
            "egress.level",
            '"dns" attaches a firewall to the resolver of the VPC',
            'use "open", and give the owner the names that `npx cdktf-retool egress` lists',
          ),
        ]
      : []),
    ...(temporal.privateLink === undefined
      ? []
      : [refused("temporal.privateLink", "it makes an endpoint in the VPC", "remove it, and ask the owner for one")]),
    ...(dns.zone.kind === "create-private"
      ? [refused("dns.kind", "it attaches a private zone to the VPC", 'use "none", and ask the owner for the records')]
      : []),
  ];
}
