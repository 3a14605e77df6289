const HASH_LENGTH = 8;

/** Largest number of characters in the name of an IAM role. */
export const ROLE_NAME_LIMIT = 64;

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

/** FNV-1a with 32 bits: enough to tell the names of one account apart, and the same on every machine. */
function hash(text: string): string {
  let state = 0x811c9dc5;
  for (const character of text) state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return (state >>> 0).toString(16).padStart(HASH_LENGTH, "0");
}
