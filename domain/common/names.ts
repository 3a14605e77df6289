import { fnv1a } from "./hash";
import { quote } from "./quote";
import type { Violation } from "./violation";

const HASH_LENGTH = 8;

/** Largest number of characters in the name of an IAM role. */
export const ROLE_NAME_LIMIT = 64;

/** Largest number of characters in the beginning of a role's name: the AWS provider adds 26. */
const ROLE_PREFIX_LIMIT = ROLE_NAME_LIMIT - 26;

/** Largest number of characters in the name of an S3 bucket. */
export const BUCKET_NAME_LIMIT = 63;

/**
 * Shortens a name to a limit without making two names equal: what does not fit becomes a hash of the whole name.
 *
 * @param name - Name as it would be without a limit.
 * @param limit - Largest number of characters; more than nine.
 */
export function boundedName(name: string, limit: number): string {
  if (name.length <= limit) return name;
  return `${name.slice(0, limit - HASH_LENGTH - 1).replace(/[^A-Za-z0-9]+$/, "")}-${hash(name)}`;
}

/** Beginning of the name of a role whose end the AWS provider generates, with its hyphen. */
export function roleNamePrefix(name: string): string {
  return `${boundedName(name, ROLE_PREFIX_LIMIT - 1)}-`;
}

/**
 * Refuses a name that cannot be the key of one of several parts, such as a pool: other names are made from it.
 *
 * @param path - The parts.
 * @param name - Key of the part.
 * @param what - What it names, with its article.
 */
export function partNameViolations(path: string, name: string, what: string): Violation[] {
  if (/^[a-z]([a-z0-9-]{0,30}[a-z0-9])?$/.test(name)) return [];
  const remedy = "use at most 32 lower-case letters, digits and hyphens, beginning with a letter";
  return [{ path, problem: `${quote(name)} cannot name ${what}`, remedy }];
}

/** A number from 0 to 2,147,483,647 that is the same for the same text on every machine, and rarely for another text. */
export function hashOf(text: string): number {
  return fnv1a(text) >>> 1;
}

function hash(text: string): string {
  return fnv1a(text).toString(16).padStart(HASH_LENGTH, "0");
}
