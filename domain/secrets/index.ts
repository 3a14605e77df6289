export {
  type ExternalSecretsPlan,
  type OperatorIdentity,
  planSecretDelivery,
  type SecretDeliveryPlan,
  type SecretDeliverySpec,
} from "./delivery";
export type { EnvironmentKeyPlan, EnvironmentKeysPlan } from "./environment-keys";
export {
  type EncryptionKeyPlan,
  type EncryptionKeySpec,
  type KeyService,
  type KeyStatement,
  planEncryptionKey,
} from "./kms-key";
export type {
  EncryptionKeyChain,
  EncryptionKeyOrigin,
  EncryptionKeyRotation,
  EncryptionKeySource,
} from "./retool-encryption-key";
export type { SecretPlan } from "./secret";
export { kubernetesSecrets, planSecrets, type SecretSource, type SecretsPlan, type SecretsSpec } from "./secrets";
export type { PasswordId, PasswordUse, PasswordUses } from "./database-passwords";
