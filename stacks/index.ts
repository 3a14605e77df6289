export type { Databases } from "./databases";
export { type CheckedEnvironments, environmentSpecs } from "./environment-specs";
export type { Keys } from "./foundation";
export { declareAws, declareBackend, declareKubernetes, declareTls } from "./providers";
export { RetoolPlatform, type RetoolPlatformProps } from "./retool-platform";
export { RetoolSecrets, type RetoolSecretsProps } from "./retool-secrets";
export type { RetoolSecretValues } from "../constructs/secrets/kubernetes-secrets";
export { RetoolStack } from "./retool-stack";
