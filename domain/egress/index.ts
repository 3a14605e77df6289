export type { ConfiguredServices, TelemetryCalls } from "./configured";
export type { LevelCost, NetworkSize } from "./costs";
export type { DeployerChoice } from "./deployer";
export { type DnsFirewallPlan, planDnsFirewall } from "./dns-firewall";
export {
  type EgressFeatures,
  type EgressInput,
  type EgressLevel,
  type EgressMode,
  type EgressPlan,
  type EgressSpec,
  planEgress,
} from "./egress";
export { type FirewallPlan, type FirewallReferences, planFirewall } from "./firewall";
export {
  type EgressMetric,
  type EgressMetrics,
  egressMetrics,
  type MetricFilter,
  type MetricFilters,
  type MetricId,
} from "./metrics";
export { egressReport, type EgressReport, type EgressReportRow } from "./report";
export type { EgressPurpose, EgressResource } from "./resources";
export type {
  Application,
  EgressDestination,
  EgressRule,
  EgressSource,
  Platform,
  Route,
  TemporalEgress,
} from "./rules";
export { temporalEgress } from "./temporal";
export type { DatabaseServer, DatabaseServers } from "./databases";
export type { NamedServer } from "./variables";
export type { OwnRanges } from "./closed-ranges";
export type { ClosedHost } from "./package-registries";
