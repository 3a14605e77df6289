export type {
  DigestImageId,
  ImageId,
  ImagePlan,
  ImagesPlan,
  ImageRegistriesSpec,
  ImagesSpec,
  ImageTagSpec,
  TaggedImageId,
} from "./images";
export type { CertificateAuthoritiesPlan, OutboundProxySpec } from "./outbound";
export { type Deviation, planRetool, type RetoolPlan } from "./retool";
export type {
  AppOrchestration,
  CodeExecution,
  CodeExecutorSpec,
  FeaturesSpec,
  JobsRunnerSpec,
  RetoolSpec,
} from "./spec";
export type { GoogleSsoSpec, OidcSsoSpec, SsoSpec } from "./sso";
export { DBCONNECTOR_VARIABLES, type SecretVariable } from "./variables";
export type {
  DatadogTargetSpec,
  OtlpTargetSpec,
  TelemetryTarget,
  TelemetryTargetPlan,
  TelemetryTargetSpec,
} from "./telemetry-target";
