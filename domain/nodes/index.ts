export { type KarpenterFeatures, type KarpenterPlan, planKarpenter } from "./karpenter";
