import type { SecretDeliveryPlan } from "./delivery";

/** What decides who may read secrets. */
export interface SecretReadersInput {
  /** ARN of the role that deploys; absent where it is not known who deploys. */
  readonly deployRoleArn?: string;
  /** What writes the Kubernetes Secrets. */
  readonly secretDelivery: SecretDeliveryPlan;
}

/**
 * Who may read the environment's secrets, as ARNs of roles. This is the whole list:
 *
 * - the role that deploys, which writes and compares them, in both regions;
 * - the role of the External Secrets Operator's SecretStore, where the operator delivers secrets, in the environment's region.
 *   It is left out of the copies in the second region on purpose: its SecretStore names the environment's region, so it
 *   never reads a copy;
 * - the account's root user, which the policy of every key adds (`planEncryptionKey` in `kms-key.ts`).
 *
 * Everyone else is denied `kms:Decrypt` by the key's policy, even where IAM policies allow it. Retool's pods are not readers:
 * they get Kubernetes Secrets.
 *
 * @param plan - The environment.
 * @param plan.deployRoleArn - Role that deploys.
 * @param plan.secretDelivery - What writes the Kubernetes Secrets.
 * @param place - Whether the key encrypts the secrets or their copies in the second region.
 * @returns undefined where it is not known who deploys: a list without the deployer would lock it out, so IAM policies decide.
 */
export function secretReaders(
  { deployRoleArn, secretDelivery }: SecretReadersInput,
  place: "originals" | "copies",
): readonly string[] | undefined {
  if (deployRoleArn === undefined) return undefined;
  if (place === "copies" || secretDelivery.kind !== "external-secrets") return [deployRoleArn];
  return [deployRoleArn, secretDelivery.storeRole.arn];
}
