export { ExistingDatabase, type ExistingDatabaseProps } from "./existing-database";
export { PostgresDatabase, type PostgresDatabaseProps } from "./postgres-database";
export { type UpgradeSnapshotProps, UpgradeSnapshots, type UpgradeSnapshotsProps } from "./upgrade-snapshots";
