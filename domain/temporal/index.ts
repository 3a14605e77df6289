export type { CloudTemporalSpec } from "./cloud";
export type { LocalTemporalSpec, TemporalCassandraSpec, TemporalDatabaseSpec } from "./local";
export type {
  CassandraStore,
  TemporalCluster,
  TemporalFrontend,
  TemporalKind,
  TemporalKindPlan,
  TemporalPlan,
  TemporalQueueSpec,
  TemporalSecret,
} from "./plan";
export type { PrivateLinkPlan, PrivateLinkSpec } from "./private-link";
export type { SelfHostedTemporalSpec } from "./self-hosted";
export { type ManagedTemporalSpec, planTemporal, type TemporalSpec } from "./temporal";
export type { MutualTlsSpec } from "./tls";
export type { ExistingTemporalDatabaseSpec } from "./local";
