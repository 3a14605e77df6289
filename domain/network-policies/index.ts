export { networkPolicies } from "./network-policies";
export type { NetworkPolicyReferences } from "./peers";
export { portViolations } from "./ports";
export { systemPolicies } from "./system-policies";
