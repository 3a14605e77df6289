import { distance } from "fastest-levenshtein";

/** The name that was meant, of which no more than a third of the letters differ; undefined where none is alike. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const alike = known
    .map((candidate) => ({ candidate, edits: distance(name.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ candidate, edits }) => edits * 3 <= Math.max(candidate.length, 3))
    .sort((left, right) => left.edits - right.edits);
  return alike[0]?.candidate;
}
