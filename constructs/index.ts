export { Backup, type BackupCopy, type BackupProps } from "./backup/backup";
export { BlobAccess, type BlobAccessProps } from "./storage/blob-access";
export { BlobStorage, type BlobStorageProps } from "./storage/blob-storage";
export { Certificate, type CertificateProps } from "./front-door/certificate";
export { ClusterAddons, type ClusterAddonsProps } from "./cluster/cluster-addons";
export { Cluster, type ClusterProps } from "./cluster/cluster";
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
} from "./common/contracts";
export { EncryptionKey, type EncryptionKeyProps } from "./secrets/kms-key";
export type { SecretReplica, StoredSecretProps } from "./secrets/ephemeral-secret";
export { EphemeralResource, type EphemeralResourceProps } from "./common/ephemeral";
export { ExistingDatabase, type ExistingDatabaseProps } from "./database/existing-database";
export { ExistingSecret, type ExistingSecretProps } from "./secrets/existing-secret";
export { FlowLogs, type FlowLogsProps } from "./network/flow-logs";
export { FrontDoor, type FrontDoorProps } from "./front-door/front-door";
export { GeneratedSecret } from "./secrets/generated-secret";
export { HelmRelease, type HelmSettings, type ReleaseProps } from "./common/helm-release";
export { HostedZone, type HostedZoneProps } from "./front-door/hosted-zone";
export { InterruptionQueue, type InterruptionQueueProps } from "./nodes/interruption-queue";
export { KarpenterNodes, type KarpenterNodesProps } from "./nodes/karpenter-nodes";
export { ExistingCluster, type ExistingClusterProps } from "./cluster/existing-cluster";
export { ExistingKarpenter, type ExistingKarpenterProps } from "./nodes/existing-karpenter";
export { ExistingNetwork, type ExistingNetworkProps } from "./network/existing-network";
export { SandboxSubnets, type SandboxSubnetsProps } from "./network/sandbox-subnets";
export { LoadBalancerRights, type LoadBalancerRightsProps } from "./cluster/load-balancer-rights";
export { Karpenter, type KarpenterProps } from "./nodes/karpenter";
export { KubernetesSecrets, type KubernetesSecretsProps, type RetoolSecretValues } from "./secrets/kubernetes-secrets";
export { LoadBalancerController, type LoadBalancerControllerProps } from "./cluster/load-balancer-controller";
export { NetworkPolicies, type NetworkPoliciesProps } from "./network-policies/network-policies";
export { Network, type NetworkProps } from "./network/network";
export { NodePools, type NodePoolsProps } from "./nodes/node-pools";
export { PodIdentity, type PodIdentityProps } from "./common/pod-identity";
export { podIdentityTrust, policyDocument, type PolicyStatement, serviceTrust } from "./common/policy-document";
export { PostgresDatabase, type PostgresDatabaseProps } from "./database/postgres-database";
export { forget } from "./common/render-blocks";
export { renderJson, renderMap, renderText } from "./common/render";
export { RenderedWorkloads } from "./common/rendered-workloads";
export { RetoolRelease, type RetoolReleaseProps } from "./chart/retool-release";
export { SandboxKeys } from "./secrets/sandbox-keys";
export { SystemNetworkPolicies, type SystemNetworkPoliciesProps } from "./network-policies/system-network-policies";
export { SystemNodes, type SystemNodesProps } from "./cluster/system-nodes";
export { TargetGroupBindings, type TargetGroupBindingsProps } from "./front-door/target-group-bindings";
export { VpcEndpoints, type VpcEndpointsProps } from "./network/vpc-endpoints";
export { ClusterWorkloads } from "./common/workloads";
export { DnsFirewall, type DnsFirewallProps } from "./egress/dns-firewall";
export { EgressReport, type EgressReportProps } from "./egress/egress-report";
export { NetworkFirewall, type NetworkFirewallProps } from "./egress/network-firewall";
export { UpgradeSnapshots, type UpgradeSnapshotsProps } from "./database/upgrade-snapshots";
export { DnsQueryLogs, type DnsQueryLogsProps } from "./front-door/dns-query-logs";
export { type FirewallEndpoint, type NetworkZone } from "./common/contracts";
export { type IWritableZone } from "./common/contracts";
export { EncryptionKeyLedger, type EncryptionKeyLedgerProps } from "./secrets/retool-encryption-key-ledger";
export { TemporalPrivateLink, type TemporalPrivateLinkProps } from "./temporal/temporal-private-link";
export { ExternalSecrets, type ExternalSecretsProps } from "./secrets/external-secrets";
export type { ISecretWriter, StoredValue } from "./common/contracts";
