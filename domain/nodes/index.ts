export { type KarpenterPlan, type NodeNeeds, type NodeRolePlan, planKarpenter } from "./karpenter";
