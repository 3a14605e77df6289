export { ExistingSecret, type ExistingSecretProps } from "./existing-secret";
export { ExternalSecrets, type ExternalSecretsProps } from "./external-secrets";
export { GeneratedSecret } from "./generated-secret";
export { EncryptionKey, type EncryptionKeyProps } from "./kms-key";
export { KubernetesSecrets, type KubernetesSecretsProps, type RetoolSecretValues } from "./kubernetes-secrets";
export { EncryptionKeyLedger, type EncryptionKeyLedgerProps } from "./retool-encryption-key-ledger";
export { PlannedEncryptionKey, type PlannedEncryptionKeyProps } from "./planned-key";
export { SandboxKeys } from "./sandbox-keys";
export { type SecretReplica, StoredSecret, type StoredSecretProps } from "./stored-secret";
