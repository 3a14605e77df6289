import { z } from "zod";

import { dataProtectionRules } from "./data-protection";
import type { EnvironmentContext } from "./environment-context";
import { secretNameViolations } from "./secret-name";
import { shapeViolations } from "./shape";
import type { Planned, Violation } from "./violation";

/** Where the value of a secret comes from. */
export type SecretSource =
  | {
      /** Made by Secrets Manager on the first deployment. */
      readonly kind: "generate";
      /**
       * Number that makes a new value when it grows.
       *
       * @default 1
       */
      readonly revision?: number;
    }
  | {
      /** Stored in Secrets Manager before; it is read and never changed. */
      readonly kind: "existing";
      /** Name of the secret in the environment's account and region; its whole string is the value. */
      readonly name: string;
      /**
       * Number to raise after the stored value was changed, so that it is handed out again.
       *
       * @default 1
       */
      readonly revision?: number;
    };

/** The keys and passwords of a Retool environment: where each comes from, never what it is. */
export interface SecretsSpec {
  /**
   * The key that encrypts data source credentials and workflow histories in the database; whoever loses it loses them.
   *
   * @default { kind: "generate", revision: 1 }
   */
  readonly encryptionKey?: SecretSource;

  /**
   * The secret that signs the sessions of Retool's users; a new one signs everybody out.
   *
   * @default { kind: "generate", revision: 1 }
   */
  readonly jwtSecret?: SecretSource;

  /**
   * The password of the platform database's administrator.
   *
   * @default { kind: "generate", revision: 1 }
   */
  readonly databasePassword?: SecretSource;

  /**
   * The agent sandbox's own ES256 key pair and 64-digit hexadecimal key; an existing secret is a JSON object with the keys
   * `jwt-public-key`, `jwt-private-key` (both PEM) and `encryption-key`.
   *
   * @default { kind: "generate", revision: 1 }
   */
  readonly sandboxKeys?: SecretSource;
}

/** One secret with its name in Secrets Manager. */
export interface SecretPlan {
  /** Whether the value is made here or was stored before. */
  readonly kind: "generate" | "existing";
  /** Name of the secret in Secrets Manager. */
  readonly name: string;
  /** What the secret is for, in one line. */
  readonly description: string;
  /** Number that grows when the value changes on purpose. */
  readonly revision: number;
  /** Whether Terraform refuses a plan that replaces the value. */
  readonly preventReplacement: boolean;
}

/** A {@link SecretsSpec} with every default filled in. */
export interface SecretsPlan {
  /** The key that encrypts stored credentials. */
  readonly encryptionKey: SecretPlan;
  /** The secret that signs sessions. */
  readonly jwtSecret: SecretPlan;
  /** The password of the database's administrator. */
  readonly databasePassword: SecretPlan;
  /** The sandbox's key pair and key. */
  readonly sandboxKeys: SecretPlan;
  /** The license key, where one is used. */
  readonly license: SecretPlan | undefined;
  /** Days that a deleted secret can still be recovered; 0 deletes it at once. */
  readonly recoveryDays: number;
  /** Whether Terraform refuses a plan that destroys a secret. */
  readonly preventDestroy: boolean;
  /** Annotations that move the pods to new values: one revision a secret. */
  readonly podAnnotations: Readonly<Record<string, string>>;
}

/** Kubernetes Secrets that hold Retool's secrets, and the keys in them. */
export const kubernetesSecrets = {
  encryptionKey: { name: "retool-encryption-key", key: "encryption-key" },
  jwtSecret: { name: "retool-jwt", key: "jwt-secret" },
  databasePassword: { name: "retool-database", key: "password" },
  license: { name: "retool-license", key: "license-key" },
  // The chart reads these three keys by these names from the one Secret it is given.
  sandboxKeys: { name: "retool-agent-sandbox", keys: ["jwt-public-key", "jwt-private-key", "encryption-key"] },
} as const;

/** The secrets that can be generated: what Secrets Manager calls them, and what for. */
const GENERATED = {
  encryptionKey: { name: "encryption-key", description: "Encrypts the credentials that Retool stores; never lose it" },
  jwtSecret: { name: "jwt-secret", description: "Signs the sessions of Retool's users" },
  databasePassword: { name: "database-password", description: "Password of the platform database's administrator" },
  sandboxKeys: { name: "agent-sandbox", description: "Keys of the agent sandbox, used for nothing else" },
} as const;

type SecretId = keyof typeof GENERATED;

const secretSource = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("generate"), revision: z.number().optional() }),
  z.strictObject({ kind: z.literal("existing"), name: z.string(), revision: z.number().optional() }),
]);

/** Shape of a {@link SecretsSpec}. */
export const secretsSchema = z.strictObject({
  encryptionKey: secretSource.optional(),
  jwtSecret: secretSource.optional(),
  databasePassword: secretSource.optional(),
  sandboxKeys: secretSource.optional(),
}) satisfies z.ZodType<SecretsSpec>;

/**
 * Resolves where every secret comes from and checks that nothing asks for the impossible.
 *
 * @param spec - What the configuration says.
 * @param license - Name of the secret that holds the license key, or `none`.
 * @param context - The environment.
 * @param root - Prefix of every reported path.
 */
