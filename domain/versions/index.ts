export { compatibilityViolations, type KubernetesVersion, type VersionChoice, versions } from "./pins";
export type { Channel, RetoolVersion } from "./retool";
