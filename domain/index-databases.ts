export {
  type CaBundlePlan,
  type DatabasePlan,
  type DatabaseSpec,
  type ExistingDatabasePlan,
  type ExistingDatabaseSpec,
  planDatabase,
} from "./database";
export type { PasswordId, PasswordUse, PasswordUses } from "./database-passwords";
export { DATABASE_ROLES, type DatabaseRole } from "./database-role";
export {
  type DatabasesPlan,
  type DatabasesSpec,
  type DatabaseUsers,
  databaseServers,
  passwordUses,
  planDatabases,
} from "./databases";
export type { DatabaseServer, DatabaseServers } from "./egress-databases";
export type { ExistingServerPlan, ExistingServerSpec } from "./existing-database";
export type { DatabaseReference } from "./helm-values-databases";
export type { InstanceBackups } from "./recovery";
export {
  type DedicatedRetoolDatabaseSpec,
  type ExistingRetoolDatabaseSpec,
  planRetoolDatabase,
  type RetoolDatabaseNeeds,
  type RetoolDatabasePlan,
  type RetoolDatabaseSpec,
} from "./retool-database";
export type { ExistingTemporalDatabaseSpec } from "./temporal-local";
