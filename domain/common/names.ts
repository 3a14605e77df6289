const HASH_LENGTH = 8;

/** Largest number of characters in the name of an IAM role. */
export const ROLE_NAME_LIMIT = 64;

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

/** A number from 0 to 2,147,483,647 that is the same for the same text on every machine, and rarely for another text. */
export function hashOf(text: string): number {
  return fnv1a(text) >>> 1;
}

function hash(text: string): string {
  return fnv1a(text).toString(16).padStart(HASH_LENGTH, "0");
}

/** FNV-1a with 32 bits: enough to tell the names of one account apart. */
function fnv1a(text: string): number {
  let state = 0x811c9dc5;
  for (const character of text) state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return state >>> 0;
}
