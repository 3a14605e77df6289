export {
  type BackupCopySpec,
  type BackupLockPlan,
  type BackupPlan,
  backupSchema,
  type BackupSources,
  type BackupSpec,
  planBackup,
} from "./backup";
export { type CopySchedule, planRecovery, type Recovery, type RecoveryPlan, type RecoverySources } from "./recovery";
export type { InstanceBackups } from "./recovery";
