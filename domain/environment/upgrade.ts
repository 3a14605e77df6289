import { type EnvironmentPlan, checkEnvironment } from "./environment";
import type { EnvironmentSpec } from "./spec";
import type { RetoolSpec } from "../retool/retool";
import { supportWarnings } from "../versions/retool-releases";
import { type UpgradeRecord, planSnapshots } from "../upgrade/records";
import { type RetoolVersion, lineOf } from "../versions/retool";
import { type UpgradeBackup, type UpgradePlan, planUpgrade } from "../upgrade/upgrade";
import { PERMISSIONS_LINE } from "../upgrade/steps";
import type { Planned, Violation } from "../common/violation";

/** An upgrade of an environment that is asked for. */
export interface EnvironmentUpgradeChoice {
  /** Tag to run. */
  readonly to: string;
  /**
   * Tag that runs now.
   *
   * @default - what the configuration says
   */
  readonly from?: string;
  /**
   * Exact version of the chart to install.
   *
   * @default - what the configuration says
   */
  readonly chart?: string;
  /**
   * State of the permissions migration that Retool 4.0 runs in the background.
   *
   * @default "unknown"
   */
  readonly permissionsMigration?: "complete" | "unresolved" | "unknown";
  /** The day as `YYYY-MM-DD`, by which support windows are judged. */
  readonly today: string;
}

/** What to write into an environment's configuration. */
export interface UpgradeEdit {
  /** Version of Retool. */
  readonly retoolVersion: string;
  /** Settings of the release that change with it. */
  readonly retool: Pick<RetoolSpec, "chartVersion" | "upgrades">;
}

/** An upgrade of an environment as it will happen. */
export interface EnvironmentUpgrade {
  /** The steps from version to version. */
  readonly upgrade: UpgradePlan;
  /** The chart before and after. */
  readonly chart: { readonly from: string; readonly to: string };
  /** Snapshot that is taken before Helm starts; undefined where the database is not migrated, or none can be taken. */
  readonly snapshot: string | undefined;
  /** How the database is kept from before the upgrade. */
  readonly backup: UpgradeBackup;
  /** What to write into the configuration. */
  readonly edit: UpgradeEdit;
  /** Warnings: what works and still needs attention. */
  readonly warnings: readonly string[];
}

/**
 * Plans the upgrade of an environment: the way between both versions, and the whole environment as it would be after it.
 *
 * @param spec - The environment as it is; it must be one that is accepted.
 */
export function planEnvironmentUpgrade(
  spec: EnvironmentSpec,
  choice: EnvironmentUpgradeChoice,
): Planned<EnvironmentUpgrade> {
  const before = checkEnvironment(spec).plan;
  const { plan: way, violations } = planWay(spec, choice, before);
  const isMigration = way.kind === "migration";
  const edit = editOf(spec, choice, way);
  const edited = { ...spec, retoolVersion: edit.retoolVersion, retool: { ...spec.retool, ...edit.retool } };
  const after = checkEnvironment(edited);
  const backup = backupOf(before);
  const snapshot = planSnapshots(edit.retool.upgrades ?? [], before.context.prefix).at(-1)?.identifier;
  return {
    plan: {
      upgrade: isMigration ? planWay(spec, choice, before, snapshot).plan : way,
      chart: { from: before.retool.chartVersion, to: after.plan.retool.chartVersion },
      snapshot: isMigration && backup !== "by-operator" ? snapshot : undefined,
      backup,
      edit,
      warnings: [
        ...supportWarnings(way.to, choice.today),
        ...newWarnings(before, after.plan),
        ...(way.kind === "none" ? [] : pinnedWarnings(spec.retool, way)),
      ],
    },
    violations: [...violations.map(onCommandLine), ...others(after.violations, violations)],
  };
}

/** Snapshots are made of RDS instances; of another server only the operator can make a backup. */
function backupOf({ database }: EnvironmentPlan): UpgradeBackup {
  if (database.kind !== "existing") return "snapshot";
  return database.instance === undefined ? "by-operator" : "snapshot-of-existing";
}

function planWay(
  { retoolVersion, retool = {} }: EnvironmentSpec,
  { from = retoolVersion, to, permissionsMigration }: EnvironmentUpgradeChoice,
  before: EnvironmentPlan,
  snapshot?: string,
): Planned<UpgradePlan> {
  const { appOrchestration } = retool;
  const { migrationTimeoutMinutes } = before.retool.jobsRunner;
  const { name: environment, namespace } = before.context;
  return planUpgrade({
    from,
    to,
    permissionsMigration,
    appOrchestration,
    migrationTimeoutMinutes,
    environment,
    namespace,
    snapshot,
    backup: backupOf(before),
  });
}

function editOf(
  { retool = {} }: EnvironmentSpec,
  choice: EnvironmentUpgradeChoice,
  { from, kind }: UpgradePlan,
): UpgradeEdit {
  const { to, chart } = choice;
  const upgrades = kind === "migration" ? { upgrades: withEntry(retool.upgrades ?? [], entryOf(from, choice)) } : {};
  return { retoolVersion: to, retool: { ...(chart === undefined ? {} : { chartVersion: chart }), ...upgrades } };
}

function entryOf(from: RetoolVersion, { to, permissionsMigration }: EnvironmentUpgradeChoice): UpgradeRecord {
  const isSaid = permissionsMigration === "complete" && lineOf(from) === PERMISSIONS_LINE;
  return { from: from.tag, to, ...(isSaid ? { permissionsMigration } : {}) };
}

/** The entries with a new one, where it is not written already. */
function withEntry(upgrades: readonly UpgradeRecord[], entry: UpgradeRecord): readonly UpgradeRecord[] {
  const last = upgrades.at(-1);
  const isWritten = last?.from === entry.from && last.to === entry.to && last.rolledBack !== true;
  return isWritten ? upgrades : [...upgrades, entry];
}

/** Names of the flags in place of the names of the facts that they give. */
const FLAGS: Readonly<Record<string, string>> = {
  to: "--to",
  from: "--from",
  permissionsMigration: "--permissions-migration",
};

function onCommandLine(violation: Violation): Violation {
  return { ...violation, path: FLAGS[violation.path] ?? violation.path };
}

/** What is wrong with the environment afterwards, without what the way itself was refused for already. */
function others(violations: readonly Violation[], ofWay: readonly Violation[]): Violation[] {
  if (ofWay.length === 0) return [...violations];
  const said = new Set(["retoolVersion", ...ofWay.map(({ path }) => path)]);
  return violations.filter(({ path }) => !said.has(path) && !path.startsWith("retool.upgrades"));
}

/** Images that the new version does not move by itself. */
function pinnedWarnings({ images = {} }: RetoolSpec = {}, { from, to }: UpgradePlan): string[] {
  const digests = Object.keys(images.digests ?? {});
  const tags = Object.entries(images.tags ?? {}).map(([image, { tag }]) => `${image} stays at ${tag}`);
  return [
    ...(digests.length === 0
      ? []
      : [`retool.images.digests pins ${digests.join(", ")} to ${from.tag}: add the digests of ${to.tag} too.`]),
    ...(tags.length === 0 ? [] : [`retool.images.tags: ${tags.join(", ")}; check whether its reason still applies.`]),
  ];
}

function newWarnings(before: EnvironmentPlan, after: EnvironmentPlan): string[] {
  return after.retool.warnings.filter((warning) => !before.retool.warnings.includes(warning));
}
