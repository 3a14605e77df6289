import type { ExistingServerPlan } from "../database/existing-database";
import type { PostgresSpec } from "../database/instance-spec";
import type { PrivateLinkPlan } from "./private-link";

/** Who runs the Temporal cluster, and where. */
export type TemporalKind = "retool-managed" | "temporal-cloud" | "self-hosted" | "local";

/** What every kind of Temporal can be told. */
export interface TemporalQueueSpec {
  /**
   * Name of the environment whose database this one was copied from.
   *
   * `none` says of restored data that its original no longer runs, or that it has another Temporal namespace.
   *
   * Such a copy polls the same queue as the original and takes its workflows; so it gets its own queue.
   * Source: https://docs.retool.com/self-hosted/self-managed/concepts/best-practices/upgrade-planning
   *
   * @default - the database is this environment's own
   */
  readonly copyOf?: string;

  /**
   * Queue through which workflows reach this environment's workers; letters, digits and hyphens.
   *
   * @default - `workflows-<environment>` for a copy, else Retool's own `workflows`
   */
  readonly taskQueue?: string;
}

/** A value of a Secrets Manager secret that Retool's pods read from a Kubernetes Secret. */
export interface TemporalSecret {
  /**
   * Name of the secret in Secrets Manager, whose whole string is the value; undefined where it is the password of the
   * instance that is made for Temporal.
   */
  readonly secretName: string | undefined;
  /** Name of the Kubernetes Secret. */
  readonly kubernetesSecret: string;
  /** Key in the Kubernetes Secret. */
  readonly key: string;
  /** Number that grows when the value changes. */
  readonly revision: number;
}

/** A Temporal frontend that Retool connects to. */
export interface TemporalFrontend {
  /** Host name or address. */
  readonly host: string;
  /** Port. */
  readonly port: number;
  /** Temporal namespace. */
  readonly namespace: string;
  /** Whether the connection is encrypted. */
  readonly tls: boolean;
  /** Client certificate as base64 of its PEM, where the frontend asks for one; the key is among the secrets. */
  readonly certificate: string | undefined;
  /** Last day of that certificate as `YYYY-MM-DD`, where it can be read. */
  readonly certificateEnd: string | undefined;
}

/** A Temporal cluster that the chart runs next to Retool. */
export interface TemporalCluster {
  /** PostgreSQL server that holds its databases and exists already. */
  readonly server: ExistingServerPlan | undefined;
  /** Instance that is made to hold its databases. */
  readonly instance: PostgresSpec | undefined;
  /** Cassandra that holds them instead. */
  readonly cassandra: CassandraStore | undefined;
  /** Number of history shards, fixed for the life of the database. */
  readonly historyShards: number;
}

/** A Cassandra cluster as Temporal's store. */
export interface CassandraStore {
  /** Host names of its nodes. */
  readonly hosts: readonly string[];
  /** Port. */
  readonly port: number;
  /** User. */
  readonly user: string;
}

/** A {@link TemporalSpec} with every default filled in. */
export interface TemporalPlan {
  /** Which of the four kinds. */
  readonly kind: TemporalKind;
  /** Organization at Retool, where it is known. */
  readonly organizationId: string | undefined;
  /** Frontend that the chart is told of; Retool finds a managed or a local one by itself. */
  readonly frontend: TemporalFrontend | undefined;
  /** Cluster that the chart runs. */
  readonly cluster: TemporalCluster | undefined;
  /** Endpoint in the VPC by which the frontend is reached, where there is one. */
  readonly privateLink: PrivateLinkPlan | undefined;
  /** Queue of this environment's workflows, where it is not Retool's own. */
  readonly taskQueue: string | undefined;
  /** Environment that this one's data was copied from. */
  readonly copyOf: string | undefined;
  /** Secrets that pods need to connect. */
  readonly secrets: readonly TemporalSecret[];
  /** What only a person can do after the deployment, in order. */
  readonly steps: readonly string[];
  /** Warnings: what works and still needs attention. */
  readonly warnings: readonly string[];
}

/** What each kind adds to the plan of one that needs nothing. */
export type TemporalKindPlan = Omit<TemporalPlan, "copyOf" | "taskQueue">;
