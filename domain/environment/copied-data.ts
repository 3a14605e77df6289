import type { EnvironmentSpec } from "./spec";
import type { RestoreSpec } from "../database/restore";
import { DOCUMENTS } from "../common/documents";
import type { Violation } from "../common/violation";

/** Beginning of the names of snapshots that AWS Backup copied into a vault; it tells nothing of their origin. */
const FROM_BACKUP = "awsbackup:";

/**
 * Finds a database that is made from another environment's data while nothing is said about that environment's workflows.
 *
 * The data names the queues: workers of a copy take the original's workflows and run them a second time.
 *
 * @param spec - What the configuration says; its parts may be of the wrong shape.
 * @param prefix - Beginning of the names of the environment's own instances and snapshots.
 */
export function copiedDataViolations(
  spec: Pick<EnvironmentSpec, "database" | "temporal">,
  prefix: string,
): Violation[] {
  const { database, temporal } = spec;
  const source = sourceOf(database);
  // A local Temporal has the copy's own databases, so nobody shares its queues.
  const isDecided = temporal?.copyOf !== undefined || temporal?.kind === "local";
  if (source === undefined || isDecided || isOwn(source, prefix)) return [];
  return [
    {
      path: "temporal.copyOf",
      problem: `is not set, and database.restore uses "${source}" of another environment: while the original runs, each would run the other's workflows`,
      remedy:
        'set it to the original environment, or to "none" if that no longer runs or has another Temporal namespace',
      document: DOCUMENTS.staging,
    },
  ];
}

/** Name of the instance or the snapshot from which the database is made. */
function sourceOf(database: unknown): string | undefined {
  const { restore } = (database ?? {}) as { readonly restore?: Partial<RestoreSpec> };
  const { snapshot, instance } = (restore ?? {}) as { readonly snapshot?: unknown; readonly instance?: unknown };
  const source = instance ?? snapshot;
  return typeof source === "string" ? source : undefined;
}

function isOwn(source: string, prefix: string): boolean {
  const name = source.replace(/^arn:.*:snapshot:/, "").replace(/^rds:/, "");
  return name === prefix || name.startsWith(`${prefix}-`) || name.startsWith(FROM_BACKUP);
}
