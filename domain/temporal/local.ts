import { z } from "zod";

import { checkedInteger } from "../common/checked-integer";
import {
  type ExistingServerPlan,
  type ExistingServerSpec,
  existingServerShape,
  existingServerViolations,
  nameViolations,
  planExistingServer,
} from "../database/existing-database";
import { type PostgresSpec, postgresSchema } from "../database/instance-spec";
import { DOCUMENTS } from "../common/documents";
import type { TemporalCluster, TemporalKindPlan, TemporalQueueSpec, TemporalSecret } from "./plan";
import { hostViolations, serverHost } from "../common/server-host";
import { SANDBOX_UNSUPPORTED } from "./cloud";
import { secretNameViolations } from "../common/secret-name";
import { TEMPORAL_SECRET, revisionViolations } from "./tls";
import type { Planned, Violation } from "../common/violation";

/** An existing database server that only Temporal uses. */
export interface ExistingTemporalDatabaseSpec extends ExistingServerSpec {
  /** A server that exists already; its user may create databases, and owns only Temporal's. */
  readonly kind: "existing";
}

/** The database of a local Temporal cluster: a dedicated instance, or a server that exists already. */
export type TemporalDatabaseSpec = PostgresSpec | ExistingTemporalDatabaseSpec;

/** A Cassandra cluster that only Temporal uses. */
export interface TemporalCassandraSpec {
  /** Host names of its nodes. */
  readonly hosts: readonly string[];
  /**
   * Port.
   *
   * @default 9042
   */
  readonly port?: number;
  /** User that owns the keyspaces `temporal` and `temporal_visibility`. */
  readonly user: string;
  /** Name of the Secrets Manager secret that holds the user's password. */
  readonly passwordSecret: string;
  /**
   * Number to raise after the stored password was changed.
   *
   * @default 1
   */
  readonly passwordRevision?: number;
}

/** A Temporal cluster that the chart runs next to Retool, only for this environment. */
export interface LocalTemporalSpec extends TemporalQueueSpec {
  /** A cluster that the chart runs. */
  readonly kind: "local";
  /**
   * Separate PostgreSQL server, so that workflows do not slow Retool's database.
   *
   * @default - an instance that is made for it; none with Cassandra
   */
  readonly database?: TemporalDatabaseSpec;
  /**
   * Cassandra as the store in place of PostgreSQL; needed above ten workflows a second.
   *
   * @default - PostgreSQL
   */
  readonly cassandra?: TemporalCassandraSpec;
  /**
   * Number of history shards, a power of two; it can never be changed once the databases exist.
   *
   * @default 128
   */
  readonly historyShards?: number;
  /**
   * Workflows that start in a second at the busiest moment.
   *
   * @default 10
   */
  readonly peakWorkflowsPerSecond?: number;
}

const databaseSchema = z.discriminatedUnion("kind", [
  postgresSchema,
  z.strictObject({ kind: z.literal("existing"), ...existingServerShape }),
]) satisfies z.ZodType<TemporalDatabaseSpec>;

/** Shape of the fields of a {@link LocalTemporalSpec}. */
export const localShape = {
  kind: z.literal("local"),
  database: databaseSchema.optional(),
  cassandra: z
    .strictObject({
      hosts: z.array(serverHost()).min(1, "is an empty list; list the hosts of its nodes"),
      port: z.number().optional(),
      user: z.string(),
      passwordSecret: z.string(),
      passwordRevision: z.number().optional(),
    })
    .optional(),
  historyShards: z.number().optional(),
  peakWorkflowsPerSecond: z.number().optional(),
};

const CASSANDRA_PORT = 9042;
const DEFAULT_SHARDS = 128;

/** Source: https://docs.retool.com/self-hosted/self-managed/concepts/temporal, "Large scale deployments". */
const MOST_ON_POSTGRES = 10;

const PORTS = { min: 1, max: 65_535 };

/** Pods of each of Temporal's four services, and one more while it is replaced. */
const PODS_PER_SERVICE = 2;
const SERVICES = ["frontend", "history", "matching", "worker"];

/** Connections of a pod to each of the two databases at most: the chart's `maxConns` (6.11.21). */
const CONNECTIONS_PER_POD = 2 * 20;

/** Connections to Temporal's database that each of its services may open at once, during a rolling upgrade. */
export function temporalConnections(): readonly { name: string; connections: number }[] {
  return SERVICES.map((name) => ({ name, connections: PODS_PER_SERVICE * CONNECTIONS_PER_POD }));
}

