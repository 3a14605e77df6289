export { checkEnvironment, type EnvironmentPlan, planEnvironment } from "./environment";
export type { StatePlan } from "./state";
export { type Layer, type Layered, LAYERS, layerStack, type StackPlan, stacksOf, wholeStack } from "./layers";
export { type Addressed, networkPolicyReferences } from "./network-policy-references";
export { environmentNotes, type EnvironmentNotes, stepsAfterDeployment } from "./notes";
export { isSettable } from "./settable";
export { listSettings, type Origin, type Setting } from "./settings";
export type { SiteClusterPlan, SiteNetworkPlan } from "./site";
export type { EnvironmentSpec, StateSpec, Workloads } from "./spec";
export {
  type EnvironmentUpgrade,
  type EnvironmentUpgradeChoice,
  planEnvironmentUpgrade,
  type UpgradeEdit,
} from "./upgrade";
export {
  type DatabasesPlan,
  type DatabasesSpec,
  type DatabaseUsers,
  databaseServers,
  passwordUses,
  planDatabases,
} from "./databases";
