import type { z } from "zod";

import { shapeViolations } from "./shape";
import type { Violation } from "./violation";

/** A specification of the right shape, and what was wrong with the shape of the one that was given. */
export interface CheckedSpec<Spec> {
  /** The given specification, or the default where its shape is wrong, so that every other check can still run. */
  readonly spec: Spec;
  /** Unknown keys, missing keys and wrong types. */
  readonly shape: readonly Violation[];
}

/**
 * Checks the shape of a specification before anything reads it.
 *
 * @param schema - What it must look like.
 * @param given - What the configuration says.
 * @param fallback - What stands for it where it is absent or of another shape.
 * @param root - Prefix of every reported path.
 */
export function checkedSpec<Spec>(
  schema: z.ZodType,
  given: Spec | undefined,
  fallback: Spec,
  root: string,
): CheckedSpec<Spec> {
  if (given === undefined) return { spec: fallback, shape: [] };
  const shape = shapeViolations(schema, given, root);
  return { spec: shape.length === 0 ? given : fallback, shape };
}
