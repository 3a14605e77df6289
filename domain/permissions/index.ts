export type { Conditions, Permission } from "./permission";
export { type Phase, permissionsOf, PHASES, policiesOf } from "./permissions";
export { type Policy, type PolicyStatement } from "./policies";
export { stackUse, type StackUse, type SynthesizedStack } from "./stack";
