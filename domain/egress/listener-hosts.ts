import { HTTPS_PORT } from "./hosts";
import { nameDestination } from "./names";
import type { EgressRule } from "./rules";

/** What begins the identities of these rules, and of no other. */
const PREFIX = "listener/";

/**
 * Rules that let the VPC resolve the names under which Retool is opened: its DNS firewall also decides about names of private zones.
 *
 * Machines in the VPC need them: a port that is forwarded through a node, the bastion, a workstation, a VPN that asks the VPC's
 * resolver. No pod gets anything, and the network firewall never sees these connections of an internal load balancer.
 *
 * Source: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-dns-firewall-overview.html
 */
export function listenerRules(names: readonly string[] = []): EgressRule[] {
  return names.map((name) => ({
    id: `${PREFIX}${name}`,
    sources: ["nodes"],
    destination: nameDestination(name),
    port: HTTPS_PORT,
    application: "tls",
    route: "private",
    reason: "Lets machines in the VPC open Retool",
    document: "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-dns-firewall-overview.html",
    inferred: false,
    required: false,
  }));
}

/** Whether a rule only leads to Retool itself. */
export function leadsToListener({ id }: Pick<EgressRule, "id">): boolean {
  return id.startsWith(PREFIX);
}
