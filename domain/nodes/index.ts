export { type KarpenterPlan, type NodeNeeds, type NodeRolePlan, planKarpenter } from "./karpenter";
export type { UserCodeNodes } from "./user-code-connections";
