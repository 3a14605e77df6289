import { z } from "zod";

import { rdsAuthorities, UNCHECKED, UNCHECKED_EXISTING, uncheckedWarning } from "./authorities";
import { checkedSpec, withShape } from "../common/checked-spec";
import type { EnvironmentContext } from "../common/context";
import {
  type ExistingServerPlan,
  type ExistingServerSpec,
  existingServerShape,
  existingServerViolations,
  planExistingServer,
} from "./existing-database";
import { boundedName } from "../common/names";
import { type PostgresDemand, type PostgresPlan, planPostgres, type PostgresSpec, postgresSchema } from "./instance";
import { generation } from "./instance-spec";
import { pemProblem } from "../common/pem";
import { instanceNameProblem } from "./restore";
import { checked, integer } from "../common/setting";
import { plainNameProblem } from "./sql-names";
import type { Planned, Problem, Violation } from "../common/violation";

/** A platform database that exists already; it is used and never changed. */
export interface ExistingDatabaseSpec extends ExistingServerSpec {
  /** A server that exists already. */
  readonly kind: "existing";

  /**
   * Name of the database; it must have the extension `uuid-ossp`, or its user must be able to make it.
   *
   * @default "retool"
   */
  readonly database?: string;

  /**
   * Certificates in PEM of the authorities that signed the server's certificate; Retool then refuses any other server.
   *
   * @default - connections are encrypted, and the server's certificate is not checked
   */
  readonly caBundle?: string;

  /**
   * Connections that the server accepts (`max_connections`); fewer than Retool may open are refused.
   *
   * @default - not checked; the plan shows how many Retool may open
   */
  readonly maxConnections?: number;

  /**
   * Name of the RDS instance behind the host, in the environment's account and region: snapshots are made of it before
   * upgrades.
   *
   * @default - none are made here
   */
  readonly instance?: string;

  /**
   * Number of the last instance that this environment made for itself before; it stays in the account with the older ones,
   * and Terraform forgets them.
   *
   * @default 1
   */
  readonly generation?: number;
}

/** The instance of the platform database. */
export interface NewDatabaseSpec extends PostgresSpec {
  /**
   * Certificates in PEM of the authorities that may have signed the instance's certificate; Retool refuses any other server. With `none` connections
   * are encrypted and nothing is checked.
   *
   * @default - RDS's authorities in the region; `none` in a region where this package does not have them: us-gov-*, ca-west-1, il-central-1, mx-central-1, and the newest ones
   */
  readonly caBundle?: string;
}

/** The platform database: an instance that is made, or a server that exists already. */
export type DatabaseSpec = NewDatabaseSpec | ExistingDatabaseSpec;

/** An {@link ExistingDatabaseSpec} with every default filled in. */
export interface ExistingDatabasePlan extends ExistingServerPlan {
  /** Made elsewhere. */
  readonly kind: "existing";
  /** Name of the database. */
  readonly databaseName: string;
  /** The only authorities that may have signed the server's certificate, and the ConfigMap that holds them. */
  readonly caBundle: CaBundlePlan | undefined;
  /** Connections that Retool may open at once, during an upgrade. */
  readonly connections: number;
  /** Name of the RDS instance that snapshots are made of. */
  readonly instance: string | undefined;
  /** Number of the last instance that the environment made for itself before. */
  readonly generation: number;
}

/** Certificates of authorities, and the ConfigMap that holds them. */
export interface CaBundlePlan {
  /** Name of the ConfigMap; other certificates have another name, so that pods restart. */
  readonly configMap: string;
  /** The certificates in PEM. */
  readonly pem: string;
}

/** A {@link NewDatabaseSpec} with every default filled in. */
export interface NewDatabasePlan extends PostgresPlan {
  /** The only authorities that may have signed the server's certificate, and the ConfigMap that holds them. */
  readonly caBundle: CaBundlePlan | undefined;
}

/** A {@link DatabaseSpec} with every default filled in. */
export type DatabasePlan = NewDatabasePlan | ExistingDatabasePlan;

