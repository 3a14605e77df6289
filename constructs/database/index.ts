export { ExistingDatabase, type ExistingDatabaseProps } from "./existing-database";
export { PostgresDatabase, type PostgresDatabaseProps } from "./postgres-database";
export { UpgradeSnapshots, type UpgradeSnapshotsProps } from "./upgrade-snapshots";
