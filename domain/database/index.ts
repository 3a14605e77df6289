export {
  type ConnectionPart,
  planPostgres,
  type PostgresDemand,
  type PostgresPlan,
  type PostgresSpec,
} from "./instance";
export type { WindowsToCheck } from "./rds-windows";
export type { RestorePlan, RestoreSpec } from "./restore";
export {
  type CaBundlePlan,
  type DatabasePlan,
  type DatabaseSpec,
  type ExistingDatabasePlan,
  type ExistingDatabaseSpec,
  type NewDatabasePlan,
  type NewDatabaseSpec,
  planDatabase,
} from "./platform";
export type { ExistingServerPlan, ExistingServerSpec } from "./existing-database";
export {
  type DedicatedRetoolDatabaseSpec,
  type ExistingRetoolDatabaseSpec,
  planRetoolDatabase,
  type RetoolDatabaseNeeds,
  type RetoolDatabasePlan,
  type RetoolDatabaseSpec,
} from "./retool-database";
