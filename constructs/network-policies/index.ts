export { NetworkPolicies, type NetworkPoliciesProps } from "./network-policies";
export { SystemNetworkPolicies, type SystemNetworkPoliciesProps } from "./system-network-policies";
