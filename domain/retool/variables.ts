import { z } from "zod";

import { revision } from "../common/setting";
import { credentialIn, isKeyMaterial, isSecretName } from "../common/credentials";
import { type SsoSpec, type SsoVariables, ssoSchema, ssoVariables, ssoViolations } from "./sso";
import { secretNameViolations } from "../common/secret-name";
import type { Violation } from "../common/violation";

/** Variables that Retool's pods get. */
export interface EnvironmentVariablesSpec {
  /**
   * Variables of every pod of the backend: text, which users' code can read, or `{ secret: "name" }` for one whose value is in
   * Secrets Manager and does not reach the pods that run users' code.
   *
   * @default {}
   */
  readonly environment?: Readonly<Record<string, string | SecretVariable>>;

  /**
   * Variables whose values are secrets: the name of the Secrets Manager secret for each. They do not reach the pods that run
   * users' code.
   *
   * @default {}
   */
  readonly secretEnvironment?: Readonly<Record<string, string>>;

  /**
   * Number to raise after one of those secrets, or the client secret of `sso`, was changed.
   *
   * @default 1
   */
  readonly secretEnvironmentRevision?: number;

  /**
   * Sign-in.
   *
   * @default - it is set up in Retool's own settings
   */
  readonly sso?: SsoSpec;
}

/** A variable whose value is in Secrets Manager. */
export interface SecretVariable {
  /** Name or ARN of the secret; `:<member>` behind it takes one member of the JSON object that it holds. */
  readonly secret: string;
}

/** Shape of the fields of an {@link EnvironmentVariablesSpec}. */
export const environmentVariablesShape = {
  environment: z.record(z.string(), z.union([z.string(), z.strictObject({ secret: z.string() })])).optional(),
  secretEnvironment: z.record(z.string(), z.string()).optional(),
  secretEnvironmentRevision: revision().default(1),
  sso: ssoSchema.optional(),
};

/** Variables with those of the sign-in among them. */
export interface EnvironmentVariablesPlan {
  /** Plain variables. */
  readonly environment: Readonly<Record<string, string>>;
  /** Secrets Manager secrets by variable; one Kubernetes Secret holds them under the variables' names. */
  readonly secretEnvironment: Readonly<Record<string, string>>;
  /** Number that grows when one of them changes. */
  readonly secretEnvironmentRevision: number;
}

/**
 * Secrets of the environment that dbconnector must find among the secret variables.
 *
 * The chart's dbconnector gets its keys in no other way once a Secret of variables is given (measured with 6.11.21).
 */
export const DBCONNECTOR_VARIABLES = {
  LICENSE_KEY: "license",
  JWT_SECRET: "jwtSecret",
  ENCRYPTION_KEY: "encryptionKey",
  POSTGRES_PASSWORD: "databasePassword",
} as const;

/** The Kubernetes Secret that holds the secret variables. */
export const ENVIRONMENT_SECRET = "retool-environment";

/** Collects the variables. */
export function planEnvironmentVariables(spec: EnvironmentVariablesSpec): EnvironmentVariablesPlan {
  const sso = spec.sso === undefined ? NO_SSO : ssoVariables(spec.sso);
  const { plain, secret } = separated(spec);
  return {
    environment: { ...sso.plain, ...plain },
    secretEnvironment: { ...sso.secret, ...secret, ...spec.secretEnvironment },
    secretEnvironmentRevision: spec.secretEnvironmentRevision ?? 1,
  };
}

/** Variables of both forms apart. */
function separated({ environment = {} }: EnvironmentVariablesSpec): SsoVariables {
  const plain: Record<string, string> = {};
  const secret: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    if (typeof value === "string") plain[name] = value;
    else secret[name] = value.secret;
  }
  return { plain, secret };
}

const NO_SSO: SsoVariables = { plain: {}, secret: {} };

