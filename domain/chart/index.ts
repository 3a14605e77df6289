export type {
  AgentSandboxValues,
  ConfigValues,
  FeatureValues,
  HelmValues,
  ImageValues,
  PostgresqlValues,
  ResourceValues,
  RrValues,
  SandboxControllerValues,
  SandboxPodValues,
  ScaledValues,
  TemporalValues,
} from "./chart-values";
export type { ReleaseHostnames, SandboxCapacity } from "./sandbox";
export {
  helmValues,
  type HelmValuesInput,
  type ReleaseReferences,
  type ReleaseSecrets,
  type SecretKey,
} from "./values";
export type { DatabaseReference } from "./databases";
export type { DeploymentPatch, JobTemplatePatch, ReleasePatch } from "./post-render";
