import { BLOB_SECRET, type ExistingBlobStoragePlan } from "../storage/other-providers";
import { encryptionVariables } from "../secrets/retool-encryption-key";
import type { HelmValuesInput } from "./values";
import { TELEMETRY_SECRET } from "./telemetry-target";
import type { RetoolPlan } from "../retool/retool";
import { hashOf } from "../common/names";
import { DBCONNECTOR_VARIABLES, ENVIRONMENT_SECRET } from "../retool/variables";
import { type RetoolDatabasePlan, retoolDatabasePassword } from "../database/retool-database";
import { revisionVariables, type SecretDeliveryPlan } from "../secrets/delivery";
import { kubernetesSecrets, type SecretsPlan } from "../secrets/secrets";
import type { TemporalPlan } from "../temporal/temporal";
import { TEMPORAL_SECRET } from "../temporal/tls";
import type { Violation } from "../common/violation";

/** A secret of the environment's own, by its name in the configuration. */
export type OwnSecretId =
  | (typeof DBCONNECTOR_VARIABLES)[keyof typeof DBCONNECTOR_VARIABLES]
  | "oldEncryptionKey"
  | "retoolDatabasePassword"
  | "temporalDatabasePassword";

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
  /** Number that is another one as soon as a key, its source or the revision of a source is. */
  readonly revision: number;
}

/** What decides which further Secrets pods read. */
export interface PodSecretsInput {
  /** The release. */
  readonly retool: RetoolPlan;
  /** Temporal. */
  readonly temporal: TemporalPlan;
  /** The environment's own secrets. */
  readonly secrets: SecretsPlan;
  /** Blob storage. */
  readonly blobStorage: { readonly kind: "s3" } | Pick<ExistingBlobStoragePlan, "kind" | "credential">;
  /**
   * Retool Database.
   *
   * @default - there is none
   */
  readonly retoolDatabase?: RetoolDatabasePlan;
}

/** The same with what writes the Secrets. */
export interface SecretFactsInput extends PodSecretsInput {
  /** What writes the Secrets. */
  readonly secretDelivery: SecretDeliveryPlan;
}

type Sources = PodSecret["keys"];

/** Lists the Kubernetes Secrets of variables, Temporal and blob storage; none where nothing asks for them. */
export function podSecrets(input: PodSecretsInput): PodSecret[] {
  const { blobStorage, retool } = input;
  return [...variablesSecret(input), ...temporalSecret(input), ...blobSecret(blobStorage), ...telemetrySecret(retool)];
}

/** What the release must know of all Secrets: when to move the pods, and how Retool reads two encryption keys. */
export function secretFacts(
  input: SecretFactsInput,
): Required<Pick<HelmValuesInput, "podAnnotations" | "variables" | "hasSecretVariables">> {
  const others = podSecrets(input);
  // The telemetry container has its own annotation, so that no other pod restarts for its key.
  const revisions = others
    .filter(({ name }) => name !== TELEMETRY_SECRET)
    .map(({ name, revision }) => [`cdktf-retool/${name.replace(/^retool-/, "")}-revision`, String(revision)] as const);
  return {
    podAnnotations: { ...input.secrets.podAnnotations, ...Object.fromEntries(revisions) },
    variables: {
      ...encryptionVariables(input.secrets.encryptionKeys),
      ...revisionVariables(input.secretDelivery, [...ownSecrets(input.secrets), ...others]),
    },
    hasSecretVariables: others.some(({ name }) => name === ENVIRONMENT_SECRET),
  };
}

/** Names and revisions of the Secrets of the environment's own keys and passwords. */
function ownSecrets(plan: SecretsPlan): { name: string; revision: number }[] {
  const ids = ["encryptionKey", "jwtSecret", "databasePassword", "sandboxKeys", "license"] as const;
  return ids.flatMap((id) => {
    const secret = plan[id];
    return secret === undefined ? [] : [{ name: kubernetesSecrets[id].name, revision: secret.revision }];
  });
}

