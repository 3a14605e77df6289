export type { GivenKeys } from "./encryption-keys";
export { iamName, type IamPlan } from "./iam";
export type { LandingZonePlan } from "./landing-zone";
export type { LogBucketPlan } from "./log-bucket";
export type { EncryptionKeysSpec, IamSpec, LogBucketSpec } from "./spec";