const newDatabaseSchema = postgresSchema.extend({
  caBundle: checked(z.string(), (pem) => (pem === UNCHECKED ? undefined : pemProblem(pem))).optional(),
});

const existingDatabaseSchema = z.strictObject({
  kind: z.literal("existing"),
  ...existingServerShape,
  database: checked(z.string(), (name) => plainNameProblem(name, "database")).default("retool"),
  caBundle: checked(z.string(), pemProblem).optional(),
  // The most that PostgreSQL takes for it.
  maxConnections: integer({ min: 1, max: 262_143, unit: "connections" }).optional(),
  instance: checked(z.string(), instanceNameProblem, { form: "the name of an RDS instance" }).optional(),
  generation: generation().default(1),
});

/** Shape of a {@link DatabaseSpec}. */
export const databaseSchema = z.discriminatedUnion("kind", [newDatabaseSchema, existingDatabaseSchema]);

/** Plans the platform database. */
export function planDatabase(
  given: DatabaseSpec | undefined,
  context: EnvironmentContext,
  demand: PostgresDemand,
): Planned<DatabasePlan> {
  const { spec, shape } = checkedSpec(databaseSchema, given, {}, "database");
  const { plan, violations } = spec.kind === "existing" ? planExisting(spec, demand) : planNew(spec, context, demand);
  const worded = shape.map((violation) =>
    violation.path === "database.password" ? { ...violation, ...passwordProblem(spec) } : violation,
  );
  return { plan, violations: withShape(worded, violations) };
}

function passwordProblem({ kind }: z.output<typeof databaseSchema>): Problem {
  return {
    problem: "would put a secret into the configuration",
    remedy:
      kind === "existing"
        ? "remove it; store the password in Secrets Manager and name the secret in database.secret"
        : "remove it: the password of a new database is generated",
  };
}

/** What a person should know about how the platform database is reached. */
export function databaseWarnings({ kind, caBundle }: DatabasePlan, region: string): string[] {
  if (caBundle !== undefined) return [];
  return [kind === "new" ? uncheckedWarning(region) : UNCHECKED_EXISTING];
}

const CA_BUNDLE = "retool-database-ca";
const HASHED_LENGTH = CA_BUNDLE.length + 9;

function planNew(
  { caBundle: pem, ...spec }: z.output<typeof newDatabaseSchema>,
  context: EnvironmentContext,
  demand: PostgresDemand,
): Planned<NewDatabasePlan> {
  const { plan, violations } = planPostgres(spec, context, demand, "database");
  const trusted = pem ?? rdsAuthorities(context.region) ?? UNCHECKED;
  return { plan: { ...plan, caBundle: planBundle(trusted === UNCHECKED ? undefined : trusted) }, violations };
}

function planBundle(pem: string | undefined): CaBundlePlan | undefined {
  return pem === undefined ? undefined : { configMap: boundedName(`${CA_BUNDLE}-${pem}`, HASHED_LENGTH), pem };
}

function planExisting(
  spec: z.output<typeof existingDatabaseSchema>,
  demand: PostgresDemand,
): Planned<ExistingDatabasePlan> {
  const { database, caBundle, instance, generation: last, maxConnections } = spec;
  const plan: ExistingDatabasePlan = {
    kind: "existing",
    ...planExistingServer(spec),
    databaseName: database,
    caBundle: planBundle(caBundle),
    connections: demand.connections,
    instance,
    generation: last,
  };
  return {
    plan,
    violations: [
      ...existingServerViolations(plan, "database"),
      ...(maxConnections === undefined ? [] : budgetViolations(maxConnections, demand)),
    ],
  };
}

function budgetViolations(most: number, { connections, parts = [] }: PostgresDemand): Violation[] {
  if (connections <= most) return [];
  const sum = parts.map((part) => `${part.name} ${part.connections}`).join(" + ");
  return [
    {
      path: "database.maxConnections",
      problem: `the server allows ${most} connections, but Retool may open ${connections}${sum === "" ? "" : ` (${sum})`}`,
      remedy: "raise max_connections of the server, or use fewer replicas",
    },
  ];
}