/** Variables that something else sets, and what to use instead. */
const OWNED: readonly (readonly [RegExp, string])[] = [
  [/^BASE_DOMAIN$/, "use domain"],
  [/^LICENSE_KEY$/, "use license"],
  [/^(ENCRYPTION_KEY|JWT_SECRET)$/, "use secrets"],
  [
    /^(ENCRYPTION_KEY_OLD|USE_ENCRYPTION_V2|ENABLE_LOGS_FOR_DECRYPTION_WITH_OLD_KEY)$/,
    "use secrets.encryptionKey.rotations",
  ],
  [/^(POSTGRES_(HOST|PORT|DB|USER|PASSWORD|SSL_ENABLED)|PGPASSWORD)$/, "use database"],
  [/^POSTGRES_CUSTOM_SSL_(CA_FILE_NAME|CERT_PATH)$/, "use database.caBundle"],
  [/^RETOOLDB_POSTGRES_.*$/, "use retoolDatabase"],
  [/^(RR_BLOB_STORAGE_PROVIDER|RR_DEFAULT_.*)$/, "use blobStorage"],
  [/^(RR_POSTGRES_ORCHESTRATION_BACKEND|R2_ORCHESTRATION_BACKEND)$/, "use retool.appOrchestration"],
  [/^(WORKFLOW_TEMPORAL_.*|TEMPORAL_TASKQUEUE_WORKFLOW|WORKER_TEMPORAL_TASKQUEUE)$/, "use temporal"],
  [/^(CLIENT_ID|CLIENT_SECRET|RESTRICTED_DOMAIN|CUSTOM_OAUTH2_SSO_CLIENT_(ID|SECRET))$/, "use retool.sso"],
  [/^LOG_AUDIT_EVENTS$/, "use retool.auditEvents"],
  [/^DATABASE_MIGRATIONS_TIMEOUT_SECONDS$/, "use retool.jobsRunner.migrationTimeoutMinutes"],
  [/^CONTAINER_UNPRIVILEGED_MODE$/, "use retool.codeExecutor.sandboxing"],
  [/^(HTTP|HTTPS|NO)_PROXY$/i, "use retool.outboundProxy"],
  [/^NODE_EXTRA_CA_CERTS$/, "use retool.certificateAuthorities"],
  [/^COOKIE_INSECURE$/, "remove it: Retool is served only over HTTPS"],
  [/^DISABLE_IPTABLES_SECURITY_CONFIGURATION$/, "remove it: users' code could read instance metadata"],
  [
    /^((JAVA_)?DB_(SSH_)?CONNECTOR_(HOST|PORT)|WORKFLOW_BACKEND_HOST|RR_AGENT_PUBSUB_BACKEND|K8S_(NODE|POD)_NAME)$/,
    "leave it to the chart",
  ],
  [/^(SERVICE_TYPE|NODE_ENV|DISABLE_DATABASE_MIGRATIONS|.*_INGRESS_DOMAIN|AGENT_SANDBOX_.*)$/, "leave it to the chart"],
];

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Finds variables that cannot be set here, secrets in the open, and settings of the sign-in that cannot work. */
export function environmentVariablesViolations(spec: EnvironmentVariablesSpec, root: string): Violation[] {
  const { environment = {}, secretEnvironment = {}, sso } = spec;
  const secretRoot = `${root}.secretEnvironment`;
  const { plain, secret: named } = separated(spec);
  const owned = Object.keys(environment).flatMap((name) => nameViolations(name, `${root}.environment.${name}`));
  const isOwned = (path: string): boolean => owned.some((violation) => violation.path === path);
  return [
    ...owned,
    ...Object.entries(plain)
      .flatMap(([name, value]) => plainSecretViolations(name, value, `${root}.environment.${name}`))
      .filter(({ path }) => !isOwned(path)),
    ...Object.entries(named).flatMap(([name, secret]) =>
      secretNameViolations(secret, `${root}.environment.${name}.secret`),
    ),
    ...Object.entries(secretEnvironment).flatMap(([name, secret]) => [
      ...nameViolations(name, `${secretRoot}.${name}`),
      ...secretNameViolations(secret, `${secretRoot}.${name}`),
    ]),
    ...twiceViolations(environment, secretEnvironment, secretRoot),
    ...(sso === undefined ? [] : ssoViolations(sso, `${root}.sso`)),
  ];
}

function nameViolations(name: string, path: string): Violation[] {
  if (!NAME.test(name)) {
    return [
      { path, problem: `"${name}" is not the name of a variable`, remedy: "use letters, digits and underscores" },
    ];
  }
  const owner = OWNED.find(([pattern]) => pattern.test(name));
  return owner === undefined ? [] : [{ path, problem: "is set by this package or the chart", remedy: owner[1] }];
}

/** The remedy for a secret among the variables of a pod. */
export const AS_SECRET = 'store the value in Secrets Manager and write { secret: "<name of the secret>" } in its place';

function plainSecretViolations(name: string, value: string, path: string): Violation[] {
  const what = secretIn(name, value);
  return what === undefined
    ? []
    : [{ path, problem: `${what}, but code in a workflow can read this variable`, remedy: AS_SECRET }];
}

/** What tells that a variable holds a secret: the form of its value, or its name. */
function secretIn(name: string, value: string): string | undefined {
  const form = credentialIn(value);
  if (form !== undefined) return `holds ${form}`;
  if (isKeyMaterial(value) && !/SHA|COMMIT|HASH|DIGEST|CHECKSUM|REVISION|VERSION/i.test(name))
    return "looks like a key";
  return isSecretName(name) && !/^(true|false|on|off|\d{0,4})$/i.test(value) ? "looks like a secret" : undefined;
}

function twiceViolations(
  variables: Readonly<Record<string, unknown>>,
  secret: Readonly<Record<string, string>>,
  root: string,
): Violation[] {
  return Object.keys(secret)
    .filter((name) => name in variables)
    .map((name) => ({
      path: `${root}.${name}`,
      problem: "is in retool.environment as well",
      remedy: "keep one of the two",
    }));
}
