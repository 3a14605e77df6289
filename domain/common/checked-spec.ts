import type { z } from "zod";

import { type Fault, faultsOf, violationsOf } from "./shape";
import type { Violation } from "./violation";

/** A specification that fits its schema, and what was wrong with the one that was given. */
export interface CheckedSpec<Spec> {
  /** The given specification with every default, without what is wrong in it, so that every other check can still run. */
  readonly spec: Spec;
  /** Unknown keys, missing keys, wrong types and values out of range. */
  readonly shape: readonly Violation[];
}

/** A value that nobody writes to, at any depth. */
type Frozen<Value> = Value extends readonly (infer Entry)[]
  ? readonly Frozen<Entry>[]
  : Value extends object
    ? { readonly [Key in keyof Value]: Frozen<Value[Key]> }
    : Value;

/**
 * Checks a specification before anything reads it, and fills in the defaults of its schema.
 *
 * What is wrong is reported and left out: an optional setting gets its default; a part without a required setting is left out
 * as a whole; a list ends before its first wrong entry, so that the places of the others stay what they were.
 *
 * @param schema - What it must look like.
 * @param given - What the configuration says, of any shape.
 * @param fallback - What stands for it where it is absent, and for its required settings where they are wrong.
 * @param root - Prefix of every reported path.
 */
export function checkedSpec<Schema extends z.ZodType>(
  schema: Schema,
  given: unknown,
  fallback: Frozen<z.input<Schema>>,
  root: string,
): CheckedSpec<z.output<Schema>> {
  const result = schema.safeParse(given === undefined ? fallback : given, { reportInput: true });
  if (result.success) return { spec: result.data, shape: [] };
  const faults = faultsOf(schema, result.error);
  return { spec: usable(schema, given, faults, fallback), shape: violationsOf(faults, root) };
}

/**
 * Joins what is wrong with a shape and what its parts are refused for: a place whose shape is wrong is refused once, because
 * what stands for it there was never written. The same goes for a list with a wrong entry, which was judged without it.
 */
export function withShape(shape: readonly Violation[], violations: readonly Violation[]): Violation[] {
  const isBelow = (path: string, other: string): boolean =>
    path === other || path.startsWith(`${other}.`) || path.startsWith(`${other}[`);
  return [
    ...shape,
    ...violations.filter(
      ({ path }) => !shape.some((wrong) => isBelow(path, wrong.path) || wrong.path.startsWith(`${path}[`)),
    ),
  ];
}

/** What is left out can make something else wrong, such as a list that must not be empty; it ends after so many rounds. */
const MOST_ROUNDS = 20;

function usable<Schema extends z.ZodType>(
  schema: Schema,
  given: unknown,
  faults: readonly Fault[],
  fallback: unknown,
): z.output<Schema> {
  let [rest, wrong] = [given, faults];
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    rest = wrong.reduce((value, fault) => repaired(value, fault, fallback), rest);
    const result = schema.safeParse(rest, { reportInput: true });
    if (result.success) return result.data;
    wrong = faultsOf(schema, result.error);
  }
  return schema.parse(fallback);
}

function repaired(value: unknown, { keys, isMissing }: Fault, fallback: unknown): unknown {
  if (!isMissing) return keys.length === 0 ? fallback : without(value, keys);
  const [key] = keys;
  if (keys.length > 1) return without(value, keys.slice(0, -1));
  return isTree(value) && isTree(fallback) && key !== undefined && Object.hasOwn(fallback, key)
    ? { ...value, [key]: fallback[key] }
    : fallback;
}

/** A copy without what is at a path; a list ends before it. */
function without(value: unknown, [key, ...rest]: readonly PropertyKey[]): unknown {
  if (key === undefined) return undefined;
  if (Array.isArray(value)) {
    const list: readonly unknown[] = value;
    const index = Number(key);
    const inner = rest.length === 0 ? undefined : without(list[index], rest);
    return inner === undefined ? list.slice(0, index) : [...list.slice(0, index), inner, ...list.slice(index + 1)];
  }
  if (!isTree(value)) return value;
  const inner = rest.length === 0 ? undefined : without(value[key], rest);
  const others = Object.entries(value).filter(([name]) => name !== key);
  return Object.fromEntries(inner === undefined ? others : [...others, [key, inner]]);
}

function isTree(value: unknown): value is Readonly<Record<PropertyKey, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
