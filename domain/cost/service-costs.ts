import type { PostgresPlan } from "../database/instance-plan";
import type { EnvironmentPlan } from "../environment/environment";
import type { NetworkPlan } from "../network/spec";
import { watchingCosts } from "./watching-costs";
import { hours, priced, type PricedLine } from "./line";
import type { PriceBook } from "./prices";

/**
 * What depends only on use is assumed to be this much, since no setting says it. A GB a month each.
 *
 * Logs: what the control plane, the flow logs and the guards write while few people work.
 */
export const ASSUMED_USE = { logsGB: 20, bucketGB: 50, loadBalancerUnits: 1 } as const;

/** Months that a month's logs lie in store, by days kept. */
function monthsKept(days: number): number {
  return days / 30;
}

/** Everything but nodes. */
export function serviceCosts(book: PriceBook, plan: EnvironmentPlan): PricedLine[] {
  return [
    ...clusterCosts(book, plan),
    ...databaseCosts(book, plan),
    ...networkCosts(book, plan),
    ...entranceCosts(book, plan),
    ...keyCosts(book, plan),
    ...storageCosts(book, plan),
    ...watchingCosts(book, plan),
  ];
}

function clusterCosts(book: PriceBook, { cluster }: EnvironmentPlan): PricedLine[] {
  return cluster.kind === "new" ? [priced(book, "cluster", "EKS control plane", { "eks:cluster": hours(1) })] : [];
}

function databaseCosts(book: PriceBook, plan: EnvironmentPlan): PricedLine[] {
  const { database, retoolDatabase, temporalDatabase } = plan;
  return [
    ...(database.kind === "new" ? [instanceCost(book, "platform database", database)] : []),
    ...(retoolDatabase.kind === "dedicated" ? [instanceCost(book, "Retool Database", retoolDatabase.instance)] : []),
    ...(temporalDatabase === undefined ? [] : [instanceCost(book, "Temporal's database", temporalDatabase)]),
  ];
}

function instanceCost(book: PriceBook, name: string, { instanceClass, multiAz, storageGiB }: PostgresPlan): PricedLine {
  const copies = multiAz ? 2 : 1;
  return priced(
    book,
    "database",
    `${name} ${instanceClass}, ${multiAz ? "two zones" : "one zone"}, ${storageGiB} GiB`,
    { [`rds:${instanceClass}`]: hours(copies), "rds:gp3": copies * storageGiB },
  );
}

function networkCosts(book: PriceBook, plan: EnvironmentPlan): PricedLine[] {
  const { bastion, network, networkFirewall, dnsFirewall, temporal } = plan;
  const { zones } = network;
  const names = dnsFirewall?.allowed.length ?? 0;
  return [
    ...(network.kind === "new" ? newNetworkCosts(book, plan, network) : []),
    ...(networkFirewall
      ? [priced(book, "network", `network firewall, ${zones} endpoints`, { "firewall:endpoint": hours(zones) })]
      : []),
    ...(temporal.privateLink
      ? [priced(book, "network", `endpoint of Temporal Cloud, ${zones} zones`, { "vpc:endpoint": hours(zones) })]
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
    priced(book, "network", `NAT gateways, ${nats}${networkFirewall ? ", free with the firewall" : ""}`, {
      "nat:hour": hours(networkFirewall ? 0 : nats),
      "vpc:public-ipv4": hours(nats),
    });
  const interfaces = (): PricedLine =>
    priced(book, "network", `interface endpoints, ${interfaceEndpoints.length} x ${zones} zones`, {
      "vpc:endpoint": hours(endpoints),
    });
  return [...(nats > 0 ? [gateways()] : []), ...(endpoints > 0 ? [interfaces()] : [])];
}

/** Rules of the web access control list: AWS's own sets, and the one that limits requests. */
const WAF_RULES = 5;

function entranceCosts(book: PriceBook, { frontDoor, network, dns }: EnvironmentPlan): PricedLine[] {
  const { zone } = dns;
  return [
    priced(book, "entrance", "load balancer", {
      "alb:hour": hours(1),
      "alb:lcu": hours(ASSUMED_USE.loadBalancerUnits),
      "vpc:public-ipv4": hours(frontDoor.internal ? 0 : network.zones),
    }),
    ...(frontDoor.waf === undefined ? [] : [priced(book, "entrance", "WAF", { "waf:acl": 1, "waf:rule": WAF_RULES })]),
    ...(zone.kind === "create" || zone.kind === "create-private"
      ? [priced(book, "entrance", "hosted zone", { "route53:zone": 1 })]
      : []),
  ];
}

function keyCosts(book: PriceBook, { cluster, secrets, egress, backup }: EnvironmentPlan): PricedLine[] {
  const keys = (cluster.kind === "new" ? 4 : 3) + (backup.copyTo === undefined ? 0 : 1);
  const { encryptionKey, jwtSecret, databasePassword, retoolDatabasePassword, temporalDatabasePassword, sandboxKeys } =
    secrets;
  const all = [
    encryptionKey,
    jwtSecret,
    databasePassword,
    retoolDatabasePassword,
    temporalDatabasePassword,
    sandboxKeys,
  ];
  const made = all.filter((secret) => secret?.kind === "generate").length;
  const { logsGB } = ASSUMED_USE;
  return [
    priced(book, "keys and logs", `${keys} KMS keys, ${made} secrets`, {
      "kms:key": keys,
      "secretsmanager:secret": made,
    }),
    priced(book, "keys and logs", `logs, ${logsGB} GB kept ${egress.logRetentionDays} days`, {
      "logs:ingest": logsGB,
      "logs:kept": logsGB * monthsKept(egress.logRetentionDays),
    }),
  ];
}

function storageCosts(book: PriceBook, { blobStorage, database }: EnvironmentPlan): PricedLine[] {
  return [
    ...(blobStorage.kind === "s3"
      ? [priced(book, "storage", `bucket, ${ASSUMED_USE.bucketGB} GB`, { "s3:standard": ASSUMED_USE.bucketGB })]
      : []),
    ...(database.kind === "new"
      ? [priced(book, "storage", `daily copies, ${database.storageGiB} GiB`, { "backup:rds": database.storageGiB })]
      : []),
  ];
}
