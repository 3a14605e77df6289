import { TEMPORAL_CLIENTS } from "../catalog/calls";
import { ownDestination } from "../common/server-host";
import { DOCUMENTS, HTTPS_PORT } from "./hosts";
import { type EgressDestination, type EgressRule, type TemporalEgress, TLS } from "./rules";
import { TEMPORAL_PORT } from "../common/temporal-port";
import type { TemporalPlan } from "../temporal/plan";

/** Domains whose subdomains both kinds of Temporal Cloud need on 443. Source: {@link DOCUMENTS.quickstart}. */
const TEMPORAL_DOMAINS = ["retool.com", "tryretool.com", "temporal.io"] as const;

/** Domain of Temporal Cloud's namespaces. Source: {@link DOCUMENTS.quickstart}. */
const TEMPORAL_CLOUD_DOMAIN = "tmprl.cloud";

/** Endpoint of the namespace that Retool makes for an organization. Source: {@link DOCUMENTS.quickstart}. */
function retoolManagedEndpoint(organizationId: string): string {
  return `org-${organizationId}.atdwz.${TEMPORAL_CLOUD_DOMAIN}`;
}

/** The way out to the Temporal cluster of a plan. */
export function temporalEgress(plan: TemporalPlan): TemporalEgress {
  const { kind, organizationId, privateLink } = plan;
  switch (kind) {
    case "retool-managed":
      return { kind, organizationId };
    case "temporal-cloud":
      return { kind, host: addressOf(plan).host, privateLink: privateLink !== undefined };
    case "self-hosted":
      return { kind, ...addressOf(plan), encrypted: plan.frontend?.tls };
    case "local":
      return { kind, cassandra: plan.cluster?.cassandra };
  }
}

function addressOf({ frontend }: TemporalPlan): { host: string; port: number } {
  return { host: frontend?.host ?? "", port: frontend?.port ?? 0 };
}

const TEMPORAL_DATA =
  "Names and ids of workflows and blocks, encrypted with the deployment's encryption key; kept 14 days";

/** Which hosts of Temporal are open: the rules for Temporal, wherever it runs. */
export function temporalRules(temporal: TemporalEgress): EgressRule[] {
  switch (temporal.kind) {
    case "retool-managed":
      return [...domainRules(), namespaceRule(managedDestination(temporal))];
    case "temporal-cloud":
      return [...domainRules(), ownNamespaceRule(temporal)];
    case "self-hosted":
      return [selfHostedRule(temporal)];
    case "local":
      return (temporal.cassandra?.hosts ?? []).map((host) => cassandraRule(host, temporal.cassandra?.port ?? 0));
  }
}

function domainRules(): EgressRule[] {
  return TEMPORAL_DOMAINS.map((domain) => ({
    ...TLS,
    id: `temporal/*.${domain}`,
    sources: TEMPORAL_CLIENTS,
    destination: { kind: "subdomains", domain },
    port: HTTPS_PORT,
    reason: "Enrolls with Temporal Cloud and renews its certificates",
    document: DOCUMENTS.quickstart,
    required: true,
  }));
}

function namespaceRule(destination: EgressDestination): EgressRule {
  return {
    ...TLS,
    id: "temporal/namespace",
    sources: TEMPORAL_CLIENTS,
    destination,
    port: TEMPORAL_PORT,
    reason: "Starts workflows and takes their tasks",
    document: DOCUMENTS.quickstart,
    required: true,
    data: TEMPORAL_DATA,
  };
}

/** By way of PrivateLink nothing on 7233 meets the internet. */
function ownNamespaceRule({
  host,
  privateLink = false,
}: Extract<TemporalEgress, { kind: "temporal-cloud" }>): EgressRule {
  const rule = namespaceRule({ kind: "host", host });
  return privateLink ? { ...rule, route: "private-link" } : rule;
}

function managedDestination({ organizationId }: { readonly organizationId?: string }): EgressDestination {
  return organizationId === undefined
    ? { kind: "subdomains", domain: TEMPORAL_CLOUD_DOMAIN }
    : { kind: "host", host: retoolManagedEndpoint(organizationId) };
}

/** A firewall passes an address, and a name that the connection tells; anything else stays in private networks. */
function selfHostedRule({
  host,
  port,
  encrypted = true,
}: Extract<TemporalEgress, { kind: "self-hosted" }>): EgressRule {
  const destination = ownDestination(host);
  const isNamed = encrypted && destination.kind === "host";
  return {
    ...namespaceRule(destination),
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
