import { z } from "zod";

import { dataProtectionRules } from "../common/data-protection";
import type { EnvironmentContext } from "../common/context";
import { existingSecret, type SecretPlan } from "./secret";
import { secretName } from "../common/secret-name";
import type { Violation } from "../common/violation";

/** Where one encryption key comes from. It has no revision: another value in its place would lose what it encrypted. */
export type EncryptionKeyOrigin =
  | {
      /** Made by Secrets Manager when it is first deployed, and never again. */
      readonly kind: "generate";
    }
  | {
      /** Stored in Secrets Manager before; it is read and never changed. */
      readonly kind: "existing";
      /** Name of the secret in the environment's account and region; its whole string is the key. */
      readonly name: string;
    };

/**
 * A key that follows another one, by Retool's own procedure.
 *
 * Source: https://docs.retool.com/self-hosted/guides/rotate-encryption-key
 */
export type EncryptionKeyRotation = EncryptionKeyOrigin & {
  /**
   * Whether pods still get the key before this one: `in-use` until Retool's script has re-encrypted everything and the
   * log shows no value that needs it, then `retired`.
   */
  readonly oldKey: "in-use" | "retired";
};

/** Where the encryption key comes from, and the keys that followed it. */
export type EncryptionKeySource = EncryptionKeyOrigin & {
  /**
   * Keys that followed, oldest first. Entries are added, never changed or removed; each takes a snapshot of the database
   * before the pods get its key.
   *
   * @default []
   */
  readonly rotations?: readonly EncryptionKeyRotation[];
};

/** Every encryption key an environment ever had. */
export interface EncryptionKeyChain {
  /** The keys, oldest first; the last one encrypts. */
  readonly keys: readonly SecretPlan[];
  /** The key that encrypts; its revision counts the steps of all rotations. */
  readonly current: SecretPlan;
  /** Whether pods get the key before it as well, to read what it encrypted. */
  readonly readsOldKey: boolean;
  /** Identifiers of the database's snapshots, one from before each rotation. */
  readonly snapshots: readonly string[];
}

const generate = z.strictObject({ kind: z.literal("generate") });
const existing = z.strictObject({ kind: z.literal("existing"), name: secretName() });
const oldKey = z.enum(["in-use", "retired"]);
const rotations = z
  .array(z.discriminatedUnion("kind", [generate.extend({ oldKey }), existing.extend({ oldKey })]))
  .readonly()
  .default([]);

/** Shape of an {@link EncryptionKeySource}. */
export const encryptionKeySchema = z.discriminatedUnion("kind", [
  generate.extend({ rotations }),
  existing.extend({ rotations }),
]);

/** An {@link EncryptionKeySource} with every default. */
type EncryptionKeySettings = z.output<typeof encryptionKeySchema>;

const DESCRIPTION = "Encrypts the credentials that Retool stores; never lose it";

/** Names every key and the snapshot from before each rotation. */
export function planEncryptionKeys(source: EncryptionKeySettings, context: EnvironmentContext): EncryptionKeyChain {
  const { rotations: followers } = source;
  const first = planKey(source, 1, context);
  const others = followers.map((rotation, index) => planKey(rotation, index + 2, context));
  const retired = followers.filter((rotation) => rotation.oldKey === "retired").length;
  return {
    keys: [first, ...others],
    current: { ...(others.at(-1) ?? first), revision: 1 + followers.length + retired },
    readsOldKey: followers.at(-1)?.oldKey === "in-use",
    snapshots: followers.map((_, index) => `${context.prefix}-before-encryption-key-${index + 2}`),
  };
}

function planKey(origin: EncryptionKeyOrigin, position: number, context: EnvironmentContext): SecretPlan {
  if (origin.kind === "existing") return existingSecret(origin.name, DESCRIPTION, 1);
  return {
    kind: "generate",
    name: `${context.secretPath}/encryption-key${position === 1 ? "" : `-${position}`}`,
    description: DESCRIPTION,
    revision: 1,
    preventReplacement: dataProtectionRules(context.dataProtection).preventDestroy,
  };
}

/** Finds keys that would lose what an earlier one encrypted. */
export function encryptionKeyViolations({ rotations: followers }: EncryptionKeySettings): Violation[] {
  return followers
    .slice(0, -1)
    .flatMap((rotation, index) => unfinished(rotation, `secrets.encryptionKey.rotations[${index}].oldKey`));
}

/** Retool reads with two keys at most. */
function unfinished(rotation: EncryptionKeyRotation, path: string): Violation[] {
  if (rotation.oldKey === "retired") return [];
  return [
    {
      path,
      problem: '"in-use" while a later rotation exists; Retool reads with at most two keys',
      remedy:
        'finish this rotation first: run Retool\'s script, write "retired", deploy, and only then add the next one',
    },
  ];
}

/** Explains why an encryption key has no revision, where a configuration gives it one. */
export function revisionOfKeyViolations(source: unknown): Violation[] {
  if (typeof source !== "object" || source === null || !("revision" in source)) return [];
  return [
    {
      path: "secrets.encryptionKey.revision",
      problem: "would replace the key, so stored credentials and running workflows could not be read",
      remedy:
        'remove it, and add { kind: "generate", oldKey: "in-use" } to rotations instead: both keys then run side by side',
    },
  ];
}

/** Variables that Retool's procedure asks for; the keys themselves come from Secrets. */
export function encryptionVariables({ keys, readsOldKey }: EncryptionKeyChain): Record<string, string> {
  if (keys.length === 1) return {};
  return { USE_ENCRYPTION_V2: "true", ...(readsOldKey ? { ENABLE_LOGS_FOR_DECRYPTION_WITH_OLD_KEY: "true" } : {}) };
}
