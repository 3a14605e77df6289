import { DOCUMENTS } from "../common/documents";
import { POSTGRES_ORCHESTRATION_FROM, STABLE_LINES } from "../versions/retool-releases";
import {
  OLDEST_VERSION,
  type RetoolVersion,
  ageViolations,
  compareRetoolVersions,
  isFromLine,
  lineOf,
  parseRetoolVersion,
  tagViolations,
} from "../versions/retool";
import type { UpgradeBackup, UpgradeKind, UpgradePlan } from "./plan";
import { interruptionsOf, PERMISSIONS_LINE, rollbackOf, stepsOf, watchOf } from "./steps";
import type { Planned, Violation } from "../common/violation";

export type * from "./plan";

/** An upgrade that is asked for. */
export interface UpgradeChoice {
  /** Tag that runs now. */
  readonly from: string;
  /** Tag to run. */
  readonly to: string;
  /**
   * State of the permissions migration that Retool 4.0 runs in the background for up to 15 hours.
   *
   * @default "unknown"
   */
  readonly permissionsMigration?: "complete" | "unresolved" | "unknown";
  /**
   * What the configuration says about the app builder's orchestration.
   *
   * @default - nothing, so the default of each version holds
   */
  readonly appOrchestration?: "postgres" | "temporal";
  /** Minutes that migrations may take. */
  readonly migrationTimeoutMinutes: number;
  /**
   * Name of the environment, for the commands that are printed.
   *
   * @default "<environment>"
   */
  readonly environment?: string;
  /**
   * Namespace in which Retool runs.
   *
   * @default "retool"
   */
  readonly namespace?: string;
  /**
   * Name of the snapshot that is taken before it.
   *
   * @default - the steps do not name it
   */
  readonly snapshot?: string;
  /**
   * How the database is kept from before it.
   *
   * @default "snapshot"
   */
  readonly backup?: UpgradeBackup;
}

/**
 * Plans the steps from one version to another and refuses what Retool does not support.
 *
 * Sources: `DOCUMENTS` in `common/documents.ts`; Retool's page on scaling says what migrates, and in which order Helm replaces pods.
 */
export function planUpgrade(choice: UpgradeChoice): Planned<UpgradePlan> {
  const from = parseRetoolVersion(choice.from);
  const to = parseRetoolVersion(choice.to);
  const known = { from: from ?? OLDEST_VERSION, to: to ?? OLDEST_VERSION };
  const plan = resolve(known.from, known.to, choice);
  if (from === undefined || to === undefined) {
    return { plan, violations: [...tagViolations(choice.from, "from"), ...tagViolations(choice.to, "to")] };
  }
  return { plan, violations: pairViolations(from, to, choice) };
}

function resolve(from: RetoolVersion, to: RetoolVersion, choice: UpgradeChoice): UpgradePlan {
  const kind = kindOf(from, to);
  const { migrationTimeoutMinutes: migrationMinutes, snapshot, backup = "snapshot" } = choice;
  return {
    from,
    to,
    kind,
    route: routeOf(from, to),
    steps: stepsOf(from, to, kind, { migrationMinutes, backup }),
    watch: watchOf(kind, choice.namespace ?? "retool"),
    interruptions: interruptionsOf(choice.environment ?? "<environment>"),
    rollback: rollbackOf(from, to, kind, { snapshot, backup }),
  };
}

function kindOf(from: RetoolVersion, to: RetoolVersion): UpgradeKind {
  if (from.tag === to.tag) return "none";
  return lineOf(from) === lineOf(to) && from.channel === to.channel ? "patch" : "migration";
}

/** Stable lines between two versions, then the goal's own; none where the goal is not a newer line. */
function routeOf(from: RetoolVersion, to: RetoolVersion): string[] {
  if (isFromLine(from, lineOf(to))) return [];
  return [...skippedLines(from, to), lineOf(to)];
}

function skippedLines(from: RetoolVersion, to: RetoolVersion): string[] {
  return STABLE_LINES.map(({ line }) => line).filter(
    (line) => !isFromLine(from, line) && isFromLine(to, line) && line !== lineOf(to),
  );
}

function pairViolations(from: RetoolVersion, to: RetoolVersion, choice: UpgradeChoice): Violation[] {
  if (compareRetoolVersions(to, from) < 0) return [downgrade(from, to)];
  return [
    ...ageViolations(to, "to"),
    ...skipViolations(from, to),
    ...permissionViolations(from, to, choice.permissionsMigration ?? "unknown"),
    ...orchestrationViolations(from, to, choice.appOrchestration),
  ];
}

function downgrade(from: RetoolVersion, to: RetoolVersion): Violation {
  const problem = `${to.tag} is older than ${from.tag}, which runs now`;
  const remedy =
    kindOf(from, to) === "patch"
      ? `stay on ${from.tag}, or use a newer patch; roll back only an upgrade that just failed, as its rollback describes`
      : "stay, or roll back with the snapshot from before the upgrade";
  return { path: "to", problem, remedy, document: DOCUMENTS.upgrades };
}

function skipViolations(from: RetoolVersion, to: RetoolVersion): Violation[] {
  const skipped = skippedLines(from, to);
  const [next] = skipped;
  if (next === undefined) return [];
  return [
    {
      path: "to",
      problem: `upgrading from ${from.tag} to ${to.tag} would skip the stable ${skipped.length === 1 ? "line" : "lines"} ${skipped.join(", ")}`,
      remedy: `upgrade to the newest ${next} first, and continue when its migrations are complete`,
      document: DOCUMENTS.upgrades,
    },
  ];
}

function permissionViolations(
  from: RetoolVersion,
  to: RetoolVersion,
  state: "complete" | "unresolved" | "unknown",
): Violation[] {
  if (lineOf(from) !== PERMISSIONS_LINE || lineOf(to) === PERMISSIONS_LINE || state === "complete") return [];
  return [
    {
      path: "permissionsMigration",
      problem: `is ${state}: a later line fails unless Retool 4.0 has finished migrating permissions`,
      remedy:
        'as an administrator look for the banner in each Space and follow its link to run the migration again; if no banner appeared within 15 hours of the upgrade to 4.0, set "complete"',
      document: DOCUMENTS.permissions,
    },
  ];
}

function orchestrationViolations(
  from: RetoolVersion,
  to: RetoolVersion,
  given: "postgres" | "temporal" | undefined,
): Violation[] {
  const crosses = !isFromLine(from, POSTGRES_ORCHESTRATION_FROM) && isFromLine(to, POSTGRES_ORCHESTRATION_FROM);
  if (!crosses || given !== undefined) return [];
  return [
    {
      path: "retool.appOrchestration",
      problem: `its default changes from "temporal" to "postgres" between ${from.tag} and ${to.tag}`,
      remedy:
        'write "temporal" to keep the current setting, or "postgres" to move the app builder to the platform database',
      document: DOCUMENTS.orchestration,
    },
  ];
}
