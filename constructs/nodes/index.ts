export { ExistingKarpenter, type ExistingKarpenterProps } from "./existing-karpenter";
export { InstanceQuotas, type InstanceQuotasProps } from "./instance-quotas";
export { InterruptionQueue, type InterruptionQueueProps } from "./interruption-queue";
export { Karpenter, type KarpenterProps, type NodeIdentity } from "./karpenter";
export { KarpenterNodes, type KarpenterNodesProps } from "./karpenter-nodes";
export { type INodeSecurityGroup, NodePools, type NodePoolsProps } from "./node-pools";
export { UserCodeSecurityGroup, type UserCodeSecurityGroupProps } from "./user-code-security-group";
