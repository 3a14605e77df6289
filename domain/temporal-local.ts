import { z } from "zod";

import { checkedInteger } from "./checked-integer";
import { DOCUMENTS } from "./retool-documents";
import type { TemporalDatabase, TemporalKindPlan, TemporalQueueSpec, TemporalSecret } from "./temporal-plan";
import { hostViolations } from "./temporal-self-hosted";
import { secretNameViolations } from "./secret-name";
import { TEMPORAL_SECRET, revisionViolations } from "./temporal-tls";
import type { Planned, Violation } from "./violation";

/** A database server for Temporal alone. */
export interface TemporalDatabaseSpec {
  /** Host name. */
  readonly host: string;
  /**
   * Port.
   *
   * @default 5432
   */
  readonly port?: number;
  /** User that may create databases, and owns only Temporal's. */
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

/** A Cassandra cluster for Temporal alone. */
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

/** A Temporal cluster that the chart runs beside Retool, for this environment alone. */
export interface LocalTemporalSpec extends TemporalQueueSpec {
  /** A cluster that the chart runs. */
  readonly kind: "local";
  /** PostgreSQL server of its own, so that workflows do not slow Retool's database. */
  readonly database: TemporalDatabaseSpec;
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

const databaseSchema = z.strictObject({
  host: z.string(),
  port: z.number().optional(),
  user: z.string(),
  passwordSecret: z.string(),
  passwordRevision: z.number().optional(),
});

/** Shape of the fields of a {@link LocalTemporalSpec}. */
export const localShape = {
  kind: z.literal("local"),
  database: databaseSchema,
  cassandra: z
    .strictObject({
      hosts: z.array(z.string()).min(1, "the list is empty; name the hosts of its nodes"),
      port: z.number().optional(),
      user: z.string(),
      passwordSecret: z.string(),
      passwordRevision: z.number().optional(),
    })
    .optional(),
  historyShards: z.number().optional(),
  peakWorkflowsPerSecond: z.number().optional(),
};

const POSTGRES_PORT = 5432;
const CASSANDRA_PORT = 9042;
const DEFAULT_SHARDS = 128;

/** Source: https://docs.retool.com/self-hosted/self-managed/concepts/temporal, "Large scale deployments". */
const MOST_ON_POSTGRES = 10;

const PORTS = { min: 1, max: 65_535, unit: "port numbers" };

/** Decides how the chart runs a Temporal cluster. */
export function planLocal(spec: LocalTemporalSpec, root: string): Planned<Partial<TemporalKindPlan>> {
  const { cassandra, historyShards = DEFAULT_SHARDS, peakWorkflowsPerSecond: peak = MOST_ON_POSTGRES } = spec;
  const database: TemporalDatabase = { port: POSTGRES_PORT, host: spec.database.host, user: spec.database.user };
  const store = cassandra && { port: cassandra.port ?? CASSANDRA_PORT, hosts: cassandra.hosts, user: cassandra.user };
  return {
    plan: {
      cluster: {
        database: { ...database, port: spec.database.port ?? POSTGRES_PORT },
        cassandra: store,
        historyShards,
      },
      secrets: [storePassword(cassandra ?? spec.database)],
      warnings: warningsOf(historyShards, cassandra !== undefined),
    },
    violations: [
      ...databaseViolations(spec.database, `${root}.database`),
      ...(cassandra === undefined ? [] : cassandraViolations(cassandra, `${root}.cassandra`)),
      ...shardViolations(historyShards, `${root}.historyShards`),
      ...loadViolations(peak, cassandra !== undefined, root),
    ],
  };
}

function storePassword({
  passwordSecret,
  passwordRevision = 1,
}: TemporalDatabaseSpec | TemporalCassandraSpec): TemporalSecret {
  return {
    secretName: passwordSecret,
    kubernetesSecret: TEMPORAL_SECRET,
    key: "store-password",
    revision: passwordRevision,
  };
}

function warningsOf(historyShards: number, isCassandra: boolean): string[] {
  const warnings = [
    `The databases of Temporal keep ${historyShards} history shards for ever; another number needs new databases.`,
    "A local Temporal cluster is quick to start and hard to scale; Retool recommends Retool-managed Temporal.",
  ];
  const cassandra =
    "Retool asks to be contacted before Temporal is run on Cassandra; its image is made for PostgreSQL.";
  return isCassandra ? [...warnings, cassandra] : warnings;
}

function databaseViolations({ host, port, user, ...secret }: TemporalDatabaseSpec, path: string): Violation[] {
  return [
    ...hostViolations(host, `${path}.host`),
    ...checkedInteger(`${path}.port`, port ?? POSTGRES_PORT, PORTS).violations,
    ...userViolations(user, `${path}.user`),
    ...secretNameViolations(secret.passwordSecret, `${path}.passwordSecret`),
    ...revisionViolations(secret.passwordRevision, `${path}.passwordRevision`),
  ];
}

function cassandraViolations({ hosts, port, user, ...secret }: TemporalCassandraSpec, path: string): Violation[] {
  return [
    ...hosts.flatMap((host, index) => hostViolations(host, `${path}.hosts[${index}]`)),
    ...checkedInteger(`${path}.port`, port ?? CASSANDRA_PORT, PORTS).violations,
    ...userViolations(user, `${path}.user`),
    ...secretNameViolations(secret.passwordSecret, `${path}.passwordSecret`),
    ...revisionViolations(secret.passwordRevision, `${path}.passwordRevision`),
  ];
}

/** The chart writes the user into a configuration file without quotes. */
function userViolations(user: string, path: string): Violation[] {
  if (/^[A-Za-z_][A-Za-z0-9_-]{0,62}$/.test(user)) return [];
  return [{ path, problem: `"${user}" is not a user's name`, remedy: "use letters, digits, underscores and hyphens" }];
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
      problem: `${peak} workflows a second are more than the ${MOST_ON_POSTGRES} of a local cluster on PostgreSQL`,
      remedy: 'use kind "retool-managed", "temporal-cloud" or "self-hosted", or name a Cassandra cluster',
      document: DOCUMENTS.temporal,
    },
  ];
}
