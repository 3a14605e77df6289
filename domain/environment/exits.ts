import type { BackupPlan } from "../backup/backup";
import type { BlobPlan } from "../storage/storage";
import { type DatabasesPlan, databaseServers } from "./databases";
import { type EgressPlan, type EgressSpec, planEgress } from "../egress/egress";
import { configuredServices } from "../egress/configured";
import { type DnsFirewallPlan, planDnsFirewall } from "../egress/dns-firewall";
import { type FirewallPlan, planFirewall } from "../egress/firewall";
import { imageRegistries } from "../egress/image-hosts";
import type { EnvironmentContext } from "../common/context";
import { type DnsPlan, queryLogRegion } from "../front-door/dns";
import { type SiteClusterPlan, siteEgress, type SiteNetworkPlan, siteSize } from "./site";
import type { HostnamesPlan } from "../front-door/hostnames";
import { mergeValues } from "../retool/extra-values";
import type { ObservabilityPlan } from "../observability/observability";
import { type RetoolPlan, runsTelemetry } from "../retool/retool";
import type { SecretDeliveryPlan } from "../secrets/delivery";
import type { TemporalPlan } from "../temporal/temporal";
import { temporalEgress } from "../egress/temporal";
import type { Planned } from "../common/violation";

/** The parts of an environment that call something outside. */
export interface ExitSources extends DatabasesPlan {
  /** The release. */
  readonly retool: RetoolPlan;
  /** Temporal. */
  readonly temporal: TemporalPlan;
  /** Host names. */
  readonly hostnames: HostnamesPlan;
  /** The network. */
  readonly network: SiteNetworkPlan;
  /** The cluster. */
  readonly cluster: SiteClusterPlan;
  /** Blob storage. */
  readonly blobStorage: BlobPlan;
  /** What writes the Kubernetes Secrets. */
  readonly secretDelivery: SecretDeliveryPlan;
  /** Where logs go. */
  readonly observability: Pick<ObservabilityPlan, "logs">;
  /** Copies in a second region. */
  readonly backup: Pick<BackupPlan, "copyTo">;
  /** Logs of queries. */
  readonly dns: Pick<DnsPlan, "queryLogRetentionDays">;
  /** Whether there is a bastion. */
  readonly bastion: boolean;
}

/** Plans what may leave, from the parts that call something. */
export function planExits(
  spec: EgressSpec | undefined,
  context: EnvironmentContext,
  {
    retool,
    temporal,
    hostnames,
    network,
    cluster,
    blobStorage,
    secretDelivery,
    observability,
    backup,
    dns,
    bastion,
    ...databases
  }: ExitSources,
): Planned<EgressPlan> {
  return planEgress(siteEgress(spec, network), context, {
    temporal: temporalEgress(temporal),
    databases: databaseServers(databases, temporal),
    interfaceEndpoints: network.interfaceEndpoints,
    s3Buckets: network.s3Buckets,
    ...(blobStorage.kind === "s3" ? {} : { blobEndpoints: blobStorage.endpoints }),
    imageRegistries: imageRegistries(retool.images),
    configured: configuredServices(retool),
    listenerNames: hostnames.records,
    network: siteSize(network),
    ranges: { ...network, serviceCidr: cluster.serviceCidr },
    externalSecrets: secretDelivery.kind === "external-secrets",
    clusterLogs: observability.logs !== undefined,
    auditBucket: observability.logs?.auditBucket !== undefined,
    deployer: {
      copyRegion: backup.copyTo?.region,
      queryLogRegion: dns.queryLogRetentionDays === undefined ? undefined : queryLogRegion(context),
      bastion,
    },
    existingKarpenter: cluster.kind === "existing" && cluster.karpenter !== undefined,
    features: {
      ...retool.features,
      telemetry: runsTelemetry(retool),
      identity: blobStorage.kind === "s3" ? blobStorage.access.identity : undefined,
      sandboxProxyHost: hostnames.sandboxProxyHost !== undefined,
    },
  });
}

/**
 * A cluster whose pods leave under their own addresses where a firewall logs them: NAT gateways translate those as well, so
 * that the node need not.
 *
 * Source: https://docs.aws.amazon.com/eks/latest/userguide/external-snat.html
 */
export function seenByFirewall(cluster: SiteClusterPlan, { level }: EgressPlan): SiteClusterPlan {
  if (level !== "firewall" || cluster.kind === "existing") return cluster;
  const env = { AWS_VPC_K8S_CNI_EXTERNALSNAT: "true" };
  const beforeNodes = cluster.addons.beforeNodes.map((addon) =>
    addon.name === "vpc-cni" ? { ...addon, configuration: mergeValues(addon.configuration ?? {}, { env }) } : addon,
  );
  return { ...cluster, addons: { ...cluster.addons, beforeNodes } };
}

/** What enforces names, as far as the level asks for it. */
export interface Guards {
  /** The firewall of name resolution. */
  readonly dnsFirewall: DnsFirewallPlan | undefined;
  /** The firewall on the wire. */
  readonly networkFirewall: FirewallPlan | undefined;
}

/** Plans what enforces the names. */
export function planGuards(egress: EgressPlan, context: EnvironmentContext, network: SiteNetworkPlan): Guards {
  const place = network.kind === "new" ? "own" : "others";
  const sandboxCidrs = network.kind === "new" ? network.sandboxZones.flatMap(({ subnetCidrs }) => subnetCidrs) : [];
  return {
    dnsFirewall: egress.level === "open" ? undefined : planDnsFirewall(egress, context, place),
    networkFirewall:
      egress.level === "firewall" ? planFirewall(egress, { cidrs: network.vpcCidrs, sandboxCidrs }) : undefined,
  };
}
