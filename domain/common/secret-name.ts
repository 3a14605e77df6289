import { z } from "zod";

import { credentialIn, isKeyMaterial } from "./credentials";
import { checked } from "./setting";
import type { Problem, Violation } from "./violation";

/**
 * What a setting names a secret by: its name, or its whole ARN, and the member of the JSON object that it holds.
 *
 * Names that begin with a service and an exclamation mark are those of secrets that AWS manages, such as `rds!db-...`.
 * Source: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html, parameter Name, and
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/service-linked-secrets.html
 */
const REFERENCE =
  /^(?<id>(?<arn>arn:aws[a-z-]*:secretsmanager:(?<region>[a-z0-9-]+):\d{12}:secret:)?(?<name>(?:[a-z]+!)?[A-Za-z0-9/_+=.@-]{1,512}))(?::(?<member>[A-Za-z0-9_.-]+)(?:::)?)?$/;

/** A secret in Secrets Manager, and what of it is the value. */
export interface SecretReference {
  /** Name or ARN. */
  readonly id: string;
  /** Whether it is an ARN. */
  readonly isArn: boolean;
  /**
   * Member of the JSON object that the secret holds.
   *
   * @default - the whole string is the value
   */
  readonly member?: string;
}

/** Secrets that RDS makes and rotates hold `username` and `password`. */
const RDS_MEMBER = "password";

/** Reads how a setting names a secret: `retool/db`, `rds!db-...`, an ARN, each with `:<member>` behind it where it holds JSON. */
export function secretReference(text: string): SecretReference {
  const { id = text, arn, name = "", member } = REFERENCE.exec(text)?.groups ?? {};
  const managed = name.startsWith("rds!") ? RDS_MEMBER : undefined;
  return { id, isArn: arn !== undefined, member: member ?? managed };
}

/** Region in the ARN of a secret; undefined in a name. */
export function regionOfSecret(text: string): string | undefined {
  return REFERENCE.exec(text)?.groups?.["region"];
}

/** The name or ARN of a secret in Secrets Manager. */
export function secretName(): z.ZodString {
  return checked(z.string(), secretNameProblem, { form: "the name of a secret" });
}

/** Finds names that no secret can have. The text is not repeated: it may be the secret itself. */
export function secretNameViolations(text: string, path: string): Violation[] {
  const problem = secretNameProblem(text);
  return problem === undefined ? [] : [{ path, ...problem }];
}

function secretNameProblem(text: string): Problem | undefined {
  const { name, arn } = REFERENCE.exec(text)?.groups ?? {};
  if (name !== undefined && (arn !== undefined || !isSecretItself(name))) return undefined;
  const problem = name === undefined ? "are not the name of a secret" : "look like the secret's value";
  return {
    problem: `the ${text.length} characters given ${problem}`,
    remedy: `store the value in Secrets Manager and use the secret's name here${name === undefined ? "" : "; the ARN of a secret is always taken for what it is"}`,
  };
}

const SHORTEST_KEY = 20;

const UUID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;

/** What CloudFormation, the CDK and Secrets Manager put behind the words of a name: `...7C1B2A3D-9fQ2xkLmZ0aP`, `...-AbCdEf`. */
const GENERATED_END = /(?<=[A-Za-z]{3,}[A-Za-z0-9/_.-]*?)([0-9A-F]{8})?-[A-Za-z0-9]{6,13}$/;

function isSecretItself(name: string): boolean {
  if (credentialIn(name) !== undefined || isKeyMaterial(name)) return true;
  return isRandom(name.replaceAll(UUID, "").replace(GENERATED_END, ""));
}

/**
 * Whether a text changes between capitals, lower-case letters and digits as often as keys do, and words do not.
 *
 * Of a random text with letters and digits every second character is of another class than the one before it, of hexadecimal
 * digits nearly so, of a name like `Prod/RetoolPlatform/EncryptionKey2026` every fourth. That finds hexadecimal keys, base64,
 * JWTs, access keys and license keys.
 */
function isRandom(text: string): boolean {
  const classes = Array.from(text, classOf);
  const changes = classes
    .slice(1)
    .filter((kind, index) => kind !== "" && classes[index] !== "" && kind !== classes[index]);
  return text.length >= SHORTEST_KEY && changes.length * 3 >= text.length;
}

function classOf(character: string): string {
  if (/[a-z]/.test(character)) return "small";
  if (/[A-Z]/.test(character)) return "capital";
  return /[0-9]/.test(character) ? "digit" : "";
}
