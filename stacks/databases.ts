import type { Construct } from "constructs";

import type { ICluster, IManagedSecret, INetwork } from "../constructs/common/contracts";
import { ExistingDatabase } from "../constructs/database/existing-database";
import { keepFormerInstances } from "../constructs/database/former-database";
import { PostgresDatabase } from "../constructs/database/postgres-database";
import type { DatabasesPlan } from "../domain/environment/databases";
import type { EnvironmentContext } from "../domain/common/context";
import type { DatabaseReference } from "../domain/chart/values";
import type { PostgresPlan } from "../domain/database/instance";
import type { Keys } from "./foundation";
import type { RetoolSecrets } from "./retool-secrets";

/** What {@link defineDatabases} needs. */
export interface DatabasesProps {
  /** The databases, and the environment that they are of. */
  readonly plan: DatabasesPlan & { readonly context: EnvironmentContext };
  /** Network of the instances. */
  readonly network: INetwork;
  /** Cluster whose nodes may connect. */
  readonly cluster: ICluster;
  /** Keys of the environment. */
  readonly keys: Pick<Keys, "data" | "logs">;
  /** Passwords of the administrators. */
  readonly secrets: RetoolSecrets;
}

/** The PostgreSQL servers of an environment. */
export interface Databases {
  /** The platform database. */
  readonly platform: PostgresDatabase | ExistingDatabase;
  /** Server of Retool Database, where there is one. */
  readonly retoolDatabase: DatabaseReference | undefined;
  /** Instance of a local Temporal cluster, where one is made. */
  readonly temporal: DatabaseReference | undefined;
  /** ARNs of the instances that are made. */
  readonly instanceArns: readonly string[];
}

/** Defines the instances that an environment makes; each stands directly below the given scope. */
export function defineDatabases(scope: Construct, props: DatabasesProps): Databases {
  const { database, retoolDatabase, temporalDatabase } = props.plan;
  const { secrets } = props;
  keepFormer(scope, props.plan);
  const platform =
    database.kind === "new"
      ? defineInstance(scope, "Database", database, secrets.databasePassword, props)
      : new ExistingDatabase(scope, "Database", { plan: database });
  const tables =
    retoolDatabase.kind === "dedicated"
      ? defineInstance(scope, "RetoolDatabase", retoolDatabase.instance, secrets.retoolDatabasePassword, props)
      : undefined;
  const temporal =
    temporalDatabase === undefined
      ? undefined
      : defineInstance(scope, "TemporalDatabase", temporalDatabase, secrets.temporalDatabasePassword, props);
  return {
    platform,
    retoolDatabase: tables === undefined ? sharedOrGiven(props.plan, platform) : referenceTo(tables),
    temporal: temporal && referenceTo(temporal),
    instanceArns: [platform, tables, temporal].flatMap((one) =>
      one instanceof PostgresDatabase ? [one.instanceArn] : [],
    ),
  };
}

/** An instance that was made before stays where none is made now. */
function keepFormer(scope: Construct, plan: DatabasesProps["plan"]): void {
  const { database, retoolDatabase, temporalDatabase } = plan;
  const { dataProtection } = plan.context;
  if (database.kind === "existing") keepFormerInstances(scope, "Database", dataProtection, database.generation);
  if (retoolDatabase.kind !== "dedicated") keepFormerInstances(scope, "RetoolDatabase", dataProtection);
  if (temporalDatabase === undefined) keepFormerInstances(scope, "TemporalDatabase", dataProtection);
}

function defineInstance(
  scope: Construct,
  id: string,
  plan: PostgresPlan,
  password: IManagedSecret | undefined,
  { network, cluster, keys }: DatabasesProps,
): PostgresDatabase {
  if (password === undefined) throw new Error(`${plan.identifier}: there is no password for its administrator`);
  const instance = new PostgresDatabase(scope, id, {
    plan,
    network,
    encryptionKey: keys.data,
    logsKey: keys.logs,
    password,
  });
  instance.allowFrom("Nodes", { securityGroupId: cluster.clusterSecurityGroupId });
  return instance;
}

function sharedOrGiven(
  { retoolDatabase }: DatabasesPlan,
  platform: PostgresDatabase | ExistingDatabase,
): DatabaseReference | undefined {
  if (retoolDatabase.kind === "same-instance") return referenceTo(platform);
  if (retoolDatabase.kind !== "existing") return undefined;
  const { host, port, username } = retoolDatabase.server;
  return { host, port, user: username };
}

function referenceTo({ host, port, username }: PostgresDatabase | ExistingDatabase): DatabaseReference {
  return { host, port, user: username };
}
