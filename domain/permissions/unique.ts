/** Texts without repetition, sorted. */
export function unique(values: readonly string[]): string[] {
  return [...new Set(values)].sort();
}
