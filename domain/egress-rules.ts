import { TEMPORAL_CLIENTS } from "./arrows";
import { type RetoolComponent } from "./egress-components";
import {
  DOCUMENTS,
  HTTPS_PORT,
  RETOOL_HOSTS,
  TELEMETRY_HOST,
  TEMPORAL_CLOUD_DOMAIN,
  TEMPORAL_DOMAINS,
  TEMPORAL_PORT,
  retoolManagedEndpoint,
} from "./egress-hosts";

/** Who opens a connection: pods of a component, or the nodes themselves. */
export type EgressSource = RetoolComponent | "nodes";

/** A service of the environment itself that pods need. */
export type Platform = "dns" | "database" | "kubernetes-api" | "kubelet" | "pod-identity";

/** Where a connection goes. */
export type EgressDestination =
  | { readonly kind: "host"; readonly host: string }
  | { readonly kind: "subdomains"; readonly domain: string }
  | { readonly kind: "range"; readonly cidr: string }
  | { readonly kind: "anywhere" }
  | { readonly kind: "namespace"; readonly namespace: string; readonly host: string }
  | { readonly kind: "platform"; readonly platform: Platform };

/** One permission to leave a pod or a node, and why it is given. */
export interface EgressRule {
  /** Identity of the rule: it stays when the reason or the sources change. */
  readonly id: string;
  /** Who may open the connection. */
  readonly sources: readonly EgressSource[];
  /** Where to. */
  readonly destination: EgressDestination;
  /** TCP port, or every TCP port. */
  readonly port: number | "any";
  /** What it is for. */
  readonly reason: string;
  /** Page the rule comes from. */
  readonly document: string;
  /** Whether no document says so and it is our conclusion. */
  readonly inferred: boolean;
  /** Whether Retool does not work without it. */
  readonly required: boolean;
  /**
   * What leaves the deployment, how it is protected and how long it is kept.
   *
   * @default - no document says
   */
  readonly data?: string;
}

/** What the allowlist needs to know of Temporal. */
export type TemporalEgress =
  | {
      /** A namespace that Retool runs on Temporal Cloud. */
      readonly kind: "retool-managed";
      /**
       * Id of the organization at Retool, known after enrolment.
       *
       * @default - any namespace of Temporal Cloud
       */
      readonly organizationId?: string;
    }
  | {
      /** A namespace of one's own on Temporal Cloud. */
      readonly kind: "temporal-cloud";
      /** Host name of the namespace's endpoint. */
      readonly host: string;
    }
  | {
      /** A cluster of one's own. */
      readonly kind: "self-hosted";
      /** Host name or address. */
      readonly host: string;
      /** Port. */
      readonly port: number;
    }
  | {
      /** Temporal beside Retool, in the same namespace. */
      readonly kind: "local";
    };

/** Components that check the licence and report usage: everything that runs Retool's backend image on its own. */
const BACKENDS: readonly RetoolComponent[] = [...TEMPORAL_CLIENTS, "dbconnector"];

/** Components that run queries against the customer's data sources. Source: {@link DOCUMENTS.quickstart}. */
export const QUERY_RUNNERS: readonly RetoolComponent[] = ["api", "workflow-worker", "workflow-backend", "dbconnector"];

const DATABASE_CLIENTS: readonly RetoolComponent[] = [
  ...TEMPORAL_CLIENTS,
  "sandbox-controller",
  "sandbox-proxy",
  "multiplayer",
  "git-server",
  "temporal-frontend",
  "temporal-history",
  "temporal-matching",
  "temporal-worker",
];

/** Components that read and write the bucket: the chart gives its name to these and to no other. */
export const BUCKET_USERS: readonly RetoolComponent[] = [
  "api",
  "jobs-runner",
  "workflow-worker",
  "agent-worker",
  "agent-eval-worker",
  "r2-agent-worker",
  "git-server",
];

/** Rules for Retool's own hosts. */
export function retoolRules(): EgressRule[] {
  return RETOOL_HOSTS.map(({ host, reason, data }) => ({
    id: `retool/${host}`,
    sources: BACKENDS,
    destination: { kind: "host", host },
    port: HTTPS_PORT,
    reason,
    document: data === undefined ? DOCUMENTS.quickstart : DOCUMENTS.egress,
    inferred: false,
    required: host === "licensing.tryretool.com",
    data,
  }));
}

/** The rule for metrics that go to Retool. */
export function telemetryRule(): EgressRule {
  return {
    id: `retool/${TELEMETRY_HOST}`,
    sources: ["telemetry"],
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
      return [...temporalDomainRules(sources), temporalRule(managedDestination(temporal), TEMPORAL_PORT, sources)];
    case "temporal-cloud":
      return [
        ...temporalDomainRules(sources),
        temporalRule({ kind: "host", host: temporal.host }, TEMPORAL_PORT, sources),
      ];
    case "self-hosted":
      return [{ ...temporalRule(ownDestination(temporal.host), temporal.port, sources), data: undefined }];
    case "local":
      return [];
  }
}

