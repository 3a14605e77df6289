import { Token } from "cdktf";

import type { Json, JsonObject } from "../../domain/common/kubernetes";

/**
 * Renders a value as JSON text that Terraform hands on unchanged.
 *
 * Everything that leaves Terraform as text (Helm values, manifests, rules, IAM documents) goes through here. Terraform
 * reads every string as a template, so a literal `${` or `%{` is escaped first. A reference may stand in a string as long
 * as its value holds no quote, backslash or newline: ids, ARNs, host names, addresses.
 * (Measured: `Fn.yamlencode` and `Fn.rawString` break on quotes, backslashes and `%{`.)
 *
 * @throws Error where a list or a number is a reference: spread a list into its elements, give a number as a string.
 */
export function renderJson(value: Json): string {
  return JSON.stringify(value, (key, part: unknown) => renderPart(key, part));
}

/** Renders text that Terraform hands on unchanged, such as a rule or a description. */
export function renderText(text: string): string {
  return literalParts(text, escapeTemplate);
}

/** A name as part of a construct's id, which may hold no reference: its position among the others stands for one. */
export function idPart(name: string, index: number): string {
  return Token.isUnresolved(name) ? String(index) : name;
}

/** Renders text as an operand of an expression, where cdktf writes a reference as it is: inside quotes it would be literal text. */
export function renderOperand(text: string): string {
  const parts = text
    .split(REFERENCE)
    .map((part, index) => (index % 2 === 0 ? JSON.stringify(escapeTemplate(part)) : part));
  return parts.length === 1 ? parts.join("") : `join("", [${parts.join(", ")}])`;
}

/** Escapes every string of an object that a typed resource takes as a map, keys included. */
export function renderMap(map: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(map).map(([key, text]) => [escapeTemplate(key), renderText(text)]));
}

function renderPart(key: string, part: unknown): unknown {
  if (typeof part === "string") return renderText(part);
  if (isReference(part)) throw new Error(`${key}: a reference must be a single string here`);
  if (isPlainObject(part)) return withEscapedKeys(part);
  return part;
}

function isReference(part: unknown): boolean {
  if (Array.isArray(part)) return part.some((item) => typeof item === "string" && item.startsWith("#{TfToken["));
  if (isPlainObject(part))
    return Object.keys(part).some((name) => name.includes("TfToken[")) || "creationStack" in part;
  return typeof part === "number" && Token.isUnresolved(part);
}

function isPlainObject(part: unknown): part is JsonObject {
  return typeof part === "object" && part !== null && !Array.isArray(part);
}

function withEscapedKeys(part: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(part).map(([name, item]) => [escapeTemplate(name), item]));
}

/** What cdktf puts into a string where a reference will stand. */
const REFERENCE = /(\$\{TfToken\[[^\]]+\]\})/;

/** Applies a function to the literal parts of a string and leaves its references unchanged. */
function literalParts(text: string, transform: (literal: string) => string): string {
  return text
    .split(REFERENCE)
    .map((part, index) => (index % 2 === 0 ? transform(part) : part))
    .join("");
}

function escapeTemplate(literal: string): string {
  return literal.replaceAll("${", () => "$${").replaceAll("%{", () => "%%{");
}
