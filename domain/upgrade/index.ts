export { type PlatformState, type PlatformUpgrade, planPlatformUpgrade } from "./platform";
export type { PostgresState } from "./postgres";
export type { UpgradeRecord, UpgradeSnapshot } from "./records";
export {
  type Interruption,
  planUpgrade,
  type Rollback,
  type UpgradeBackup,
  type UpgradeChoice,
  type UpgradeKind,
  type UpgradePlan,
  type UpgradeStep,
} from "./upgrade";
