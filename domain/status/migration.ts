import type { ServiceStatus } from "./services";

/** What the jobs-runner does with the database. */
export interface MigrationStatus {
  /**
   * `waiting` without a node, `running` while it migrates, `done` once it is or was ready, `failed` where it stops again and again,
   * `missing` without a pod.
   */
  readonly state: "waiting" | "running" | "done" | "failed" | "missing";
  /** The migration that runs; undefined where none does, or where the log does not name one. */
  readonly current: string | undefined;
  /** Migrations that the end of the log names as done. */
  readonly done: number;
  /** Last line of the log that names an error; undefined where none does. */
  readonly error: string | undefined;
}

/**
 * A line about a migration, such as `== 20170627021252-change-type: migrated (0.306s)`.
 *
 * Source: logs in https://github.com/tryretool/retool-onpremise/issues/29; the format is Sequelize's.
 */
const LINE = /== (\S+): (migrating|migrated)\b/;

/** Longest error that fits on a screen. */
const LONGEST = 160;

/**
 * Reads from the jobs-runner's pods and from the end of its log how far the migration is.
 *
 * Whether it is over is read from the pod, which is ready only then: the log may have begun after the last migration.
 */
export function migrationStatus(service: ServiceStatus, log: string | undefined): MigrationStatus {
  const lines = (log ?? "").split("\n").flatMap((line) => {
    const [, name, verb] = LINE.exec(line) ?? [];
    return name === undefined ? [] : [{ name, isDone: verb === "migrated" }];
  });
  const done = new Set(lines.filter(({ isDone }) => isDone).map(({ name }) => name));
  const last = lines.at(-1);
  const state = stateOf(service);
  return {
    state,
    current: state !== "done" && last !== undefined && !done.has(last.name) ? last.name : undefined,
    done: done.size,
    error: state === "failed" ? lastError(log ?? "") : undefined,
  };
}

function stateOf({ wanted, ready, rolling, lostReadiness, faults }: ServiceStatus): MigrationStatus["state"] {
  if (wanted === undefined || wanted === 0) return "missing";
  if (faults.some(({ kind }) => kind !== "unready" && kind !== "pending")) return "failed";
  if (faults.some(({ kind }) => kind === "pending")) return "waiting";
  // A pod that was ready has migrated.
  return (ready > 0 || lostReadiness) && !rolling ? "done" : "running";
}

function lastError(log: string): string | undefined {
  const line = log
    .split("\n")
    .filter((text) => /\b(error|fatal)\b/i.test(text))
    .at(-1)
    ?.trim();
  return line !== undefined && line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line;
}
