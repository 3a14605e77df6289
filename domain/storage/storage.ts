import { z } from "zod";

import {
  type ExistingBlobStoragePlan,
  type ExistingBlobStorageSpec,
  existingBlobStorageSchema,
  planExistingBlobStorage,
} from "./other-providers";
import { type BlobStoragePlan, type BlobStorageSpec, blobStorageSchema, planBlobStorage } from "./s3";
import type { EnvironmentContext } from "../common/context";
import type { Planned, Violation } from "../common/violation";

/**
 * Where Retool keeps apps, Git repositories and sandbox snapshots: exactly one of a bucket that is made here and reached
 * without any key (`s3`), and what exists already (`s3-keys`, `gcs`, `azure`).
 */
export type BlobSpec = BlobStorageSpec | ExistingBlobStorageSpec;

/** What is made for blob storage, or how what exists is reached. */
export type BlobPlan = BlobStoragePlan | ExistingBlobStoragePlan;

/** Shape of a {@link BlobSpec}. */
export const blobSchema = z.union([blobStorageSchema, existingBlobStorageSchema]);

const KINDS = ["s3", "s3-keys", "gcs", "azure"] as const;

/**
 * Plans the one storage that was chosen.
 *
 * @param spec - What the configuration says.
 * @param context - The environment.
 */
export function planBlob(spec: BlobSpec | undefined, context: EnvironmentContext): Planned<BlobPlan> {
  const several = severalProviders(spec);
  if (several.length > 0) return { plan: planBlobStorage(undefined, context).plan, violations: several };
  return isExisting(spec) ? planExistingBlobStorage(spec, context) : planBlobStorage(spec, context);
}

function isExisting(spec: BlobSpec | undefined): spec is ExistingBlobStorageSpec {
  const { kind } = (spec as { readonly kind?: unknown } | null | undefined) ?? {};
  return kind !== undefined && kind !== "s3";
}

/** Retool's chart takes exactly one provider, so a configuration that names two has to be decided by its author. */
function severalProviders(spec: unknown): Violation[] {
  const remedy = `keep one: { kind: ${KINDS.map((kind) => `"${kind}"`).join(" | ")}, ... }`;
  if (Array.isArray(spec)) {
    return [{ path: "blobStorage", problem: `lists ${spec.length} providers, and Retool uses exactly one`, remedy }];
  }
  if (typeof spec !== "object" || spec === null) return [];
  const named = Object.keys(spec).filter((key) => (KINDS as readonly string[]).includes(key));
  if (named.length < 2) return [];
  return [
    {
      path: "blobStorage",
      problem: `names ${named.length} providers (${named.join(", ")}), and Retool uses exactly one`,
      remedy,
    },
  ];
}
