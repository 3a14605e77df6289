// The license key of Retool:
// - which secret holds it: setting `license` in domain/environment/spec.ts; its Secret in Kubernetes: kubernetesSecrets;
// - whether it is valid: domain/doctor/license.ts;
// - the reminder before it ends: `licenseEnds` in domain/observability/observability.ts.

import { z } from "zod";

import { dataProtectionRules } from "../common/data-protection";
import { ONE_PASSWORD, type PasswordId, type PasswordUses, passwordViolations } from "./database-passwords";
import {
  type EncryptionKeyChain,
  encryptionKeySchema,
  type EncryptionKeySource,
  encryptionKeyViolations,
  planEncryptionKeys,
  revisionOfKeyViolations,
} from "./retool-encryption-key";
import { checkedSpec } from "../common/checked-spec";
import type { EnvironmentContext } from "../common/context";
import { secretName, secretNameViolations } from "../common/secret-name";
import { revision } from "../common/setting";
import { existingSecret, type SecretPlan } from "./secret";
import type { Planned, Violation } from "../common/violation";

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
   * The key that encrypts data source credentials and workflow histories in the database; losing it loses them.
   *
   * It is never replaced: another key follows it by an entry of `rotations`.
   *
   * @default { kind: "generate", rotations: [] }
   */
  readonly encryptionKey?: EncryptionKeySource;

  /**
   * The secret that signs the sessions of Retool's users; a new one signs everybody out.
   *
   * @default { kind: "generate", revision: 1 }
   */
  readonly jwtSecret?: SecretSource;

  /**
   * The password of the platform database's administrator. While another one is deployed, old pods open no new connections until they
   * are replaced; deploy it when few people work.
   *
   * @default { kind: "generate", revision: 1 }
   */
  readonly databasePassword?: SecretSource;

  /**
   * The password of the administrator of Retool Database, where an instance is made for it.
   *
   * @default { kind: "generate", revision: 1 }
   */
  readonly retoolDatabasePassword?: SecretSource;

  /**
   * The password of the administrator of a local Temporal cluster's database, where an instance is made for it.
   *
   * @default { kind: "generate", revision: 1 }
   */
  readonly temporalDatabasePassword?: SecretSource;

  /**
   * The agent sandbox's own ES256 key pair and 64-digit hexadecimal key; an existing secret is a JSON object with the keys
   * `jwt-public-key`, `jwt-private-key` (both PEM) and `encryption-key`.
   *
   * @default { kind: "generate", revision: 1 }
   */
  readonly sandboxKeys?: SecretSource;

  /**
   * Number to raise after another license key was stored, so that it is handed out.
   *
   * @default 1
   */
  readonly licenseRevision?: number;
}

/** A {@link SecretsSpec} with every default filled in. */
export interface SecretsPlan {
  /** The key that encrypts stored credentials now. */
  readonly encryptionKey: SecretPlan;
  /** That key with those before it. */
  readonly encryptionKeys: EncryptionKeyChain;
  /** The secret that signs sessions. */
  readonly jwtSecret: SecretPlan;
  /** The password of the database's administrator. */
  readonly databasePassword: SecretPlan;
  /** The password of the administrator of Retool Database, where it has a separate server. */
  readonly retoolDatabasePassword: SecretPlan | undefined;
  /** The password of the administrator of Temporal's database, where an instance is made for it. */
  readonly temporalDatabasePassword: SecretPlan | undefined;
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

export type { PasswordUse, PasswordUses } from "./database-passwords";

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
  jwtSecret: { name: "jwt-secret", description: "Signs the sessions of Retool's users" },
  databasePassword: { name: "database-password", description: "Password of the platform database's administrator" },
  retoolDatabasePassword: {
    name: "retool-database-password",
    description: "Password of the administrator of Retool Database",
  },
  temporalDatabasePassword: {
    name: "temporal-database-password",
    description: "Password of the administrator of Temporal's database",
  },
  sandboxKeys: { name: "agent-sandbox", description: "Keys of the agent sandbox, used for nothing else" },
} as const;

type SecretId = keyof typeof GENERATED;
type Plans = Readonly<Record<SecretId, SecretPlan | undefined>>;

const GENERATE = { kind: "generate", revision: 1 } as const;

const secretSource = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("generate"), revision: revision().default(1) }),
  z.strictObject({ kind: z.literal("existing"), name: secretName(), revision: revision().default(1) }),
]);

/** Shape of a {@link SecretsSpec}. */
export const secretsSchema = z.strictObject({
  encryptionKey: encryptionKeySchema.default({ kind: "generate", rotations: [] }),
  jwtSecret: secretSource.default(GENERATE),
  databasePassword: secretSource.optional(),
  retoolDatabasePassword: secretSource.optional(),
  temporalDatabasePassword: secretSource.optional(),
  sandboxKeys: secretSource.default(GENERATE),
  licenseRevision: revision().default(1),
});

/** A {@link SecretsSpec} with every default that does not depend on other settings. */
type SecretsSettings = z.output<typeof secretsSchema>;

/**
 * Resolves where every secret comes from and checks that nothing asks for the impossible.
 *
 * @param spec - What the configuration says.
 * @param license - Name of the secret that holds the license key, or `none`.
 * @param context - The environment.
 * @param uses - Where the databases' passwords come from.
 */
