import type { Violation } from "./violation";

/** The values an integer setting may have. */
export interface IntegerRule {
  /** Smallest value. */
  readonly min: number;
  /** Largest value. */
  readonly max: number;
  /** What the number counts, in the plural: `minutes`. */
  readonly unit: string;
}

/** A setting that was checked: a usable value in any case, and what is wrong with the one that was given. */
export interface Checked<T> {
  /** The given value, or the nearest usable one. */
  readonly value: T;
  /** Every problem of the given value. */
  readonly violations: readonly Violation[];
}

/** Checks a setting that is a whole number within bounds. */
export function checkedInteger(path: string, given: unknown, rule: IntegerRule): Checked<number> {
  const { min, max, unit } = rule;
  if (typeof given === "number" && Number.isInteger(given) && given >= min && given <= max) {
    return { value: given, violations: [] };
  }
  const nearest = typeof given === "number" && given > max ? max : min;
  return {
    value: nearest,
    violations: [
      {
        path,
        problem: `${String(given)} is not possible`,
        remedy: `use a whole number of ${unit} from ${min} to ${max}`,
      },
    ],
  };
}

/** Splits checked settings into all values and all violations. */
export function collect<T extends object>(settings: { readonly [K in keyof T]: Checked<T[K]> }): Checked<T> {
  const entries = Object.entries(settings) as [keyof T, Checked<T[keyof T]>][];
  return {
    value: Object.fromEntries(entries.map(([key, { value }]) => [key, value])) as T,
    violations: entries.flatMap(([, { violations }]) => violations),
  };
}
