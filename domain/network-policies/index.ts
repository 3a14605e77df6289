export { networkPolicies } from "./network-policies";
export type { NetworkPolicyReferences } from "./peers";
export { systemPolicies } from "./system-policies";
