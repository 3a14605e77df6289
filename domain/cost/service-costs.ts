import { counted } from "../common/counted";
import type { EnvironmentPlan } from "../environment/environment";
import type { NetworkPlan } from "../network/spec";
import { databaseCosts } from "./database-costs";
import { hours, priced, type PricedLine, times } from "./line";
import { logCosts } from "./log-costs";
import type { PriceBook } from "./prices";
import { storageCosts } from "./storage-costs";
import { watchingCosts } from "./watching-costs";

/** Capacity units of the load balancer, since no setting says how many requests there are. */
const LOAD_BALANCER_UNITS = 1;

/** Everything but nodes. */
export function serviceCosts(book: PriceBook, plan: EnvironmentPlan): PricedLine[] {
  return [
    ...clusterCosts(book, plan),
    ...databaseCosts(book, plan),
    ...networkCosts(book, plan),
    ...entranceCosts(book, plan),
    ...keyCosts(book, plan),
    ...logCosts(book, plan),
    ...storageCosts(book, plan),
    ...watchingCosts(book, plan),
  ];
}

function clusterCosts(book: PriceBook, { cluster }: EnvironmentPlan): PricedLine[] {
  return cluster.kind === "new" ? [priced(book, "cluster", "EKS control plane", { "eks:cluster": hours(1) })] : [];
}

function networkCosts(book: PriceBook, plan: EnvironmentPlan): PricedLine[] {
  const { bastion, network, networkFirewall, dnsFirewall, temporal } = plan;
  const { zones } = network;
  // Besides the allowed names, there is an entry for every other one.
  const names = (dnsFirewall?.allowed.length ?? 0) + 1;
  return [
    ...(network.kind === "new" ? newNetworkCosts(book, plan, network) : []),
    ...(networkFirewall
      ? [priced(book, "network", `network firewall, ${zones} endpoints`, { "firewall:endpoint": hours(zones) })]
      : []),
    ...(temporal.privateLink
      ? [
          priced(book, "network", `endpoint of Temporal Cloud, ${zones} zones, with its hosted zone`, {
            "vpc:endpoint": hours(zones),
            "route53:zone": 1,
          }),
        ]
      : []),
    ...(bastion
      ? [
          priced(book, "network", `bastion ${bastion.instanceType}`, {
            "bastion:t4g.nano": hours(1),
            "ebs:gp3": bastion.diskGiB,
          }),
        ]
      : []),
    ...(dnsFirewall ? [priced(book, "network", `DNS firewall, ${names} names`, { "dns-firewall:name": names })] : []),
  ];
}

/** AWS waives the hours of as many NAT gateways as a firewall has endpoints. */
function newNetworkCosts(
  book: PriceBook,
  { networkFirewall }: EnvironmentPlan,
  { natZones, interfaceEndpoints, zones }: NetworkPlan,
): PricedLine[] {
  const nats = natZones.length;
  const endpoints = interfaceEndpoints.length * zones;
  const gateways = (): PricedLine =>
    priced(
      book,
      "network",
      `NAT gateways, ${nats}${networkFirewall ? ", free with the firewall but for their addresses" : ""}`,
      {
        "nat:hour": hours(networkFirewall ? 0 : nats),
        "vpc:public-ipv4": hours(nats),
      },
    );
  const interfaces = (): PricedLine =>
    priced(book, "network", `interface endpoints, ${interfaceEndpoints.length} x ${zones} zones`, {
      "vpc:endpoint": hours(endpoints),
    });
  return [...(nats > 0 ? [gateways()] : []), ...(endpoints > 0 ? [interfaces()] : [])];
}

/** Rules of the web access control list: three sets of AWS, and the one that limits requests. */
const WAF_RULES = 4;

function entranceCosts(book: PriceBook, { frontDoor, network, dns }: EnvironmentPlan): PricedLine[] {
  const { zone } = dns;
  return [
    priced(book, "entrance", "load balancer", {
      "alb:hour": hours(1),
      "alb:lcu": hours(LOAD_BALANCER_UNITS),
      "vpc:public-ipv4": hours(frontDoor.internal ? 0 : network.zones),
    }),
    ...(frontDoor.waf === undefined ? [] : [priced(book, "entrance", "WAF", { "waf:acl": 1, "waf:rule": WAF_RULES })]),
    ...(zone.kind === "create" || zone.kind === "create-private"
      ? [priced(book, "entrance", "hosted zone", { "route53:zone": 1 })]
      : []),
  ];
}

function keyCosts(book: PriceBook, { keys, secrets, backup }: EnvironmentPlan): PricedLine[] {
  const { cluster, data, logs } = keys;
  const made = [cluster, data, keys.backup, logs].filter((key) => key?.kind === "new").length;
  const { encryptionKey, jwtSecret, databasePassword, retoolDatabasePassword, temporalDatabasePassword, sandboxKeys } =
    secrets;
  const generated = [
    encryptionKey,
    jwtSecret,
    databasePassword,
    retoolDatabasePassword,
    temporalDatabasePassword,
    sandboxKeys,
  ].filter((secret) => secret?.kind === "generate").length;
  return [
    keysCost(book, { keys: made, secrets: generated }),
    // A secret that is replicated is paid for in each region.
    ...(backup.copyTo === undefined
      ? []
      : [keysCost(book, { keys: 1, secrets: generated, where: ` in ${backup.copyTo.region}` })]),
  ];
}

/** A key costs as much again after each of its first two rotations. Source: https://aws.amazon.com/kms/pricing/ */
const VERSIONS_AT_MOST = 3;

function keysCost(
  book: PriceBook,
  { keys, secrets, where = "" }: { readonly keys: number; readonly secrets: number; readonly where?: string },
): PricedLine {
  return priced(book, "keys and logs", `${counted(keys, "KMS key")}, ${counted(secrets, "secret")}${where}`, {
    "kms:key": { ...times(keys, 1), atMost: keys * VERSIONS_AT_MOST },
    "secretsmanager:secret": secrets,
  });
}
