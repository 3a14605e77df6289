export { ExistingKarpenter, type ExistingKarpenterProps } from "./existing-karpenter";
export { InterruptionQueue, type InterruptionQueueProps } from "./interruption-queue";
export { Karpenter, type KarpenterProps } from "./karpenter";
export { KarpenterNodes, type KarpenterNodesProps } from "./karpenter-nodes";
export { NodePools, type NodePoolsProps } from "./node-pools";
