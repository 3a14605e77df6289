export { awsPartition } from "./aws-partition";
export type { CheckedSpec } from "./checked-spec";
export type { DataProtection, EnvironmentContext } from "./context";
export { dataProtectionRules, type DataProtectionRules } from "./data-protection";
export type {
  EnvironmentValue,
  HorizontalPodAutoscaler,
  IpBlock,
  Json,
  JsonObject,
  LabelSelector,
  LabelSelectorRequirement,
  Manifest,
  Namespace,
  NetworkPolicy,
  NetworkPolicyEgressRule,
  NetworkPolicyIngressRule,
  NetworkPolicyPeer,
  NetworkPolicyPort,
  NetworkPolicySpec,
  ObjectMeta,
  PriorityClass,
  StorageClass,
} from "./kubernetes";
export { ConfigurationError, formatViolation, type Planned, type Violation } from "./violation";
export { DATABASE_ROLES, type DatabaseRole } from "./database-role";
export type { ServerDestination } from "./server-host";
