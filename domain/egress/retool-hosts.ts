import { servicesThatNeed } from "../catalog/lookup";
import type { RetoolComponent } from "../catalog/row";
import { ownDestination } from "../common/server-host";
import {
  DOCUMENTS,
  HTTPS_PORT,
  RETOOL_HOSTS,
  RETOOL_RANGES,
  TELEMETRY_HOST,
  TEMPORAL_CLOUD_DOMAIN,
  TEMPORAL_DOMAINS,
  TEMPORAL_PORT,
  retoolManagedEndpoint,
} from "./hosts";
import type { EgressDestination, EgressRule, TemporalEgress } from "./rules";

/** What most rules have in common: TLS to the internet, as a document says. */
const TLS = { application: "tls", route: "internet", inferred: false } as const;

/** Components that check the license and report usage: everything that runs Retool's backend image on its own. */
const BACKENDS = servicesThatNeed("retool");

/** The host that checks the licence, without which Retool stops. */
export const REQUIRED_HOST = "licensing.tryretool.com";

/** Rules for Retool's own hosts. */
export function retoolRules(): EgressRule[] {
  return RETOOL_HOSTS.map(({ host, reason, data }) => ({
    ...TLS,
    id: `retool/${host}`,
    sources: BACKENDS,
    destination: { kind: "host", host },
    port: HTTPS_PORT,
    reason,
    document: data === undefined ? DOCUMENTS.quickstart : DOCUMENTS.egress,
    required: host === REQUIRED_HOST,
    data,
  }));
}

/**
 * Rules for the addresses of Retool's hosts, which its list offers instead of their names.
 *
 * A firewall that passes an address on 443 no longer sees which name is called there.
 */
export function retoolAddressRules(): EgressRule[] {
  return RETOOL_RANGES.map((cidr) => ({
    ...TLS,
    application: "tcp",
    id: `retool/${cidr}`,
    sources: BACKENDS,
    destination: { kind: "range", cidr },
    port: HTTPS_PORT,
    reason: "Reaches Retool's services by address",
    document: DOCUMENTS.quickstart,
    required: false,
  }));
}

/** The rule for metrics that go to Retool. */
export function telemetryRule(): EgressRule {
  return {
    ...TLS,
    id: `retool/${TELEMETRY_HOST}`,
    sources: servicesThatNeed("telemetry-host"),
    destination: { kind: "host", host: TELEMETRY_HOST },
    port: HTTPS_PORT,
    reason: "Sends metrics to Retool",
    document: DOCUMENTS.telemetry,
    inferred: true,
    required: false,
    data: "Metrics; logs only where asked for. TLS with short-lived client certificates; kept on S3 in us-west-2",
  };
}

const TEMPORAL_DATA =
  "Names and ids of workflows and blocks, encrypted with the deployment's encryption key; kept 14 days";

/** Rules for Temporal, wherever it runs. */
export function temporalRules(temporal: TemporalEgress, sources: readonly RetoolComponent[]): EgressRule[] {
  switch (temporal.kind) {
    case "retool-managed":
      return [...domainRules(sources), namespaceRule(managedDestination(temporal), sources)];
    case "temporal-cloud":
      return [...domainRules(sources), ownNamespaceRule(temporal, sources)];
    case "self-hosted":
      return [selfHostedRule(temporal, sources)];
    case "local":
      return (temporal.cassandra?.hosts ?? []).map((host) => cassandraRule(host, temporal.cassandra?.port ?? 0));
  }
}

function domainRules(sources: readonly RetoolComponent[]): EgressRule[] {
  return TEMPORAL_DOMAINS.map((domain) => ({
    ...TLS,
    id: `temporal/*.${domain}`,
    sources,
    destination: { kind: "subdomains", domain },
    port: HTTPS_PORT,
    reason: "Enrolls with Temporal Cloud and renews its certificates",
    document: DOCUMENTS.quickstart,
    required: true,
  }));
}

function namespaceRule(destination: EgressDestination, sources: readonly RetoolComponent[]): EgressRule {
  return {
    ...TLS,
    id: "temporal/namespace",
    sources,
    destination,
    port: TEMPORAL_PORT,
    reason: "Starts workflows and takes their tasks",
    document: DOCUMENTS.quickstart,
    required: true,
    data: TEMPORAL_DATA,
  };
}

/** By way of PrivateLink nothing on 7233 meets the internet. */
function ownNamespaceRule(
  { host, privateLink = false }: Extract<TemporalEgress, { kind: "temporal-cloud" }>,
  sources: readonly RetoolComponent[],
): EgressRule {
  const rule = namespaceRule({ kind: "host", host }, sources);
  return privateLink ? { ...rule, route: "private-link" } : rule;
}

function managedDestination({ organizationId }: { readonly organizationId?: string }): EgressDestination {
  return organizationId === undefined
    ? { kind: "subdomains", domain: TEMPORAL_CLOUD_DOMAIN }
    : { kind: "host", host: retoolManagedEndpoint(organizationId) };
}

/** A firewall passes an address, and a name that the connection tells; anything else stays in private networks. */
function selfHostedRule(
  { host, port, encrypted = true }: Extract<TemporalEgress, { kind: "self-hosted" }>,
  sources: readonly RetoolComponent[],
): EgressRule {
  const destination = ownDestination(host);
  const isNamed = encrypted && destination.kind === "host";
  return {
    ...namespaceRule(destination, sources),
    port,
    application: isNamed ? "tls" : "tcp",
    route: isNamed || destination.kind === "range" ? "internet" : "private",
    mayBePrivate: true,
    data: undefined,
  };
}

/** Temporal keeps its state where its servers can reach it: in a private network. */
function cassandraRule(host: string, port: number): EgressRule {
  return {
    ...TLS,
    id: `temporal/${host}`,
    sources: ["temporal-frontend", "temporal-history", "temporal-matching", "temporal-worker"],
    destination: ownDestination(host),
    port,
    application: "tcp",
    route: "private",
    reason: "Keeps the state of workflows",
    document: DOCUMENTS.temporal,
    required: true,
    mayBePrivate: true,
  };
}
