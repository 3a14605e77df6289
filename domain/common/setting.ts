import { z } from "zod";

import { quote } from "./quote";
import type { Problem } from "./violation";

/** What the schema of a setting cannot say by itself; the reference of all settings prints it. */
export interface SettingFacts {
  /** What a number counts, in the plural: `minutes`. */
  readonly unit?: string;
  /** What a text is, with its article: `the ARN of an IAM role`. */
  readonly form?: string;
}

/** Facts of every schema that was made by a function of this file. */
export const settingFacts = z.registry<SettingFacts>();

/** The values an integer setting may have. */
export interface IntegerRule {
  /** Smallest value. */
  readonly min: number;
  /** Largest value. */
  readonly max: number;
  /** What the number counts, in the plural: `minutes`; left out where the number is a name, such as a port. */
  readonly unit?: string;
}

/** Ends the problem in a message that holds both a problem and its remedy; a quoted value never contains it. */
const END_OF_PROBLEM = "\n";

/** Packs a problem and its remedy into the one text that zod carries. */
function message({ problem, remedy }: Problem): string {
  return `${problem}${END_OF_PROBLEM}${remedy}`;
}

/** Unpacks what {@link message} packed; a message that is written by hand separates both by a semicolon. */
export function problemOf(text: string): Problem {
  const separator = text.includes(END_OF_PROBLEM) ? END_OF_PROBLEM : "; ";
  const [problem = "is not valid", ...remedy] = text.split(separator);
  return { problem, remedy: remedy.join(separator) || "see the description of this setting" };
}

/** Says what is wrong with a number that breaks its rule: the one message for what is out of range. */
export function outOfRange(given: unknown, { min, max, unit }: IntegerRule): Problem {
  const remedy = `use ${min} to ${max}${unit === undefined ? "" : ` ${unit}`}`;
  if (given === undefined) return { problem: "is missing", remedy };
  if (typeof given !== "number") return { problem: `${quote(given)} is not a number`, remedy };
  if (Number.isFinite(given) && !Number.isInteger(given)) return { problem: `${given} is not a whole number`, remedy };
  return { problem: `${given} is out of range`, remedy };
}

/** A whole number within bounds: `integer({ min: 1, max: 600, unit: "minutes" }).default(30)`. */
export function integer(rule: IntegerRule): z.ZodNumber {
  const error = ({ input }: { readonly input?: unknown }): string => message(outOfRange(input, rule));
  return z
    .number({ error })
    .int({ error })
    .min(rule.min, { error })
    .max(rule.max, { error })
    .register(settingFacts, { unit: rule.unit });
}

/** A port of TCP. */
export function port(): z.ZodNumber {
  return integer({ min: 1, max: 65_535 });
}

/** A number that is raised after a value that is stored elsewhere was changed. */
export function revision(): z.ZodNumber {
  return integer({ min: 1, max: 1_000_000 });
}

/** Finds what is wrong with a value; `undefined` where nothing is. */
export type Check<Value> = (value: Value) => Problem | undefined;

/**
 * Adds a check to the schema of a setting: `checked(z.string(), regionProblem, { form: "an AWS region" })`.
 *
 * The check runs on values of the right type only, and the path of its problem is the setting's.
 */
export function checked<Schema extends z.ZodType>(
  schema: Schema,
  check: Check<z.output<Schema>>,
  facts: SettingFacts = {},
): Schema {
  const refined = schema.superRefine((value, context) => {
    const problem = check(value);
    if (problem !== undefined) context.addIssue({ code: "custom", params: problem, input: value });
  });
  settingFacts.add(refined, facts);
  return refined;
}
