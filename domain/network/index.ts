export { type BastionPlan, planBastion } from "./bastion";
export type { InterfaceStatement } from "./endpoint-policies";
export type { SandboxZonePlan, ZoneRoom } from "./addresses";
export {
  type ExistingNetworkPlan,
  type ExistingNetworkSpec,
  type ExistingSubnet,
  planExistingNetwork,
} from "./existing";
export {
  type NatStrategy,
  type NetworkDemand,
  type NetworkPlan,
  type NetworkSpec,
  planNetwork,
  type ZonePlan,
} from "./network";
export type { NetworkRanges, ResolvedNetwork } from "./spec";