function temporalDomainRules(sources: readonly RetoolComponent[]): EgressRule[] {
  return TEMPORAL_DOMAINS.map((domain) => ({
    id: `temporal/*.${domain}`,
    sources,
    destination: { kind: "subdomains", domain },
    port: HTTPS_PORT,
    reason: "Enrols with Temporal Cloud and renews its certificates",
    document: DOCUMENTS.quickstart,
    inferred: false,
    required: true,
  }));
}

function temporalRule(destination: EgressDestination, port: number, sources: readonly RetoolComponent[]): EgressRule {
  return {
    id: "temporal/namespace",
    sources,
    destination,
    port,
    reason: "Starts workflows and takes their tasks",
    document: DOCUMENTS.quickstart,
    inferred: false,
    required: true,
    data: TEMPORAL_DATA,
  };
}

function managedDestination({ organizationId }: { readonly organizationId?: string }): EgressDestination {
  return organizationId === undefined
    ? { kind: "subdomains", domain: TEMPORAL_CLOUD_DOMAIN }
    : { kind: "host", host: retoolManagedEndpoint(organizationId) };
}

const IN_CLUSTER = /^[a-z0-9-]+\.([a-z0-9-]+)\.svc(\.cluster\.local)?$/;
const IPV4_ADDRESS = /^\d{1,3}(\.\d{1,3}){3}$/;

function ownDestination(host: string): EgressDestination {
  const namespace = IN_CLUSTER.exec(host)?.[1];
  if (namespace !== undefined) return { kind: "namespace", namespace, host };
  return IPV4_ADDRESS.test(host) ? { kind: "range", cidr: `${host}/32` } : { kind: "host", host };
}

/** Rules that leave names unrestricted: whatever the customer's apps call. */
export function openRules(): EgressRule[] {
  const open = { destination: { kind: "anywhere" }, inferred: true, required: false } as const;
  return [
    {
      ...open,
      id: "open/data-sources",
      sources: QUERY_RUNNERS,
      port: "any",
      reason: "Reaches the data sources of your apps, identity providers, Git hosts and model providers",
      document: DOCUMENTS.quickstart,
      data: "Queries of your apps and their parameters",
    },
    {
      ...open,
      id: "open/user-code",
      sources: ["code-executor", "js-executor"],
      port: "any",
      reason: "Lets code in workflows and backend functions call public services and install packages",
      document: DOCUMENTS.quickstart,
      data: "Whatever the code sends",
    },
    {
      ...open,
      id: "open/sandbox-packages",
      sources: ["sandbox-proxy"],
      port: HTTPS_PORT,
      reason: "Fetches packages for apps that are being built",
      document: DOCUMENTS.chart,
    },
    {
      ...open,
      id: "open/providers",
      sources: ["jobs-runner", "agent-worker", "agent-eval-worker", "r2-agent-worker"],
      port: HTTPS_PORT,
      reason: "Reaches Git hosts of Source Control and model providers",
      document: DOCUMENTS.egress,
      data: "Prompts and what agents read to answer them; files of apps under Source Control",
    },
  ];
}

/** What the rules inside the environment depend on. */
export interface PlatformChoice {
  /** Whether pods get AWS credentials from the Pod Identity agent. */
  readonly podIdentity: boolean;
  /** AWS region of the bucket. */
  readonly region: string;
  /** Port of the PostgreSQL database. */
  readonly databasePort: number;
}

/** Rules for services of the environment itself, for every component. */
export function platformRules(
  components: readonly RetoolComponent[],
  { podIdentity, region, databasePort }: PlatformChoice,
): EgressRule[] {
  const rules: EgressRule[] = [
    platformRule("dns", components, 53, "Resolves names"),
    platformRule("database", DATABASE_CLIENTS, databasePort, "Keeps Retool's state"),
    platformRule("kubernetes-api", ["sandbox-controller"], HTTPS_PORT, "Makes and removes the pods of sessions"),
  ];
  const telemetry: EgressRule[] = [
    platformRule("kubernetes-api", ["telemetry"], HTTPS_PORT, "Reads the logs of Retool's pods"),
    { ...platformRule("kubelet", ["telemetry"], 10250, "Reads metrics of nodes"), inferred: true },
  ];
  const bucket: EgressRule = {
    id: "platform/bucket",
    sources: BUCKET_USERS,
    destination: { kind: "host", host: `s3.${region}.amazonaws.com` },
    port: HTTPS_PORT,
    reason: "Keeps apps, Git repositories and sandbox snapshots",
    document: DOCUMENTS.quickstart,
    inferred: false,
    required: true,
  };
  const credentials = platformRule("pod-identity", BUCKET_USERS, 80, "Hands out credentials for the bucket");
  return [
    ...rules,
    ...(components.includes("telemetry") ? telemetry : []),
    bucket,
    ...(podIdentity ? [{ ...credentials, document: DOCUMENTS.podIdentity }] : []),
  ];
}

function platformRule(
  platform: Platform,
  sources: readonly RetoolComponent[],
  port: number,
  reason: string,
): EgressRule {
  return {
    id: `platform/${platform}/${sources[0] ?? ""}`,
    sources,
    destination: { kind: "platform", platform },
    port,
    reason,
    document: DOCUMENTS.chart,
    inferred: false,
    required: true,
  };
}
