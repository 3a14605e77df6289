export type { AlarmPlan, DimensionValue, EventPlan, MetricOf, Statistic, TargetGroup } from "./alarm";
export type { AuditBucketPlan } from "./audit-bucket";
export type { DatabaseSource } from "./database-alarms";
export type { DashboardPlan, GraphPlan, LinePlan } from "./dashboard";
export type { LineCountPlan, LogGroupPlan, LogsPlan } from "./logs";
export type { KnownEnd, ReminderPlan } from "./reminders";
export { type Metric, METRICS } from "./metrics";
export {
  type AlarmsPlan,
  type ObservabilityPlan,
  planObservability,
  type TopicPlan,
  type WatchedCluster,
  type WatchedParts,
} from "./observability";
export type { AlarmsSpec, LogsSpec, ObservabilitySpec } from "./spec";
