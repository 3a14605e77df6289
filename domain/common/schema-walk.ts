import { z } from "zod";

const WRAPPERS = [z.ZodOptional, z.ZodReadonly, z.ZodDefault, z.ZodPrefault];

/** The schema inside what only says that a setting may be left out, has a default or is not written to. */
export function unwrapped(schema: unknown): unknown {
  const isWrapper = WRAPPERS.some((wrapper) => schema instanceof wrapper);
  return isWrapper ? unwrapped((schema as z.ZodOptional).def.innerType) : schema;
}

/** The schemas that a value at a path may have: several where a union admits several forms, none where nothing may be there. */
export function schemasAt(schema: unknown, path: readonly PropertyKey[]): unknown[] {
  const inner = unwrapped(schema);
  if (inner instanceof z.ZodUnion) return inner.options.flatMap((option: unknown) => schemasAt(option, path));
  const [key, ...rest] = path;
  if (key === undefined) return [inner];
  if (inner instanceof z.ZodArray) return typeof key === "number" ? schemasAt(inner.element, rest) : [];
  if (inner instanceof z.ZodRecord) return schemasAt(inner.valueType, rest);
  if (inner instanceof z.ZodObject && Object.hasOwn(inner.shape, key))
    return schemasAt(inner.shape[key as string], rest);
  return [];
}

/** Keys of the objects that may be at a path. */
export function keysAt(schema: unknown, path: readonly PropertyKey[]): string[] {
  const objects = schemasAt(schema, path).filter((found) => found instanceof z.ZodObject);
  return [...new Set(objects.flatMap(({ shape }) => Object.keys(shape)))];
}
