import type { RetoolPlan } from "./retool";
import { type DBCONNECTOR_VARIABLES, ENVIRONMENT_SECRET } from "./retool-environment";
import type { TemporalPlan } from "./temporal";

/** A secret of the environment's own, by its name in the configuration. */
export type OwnSecretId = (typeof DBCONNECTOR_VARIABLES)[keyof typeof DBCONNECTOR_VARIABLES];

/** Where the value of one key comes from. */
export type PodSecretSource =
  | { readonly kind: "secrets-manager"; readonly secretName: string }
  | { readonly kind: "own"; readonly id: OwnSecretId };

/** A Kubernetes Secret that pods read besides those of the keys and passwords. */
export interface PodSecret {
  /** Name of the Kubernetes Secret. */
  readonly name: string;
  /** Source of each key's value. */
  readonly keys: Readonly<Record<string, PodSecretSource>>;
  /** Sum of the revisions of the secrets in Secrets Manager. */
  readonly revision: number;
}

/** Lists the Kubernetes Secrets of the variables and of Temporal; none where nothing asks for them. */
export function podSecrets(retool: RetoolPlan, temporal: TemporalPlan): PodSecret[] {
  return [...variablesSecret(retool), ...temporalSecret(temporal)];
}

function variablesSecret({ secretEnvironment, secretEnvironmentRevision, copiedSecrets }: RetoolPlan): PodSecret[] {
  const stored = Object.entries(secretEnvironment).map(([name, secretName]) => [name, fromSecretsManager(secretName)]);
  if (stored.length === 0) return [];
  const copied = Object.entries(copiedSecrets).map(([name, id]) => [name, { kind: "own", id }]);
  const keys = Object.fromEntries([...copied, ...stored]) as PodSecret["keys"];
  return [{ name: ENVIRONMENT_SECRET, keys, revision: secretEnvironmentRevision }];
}

function temporalSecret({ secrets }: TemporalPlan): PodSecret[] {
  return secrets.map(({ kubernetesSecret, key, secretName, revision }) => ({
    name: kubernetesSecret,
    keys: { [key]: fromSecretsManager(secretName) },
    revision,
  }));
}

function fromSecretsManager(secretName: string): PodSecretSource {
  return { kind: "secrets-manager", secretName };
}
