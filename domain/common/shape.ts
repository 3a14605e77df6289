import { type z } from "zod";

import type { Violation } from "./violation";

/**
 * Checks the shape of a value: unknown keys, missing keys and wrong types, all at once.
 *
 * @param schema - What the value must look like; objects in it are strict.
 * @param value - What a user wrote.
 * @param root - Prefix of every reported path.
 */
export function shapeViolations(schema: z.ZodType, value: unknown, root = ""): Violation[] {
  const result = schema.safeParse(value, { reportInput: true });
  return result.success ? [] : result.error.issues.flatMap((issue) => describe(issue, root));
}

function describe(issue: z.core.$ZodIssue, root: string): Violation[] {
  const path = joinPath([root, ...issue.path]);
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => ({
        path: joinPath([path, key]),
        problem: "is not a known setting",
        remedy: "remove it or correct its spelling",
      }));
    case "invalid_type":
      return [invalidType(path, issue)];
    case "invalid_union":
      return unionViolation(path, issue);
    case "invalid_value":
      return [
        {
          path,
          problem: `${quote(issue.input)} is not one of the allowed values`,
          remedy: `use ${issue.values.map((value) => JSON.stringify(value)).join(" or ")}`,
        },
      ];
    default:
      return [splitMessage(path, issue)];
  }
}

function invalidType(path: string, issue: z.core.$ZodIssueInvalidType): Violation {
  return issue.input === undefined
    ? { path, problem: "is missing", remedy: `set it to a value of type ${issue.expected}` }
    : { path, problem: `${quote(issue.input)} has the wrong type`, remedy: `use a value of type ${issue.expected}` };
}

/** Reports the problems inside the form that was meant where one fits from outside, and the allowed forms otherwise. */
function unionViolation(path: string, issue: UnionIssue): Violation[] {
  const meant = issue.errors.find((issues) =>
    issues.every((inner) => inner.path.length > 0 || inner.code === "too_small"),
  );
  if (meant !== undefined && meant.length > 0) return meant.flatMap((inner) => describe(inner, path));
  const allowed = issue.errors.flat().filter((inner) => inner.path.length === 0);
  const forms = [...new Set(allowed.map(form)), ...kinds(issue)];
  const given = issue.options === undefined ? issue.input : valueAt(issue.input, issue.path.at(-1));
  return [
    {
      path,
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
  return named.length === 0 ? [] : [named.map((option) => JSON.stringify(option)).join(" or ")];
}

/** Of an object only the key that is wrong is shown: others may hold what nobody should read. */
function valueAt(input: unknown, key: PropertyKey | undefined): unknown {
  return typeof input === "object" && input !== null && key !== undefined ? Reflect.get(input, key) : input;
}

/** What one branch of a union would have taken. */
function form(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_value") return issue.values.map((value) => JSON.stringify(value)).join(" or ");
  return issue.code === "invalid_type" ? `a value of type ${issue.expected}` : issue.message;
}

/** Messages of our own checks are written `problem; remedy`. */
function splitMessage(path: string, issue: z.core.$ZodIssue): Violation {
  const [problem = "is not valid", remedy = "see the description of this setting"] = issue.message.split("; ");
  return { path, problem, remedy };
}

function quote(value: unknown): string {
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

function joinPath(parts: readonly PropertyKey[]): string {
  return parts.reduce<string>((path, part) => {
    if (part === "") return path;
    if (typeof part === "number") return `${path}[${String(part)}]`;
    return path === "" ? String(part) : `${path}.${String(part)}`;
  }, "");
}
