import { type z } from "zod";

import { nearest } from "./nearest";
import { quote } from "./quote";
import { keysAt } from "./schema-walk";
import { problemOf } from "./setting";
import type { Problem, Violation } from "./violation";

/** What is wrong at one place of a value. */
export interface Fault extends Problem {
  /** Keys that lead to the place. */
  readonly keys: readonly PropertyKey[];
  /** Whether nothing stands there although something must. */
  readonly isMissing: boolean;
}

/**
 * Checks a value: unknown keys, missing keys, wrong types and values out of range, all at once.
 *
 * @param schema - What the value must look like; objects in it are strict.
 * @param value - What a user wrote.
 * @param root - Prefix of every reported path.
 */
export function shapeViolations(schema: z.ZodType, value: unknown, root = ""): Violation[] {
  const result = schema.safeParse(value, { reportInput: true });
  return result.success ? [] : violationsOf(faultsOf(schema, result.error), root);
}

/** Writes faults as violations. */
export function violationsOf(faults: readonly Fault[], root: string): Violation[] {
  return faults.map(({ keys, problem, remedy, document }) => ({
    path: joinPath([root, ...keys]),
    problem,
    remedy,
    ...(document !== undefined && { document }),
  }));
}

/** What is wrong with a value: at each place one fault, because what follows from it would be said twice. */
export function faultsOf(schema: z.ZodType, { issues }: z.ZodError): Fault[] {
  const faults = issues.flatMap((issue) => describe(issue, [], schema));
  const seen = new Set<string>();
  return faults.filter(({ keys }) => {
    const path = joinPath(keys);
    return !seen.has(path) && seen.add(path);
  });
}

function describe(issue: z.core.$ZodIssue, parents: readonly PropertyKey[], schema: z.ZodType): Fault[] {
  const keys = [...parents, ...issue.path];
  const fault = (problem: Problem): Fault[] => [{ keys, isMissing: issue.input === undefined, ...problem }];
  switch (issue.code) {
    case "unrecognized_keys":
      return unknownKeys(keys, issue.keys, schema);
    case "invalid_type":
      return fault(written(issue) ?? wrongType(issue));
    case "invalid_union":
      return unionFault(keys, issue, schema);
    case "invalid_value":
      return fault(notAllowed(issue));
    case "custom":
      return fault((issue.params as Problem | undefined) ?? problemOf(issue.message));
    default:
      return fault(problemOf(issue.message));
  }
}

/** A key is taken for a misspelling of another one where no more than a third of its letters differ. */
function unknownKeys(parents: readonly PropertyKey[], unknown: readonly string[], schema: z.ZodType): Fault[] {
  const known = keysAt(schema, parents);
  return unknown.map((key) => {
    // A key that another form of a union has is spelled as it should be.
    const meant = known.includes(key) ? undefined : nearest(key, known);
    return {
      keys: [...parents, key],
      isMissing: false,
      problem: "is not a known setting",
      remedy: meant === undefined ? "remove it or correct its spelling" : `use ${meant}`,
    };
  });
}

/** What each type of zod is called in a message. */
const TYPES: Readonly<Record<string, string>> = {
  string: "text in quotes",
  number: "a number",
  boolean: "true or false",
  array: "a list: [ ... ]",
  object: "an object: { ... }",
  record: "an object: { ... }",
};

/** The problem that the schema itself words, as those of `common/setting.ts` do. */
function written({ message }: Pick<z.core.$ZodIssue, "message">): Problem | undefined {
  return /^Invalid (input|discriminator)/.test(message) ? undefined : problemOf(message);
}

function wrongType({ expected, input }: z.core.$ZodIssueInvalidType): Problem {
  const remedy = `use ${typeName(expected)}`;
  return input === undefined
    ? { problem: "is missing", remedy }
    : { problem: `${quote(input)} has the wrong type`, remedy };
}

function notAllowed({ input, values }: z.core.$ZodIssueInvalidValue): Problem {
  const problem = input === undefined ? "is missing" : `${quote(input)} is not one of the allowed values`;
  return { problem, remedy: `use ${listed(values)}` };
}

function typeName(expected: string): string {
  return TYPES[expected] ?? `a value of type ${expected}`;
}

/** Reports the problems inside the form that was meant where one fits from outside, and the allowed forms otherwise. */
function unionFault(keys: readonly PropertyKey[], issue: UnionIssue, schema: z.ZodType): Fault[] {
  const own = written(issue);
  if (own !== undefined) return [{ keys, isMissing: false, ...own }];
  const meant = issue.errors.find((issues) =>
    issues.every((inner) => inner.path.length > 0 || inner.code === "too_small" || inner.code === "unrecognized_keys"),
  );
  if (meant !== undefined && meant.length > 0) return meant.flatMap((inner) => describe(inner, keys, schema));
  const allowed = issue.errors.flat().filter((inner) => inner.path.length === 0);
  const forms = [...new Set(allowed.map(form)), ...kinds(issue)];
  const given = issue.options === undefined ? issue.input : valueAt(issue.input, issue.path.at(-1));
  return [
    {
      keys,
      isMissing: given === undefined,
      problem: given === undefined ? "is missing" : `${quote(given)} fits none of the allowed forms`,
      remedy: `use ${forms.join(", or ")}`,
    },
  ];
}

/** With the values of the key by which the forms of a union differ, such as `kind`; zod's types do not name them. */
type UnionIssue = z.core.$ZodIssueInvalidUnion & { readonly options?: readonly unknown[] };

/** One form may leave the key out, which zod lists as a value that is undefined. */
function kinds({ options }: UnionIssue): string[] {
  const named = options?.filter((option) => option !== undefined) ?? [];
  return named.length === 0 ? [] : [listed(named)];
}

function listed(values: readonly unknown[]): string {
  return values.map((value) => JSON.stringify(value)).join(" or ");
}

/** Of an object only the key that is wrong is shown: others may hold what nobody should read. */
function valueAt(input: unknown, key: PropertyKey | undefined): unknown {
  return typeof input === "object" && input !== null && key !== undefined ? Reflect.get(input, key) : input;
}

/** What one branch of a union would have taken. */
function form(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_value") return listed(issue.values);
  if (issue.code !== "invalid_type") return issue.message;
  return written(issue)?.remedy.replace(/^use /, "") ?? typeName(issue.expected);
}

function joinPath(parts: readonly PropertyKey[]): string {
  return parts.reduce<string>((path, part) => {
    if (part === "") return path;
    if (typeof part === "number") return `${path}[${String(part)}]`;
    return path === "" ? String(part) : `${path}.${String(part)}`;
  }, "");
}
