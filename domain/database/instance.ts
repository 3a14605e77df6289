import { awsPartition } from "../common/aws-partition";
import { checkedSpec, withShape } from "../common/checked-spec";
import { dataProtectionRules } from "../common/data-protection";
import { DATABASE_ROLES, type DatabaseRole } from "../common/database-role";
import type { EnvironmentContext } from "../common/context";
import { roleNamePrefix } from "../common/names";
import { planRestore } from "./restore";
import type { PostgresDemand, PostgresPlan } from "./instance-plan";
import { MOST_STORAGE_GIB, type PostgresSettings, type PostgresSpec, postgresSchema } from "./instance-spec";
import { instanceViolations } from "./instance-violations";
import { defaultInstanceClass } from "./rds-capacity";
import type { Planned } from "../common/violation";

export type { PostgresSpec } from "./instance-spec";
export { postgresSchema } from "./instance-spec";
export type { ConnectionPart, PostgresDemand, PostgresPlan } from "./instance-plan";

/**
 * Resolves defaults and checks the result.
 *
 * @param spec - What the configuration says.
 * @param context - The environment.
 * @param demand - What the rest of the environment asks of the database.
 * @param root - Prefix of every reported path.
 * @param role - Which of the environment's databases it is.
 */
export function planPostgres(
  spec: PostgresSpec | undefined,
  context: EnvironmentContext,
  demand: PostgresDemand,
  root = "database",
  role: DatabaseRole = DATABASE_ROLES.platform,
): Planned<PostgresPlan> {
  const { spec: known, shape } = checkedSpec(postgresSchema, spec, {}, root);
  const plan = resolve(known, context, demand, role);
  return {
    plan,
    violations: withShape(
      shape,
      instanceViolations(plan, { demand, role, restore: known.restore, region: context.region }, root),
    ),
  };
}

function resolve(
  spec: PostgresSettings,
  context: EnvironmentContext,
  demand: PostgresDemand,
  role: DatabaseRole,
): PostgresPlan {
  const { preventDestroy, databaseDeletionProtection, skipFinalSnapshot } = dataProtectionRules(context.dataProtection);
  const { engineVersion, generation, storageGiB } = spec;
  const sharedName = `${context.prefix}${role.suffix}`;
  const identifier = generation === 1 ? sharedName : `${sharedName}-${generation}`;
  return {
    ...spec,
    kind: "new",
    instanceClass: spec.instanceClass ?? defaultInstanceClass(demand.connections, demand.cpus),
    maxStorageGiB: spec.maxStorageGiB ?? Math.min(storageGiB * 5, MOST_STORAGE_GIB),
    identifier,
    sharedName,
    port: role.port,
    connections: demand.connections,
    tags: { "cdktf-retool/database-of": context.prefix },
    restore: planRestore(spec.restore, identifier),
    parameterGroupFamily: `postgres${engineVersion}`,
    parameters: { ...PARAMETERS, log_connections: Number(engineVersion) < 18 ? "1" : CONNECTION_ASPECTS },
    monitoringRolePrefix: roleNamePrefix(`${sharedName}-database-monitoring`),
    monitoringPolicyArn: `arn:${awsPartition(context.region)}:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole`,
    monitoringIntervalSeconds: 60,
    deletionProtection: databaseDeletionProtection,
    skipFinalSnapshot,
    preventDestroy,
  };
}

const PARAMETERS = {
  "rds.force_ssl": "1",
  log_disconnections: "1",
  // Milliseconds.
  log_min_duration_statement: "1000",
  // Values of bind parameters hold what users type, such as mail addresses; the text of a slow statement is logged without them.
  log_parameter_max_length: "0",
  log_parameter_max_length_on_error: "0",
  // Retool's migrations and queues rely on it.
  default_transaction_isolation: "read committed",
};

/** A list from PostgreSQL 18 on, a switch before: https://www.postgresql.org/docs/18/runtime-config-logging.html */
const CONNECTION_ASPECTS = "receipt,authentication,authorization";
