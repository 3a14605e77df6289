export type { Arrow } from "./arrows";
export { awsPartition } from "./aws-partition";
export type { ContainerLoad } from "./base-load";
export type { BlobCredential, BlobEndpoint, ExistingBlobStoragePlan, ExistingBlobStorageSpec } from "./blob-provider";
export { type BlobPlan, type BlobSpec, planBlob } from "./blob";
export type { EndpointStatement } from "./s3-endpoint";
export { type BlobAccessPlan, type BlobStoragePlan, type BlobStorageSpec, planBlobStorage } from "./blob-storage";
export { type CapacityPlan, type CapacitySpec, planCapacity, type QuotaCpus } from "./capacity";
export type { CheckedSpec } from "./checked-spec";
export { type ClusterPlan, type ClusterSpec, planCluster } from "./cluster";
export type { AccessGrant, ClusterAccess } from "./cluster-access";
export type { AddonIdentity, AddonPlan, AddonsPlan } from "./cluster-addons";
export { dataProtectionRules, type DataProtectionRules } from "./data-protection";
export {
  retainData,
  retainedAddresses,
  type TerraformBlock,
  type TerraformBlocks,
  type TerraformJson,
} from "./retained-data";
export {
  type CertificatePlan,
  type CreatedZoneSpec,
  type DnsPlan,
  type DnsSpec,
  type ExistingZoneSpec,
  type NoZoneSpec,
  planDns,
  type ZoneSource,
} from "./dns";
export {
  type EgressFeatures,
  type EgressInput,
  type EgressLevel,
  type EgressMode,
  type EgressPlan,
  type EgressSpec,
  planEgress,
} from "./egress";
export type { ComponentPort, RetoolComponent } from "./egress-components";
export type { EgressDestination, EgressRule, EgressSource, Platform, TemporalEgress } from "./egress-rules";
export {
  type EncryptionKeyPlan,
  type EncryptionKeySpec,
  type KeyService,
  type KeyStatement,
  planEncryptionKey,
} from "./encryption-key";
export { checkEnvironment, type EnvironmentPlan, planEnvironment, type StatePlan } from "./environment";
export { environmentNotes, type EnvironmentNotes, stepsAfterDeployment } from "./environment-notes";
export {
  type EnvironmentUpgrade,
  type EnvironmentUpgradeChoice,
  planEnvironmentUpgrade,
  type UpgradeEdit,
} from "./environment-upgrade";
export type { DataProtection, EnvironmentContext } from "./environment-context";
export type { EnvironmentSpec, StateSpec, Workloads } from "./environment-spec";
export { type FrontDoorPlan, type FrontDoorSpec, planFrontDoor } from "./front-door";
export type { HeadroomKind, HeadroomPlan } from "./headroom";
export {
  helmValues,
  type HelmValuesInput,
  type ReleaseReferences,
  type ReleaseSecrets,
  type SecretKey,
} from "./helm-values";
export type {
  AgentSandboxValues,
  ConfigValues,
  EnvironmentValue,
  HelmValues,
  ImageValues,
  PostgresqlValues,
  ResourceValues,
  RrValues,
  SandboxControllerValues,
  SandboxPodValues,
  ScaledValues,
  TemporalValues,
} from "./helm-values-keys";
export type { ReleaseHostnames, SandboxCapacity } from "./helm-values-sandbox";
export { type HostnamesPlan, type HostnamesSpec, planHostnames } from "./hostnames";
export type { FamilyClass, NodeShape } from "./instance-types";
export { type KarpenterFeatures, type KarpenterPlan, planKarpenter } from "./karpenter";
export type {
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
export {
  type NatStrategy,
  type NetworkDemand,
  type NetworkPlan,
  type NetworkSpec,
  planNetwork,
  type ZonePlan,
} from "./network";
export { networkPolicies } from "./network-policies";
export type { NetworkPolicyReferences } from "./network-policies-peers";
export { networkPolicyReferences } from "./network-policy-references";
export type { PoolNames } from "./node-pools";
export type { NodeOption, PoolLimits } from "./node-sizing";
export type { NodeOverhead } from "./packing";
export type { PoolPlan, PoolsPlan } from "./pools";
export type { BusinessHours, PoolsSpec, QuietHours } from "./pools-spec";
export {
  type ConnectionPart,
  planPostgres,
  type PostgresDemand,
  type PostgresPlan,
  type PostgresSpec,
} from "./postgres";
export { type Deviation, planRetool, type RetoolPlan } from "./retool";
export type {
  AutoscalingSpec,
  Profile,
  Resources,
  ResourcesSpec,
  ServiceId,
  ServicePlan,
  ServiceSpec,
} from "./retool-services";
export type {
  AppOrchestration,
  CodeExecution,
  CodeExecutorSpec,
  FeaturesSpec,
  JobsRunnerSpec,
  RetoolSpec,
} from "./retool-spec";
export type { Channel, RetoolVersion } from "./retool-version";
export type { RoutingPlan, RulePlan, TargetName, TargetPlan } from "./routing";
export type { SandboxSettings, SandboxSpec } from "./sandbox";
export { kubernetesSecrets, planSecrets, type SecretSource, type SecretsPlan, type SecretsSpec } from "./secrets";
export type {
  EncryptionKeyChain,
  EncryptionKeyOrigin,
  EncryptionKeyRotation,
  EncryptionKeySource,
} from "./encryption-key-chain";
export type { SecretPlan } from "./secret-plan";
export { isSettable } from "./settable";
export { listSettings, type Origin, type Setting } from "./settings";
export type { SystemNodesPlan, SystemNodesSpec, SystemTaint } from "./system-nodes";
export { systemPolicies } from "./system-policies";
export { type ManagedTemporalSpec, planTemporal, type TemporalSpec } from "./temporal";
export type { CloudTemporalSpec } from "./temporal-cloud";
export { temporalEgress } from "./temporal-egress";
export type { LocalTemporalSpec, TemporalCassandraSpec, TemporalDatabaseSpec } from "./temporal-local";
export type {
  CassandraStore,
  TemporalCluster,
  TemporalFrontend,
  TemporalKind,
  TemporalKindPlan,
  TemporalPlan,
  TemporalQueueSpec,
  TemporalSecret,
} from "./temporal-plan";
export type { SelfHostedTemporalSpec } from "./temporal-self-hosted";
export type { MutualTlsSpec } from "./temporal-tls";
export { compatibilityViolations, type KubernetesVersion, type VersionChoice, versions } from "./versions";
export { ConfigurationError, formatViolation, type Planned, type Violation } from "./violation";
export { type Access } from "./access";
export { type FaultyVersions } from "./cluster-addons";
export { type OtherZonePlan } from "./dns";
export { type PrivateZoneSpec } from "./dns-spec";
export type { ConfiguredServices } from "./egress-configured";
export type { LevelCost, NetworkSize } from "./egress-costs";
export { type DnsFirewallPlan, planDnsFirewall } from "./egress-dns";
export { type FirewallPlan, type FirewallReferences, planFirewall } from "./egress-firewall";
export { egressReport, type EgressReport, type EgressReportRow } from "./egress-report";
export { type EgressResource } from "./egress-resources";
export { type Application, type Route } from "./egress-rules";
export { type AccessLogsPlan, type AccessLogsSpec, type WafPlan, type WafSpec } from "./front-door-spec";
export { type RestorePlan } from "./postgres-restore";
export { type RestoreSpec } from "./postgres-spec";
export { DBCONNECTOR_VARIABLES } from "./retool-environment";
export { type ImagesPlan, type ImagesSpec } from "./retool-images";
export { type CertificateAuthoritiesPlan, type OutboundProxySpec } from "./retool-outbound";
export { type SsoSpec } from "./retool-sso";
export { type UpgradeRecord, type UpgradeSnapshot } from "./retool-upgrades";
export { type RoutedFeatures } from "./routing";
export { type EgressPurpose } from "./egress-resources";
export {
  type DigestImageId,
  type ImageId,
  type ImagePlan,
  type ImageTagSpec,
  type TaggedImageId,
} from "./retool-images";
export { type GoogleSsoSpec, type OidcSsoSpec } from "./retool-sso";
export {
  type BackupCopySpec,
  type BackupLockPlan,
  type BackupPlan,
  type BackupSources,
  type BackupSpec,
  backupSchema,
  planBackup,
} from "./backup";
export type { WindowsToCheck } from "./rds-windows";
export { type CopySchedule, type Recovery, type RecoveryPlan, type RecoverySources, planRecovery } from "./recovery";
export type { PrivateLinkPlan, PrivateLinkSpec } from "./temporal-private-link";
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
export {
  type ExternalSecretsPlan,
  type OperatorIdentity,
  planSecretDelivery,
  type SecretDeliveryPlan,
  type SecretDeliverySpec,
} from "./secret-delivery";
export { type ExistingClusterDemand, type ExistingClusterPlan, planExistingCluster } from "./cluster-existing";
export type * from "./cluster-existing-spec";
export { type SiteClusterPlan, type SiteNetworkPlan } from "./environment-site";
export { type KarpenterDemand } from "./karpenter-existing";
export { type SandboxZonePlan, type ZoneRoom } from "./network-addresses";
export {
  type ExistingNetworkPlan,
  type ExistingNetworkSpec,
  type ExistingSubnet,
  planExistingNetwork,
} from "./network-existing";
export { type NetworkRanges, type ResolvedNetwork } from "./network-spec";
export { type AddressesByMode, type ZoneAddresses } from "./pod-addresses";
export * from "./index-databases";
