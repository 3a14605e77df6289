import { z } from "zod";

import { checkedSpec, withShape } from "../common/checked-spec";
import type { DatabasePlan } from "./platform";
import { DATABASE_ROLES } from "../common/database-role";
import type { EnvironmentContext } from "../common/context";
import {
  type ExistingServerPlan,
  type ExistingServerSpec,
  existingServerShape,
  existingServerViolations,
  planExistingServer,
} from "./existing-database";
import {
  type ConnectionPart,
  type PostgresDemand,
  type PostgresPlan,
  planPostgres,
  type PostgresSpec,
  postgresSchema,
} from "./instance";
import type { Planned, Violation } from "../common/violation";

/** A separate instance for Retool Database, with its own size. */
export interface DedicatedRetoolDatabaseSpec extends Omit<PostgresSpec, "kind"> {
  /** A separate instance. */
  readonly kind: "dedicated";
}

/** A server that exists already for Retool Database; its user must be allowed to create databases and roles. */
export interface ExistingRetoolDatabaseSpec extends ExistingServerSpec {
  /** A server that exists already. */
  readonly kind: "existing";
}

/**
 * Where Retool Database lives, the tables that people make in Retool itself: nowhere, on the instance of the platform
 * database, on a separate instance, or on a server that exists already.
 *
 * Retool makes the database itself, and a user for it that may do nothing else; it needs PostgreSQL 14.3 or later.
 */
export type RetoolDatabaseSpec =
  "none" | "same-instance" | "dedicated" | DedicatedRetoolDatabaseSpec | ExistingRetoolDatabaseSpec;

/** A {@link RetoolDatabaseSpec} with every default filled in. */
export type RetoolDatabasePlan =
  | { readonly kind: "none" }
  | { readonly kind: "same-instance" }
  | { readonly kind: "dedicated"; readonly instance: PostgresPlan }
  | { readonly kind: "existing"; readonly server: ExistingServerPlan };

/** Shape of a {@link RetoolDatabaseSpec}. */
export const retoolDatabaseSchema = z.union([
  z.enum(["none", "same-instance", "dedicated"]),
  z.discriminatedUnion("kind", [
    postgresSchema.extend({ kind: z.literal("dedicated") }),
    z.strictObject({ kind: z.literal("existing"), ...existingServerShape }),
  ]),
]);

/** Database to which Retool connects to make its own; every PostgreSQL server has it, and Retool's installer uses it. */
export const MAINTENANCE_DATABASE = "postgres";

/** The secret that holds the password of the user who makes Retool Database, in a list of at most one. */
export function retoolDatabasePassword(
  plan: Pick<RetoolDatabasePlan, "kind"> = { kind: "none" },
): readonly ("databasePassword" | "retoolDatabasePassword")[] {
  if (plan.kind === "none") return [];
  return [plan.kind === "same-instance" ? "databasePassword" : "retoolDatabasePassword"];
}

/** What Retool Database is checked against. */
export interface RetoolDatabaseNeeds {
  /** The platform database, whose instance it may share. */
  readonly platform: DatabasePlan;
  /** Connections that the pods which run queries may open to it. */
  readonly parts: readonly ConnectionPart[];
}

/** Plans Retool Database. */
export function planRetoolDatabase(
  given: RetoolDatabaseSpec | undefined,
  context: EnvironmentContext,
  { platform, parts }: RetoolDatabaseNeeds,
): Planned<RetoolDatabasePlan> {
  const { spec, shape } = checkedSpec(retoolDatabaseSchema, given, "none", "retoolDatabase");
  const { plan, violations } = planKind(spec, context, { platform, parts });
  return { plan, violations: withShape(shape, violations) };
}

function planKind(
  spec: z.output<typeof retoolDatabaseSchema>,
  context: EnvironmentContext,
  { platform, parts }: RetoolDatabaseNeeds,
): Planned<RetoolDatabasePlan> {
  if (spec === "none") return { plan: { kind: "none" }, violations: [] };
  if (spec === "same-instance") return { plan: { kind: "same-instance" }, violations: sharedViolations(platform) };
  if (spec !== "dedicated" && spec.kind === "existing") {
    const server = planExistingServer(spec);
    return { plan: { kind: "existing", server }, violations: existingServerViolations(server, "retoolDatabase") };
  }
  const demand = demandOf(parts);
  const size: PostgresSpec = spec === "dedicated" ? {} : { ...spec, kind: "new" };
  const { plan, violations } = planPostgres(size, context, demand, "retoolDatabase", DATABASE_ROLES.retoolDatabase);
  return { plan: { kind: "dedicated", instance: plan }, violations };
}

/** Adds up connections. */
export function demandOf(parts: readonly ConnectionPart[]): PostgresDemand {
  return { connections: parts.reduce((sum, { connections }) => sum + connections, 0), parts };
}

function sharedViolations(platform: DatabasePlan): Violation[] {
  const { oldestMajor, client } = DATABASE_ROLES.retoolDatabase;
  if (platform.kind !== "new" || Number(platform.engineVersion) >= oldestMajor) return [];
  return [
    {
      path: "retoolDatabase",
      problem: `PostgreSQL ${platform.engineVersion} of the platform database is too old for ${client}`,
      remedy: `set database.engineVersion to "${oldestMajor}" or later, or use "dedicated"`,
    },
  ];
}
