// The database connection budget:
// - connections of one pod: `databaseConnections` and `sourceConnections` in domain/catalog/catalog.ts;
// - of all pods: databaseConnections in domain/retool/loads.ts, temporalConnections in domain/temporal/local.ts;
// - per database: planDatabases, here;
// - what an instance class can take: domain/database/rds-capacity.ts; a class that is too small: domain/database/instance-violations.ts.

import { type DatabasePlan, type DatabaseSpec, type ExistingDatabasePlan, planDatabase } from "../database/platform";
import { DATABASE_ROLES } from "../common/database-role";
import type { DatabaseServer, DatabaseServers } from "../egress/databases";
import type { People } from "../catalog/row";
import type { EnvironmentContext } from "../common/context";
import type { ExistingServerPlan } from "../database/existing-database";
import { type ConnectionPart, type PostgresPlan, planPostgres } from "../database/instance";
import type { RetoolPlan } from "../retool/retool";
import {
  demandOf,
  planRetoolDatabase,
  type RetoolDatabasePlan,
  type RetoolDatabaseSpec,
} from "../database/retool-database";
import { databaseConnections, retoolDatabaseConnections } from "../retool/loads";
import type { PasswordUse, PasswordUses } from "../secrets/secrets";
import type { TemporalPlan } from "../temporal/temporal";
import { temporalConnections } from "../temporal/local";
import type { Planned } from "../common/violation";

/** What a team decides about the PostgreSQL databases of an environment. */
export interface DatabasesSpec {
  /**
   * The platform database.
   *
   * @default - PostgreSQL 17 on a Multi-AZ instance sized for the connections of Retool
   */
  readonly database?: DatabaseSpec;

  /**
   * Where Retool Database lives, the tables that people make in Retool itself.
   *
   * @default "none"
   */
  readonly retoolDatabase?: RetoolDatabaseSpec;
}

/** The PostgreSQL databases of an environment. */
export interface DatabasesPlan {
  /** The platform database. */
  readonly database: DatabasePlan;
  /** Retool Database. */
  readonly retoolDatabase: RetoolDatabasePlan;
  /** The instance of a local Temporal cluster, where one is made. */
  readonly temporalDatabase: PostgresPlan | undefined;
}

/** Who opens connections. */
export interface DatabaseUsers {
  /** The release. */
  readonly retool: RetoolPlan;
  /** Temporal. */
  readonly temporal: TemporalPlan;
  /** Connections of the sandboxes' controller and proxy. */
  readonly sandboxConnections: number;
  /** People at the busiest moment. */
  readonly people: People;
}

/** Plans all databases, each against the connections of its clients. */
export function planDatabases(
  spec: DatabasesSpec,
  context: EnvironmentContext,
  { retool, temporal, sandboxConnections, people }: DatabaseUsers,
): Planned<DatabasesPlan> {
  const tables = retoolDatabaseConnections(retool);
  const platform: readonly ConnectionPart[] = [
    ...databaseConnections(retool),
    { name: "agent-sandbox", connections: sandboxConnections },
    ...(spec.retoolDatabase === "same-instance" ? tables : []),
  ];
  const database = planDatabase(spec.database, context, { ...demandOf(platform), cpus: databaseCpus(people) });
  const needs = { platform: database.plan, parts: tables };
  const retoolDatabase = planRetoolDatabase(spec.retoolDatabase, context, needs);
  const forTemporal = planTemporalDatabase(temporal, context);
  return {
    plan: { database: database.plan, retoolDatabase: retoolDatabase.plan, temporalDatabase: forTemporal.plan },
    violations: [...database.violations, ...retoolDatabase.violations, ...forTemporal.violations],
  };
}

/** CPUs of the platform database: one for 150 builders or 750 users. Estimated; `database.instanceClass` says otherwise. */
function databaseCpus({ builders, users }: People): number {
  return builders / 150 + users / 750;
}

function planTemporalDatabase(
  { cluster }: TemporalPlan,
  context: EnvironmentContext,
): Planned<PostgresPlan | undefined> {
  if (cluster?.instance === undefined) return { plan: undefined, violations: [] };
  return planPostgres(
    cluster.instance,
    context,
    demandOf(temporalConnections()),
    "temporal.database",
    DATABASE_ROLES.temporal,
  );
}

/** Instances that are made here, by the path of their configuration. */
export function madeInstances({
  database,
  retoolDatabase,
  temporalDatabase,
}: DatabasesPlan): Readonly<Record<string, PostgresPlan>> {
  return {
    ...(database.kind === "new" && { database }),
    ...(retoolDatabase.kind === "dedicated" && { retoolDatabase: retoolDatabase.instance }),
    ...(temporalDatabase !== undefined && { "temporal.database": temporalDatabase }),
  };
}

/** The servers that pods connect to, as network policies and firewalls see them. */
export function databaseServers(
  { database, retoolDatabase, temporalDatabase }: DatabasesPlan,
  { cluster }: TemporalPlan,
): DatabaseServers {
  const platform = serverOf(database);
  return {
    platform,
    retoolDatabase: retoolDatabaseServer(retoolDatabase, platform),
    temporal: temporalDatabase === undefined ? cluster?.server : serverOf(temporalDatabase),
  };
}

function serverOf(plan: PostgresPlan | ExistingDatabasePlan): DatabaseServer {
  return plan.kind === "new" ? { port: plan.port } : plan;
}

function retoolDatabaseServer(plan: RetoolDatabasePlan, platform: DatabaseServer): DatabaseServer | undefined {
  switch (plan.kind) {
    case "none":
      return undefined;
    case "same-instance":
      return platform;
    case "dedicated":
      return serverOf(plan.instance);
    case "existing":
      return plan.server;
  }
}

/** Where the password of each database comes from: made with its instance, or stored before with its server. */
export function passwordUses({ database, retoolDatabase, temporalDatabase }: DatabasesPlan): PasswordUses {
  return {
    databasePassword: database.kind === "new" ? MADE : stored(database),
    retoolDatabasePassword: retoolDatabaseUse(retoolDatabase),
    temporalDatabasePassword: temporalDatabase === undefined ? NONE : MADE,
  };
}

const MADE: PasswordUse = { kind: "made" };
const NONE: PasswordUse = { kind: "none" };

function stored({ secret, secretRevision }: ExistingServerPlan): PasswordUse {
  return { kind: "stored", name: secret, revision: secretRevision };
}

function retoolDatabaseUse(plan: RetoolDatabasePlan): PasswordUse {
  if (plan.kind === "existing") return stored(plan.server);
  return plan.kind === "dedicated" ? MADE : NONE;
}
