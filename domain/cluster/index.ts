export type { AccessGrant, ClusterAccess } from "./access";
export {
  type AddonIdentity,
  type AddonName,
  type AddonPlan,
  type AddonsPlan,
  type AddonVersions,
  type ClusterSize,
  type FaultyVersions,
  ADDONS,
} from "./addons";
export { type ClusterDemand, type ClusterPlan, type ClusterSpec, planCluster } from "./cluster";
export { type ExistingClusterDemand, type ExistingClusterPlan, planExistingCluster } from "./existing";
export type { KarpenterDemand } from "./existing-karpenter";
export type { SystemNodesPlan, SystemNodesSpec, SystemTaint } from "./system-nodes";
export type * from "./existing-spec";
export type { PoolNames } from "./pool-names";
