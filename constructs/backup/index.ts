export { Backup, type BackupCopy, type BackupProps } from "./backup";