export function planSecrets(
  spec: SecretsSpec | undefined,
  license: string,
  context: EnvironmentContext,
  uses: PasswordUses = ONE_PASSWORD,
): Planned<SecretsPlan> {
  const { references, violations: values } = separatePlainValues(spec ?? {});
  const { spec: known, shape } = checkedSpec(secretsSchema, references, {}, "secrets");
  const { encryptionKey, licenseRevision } = known;
  const licensePlan = planLicense(license, licenseRevision);
  const plans = {
    jwtSecret: secretPlan("jwtSecret", known, context),
    ...passwordPlans(known, context, uses),
    sandboxKeys: secretPlan("sandboxKeys", known, context),
  };
  const encryptionKeys = planEncryptionKeys(encryptionKey, context);
  const { preventDestroy, secretRecoveryDays } = dataProtectionRules(context.dataProtection);
  return {
    plan: {
      encryptionKey: encryptionKeys.current,
      encryptionKeys,
      ...plans,
      license: licensePlan,
      recoveryDays: secretRecoveryDays,
      preventDestroy,
      podAnnotations: podAnnotations(encryptionKeys, plans, licensePlan),
    },
    violations: [
      ...values,
      ...revisionOfKeyViolations(references.encryptionKey),
      ...shape.filter(({ path }) => path !== "secrets.encryptionKey.revision"),
      ...encryptionKeyViolations(encryptionKey),
      ...passwordViolations(known, uses),
      ...sharedSecretViolations({ ...keysByPath(encryptionKeys), ...plans, license: licensePlan }),
      ...(licensePlan === undefined ? [] : secretNameViolations(licensePlan.name, "license")),
    ],
  };
}

function planLicense(name: string, revision: number): SecretPlan | undefined {
  return name === "none" ? undefined : existingSecret(name, "License key of Retool", revision);
}

/** Takes out what was written in place of a reference, so that no message ever repeats it. */
function separatePlainValues(spec: unknown): { references: SecretsSpec; violations: Violation[] } {
  if (typeof spec !== "object" || spec === null) return { references: {}, violations: [plainValue("secrets")] };
  const isValue = ([id, source]: [string, unknown]): boolean =>
    id !== "licenseRevision" && typeof source !== "object" && source !== undefined;
  const entries = Object.entries(spec) as [string, unknown][];
  return {
    references: Object.fromEntries(entries.filter((entry) => !isValue(entry))),
    violations: entries.filter(isValue).map(([id]) => plainValue(`secrets.${id}`)),
  };
}

function plainValue(path: string): Violation {
  return {
    path,
    problem: "is not a reference, and a configuration must not hold the value of a secret",
    remedy: 'use { kind: "generate" }, or store it in Secrets Manager and use { kind: "existing", name: "..." }',
  };
}

function secretPlan(id: SecretId, spec: SecretsSettings, context: EnvironmentContext): SecretPlan {
  const source = spec[id] ?? GENERATE;
  const { name, description } = GENERATED[id];
  if (source.kind === "existing") return existingSecret(source.name, description, source.revision);
  return {
    kind: "generate",
    name: `${context.secretPath}/${name}`,
    description,
    revision: source.revision,
    // A new revision is how these are rotated.
    preventReplacement: false,
  };
}

function passwordPlans(
  spec: SecretsSettings,
  context: EnvironmentContext,
  uses: PasswordUses,
): Pick<SecretsPlan, PasswordId> {
  return {
    databasePassword:
      passwordPlan("databasePassword", spec, context, uses) ?? secretPlan("databasePassword", spec, context),
    retoolDatabasePassword: passwordPlan("retoolDatabasePassword", spec, context, uses),
    temporalDatabasePassword: passwordPlan("temporalDatabasePassword", spec, context, uses),
  };
}

function passwordPlan(
  id: PasswordId,
  spec: SecretsSettings,
  context: EnvironmentContext,
  uses: PasswordUses,
): SecretPlan | undefined {
  const use = uses[id];
  if (use.kind === "stored") return existingSecret(use.name, GENERATED[id].description, use.revision);
  return use.kind === "made" ? secretPlan(id, spec, context) : undefined;
}

function podAnnotations(
  { current }: EncryptionKeyChain,
  plans: Plans,
  license: SecretPlan | undefined,
): Record<string, string> {
  const generated = Object.entries(plans).flatMap(([id, plan]) =>
    plan === undefined ? [] : [[GENERATED[id as SecretId].name, plan.revision] as const],
  );
  const all = [["encryption-key", current.revision] as const, ...generated];
  // The first revision of a license says nothing, so that pods do not restart for it.
  const renewed = license !== undefined && license.revision > 1 ? [["license", license.revision] as const] : [];
  return Object.fromEntries(
    [...all, ...renewed].map(([name, revision]) => [`cdktf-retool/${name}-revision`, String(revision)]),
  );
}

function keysByPath({ keys }: EncryptionKeyChain): Record<string, SecretPlan> {
  const path = (index: number): string => (index === 0 ? "encryptionKey" : `encryptionKey.rotations[${index - 1}]`);
  return Object.fromEntries(keys.map((key, index) => [path(index), key]));
}

function sharedSecretViolations(plans: Readonly<Record<string, SecretPlan | undefined>>): Violation[] {
  const owners = new Map<string, string>();
  return Object.entries(plans).flatMap(([id, plan]) => {
    if (plan === undefined) return [];
    const owner = owners.get(plan.name);
    owners.set(plan.name, owner ?? id);
    if (owner === undefined) return [];
    return [
      {
        path: id === "license" ? id : `secrets.${id}.name`,
        problem: `"${plan.name}" is also the secret of ${owner}`,
        remedy: "use a separate secret for each",
      },
    ];
  });
}
