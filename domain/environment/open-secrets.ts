import { credentialIn, isKeyMaterial, isSecretName } from "../common/credentials";
import { regionOfSecret } from "../common/secret-name";
import type { Violation } from "../common/violation";

/** A text of a configuration, and where it stands. */
export interface Leaf {
  /** Path of the setting. */
  readonly path: string;
  /** The text. */
  readonly text: string;
  /** Name of the variable whose value it is, in a list of variables. */
  readonly variable?: string;
}

/** Where a credential of some form belongs, because it is not a secret. */
const EXPECTED: readonly (readonly [path: RegExp, form: string])[] = [
  [/^blobStorage\.accessKeyId$/, "an AWS access key id"],
];

const ELSEWHERE =
  "remove it here, store it in Secrets Manager where a setting takes the name of a secret, and replace it: it is compromised";
const AS_VARIABLE = 'remove it here and set retool.environment: { NAME: { secret: "<name of the secret>" } }';

/**
 * Finds credentials in the open, in any text of a configuration: what is written there reaches Git, Terraform's JSON and logs.
 *
 * Variables of Retool's pods are checked with their names by the room that plans them.
 *
 * @param spec - What the configuration says, of any shape.
 */
export function openSecretViolations(spec: unknown): Violation[] {
  return leavesOf(spec, "").flatMap(leafViolations);
}

function leafViolations({ path, text, variable }: Leaf): Violation[] {
  if (path.startsWith("retool.environment.")) return [];
  const form = credentialIn(text);
  if (form !== undefined && !EXPECTED.some(([pattern, name]) => pattern.test(path) && name === form))
    return [{ path, problem: `holds ${form}`, remedy: remedyAt(path) }];
  if (variable === undefined || !path.startsWith("retool.extraValues.")) return [];
  if (!isKeyMaterial(text) && !isSecretName(variable)) return [];
  return [{ path, problem: `looks like a secret (${variable})`, remedy: AS_VARIABLE }];
}

function remedyAt(path: string): string {
  return path.startsWith("retool.extraValues.") ? AS_VARIABLE : ELSEWHERE;
}

/** Finds secrets of another region, whose API the deployment does not ask. */
export function secretRegionViolations(spec: unknown, region: string): Violation[] {
  return leavesOf(spec, "").flatMap(({ path, text }) => {
    const its = regionOfSecret(text);
    if (its === undefined || its === region) return [];
    return [
      {
        path,
        problem: `the secret is in ${its}, and this environment is in ${region}`,
        remedy: `replicate it to ${region} and write the ARN that it has there`,
      },
    ];
  });
}

/** Deepest level that a configuration has, and some more. */
const DEEPEST = 40;

/** Every text of a configuration of any shape. */
export function leavesOf(value: unknown, path: string, variable?: string, depth = 0): Leaf[] {
  if (typeof value === "string") return [{ path, text: value, variable }];
  if (typeof value !== "object" || value === null || depth > DEEPEST) return [];
  if (Array.isArray(value))
    return value.flatMap((entry: unknown, index) => leavesOf(entry, `${path}[${index}]`, undefined, depth + 1));
  const { name } = value as { readonly name?: unknown };
  return Object.entries(value).flatMap(([key, inner]) =>
    leavesOf(
      inner,
      path === "" ? key : `${path}.${key}`,
      key === "value" && typeof name === "string" ? name : key,
      depth + 1,
    ),
  );
}
