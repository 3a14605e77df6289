export { Bastion, type BastionProps } from "./bastion";
export { ExistingNetwork, type ExistingNetworkProps } from "./existing-network";
export { FlowLogs, type FlowLogsProps } from "./flow-logs";
export { Network, type NetworkProps } from "./network";
export { PlannedNetwork, type PlannedNetworkProps } from "./planned-network";
export { SandboxSubnets, type SandboxSubnetsProps } from "./sandbox-subnets";
export { VpcEndpoints, type VpcEndpointsProps } from "./vpc-endpoints";