/** Decides how the chart runs a Temporal cluster. */
export function planLocal(spec: LocalTemporalSpec, root: string): Planned<Partial<TemporalKindPlan>> {
  const { cassandra, historyShards = DEFAULT_SHARDS, peakWorkflowsPerSecond: peak = MOST_ON_POSTGRES } = spec;
  const { server, instance } = placeOf(spec);
  const store = cassandra && { port: cassandra.port ?? CASSANDRA_PORT, hosts: cassandra.hosts, user: cassandra.user };
  return {
    plan: {
      cluster: { server, instance, cassandra: store, historyShards },
      secrets: [storePassword(cassandra, server)],
      warnings: warningsOf(historyShards, cassandra !== undefined),
    },
    violations: [
      ...storeViolations(server, cassandra, root),
      ...shardViolations(historyShards, `${root}.historyShards`),
      ...loadViolations(peak, cassandra !== undefined, root),
    ],
  };
}

/** A server that exists already, an instance to make, or neither where Cassandra holds everything. */
function placeOf({ database, cassandra }: LocalTemporalSpec): Pick<TemporalCluster, "server" | "instance"> {
  if (database?.kind === "existing") return { server: planExistingServer(database), instance: undefined };
  return { server: undefined, instance: database ?? (cassandra === undefined ? {} : undefined) };
}

function storePassword(
  cassandra: TemporalCassandraSpec | undefined,
  server: ExistingServerPlan | undefined,
): TemporalSecret {
  const { passwordSecret: secretName, passwordRevision = 1 } = cassandra ?? {
    passwordSecret: server?.secret,
    passwordRevision: server?.secretRevision,
  };
  return { secretName, kubernetesSecret: TEMPORAL_SECRET, key: "store-password", revision: passwordRevision };
}

function storeViolations(
  server: ExistingServerPlan | undefined,
  cassandra: TemporalCassandraSpec | undefined,
  root: string,
): Violation[] {
  return [
    ...(server === undefined ? [] : existingServerViolations(server, `${root}.database`)),
    ...(cassandra === undefined ? [] : cassandraViolations(cassandra, `${root}.cassandra`)),
  ];
}

function warningsOf(historyShards: number, isCassandra: boolean): string[] {
  const warnings = [
    SANDBOX_UNSUPPORTED,
    `Temporal's databases always keep ${historyShards} history shards; another number needs new databases.`,
    "A local Temporal cluster is quick to start and hard to scale; Retool recommends Retool-managed Temporal.",
  ];
  const cassandra = "Contact Retool before you run Temporal on Cassandra; its image is built for PostgreSQL.";
  return isCassandra ? [...warnings, cassandra] : warnings;
}

function cassandraViolations({ hosts, port, user, ...secret }: TemporalCassandraSpec, path: string): Violation[] {
  return [
    ...hosts.flatMap((host, index) => hostViolations(host, `${path}.hosts[${index}]`)),
    ...checkedInteger(`${path}.port`, port ?? CASSANDRA_PORT, PORTS).violations,
    ...nameViolations(user, "user", `${path}.user`),
    ...secretNameViolations(secret.passwordSecret, `${path}.passwordSecret`),
    ...revisionViolations(secret.passwordRevision, `${path}.passwordRevision`),
  ];
}

function shardViolations(shards: number, path: string): Violation[] {
  const allowed = Array.from({ length: 8 }, (_, power) => 128 * 2 ** power);
  if (allowed.includes(shards)) return [];
  return [{ path, problem: `${shards} is not a number of shards`, remedy: `use ${allowed.join(", ")}` }];
}

function loadViolations(peak: number, isCassandra: boolean, root: string): Violation[] {
  const path = `${root}.peakWorkflowsPerSecond`;
  const checked = checkedInteger(path, peak, { min: 1, max: 100_000, unit: "workflows" });
  if (checked.violations.length > 0 || isCassandra || peak <= MOST_ON_POSTGRES) return [...checked.violations];
  return [
    {
      path,
      problem: `${peak} workflows a second is above the limit of ${MOST_ON_POSTGRES} for a local cluster on PostgreSQL`,
      remedy: 'use kind "retool-managed", "temporal-cloud" or "self-hosted", or name a Cassandra cluster',
      document: DOCUMENTS.temporal,
    },
  ];
}
