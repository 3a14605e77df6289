import { planEnvironment } from "../domain/environment/environment";
import {
  type EnvironmentUpgrade,
  type EnvironmentUpgradeChoice,
  type UpgradeEdit,
  planEnvironmentUpgrade,
} from "../domain/environment/upgrade";
import type { UpgradeKind } from "../domain/upgrade/upgrade";
import { isKnownLine } from "../domain/versions/retool-releases";
import { formatViolation } from "../domain/common/violation";
import { environmentNamed } from "./environments";
import { Failure } from "./failure";
import { platformReport } from "./platform";
import type { OutputOptions, Report } from "./report";
import { stepText } from "./step-text";
import { bullets, colors, numbered, section, wrap } from "./text";

/** What {@link upgrade} is told on the command line. */
export interface UpgradeOptions extends OutputOptions {
  /** Tag to run; left out where the platform is asked for. */
  readonly to?: string;
  /** Say what comes next for what Retool runs on, instead of Retool itself. */
  readonly platform?: true;
  /** Tag that runs now. */
  readonly from?: string;
  /** Version of the chart to install. */
  readonly chart?: string;
  /** State of the permissions migration of Retool 4.0. */
  readonly permissionsMigration?: string;
}

const STATES = ["complete", "unresolved", "unknown"] as const;

/**
 * Says what an upgrade needs, does and leaves behind, or why it is refused. Offline; it changes nothing.
 *
 * @throws {@link Failure} with one line for each reason why the upgrade is refused, unless JSON is asked for.
 */
export function upgrade(name: string, { json, platform, ...options }: UpgradeOptions): Report {
  if (platform === true) return platformReport(name, environmentNamed(name));
  const spec = environmentNamed(name);
  const choice = choiceOf(options);
  planEnvironment(spec);
  const { plan, violations } = planEnvironmentUpgrade(spec, choice);
  const isRefused = violations.length > 0;
  if (isRefused && json !== true) throw new Failure(...violations.map(formatViolation));
  return {
    json: { verdict: isRefused ? "refused" : plan.upgrade.kind, violations, ...plan },
    text: () => upgradeText(name, plan),
    exitCode: isRefused ? 1 : 0,
  };
}

function choiceOf({
  to,
  permissionsMigration = "unknown",
  ...options
}: Omit<UpgradeOptions, "json" | "out" | "platform">): EnvironmentUpgradeChoice {
  if (to === undefined) {
    throw new Failure("--to: is missing; name a version of Retool, such as 4.34.1-stable, or use --platform");
  }
  const state = STATES.find((known) => known === permissionsMigration);
  if (state === undefined) {
    throw new Failure(`--permissions-migration: ${permissionsMigration} is not known; use ${STATES.join(", ")}`);
  }
  return { ...options, to, permissionsMigration: state, today: new Date().toISOString().slice(0, 10) };
}

const VERDICTS: Readonly<Record<UpgradeKind, string>> = {
  none: "The same version: no image changes.",
  patch: "A patch of the same line: the database is not migrated.",
  migration: "Another line: the database is migrated,",
};

/** An upgrade as a person reads it. */
export function upgradeText(name: string, plan: EnvironmentUpgrade): string {
  const { upgrade, warnings } = plan;
  const notes = section("Warnings", bullets(warnings));
  if (upgrade.kind === "none") return `${head(name, plan)}${notes}${chartText(name, plan)}`;
  return [
    head(name, plan),
    notes,
    section(`In the configuration of ${name}`, editLines(plan.edit)),
    section("What happens", numbered(upgrade.steps.map(stepText))),
    section("Snapshot", snapshotLines(plan)),
    section("Watch", bullets(upgrade.watch)),
    section("If the deployment stops", bullets(upgrade.interruptions.map(({ sign, remedy }) => `${sign}: ${remedy}`))),
    section("Going back", [wrap(upgrade.rollback.until, "  "), ...numbered(upgrade.rollback.steps)]),
  ].join("");
}

function head(name: string, plan: EnvironmentUpgrade): string {
  const { kind, to } = plan.upgrade;
  const known = isKnownLine(to) ? "Supported. " : "Not known to be supported, see Warnings. ";
  const kept = plan.backup === "by-operator" ? " and you must make a backup first." : " and a snapshot is taken first.";
  return `${colors().bold(titleOf(name, plan))}\n${wrap(`${kind === "none" ? "" : known}${VERDICTS[kind]}${kind === "migration" ? kept : ""}`)}\n`;
}

/** A change of only the chart. */
function chartText(name: string, { chart, edit }: EnvironmentUpgrade): string {
  if (chart.from === chart.to) return "";
  const steps = [
    `You: deploy a staging environment with chart ${chart.to} and use it`,
    "You: add the lines above and deploy",
    "Helm: replaces the pods of what the chart writes differently, new ones first",
  ];
  return [
    section(`In the configuration of ${name}`, editLines(edit)),
    section("What happens", numbered(steps)),
    section("Going back", [wrap(`At any time: write chartVersion: "${chart.from}" and deploy.`, "  ")]),
  ].join("");
}

function snapshotLines({ snapshot }: EnvironmentUpgrade): string[] {
  if (snapshot === undefined) return [];
  return [wrap(`${snapshot}: of the whole database, ready before Helm starts; no deployment deletes it`, "  ")];
}

function titleOf(name: string, { upgrade: { from, to }, chart }: EnvironmentUpgrade): string {
  const retool = from.tag === to.tag ? from.tag : `${from.tag} to ${to.tag}`;
  const charts = chart.from === chart.to ? "" : `, chart ${chart.from} to ${chart.to}`;
  return `${name}: Retool ${retool}${charts}`;
}

/** The lines to write, as they stand in a file of config/. */
function editLines({ retoolVersion, retool }: UpgradeEdit): string[] {
  const chart = retool.chartVersion === undefined ? [] : [`    chartVersion: ${JSON.stringify(retool.chartVersion)},`];
  const entries = (retool.upgrades ?? []).map((upgrade) => `      ${literal(upgrade)},`);
  const upgrades = entries.length === 0 ? [] : ["    upgrades: [", ...entries, "    ],"];
  const release = [...chart, ...upgrades];
  return [
    `  retoolVersion: ${JSON.stringify(retoolVersion)},`,
    ...(release.length === 0 ? [] : ["  retool: {", ...release, "  },"]),
  ];
}

function literal(object: object): string {
  const fields = Object.entries(object).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
  return `{ ${fields.join(", ")} }`;
}
