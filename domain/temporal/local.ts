import { z } from "zod";

import {
  type ExistingServerPlan,
  type ExistingServerSpec,
  existingServerShape,
  existingServerViolations,
  planExistingServer,
} from "../database/existing-database";
import { type PostgresSpec, postgresSchema } from "../database/instance-spec";
import { plainNameProblem } from "../database/sql-names";
import { DOCUMENTS } from "../common/documents";
import type { TemporalCluster, TemporalKindPlan, TemporalQueueSpec, TemporalSecret } from "./plan";
import { hostViolations, serverHost } from "../common/server-host";
import { SANDBOX_UNSUPPORTED } from "./cloud";
import { secretNameViolations } from "../common/secret-name";
import { TEMPORAL_SECRET } from "./tls";
import { checked, integer, port, revision } from "../common/setting";
import type { Planned, Problem, Violation } from "../common/violation";

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
]);

/** Source: https://docs.retool.com/self-hosted/self-managed/concepts/temporal, "Large scale deployments". */
const MOST_ON_POSTGRES = 10;

/** Numbers of history shards that the chart's databases may have. */
const SHARDS = Array.from({ length: 8 }, (_, power) => 128 * 2 ** power);

function shardProblem(shards: number): Problem | undefined {
  if (SHARDS.includes(shards)) return undefined;
  return { problem: `${shards} is not a number of shards`, remedy: `use ${SHARDS.join(", ")}` };
}

/** Shape of the fields of a {@link LocalTemporalSpec}. */
export const localShape = {
  kind: z.literal("local"),
  database: databaseSchema.optional(),
  cassandra: z
    .strictObject({
      hosts: z.array(serverHost()).min(1, "is an empty list; list the hosts of its nodes"),
      port: port().default(9042),
      user: z.string(),
      passwordSecret: z.string(),
      passwordRevision: revision().default(1),
    })
    .optional(),
  historyShards: checked(z.number(), shardProblem).default(128),
  peakWorkflowsPerSecond: integer({ min: 1, max: 100_000, unit: "workflows" }).default(MOST_ON_POSTGRES),
};

type LocalSettings = z.output<z.ZodObject<typeof localShape>>;
type CassandraSettings = NonNullable<LocalSettings["cassandra"]>;

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
export function planLocal(spec: LocalSettings): Planned<Partial<TemporalKindPlan>> {
  const { cassandra, historyShards, peakWorkflowsPerSecond: peak } = spec;
  const { server, instance } = placeOf(spec);
  const store = cassandra && { port: cassandra.port, hosts: cassandra.hosts, user: cassandra.user };
  return {
    plan: {
      cluster: { server, instance, cassandra: store, historyShards },
      secrets: [storePassword(cassandra, server)],
      warnings: warningsOf(historyShards, cassandra !== undefined),
    },
    violations: [
      ...secondStoreViolations(spec),
      ...storeViolations(server, cassandra),
      ...loadViolations(peak, cassandra !== undefined),
    ],
  };
}

/** The chart's values name one store, and with Cassandra it is not PostgreSQL, which would run and cost for nothing. */
function secondStoreViolations({ database, cassandra }: LocalSettings): Violation[] {
  if (database === undefined || cassandra === undefined) return [];
  const problem = "has no effect when cassandra is set, which holds everything";
  return [{ path: "temporal.database", problem, remedy: "remove one of them" }];
}

/** A server that exists already, or an instance to make; neither where Cassandra holds everything. */
function placeOf({ database, cassandra }: LocalSettings): Pick<TemporalCluster, "server" | "instance"> {
  if (database?.kind === "existing") return { server: planExistingServer(database), instance: undefined };
  return { server: undefined, instance: database ?? (cassandra === undefined ? {} : undefined) };
}

function storePassword(
  cassandra: CassandraSettings | undefined,
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
  cassandra: CassandraSettings | undefined,
): Violation[] {
  return [
    ...(server === undefined ? [] : existingServerViolations(server, "temporal.database")),
    ...(cassandra === undefined ? [] : cassandraViolations(cassandra)),
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

function cassandraViolations({ hosts, user, passwordSecret }: CassandraSettings): Violation[] {
  return [
    ...hosts.flatMap((host, index) => hostViolations(host, `temporal.cassandra.hosts[${index}]`)),
    ...userViolations(user, "temporal.cassandra.user"),
    ...secretNameViolations(passwordSecret, "temporal.cassandra.passwordSecret"),
  ];
}

function userViolations(user: string, path: string): Violation[] {
  const problem = plainNameProblem(user, "user");
  return problem === undefined ? [] : [{ path, ...problem }];
}

function loadViolations(peak: number, isCassandra: boolean): Violation[] {
  if (isCassandra || peak <= MOST_ON_POSTGRES) return [];
  return [
    {
      path: "temporal.peakWorkflowsPerSecond",
      problem: `${peak} workflows a second is above the limit of ${MOST_ON_POSTGRES} for a local cluster on PostgreSQL`,
      remedy: 'use kind "retool-managed", "temporal-cloud" or "self-hosted", or name a Cassandra cluster',
      document: DOCUMENTS.temporal,
    },
  ];
}
