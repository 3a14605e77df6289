import type ts from "typescript";
import { z } from "zod";

import { unwrapped } from "../../domain/common/schema-walk";
import { settingsSchema } from "../../domain/environment/settable";
import { describedType } from "./described-type";
import type { Docstring, Docstrings } from "./docstrings";

/** One setting, as its docstring and its schema describe it. */
export interface SettingEntry {
  /** Path: `sandbox.diskGiB`; `[]` stands for each entry of a list, `<name>` for each key of a map. */
  readonly path: string;
  /** What it takes: `3 to 500 GiB`. */
  readonly type: string;
  /** Default as it is written in a configuration; or in words, after a hyphen; absent where the setting is required. */
  readonly default?: string;
  /** Kinds of its part that have it; absent where the part has no kinds, or all have it. */
  readonly kinds?: readonly string[];
  /** What it changes. */
  readonly text: string;
}

/** A setting with the default of each of its two sources, for the test that compares them. */
export interface FoundSetting extends SettingEntry {
  /** Default of the schema. */
  readonly schemaDefault: unknown;
  /** Default of the docstring. */
  readonly documentedDefault: string | undefined;
}

interface Place {
  readonly path: string;
  readonly type: ts.Type;
  readonly kinds: readonly string[];
}

/** Every setting of a configuration, in the order of the schemas. */
export function settingsOf(docstrings: Docstrings): FoundSetting[] {
  return merged(below(docstrings, settingsSchema, { path: "", type: docstrings.root, kinds: [] }));
}

function below(docstrings: Docstrings, schema: unknown, place: Place): FoundSetting[] {
  const inner = unwrapped(schema);
  if (inner instanceof z.ZodObject) return ofObject(docstrings, inner, place);
  if (inner instanceof z.ZodUnion) {
    return inner.options.flatMap((option: unknown) => below(docstrings, option, place));
  }
  if (inner instanceof z.ZodArray) {
    const type = docstrings.entry(place.type);
    return type === undefined ? [] : below(docstrings, inner.element, { ...place, path: `${place.path}[]`, type });
  }
  if (inner instanceof z.ZodRecord) {
    const type = docstrings.value(place.type);
    return type === undefined
      ? []
      : below(docstrings, inner.valueType, { ...place, path: `${place.path}.<name>`, type });
  }
  return [];
}

function ofObject(docstrings: Docstrings, schema: z.ZodObject, { path, type: parent, kinds }: Place): FoundSetting[] {
  const own = kindsOf(schema);
  const type = docstrings.alternative(parent, Object.keys(schema.shape), own);
  if (type === undefined) return [];
  return Object.entries(schema.shape).flatMap(([key, field]) => {
    const property = docstrings.property(type, key);
    if (property === undefined) return [];
    const place = {
      path: path === "" ? key : `${path}.${key}`,
      type: property.type,
      kinds: own.length > 0 ? own : kinds,
    };
    return [entry(field, place, property.docstring), ...below(docstrings, field, { ...place, kinds: [] })];
  });
}

function kindsOf({ shape }: z.ZodObject): string[] {
  const kind = unwrapped(shape["kind"]);
  const values = kind instanceof z.ZodLiteral || kind instanceof z.ZodEnum ? kind.def : undefined;
  if (values === undefined) return [];
  return "values" in values ? values.values.map(String) : Object.values(values.entries).map(String);
}

function entry(field: unknown, { path, kinds }: Place, { text, default: documented }: Docstring): FoundSetting {
  const schemaDefault = defaultOf(field);
  // A docstring writes an object as a configuration does.
  const written =
    schemaDefault === undefined || documented?.startsWith("{") === true ? documented : JSON.stringify(schemaDefault);
  const isRequired = field instanceof z.ZodType && !field.safeParse(undefined).success;
  return {
    path,
    type: describedType(field),
    ...(isRequired ? {} : { default: written ?? "- none" }),
    ...(kinds.length > 0 && { kinds }),
    text,
    schemaDefault,
    documentedDefault: documented,
  };
}

function defaultOf(schema: unknown): unknown {
  if (schema instanceof z.ZodDefault) return schema.def.defaultValue;
  return schema instanceof z.ZodOptional || schema instanceof z.ZodReadonly
    ? defaultOf(schema.def.innerType)
    : undefined;
}

/** Several kinds of a part may have the same setting; it is listed once. */
function merged(found: readonly FoundSetting[]): FoundSetting[] {
  const byFacts = new Map<string, FoundSetting>();
  for (const setting of found) {
    const { path, type, text, kinds = [] } = setting;
    const key = JSON.stringify(path.endsWith(".kind") ? [path] : [path, type, setting.default, text]);
    const known = byFacts.get(key);
    if (known === undefined) byFacts.set(key, setting);
    else byFacts.set(key, joined(known, setting, kinds));
  }
  return [...byFacts.values()];
}

function joined(known: FoundSetting, { path, type, text }: FoundSetting, kinds: readonly string[]): FoundSetting {
  if (!path.endsWith(".kind")) return { ...known, kinds: [...new Set([...(known.kinds ?? []), ...kinds])] };
  return { ...known, type: `${known.type} | ${type}`, text: `${known.text}\n\n${type}: ${text}`, kinds: [] };
}
