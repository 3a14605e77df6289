export { Alarms, type AlarmsProps } from "./alarms";
export { ClusterLogs, type ClusterLogsProps } from "./cluster-logs";
export { Dashboard, type DashboardProps } from "./dashboard";
export type { WatchedResources } from "./dimensions";