/** Finds keys of the environment that a variable, Temporal or the like uses as well. */
export function podSecretViolations(found: readonly PodSecret[], secrets: SecretsPlan): Violation[] {
  const own = Object.entries(secrets).filter(([, part]) => isNamed(part)) as [string, { readonly name: string }][];
  return found.flatMap(({ name, keys }) =>
    Object.entries(keys).flatMap(([key, source]) => {
      if (source.kind === "own") return [];
      const owner = own.find(([, secret]) => secret.name === source.secretName)?.[0];
      if (owner === undefined) return [];
      const path = name === ENVIRONMENT_SECRET ? `retool.secretEnvironment.${key}` : (PATHS[name] ?? name);
      return [
        {
          path,
          problem: `"${source.secretName}" is also the secret of ${owner}`,
          remedy: "use a separate secret for each",
        },
      ];
    }),
  );
}

/** Settings behind the other Secrets. */
const PATHS: Readonly<Record<string, string>> = {
  [TEMPORAL_SECRET]: "temporal",
  [BLOB_SECRET]: "blobStorage",
  [TELEMETRY_SECRET]: "retool.telemetryTarget",
};

function isNamed(part: unknown): boolean {
  return typeof part === "object" && part !== null && "name" in part;
}

function variablesSecret({ retool, secrets, retoolDatabase }: PodSecretsInput): PodSecret[] {
  const { secretEnvironment, secretEnvironmentRevision, features } = retool;
  const stored = Object.entries(secretEnvironment).map(([name, secret]) => [name, fromSecretsManager(secret)] as const);
  const old = secrets.encryptionKeys.readsOldKey ? [["ENCRYPTION_KEY_OLD", own("oldEncryptionKey")] as const] : [];
  const tables = retoolDatabasePassword(retoolDatabase);
  const wanted = [...old, ...tables.map((id) => ["RETOOLDB_POSTGRES_PASSWORD", own(id)] as const), ...stored];
  if (wanted.length === 0) return [];
  const copied = features.dbconnector ? Object.entries(DBCONNECTOR_VARIABLES) : [];
  const keys: Sources = Object.fromEntries([
    ...copied.filter(([, id]) => secrets[id] !== undefined).map(([name, id]) => [name, own(id)] as const),
    ...wanted,
  ]);
  const ids = [...copied.map(([, id]) => id), ...tables];
  const revisions = [secretEnvironmentRevision, ...ids.map((id) => secrets[id]?.revision)];
  return [{ name: ENVIRONMENT_SECRET, keys, revision: revisionOf(keys, revisions) }];
}

function temporalSecret({ temporal, secrets }: PodSecretsInput): PodSecret[] {
  return temporal.secrets.map(({ kubernetesSecret, key, secretName, revision }) => {
    const source = secretName === undefined ? own("temporalDatabasePassword") : fromSecretsManager(secretName);
    const keys = { [key]: source };
    const made = secretName === undefined ? secrets.temporalDatabasePassword?.revision : undefined;
    return { name: kubernetesSecret, keys, revision: revisionOf(keys, [made ?? revision]) };
  });
}

function blobSecret(blobStorage: PodSecretsInput["blobStorage"]): PodSecret[] {
  if (blobStorage.kind === "s3") return [];
  const { name, key, secretName, revision } = blobStorage.credential;
  const keys = { [key]: fromSecretsManager(secretName) };
  return [{ name, keys, revision: revisionOf(keys, [revision]) }];
}

function telemetrySecret({ telemetryTarget }: RetoolPlan): PodSecret[] {
  const secrets = Object.entries(telemetryTarget?.secrets ?? {});
  if (telemetryTarget === undefined || secrets.length === 0) return [];
  const keys: Sources = Object.fromEntries(secrets.map(([variable, name]) => [variable, fromSecretsManager(name)]));
  return [{ name: TELEMETRY_SECRET, keys, revision: revisionOf(keys, [telemetryTarget.revision]) }];
}

function own(id: OwnSecretId): PodSecretSource {
  return { kind: "own", id };
}

function fromSecretsManager(secretName: string): PodSecretSource {
  return { kind: "secrets-manager", secretName };
}

/** Kubernetes writes a Secret again when this number changes, and not when a key is added. */
function revisionOf(keys: Sources, revisions: readonly (number | undefined)[]): number {
  return hashOf(JSON.stringify([keys, revisions]));
}
