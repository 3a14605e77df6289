/** Longest text that a message repeats. */
const LONGEST = 80;

/**
 * Writes a value the way a message shows it: text in quotes, a list or an object by its kind only.
 *
 * What is inside an object is never shown: it may be a secret that stands in the wrong place.
 */
export function quote(value: unknown): string {
  switch (typeof value) {
    case "string":
      return cut(JSON.stringify(value));
    case "number":
    case "boolean":
    case "bigint":
      return String(value);
    case "object":
      return value === null ? "null" : kindOf(value);
    default:
      return value === undefined ? "nothing" : `a ${typeof value}`;
  }
}

function kindOf(value: object): string {
  return Array.isArray(value) ? "a list" : "an object";
}

function cut(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 4)}..."` : text;
}
