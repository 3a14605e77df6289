import type { Violation } from "./violation";

/** Source: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html, parameter Name. */
const SECRET_NAME = /^[A-Za-z0-9/_+=.@-]{1,512}$/;

/** Finds names that no secret can have. The text is not repeated: it may be the secret itself. */
export function secretNameViolations(name: string, path: string): Violation[] {
  if (SECRET_NAME.test(name) && !isRandom(name)) return [];
  const problem = SECRET_NAME.test(name) ? "look like the secret itself" : "are not the name of a secret";
  return [
    {
      path,
      problem: `the ${name.length} characters given ${problem}`,
      remedy: "store the value in Secrets Manager and write the secret's name here",
    },
  ];
}

const SHORTEST_KEY = 20;
/** Retool's license keys, which may consist of digits only. */
const LICENSE_KEY = "SSOP_";

/**
 * Whether a text changes between capitals, small letters and digits as often as keys do, and words do not.
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
  return text.startsWith(LICENSE_KEY) || (text.length >= SHORTEST_KEY && changes.length * 3 >= text.length);
}

function classOf(character: string): string {
  if (/[a-z]/.test(character)) return "small";
  if (/[A-Z]/.test(character)) return "capital";
  return /[0-9]/.test(character) ? "digit" : "";
}
