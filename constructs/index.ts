export { Backup, type BackupCopy, type BackupProps } from "./backup";
export { BlobAccess, type BlobAccessProps } from "./blob-access";
export { BlobStorage, type BlobStorageProps } from "./blob-storage";
export { Certificate, type CertificateProps } from "./certificate";
export { ClusterAddons, type ClusterAddonsProps } from "./cluster-addons";
export { Cluster, type ClusterProps } from "./cluster";
export type {
  INetwork,
  IEncryptionKey,
  ICluster,
  IKarpenter,
  INetworkPeer,
  IPostgresDatabase,
  IBlobStorage,
  IDnsZone,
  ICertificate,
  IFrontDoor,
  FrontDoorTarget,
  IManagedSecret,
  ChartReference,
  HelmReleaseProps,
  CustomResourcesProps,
  KubernetesSecretProps,
  KubernetesObjectProps,
  IWorkloads,
} from "./contracts";
export { EncryptionKey, type EncryptionKeyProps } from "./encryption-key";
export type { SecretReplica, StoredSecretProps } from "./ephemeral-secret";
export { EphemeralResource, type EphemeralResourceProps } from "./ephemeral";
export { ExistingDatabase, type ExistingDatabaseProps } from "./existing-database";
export { ExistingSecret, type ExistingSecretProps } from "./existing-secret";
export { FlowLogs, type FlowLogsProps } from "./flow-logs";
export { FrontDoor, type FrontDoorProps } from "./front-door";
export { GeneratedSecret } from "./generated-secret";
export { HelmRelease, type HelmSettings, type ReleaseProps } from "./helm-release";
export { HostedZone, type HostedZoneProps } from "./hosted-zone";
export { InterruptionQueue, type InterruptionQueueProps } from "./interruption-queue";
export { KarpenterNodes, type KarpenterNodesProps } from "./karpenter-nodes";
export { ExistingCluster, type ExistingClusterProps } from "./existing-cluster";
export { ExistingKarpenter, type ExistingKarpenterProps } from "./existing-karpenter";
export { ExistingNetwork, type ExistingNetworkProps } from "./existing-network";
export { SandboxSubnets, type SandboxSubnetsProps } from "./sandbox-subnets";
export { LoadBalancerRights, type LoadBalancerRightsProps } from "./load-balancer-rights";
export { Karpenter, type KarpenterProps } from "./karpenter";
export { KubernetesSecrets, type KubernetesSecretsProps, type RetoolSecretValues } from "./kubernetes-secrets";
export { LoadBalancerController, type LoadBalancerControllerProps } from "./load-balancer-controller";
export { NetworkPolicies, type NetworkPoliciesProps } from "./network-policies";
export { Network, type NetworkProps } from "./network";
export { NodePools, type NodePoolsProps } from "./node-pools";
export { PodIdentity, type PodIdentityProps } from "./pod-identity";
export { podIdentityTrust, policyDocument, type PolicyStatement, serviceTrust } from "./policy-document";
export { PostgresDatabase, type PostgresDatabaseProps } from "./postgres-database";
export { forget } from "./render-blocks";
export { renderJson, renderMap, renderText } from "./render";
export { RenderedWorkloads } from "./rendered-workloads";
export { RetoolRelease, type RetoolReleaseProps } from "./retool-release";
export { SandboxKeys } from "./sandbox-keys";
export { SystemNetworkPolicies, type SystemNetworkPoliciesProps } from "./system-network-policies";
export { SystemNodes, type SystemNodesProps } from "./system-nodes";
export { TargetGroupBindings, type TargetGroupBindingsProps } from "./target-group-bindings";
export { VpcEndpoints, type VpcEndpointsProps } from "./vpc-endpoints";
export { ClusterWorkloads } from "./workloads";
export { DnsFirewall, type DnsFirewallProps } from "./dns-firewall";
export { EgressReport, type EgressReportProps } from "./egress-report";
export { NetworkFirewall, type NetworkFirewallProps } from "./network-firewall";
export { UpgradeSnapshots, type UpgradeSnapshotsProps } from "./upgrade-snapshots";
export { DnsQueryLogs, type DnsQueryLogsProps } from "./dns-query-logs";
export { type FirewallEndpoint, type NetworkZone } from "./contracts";
export { type IWritableZone } from "./contracts";
export { EncryptionKeyLedger, type EncryptionKeyLedgerProps } from "./encryption-key-ledger";
export { TemporalPrivateLink, type TemporalPrivateLinkProps } from "./temporal-private-link";
export { ExternalSecrets, type ExternalSecretsProps } from "./external-secrets";
export type { ISecretWriter, StoredValue } from "./contracts";
