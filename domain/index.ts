export type { Arrow } from "./catalog/connections";
export { awsPartition } from "./common/aws-partition";
export type { ContainerLoad } from "./capacity/loads";
export type { BlobCredential, BlobEndpoint, ExistingBlobStoragePlan, ExistingBlobStorageSpec } from "./storage/other-providers";
export { type BlobPlan, type BlobSpec, planBlob } from "./storage/storage";
export type { EndpointStatement } from "./storage/s3-endpoint";
export { type BlobAccessPlan, type BlobStoragePlan, type BlobStorageSpec, planBlobStorage } from "./storage/s3";
export { type CapacityPlan, type CapacitySpec, planCapacity, type QuotaCpus } from "./capacity/capacity";
export type { CheckedSpec } from "./common/checked-spec";
export { type ClusterPlan, type ClusterSpec, planCluster } from "./cluster/cluster";
export type { AccessGrant, ClusterAccess } from "./cluster/access";
export type { AddonIdentity, AddonPlan, AddonsPlan } from "./cluster/addons";
export { dataProtectionRules, type DataProtectionRules } from "./common/data-protection";
export {
  retainData,
  retainedAddresses,
  type TerraformBlock,
  type TerraformBlocks,
  type TerraformJson,
} from "./lifecycle/retained-data";
export {
  type CertificatePlan,
  type CreatedZoneSpec,
  type DnsPlan,
  type DnsSpec,
  type ExistingZoneSpec,
  type NoZoneSpec,
  planDns,
  type ZoneSource,
} from "./front-door/dns";
export {
  type EgressFeatures,
  type EgressInput,
  type EgressLevel,
  type EgressMode,
  type EgressPlan,
  type EgressSpec,
  planEgress,
} from "./egress/egress";
export type { ComponentPort, RetoolComponent } from "./catalog/components";
export type { EgressDestination, EgressRule, EgressSource, Platform, TemporalEgress } from "./egress/rules";
export {
  type EncryptionKeyPlan,
  type EncryptionKeySpec,
  type KeyService,
  type KeyStatement,
  planEncryptionKey,
} from "./secrets/kms-key";
export { checkEnvironment, type EnvironmentPlan, planEnvironment, type StatePlan } from "./environment/environment";
export { environmentNotes, type EnvironmentNotes, stepsAfterDeployment } from "./environment/notes";
export {
  type EnvironmentUpgrade,
  type EnvironmentUpgradeChoice,
  planEnvironmentUpgrade,
  type UpgradeEdit,
} from "./environment/upgrade";
export type { DataProtection, EnvironmentContext } from "./common/context";
export type { EnvironmentSpec, StateSpec, Workloads } from "./environment/spec";
export { type FrontDoorPlan, type FrontDoorSpec, planFrontDoor } from "./front-door/front-door";
export type { HeadroomKind, HeadroomPlan } from "./capacity/headroom";
export {
  helmValues,
  type HelmValuesInput,
  type ReleaseReferences,
  type ReleaseSecrets,
  type SecretKey,
} from "./chart/values";
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
} from "./chart/chart-values";
export type { ReleaseHostnames, SandboxCapacity } from "./chart/sandbox";
export { type HostnamesPlan, type HostnamesSpec, planHostnames } from "./front-door/hostnames";
export type { FamilyClass, NodeShape } from "./capacity/instance-types";
export { type KarpenterFeatures, type KarpenterPlan, planKarpenter } from "./nodes/karpenter";
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
} from "./common/kubernetes";
export {
  type NatStrategy,
  type NetworkDemand,
  type NetworkPlan,
  type NetworkSpec,
  planNetwork,
  type ZonePlan,
} from "./network/network";
export { networkPolicies } from "./network-policies/network-policies";
export type { NetworkPolicyReferences } from "./network-policies/peers";
export { networkPolicyReferences } from "./environment/network-policy-references";
export type { PoolNames } from "./nodes/node-pools";
export type { NodeOption, PoolLimits } from "./capacity/node-sizing";
export type { NodeOverhead } from "./capacity/packing";
export type { PoolPlan, PoolsPlan } from "./capacity/pools";
export type { BusinessHours, PoolsSpec, QuietHours } from "./capacity/pools-spec";
export {
  type ConnectionPart,
  planPostgres,
  type PostgresDemand,
  type PostgresPlan,
  type PostgresSpec,
} from "./database/instance";
export { type Deviation, planRetool, type RetoolPlan } from "./retool/retool";
export type {
  AutoscalingSpec,
  Profile,
  Resources,
  ResourcesSpec,
  ServiceId,
  ServicePlan,
  ServiceSpec,
} from "./catalog/services";
export type {
  AppOrchestration,
  CodeExecution,
  CodeExecutorSpec,
  FeaturesSpec,
  JobsRunnerSpec,
  RetoolSpec,
} from "./retool/spec";
export type { Channel, RetoolVersion } from "./versions/retool";
export type { RoutingPlan, RulePlan, TargetName, TargetPlan } from "./front-door/routing";
export type { SandboxSettings, SandboxSpec } from "./capacity/sandbox";
export { kubernetesSecrets, planSecrets, type SecretSource, type SecretsPlan, type SecretsSpec } from "./secrets/secrets";
export type {
  EncryptionKeyChain,
  EncryptionKeyOrigin,
  EncryptionKeyRotation,
  EncryptionKeySource,
} from "./secrets/retool-encryption-key";
export type { SecretPlan } from "./secrets/secret";
export { isSettable } from "./environment/settable";
export { listSettings, type Origin, type Setting } from "./environment/settings";
export type { SystemNodesPlan, SystemNodesSpec, SystemTaint } from "./cluster/system-nodes";
export { systemPolicies } from "./network-policies/system-policies";
export { type ManagedTemporalSpec, planTemporal, type TemporalSpec } from "./temporal/temporal";
export type { CloudTemporalSpec } from "./temporal/cloud";
export { temporalEgress } from "./egress/temporal";
export type { LocalTemporalSpec, TemporalCassandraSpec, TemporalDatabaseSpec } from "./temporal/local";
export type {
  CassandraStore,
  TemporalCluster,
  TemporalFrontend,
  TemporalKind,
  TemporalKindPlan,
  TemporalPlan,
  TemporalQueueSpec,
  TemporalSecret,
} from "./temporal/plan";
export type { SelfHostedTemporalSpec } from "./temporal/self-hosted";
export type { MutualTlsSpec } from "./temporal/tls";
export { compatibilityViolations, type KubernetesVersion, type VersionChoice, versions } from "./versions/pins";
export { ConfigurationError, formatViolation, type Planned, type Violation } from "./common/violation";
export { type Access } from "./front-door/access";
export { type FaultyVersions } from "./cluster/addons";
export { type OtherZonePlan } from "./front-door/dns";
export { type PrivateZoneSpec } from "./front-door/dns-spec";
export type { ConfiguredServices } from "./egress/configured";
export type { LevelCost, NetworkSize } from "./egress/costs";
export { type DnsFirewallPlan, planDnsFirewall } from "./egress/dns-firewall";
export { type FirewallPlan, type FirewallReferences, planFirewall } from "./egress/firewall";
export { egressReport, type EgressReport, type EgressReportRow } from "./egress/report";
export { type EgressResource } from "./egress/resources";
export { type Application, type Route } from "./egress/rules";
export { type AccessLogsPlan, type AccessLogsSpec, type WafPlan, type WafSpec } from "./front-door/spec";
export { type RestorePlan } from "./database/restore";
export { type RestoreSpec } from "./database/instance-spec";
export { DBCONNECTOR_VARIABLES } from "./retool/variables";
export { type ImagesPlan, type ImagesSpec } from "./retool/images";
export { type CertificateAuthoritiesPlan, type OutboundProxySpec } from "./retool/outbound";
export { type SsoSpec } from "./retool/sso";
export { type UpgradeRecord, type UpgradeSnapshot } from "./upgrade/records";
export { type RoutedFeatures } from "./front-door/routing";
export { type EgressPurpose } from "./egress/resources";
export {
  type DigestImageId,
  type ImageId,
  type ImagePlan,
  type ImageTagSpec,
  type TaggedImageId,
} from "./retool/images";
export { type GoogleSsoSpec, type OidcSsoSpec } from "./retool/sso";
export {
  type BackupCopySpec,
  type BackupLockPlan,
  type BackupPlan,
  type BackupSources,
  type BackupSpec,
  backupSchema,
  planBackup,
} from "./backup/backup";
export type { WindowsToCheck } from "./database/rds-windows";
export { type CopySchedule, type Recovery, type RecoveryPlan, type RecoverySources, planRecovery } from "./backup/recovery";
export type { PrivateLinkPlan, PrivateLinkSpec } from "./temporal/private-link";
export {
  type Interruption,
  planUpgrade,
  type Rollback,
  type UpgradeBackup,
  type UpgradeChoice,
  type UpgradeKind,
  type UpgradePlan,
  type UpgradeStep,
} from "./upgrade/upgrade";
export {
  type ExternalSecretsPlan,
  type OperatorIdentity,
  planSecretDelivery,
  type SecretDeliveryPlan,
  type SecretDeliverySpec,
} from "./secrets/delivery";
export { type ExistingClusterDemand, type ExistingClusterPlan, planExistingCluster } from "./cluster/existing";
export type * from "./cluster/existing-spec";
export { type SiteClusterPlan, type SiteNetworkPlan } from "./environment/site";
export { type KarpenterDemand } from "./cluster/existing-karpenter";
export { type SandboxZonePlan, type ZoneRoom } from "./network/addresses";
export {
  type ExistingNetworkPlan,
  type ExistingNetworkSpec,
  type ExistingSubnet,
  planExistingNetwork,
} from "./network/existing";
export { type NetworkRanges, type ResolvedNetwork } from "./network/spec";
export { type AddressesByMode, type ZoneAddresses } from "./capacity/pod-addresses";
export * from "./index-databases";
