export { Alarms, type AlarmsProps } from "./alarms";
export { AuditBucket, type AuditBucketProps } from "./audit-bucket";
export { ClusterLogs, type ClusterLogsProps } from "./cluster-logs";
export { Dashboard, type DashboardProps } from "./dashboard";
export type { WatchedResources } from "./dimensions";
