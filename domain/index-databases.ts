export {
  type CaBundlePlan,
  type DatabasePlan,
  type DatabaseSpec,
  type ExistingDatabasePlan,
  type ExistingDatabaseSpec,
  planDatabase,
} from "./database/platform";
export type { PasswordId, PasswordUse, PasswordUses } from "./secrets/database-passwords";
export { DATABASE_ROLES, type DatabaseRole } from "./common/database-role";
export {
  type DatabasesPlan,
  type DatabasesSpec,
  type DatabaseUsers,
  databaseServers,
  passwordUses,
  planDatabases,
} from "./environment/databases";
export type { DatabaseServer, DatabaseServers } from "./egress/databases";
export type { ExistingServerPlan, ExistingServerSpec } from "./database/existing-database";
export type { DatabaseReference } from "./chart/databases";
export type { InstanceBackups } from "./backup/recovery";
export {
  type DedicatedRetoolDatabaseSpec,
  type ExistingRetoolDatabaseSpec,
  planRetoolDatabase,
  type RetoolDatabaseNeeds,
  type RetoolDatabasePlan,
  type RetoolDatabaseSpec,
} from "./database/retool-database";
export type { ExistingTemporalDatabaseSpec } from "./temporal/local";