export function planSecrets(
  spec: SecretsSpec | undefined,
  license: string,
  context: EnvironmentContext,
  root = "secrets",
): Planned<SecretsPlan> {
  const { references, violations: values } = separatePlainValues(spec ?? {}, root);
  const shape = [...values, ...shapeViolations(secretsSchema, references, root)];
  const known = shape.length > 0 ? {} : references;
  const licensePlan = license === "none" ? undefined : existingSecret(license, "License key of Retool", 1);
  const plans = {
    encryptionKey: secretPlan("encryptionKey", known, context),
    jwtSecret: secretPlan("jwtSecret", known, context),
    databasePassword: secretPlan("databasePassword", known, context),
    sandboxKeys: secretPlan("sandboxKeys", known, context),
  };
  const { preventDestroy, secretRecoveryDays } = dataProtectionRules(context.dataProtection);
  return {
    plan: {
      ...plans,
      license: licensePlan,
      recoveryDays: secretRecoveryDays,
      preventDestroy,
      podAnnotations: podAnnotations(plans),
    },
    violations: [
      ...shape,
      ...Object.entries(plans).flatMap(([id, plan]) => secretViolations(plan, `${root}.${id}`)),
      ...encryptionKeyViolations(plans.encryptionKey, `${root}.encryptionKey`),
      ...sharedSecretViolations({ ...plans, license: licensePlan }, root),
      ...(licensePlan === undefined ? [] : secretNameViolations(licensePlan.name, "license")),
    ],
  };
}

/** Takes out what was written in place of a reference, so that no message ever repeats it. */
function separatePlainValues(spec: unknown, root: string): { references: SecretsSpec; violations: Violation[] } {
  if (typeof spec !== "object" || spec === null) return { references: {}, violations: [plainValue(root)] };
  const isValue = ([, source]: [string, unknown]): boolean => typeof source !== "object" && source !== undefined;
  const entries = Object.entries(spec) as [string, unknown][];
  return {
    references: Object.fromEntries(entries.filter((entry) => !isValue(entry))),
    violations: entries.filter(isValue).map(([id]) => plainValue(`${root}.${id}`)),
  };
}

function plainValue(path: string): Violation {
  return {
    path,
    problem: "is no reference, and the value of a secret never belongs in a configuration",
    remedy: 'use { kind: "generate" }, or store it in Secrets Manager and use { kind: "existing", name: "..." }',
  };
}

function secretPlan(id: SecretId, spec: SecretsSpec, context: EnvironmentContext): SecretPlan {
  const source = spec[id] ?? { kind: "generate" };
  const { name, description } = GENERATED[id];
  const revision = source.revision ?? 1;
  if (source.kind === "existing") return existingSecret(source.name, description, revision);
  return {
    kind: "generate",
    name: `retool/${context.name}/${name}`,
    description,
    revision,
    // Every other value may be replaced: a new revision is how it is rotated.
    preventReplacement: id === "encryptionKey" && dataProtectionRules(context.dataProtection).preventDestroy,
  };
}

function existingSecret(name: string, description: string, revision: number): SecretPlan {
  return { kind: "existing", name, description, revision, preventReplacement: false };
}

function podAnnotations(plans: Readonly<Record<SecretId, SecretPlan>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(plans).map(([id, { revision }]) => [
      `cdktf-retool/${GENERATED[id as SecretId].name}-revision`,
      String(revision),
    ]),
  );
}

function secretViolations({ kind, name, revision }: SecretPlan, path: string): Violation[] {
  const violations = kind === "existing" ? secretNameViolations(name, `${path}.name`) : [];
  if (Number.isInteger(revision) && revision >= 1 && revision <= LARGEST_REVISION) return violations;
  return [
    ...violations,
    {
      path: `${path}.revision`,
      problem: `${revision} is not a revision`,
      remedy: `use a whole number from 1 to ${LARGEST_REVISION}`,
    },
  ];
}

/** Terraform holds the number as a 32-bit integer, and a Kubernetes Secret holds the sum of several. */
const LARGEST_REVISION = 1_000_000;

function encryptionKeyViolations({ kind, revision }: SecretPlan, path: string): Violation[] {
  if (kind !== "generate" || revision === 1) return [];
  return [
    {
      path: `${path}.revision`,
      problem: `${revision} would replace the key, and every stored credential and running workflow could no longer be read`,
      remedy:
        "keep 1; to rotate the key follow Retool's own procedure, which runs the old and the new key side by side after a snapshot",
    },
  ];
}

function sharedSecretViolations(plans: Readonly<Record<string, SecretPlan | undefined>>, root: string): Violation[] {
  const owners = new Map<string, string>();
  return Object.entries(plans).flatMap(([id, plan]) => {
    if (plan === undefined) return [];
    const owner = owners.get(plan.name);
    owners.set(plan.name, owner ?? id);
    if (owner === undefined) return [];
    return [
      {
        path: id === "license" ? id : `${root}.${id}.name`,
        problem: `"${plan.name}" is the secret of ${owner} as well`,
        remedy: "give every key a secret of its own",
      },
    ];
  });
}
