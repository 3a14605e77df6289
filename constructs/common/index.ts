export type {
  ChartReference,
  CustomResourcesProps,
  FirewallEndpoint,
  FrontDoorTarget,
  HelmReleaseProps,
  IBlobStorage,
  ICertificate,
  ICluster,
  IDnsZone,
  IEncryptionKey,
  IFrontDoor,
  IKarpenter,
  IManagedSecret,
  INetwork,
  INetworkPeer,
  IPostgresDatabase,
  ISecretWriter,
  IWorkloads,
  IWritableZone,
  KubernetesObjectProps,
  KubernetesSecretProps,
  NetworkZone,
  StoredValue,
} from "./contracts";
export { EphemeralResource, type EphemeralResourceProps } from "./ephemeral";
export { HelmRelease, type HelmSettings, type ReleaseProps } from "./helm-release";
export { PodIdentity, type PodIdentityProps } from "./pod-identity";
export {
  podIdentityTrust,
  policyDocument,
  type PolicyStatement,
  serviceTrust,
  webIdentityTrust,
} from "./policy-document";
export { renderJson, renderMap, renderText } from "./render";
export { forget } from "./render-blocks";
export { RenderedWorkloads } from "./rendered-workloads";
export { ClusterWorkloads } from "./workloads";
