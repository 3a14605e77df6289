/** FNV-1a with 32 bits, the same for the same text on every machine: enough to tell the names of one account apart. */
export function fnv1a(text: string): number {
  let state = 0x811c9dc5;
  for (const character of text) state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return state >>> 0;
}
