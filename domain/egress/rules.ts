import type { ServerDestination } from "../common/server-host";
import type { RetoolComponent } from "../catalog/row";

/**
 * Who opens a connection: pods of a component; `nodes`, which stands for the nodes and the pods of `kube-system`; or the machine that
 * runs Terraform, which no policy of the environment covers: `deployer`, or `runner` where it stands in the VPC, so that the firewalls
 * list what it calls.
 */
export type EgressSource = RetoolComponent | "nodes" | "deployer" | "runner";

/** Whether a source is a component, whose pods have a policy. */
export function isComponent(source: EgressSource): source is RetoolComponent {
  return source !== "nodes" && source !== "deployer" && source !== "runner";
}

/** A service of the environment itself that pods need. */
export type Platform = "dns" | "database" | "kubernetes-api" | "kubelet" | "pod-identity";

/** Where a connection goes. */
export type EgressDestination =
  | ServerDestination
  | { readonly kind: "subdomains"; readonly domain: string }
  | { readonly kind: "anywhere" }
  | { readonly kind: "platform"; readonly platform: Platform };

/**
 * What is spoken: TLS and HTTP name the host they call in their first bytes, so that a firewall can check it. Nothing else
 * does.
 */
export type Application = "tls" | "http" | "tcp";

/**
 * Which way a connection takes: out to public addresses; through the VPC's endpoint of an AWS service, whose addresses are
 * public; to an endpoint with addresses in the private subnets; or past every firewall, inside private networks.
 */
export type Route = "internet" | "endpoint" | "private-link" | "private";

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
  /** What is spoken. */
  readonly application: Application;
  /** Which way the connection takes. */
  readonly route: Route;
  /** What it is for. */
  readonly reason: string;
  /** Page the rule comes from; empty where it is the team's own. */
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
  /**
   * Address ranges of the host: where it is private, or where its name cannot be checked on the wire.
   *
   * @default [] - any public address
   */
  readonly addresses?: readonly string[];
  /**
   * Whether the host may have a private address: the settings name it, and nothing says where it is.
   *
   * @default false
   */
  readonly mayBePrivate?: boolean;
}

/** What most rules have in common: TLS to the internet, as a document says. */
export const TLS = { application: "tls", route: "internet", inferred: false } as const;

/** What the allowlist needs to know of Temporal. */
export type TemporalEgress =
  | {
      /** A namespace that Retool runs on Temporal Cloud. */
      readonly kind: "retool-managed";
      /**
       * Id of the organization at Retool, known after enrollment.
       *
       * @default - any namespace of Temporal Cloud
       */
      readonly organizationId?: string;
    }
  | {
      /** The team's namespace on Temporal Cloud. */
      readonly kind: "temporal-cloud";
      /** Host name of the namespace's endpoint. */
      readonly host: string;
      /**
       * Whether it is reached through an endpoint in the VPC.
       *
       * @default false
       */
      readonly privateLink?: boolean;
    }
  | {
      /** The team's Temporal cluster. */
      readonly kind: "self-hosted";
      /** Host name or address. */
      readonly host: string;
      /** Port. */
      readonly port: number;
      /**
       * Whether the connection is encrypted, so that its first bytes name the host.
       *
       * @default true
       */
      readonly encrypted?: boolean;
    }
  | {
      /** Temporal next to Retool, in the same namespace. */
      readonly kind: "local";
      /**
       * Cassandra that holds its state instead of PostgreSQL.
       *
       * @default - PostgreSQL holds it
       */
      readonly cassandra?: { readonly hosts: readonly string[]; readonly port: number };
    };

/** Writes a destination the way allowlists do. */
export function formatDestination(destination: EgressDestination): string {
  switch (destination.kind) {
    case "host":
    case "namespace":
      return destination.host;
    case "subdomains":
      return `*.${destination.domain}`;
    case "range":
      return destination.cidr;
    case "anywhere":
      return "anywhere";
    case "platform":
      return destination.platform;
  }
}

/** Identity of what a rule opens, for any source. */
export function ruleKey({ destination, port, application }: EgressRule): string {
  return `${destination.kind}:${formatDestination(destination)}:${port}:${application}`;
}
