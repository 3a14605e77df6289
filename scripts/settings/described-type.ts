import { z } from "zod";

import { unwrapped } from "../../domain/common/schema-walk";
import { settingFacts } from "../../domain/common/setting";

/** Says in words what a schema takes: `1 to 600 minutes`, `"a" | "b"`, `list of text`. */
export function describedType(schema: unknown): string {
  const inner = unwrapped(schema);
  if (!(inner instanceof z.ZodType)) return "anything";
  const { form } = settingFacts.get(inner) ?? {};
  return form ?? compound(inner) ?? SIMPLE[inner.type] ?? inner.type;
}

const SIMPLE: Readonly<Record<string, string>> = {
  string: "text",
  boolean: "true | false",
  lazy: "any JSON",
};

function compound(schema: z.ZodType): string | undefined {
  if (schema instanceof z.ZodNumber) return numberType(schema);
  if (schema instanceof z.ZodUnion) return alternatives(schema.options.map(describedType));
  if (schema instanceof z.ZodEnum) return alternatives(schema.options.map((value) => JSON.stringify(value)));
  if (schema instanceof z.ZodLiteral) return alternatives([...schema.values].map((value) => JSON.stringify(value)));
  if (schema instanceof z.ZodArray) {
    const entry = describedType(schema.element);
    return /^(an?|the) /.test(entry) ? `list, each ${entry}` : `list of ${entry}`;
  }
  return schema instanceof z.ZodRecord ? map(schema) : undefined;
}

function map({ keyType, valueType }: z.ZodRecord): string {
  const keys = keyType instanceof z.ZodEnum ? describedType(keyType) : "names";
  return `map of ${keys} to ${describedType(valueType)}`;
}

function alternatives(texts: readonly string[]): string {
  return [...new Set(texts)].join(" | ");
}

function numberType(schema: z.ZodNumber): string {
  const { minValue, maxValue, format } = schema;
  const { unit } = settingFacts.get(schema) ?? {};
  const isBounded = format === "safeint" && minValue !== null && maxValue !== null;
  return isBounded ? `${minValue} to ${maxValue}${unit === undefined ? "" : ` ${unit}`}` : "number";
}
