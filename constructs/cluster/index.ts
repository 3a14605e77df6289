export { Cluster, type ClusterProps } from "./cluster";
export { ClusterAddons, type ClusterAddonsProps } from "./cluster-addons";
export { ExistingCluster, type ExistingClusterProps } from "./existing-cluster";
export { LoadBalancerController, type LoadBalancerControllerProps } from "./load-balancer-controller";
export { LoadBalancerRights, type LoadBalancerRightsProps } from "./load-balancer-rights";
export { PlannedCluster, type PlannedClusterProps } from "./planned-cluster";
export { SystemNodes, type SystemNodesProps } from "./system-nodes";
