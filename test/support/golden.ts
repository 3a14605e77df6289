import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { isDeepStrictEqual } from "node:util";

const FOLDER = join(__dirname, "..", "golden");

/**
 * Compares a text with a reviewed file in test/golden.
 *
 * `UPDATE_GOLDEN=1` writes the file instead; review the difference before you commit it.
 *
 * @param name - File name, such as `helm-values.prod.production.json`.
 * @param text - The whole text.
 */
export function expectGolden(name: string, text: string): void {
  const path = join(FOLDER, name);
  if (process.env["UPDATE_GOLDEN"] === "1") {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  if (!existsSync(path)) {
    throw new Error(`there is no ${path}; run this test with UPDATE_GOLDEN=1, review the file and commit it`);
  }
  expect(text).toBe(readFileSync(path, "utf8"));
}

/** Writes a value as JSON with sorted keys, so that a difference shows what changed and nothing else. */
export function goldenJson(value: unknown): string {
  return `${JSON.stringify(value, (_key, part: unknown) => sorted(part), 2)}\n`;
}

/** What differs in `other`, at its place; `"absent"` where it lacks what `base` has, undefined where both are equal. */
export function differing(base: unknown, other: unknown): unknown {
  if (isDeepStrictEqual(base, other)) return undefined;
  if (other === undefined) return "absent";
  if (!isRecord(base) || !isRecord(other)) return other;
  const keys = new Set([...Object.keys(base), ...Object.keys(other)]);
  return Object.fromEntries([...keys].map((key) => [key, differing(base[key], other[key])]));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function sorted(part: unknown): unknown {
  if (typeof part !== "object" || part === null || Array.isArray(part)) return part;
  return Object.fromEntries(Object.entries(part).sort(([left], [right]) => (left < right ? -1 : 1)));
}
