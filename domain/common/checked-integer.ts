import { type IntegerRule, outOfRange } from "./setting";
import type { Violation } from "./violation";

/** A setting that was checked: a usable value in any case, and what is wrong with the one that was given. */
export interface Checked<T> {
  /** The given value, or the nearest usable one. */
  readonly value: T;
  /** Every problem of the given value. */
  readonly violations: readonly Violation[];
}

/** Checks a whole number whose bounds depend on other settings; fixed bounds belong into the schema, by `integer`. */
export function checkedInteger(path: string, given: unknown, rule: IntegerRule): Checked<number> {
  const { min, max } = rule;
  if (typeof given === "number" && Number.isInteger(given) && given >= min && given <= max) {
    return { value: given, violations: [] };
  }
  const nearest = typeof given === "number" && given > max ? max : min;
  return { value: nearest, violations: [{ path, ...outOfRange(given, rule) }] };
}
