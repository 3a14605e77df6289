import { isatty } from "node:tty";

import { type UrlRow, urlTable } from "../domain/front-door/report";
import { alertBanner } from "../domain/egress/notes";
import { type EnvironmentPlan, planEnvironment } from "../domain/environment/environment";
import { type EnvironmentNotes, environmentNotes } from "../domain/environment/notes";
import { isSettable } from "../domain/environment/settable";
import { listSettings, type Origin, type Setting } from "../domain/environment/settings";
import { environmentNamed } from "./environments";
import { bullets, colors, numbered, section, width } from "./text";

/** How {@link printPlan} prints. */
export interface PlanOptions {
  /** Print the settings as JSON instead of text. */
  readonly json?: true;
}

/**
 * Prints every setting of an environment with its value and where it comes from, and what a person should know besides.
 * Needs no network and no credentials.
 */
export function printPlan(name: string, { json }: PlanOptions): void {
  const spec = environmentNamed(name);
  const plan = planEnvironment(spec);
  const settings = listSettings(spec, plan, isSettable);
  const text = (): string =>
    banner(alertBanner(plan.egress)) +
    table(settings) +
    section("Where requests go", bullets(urlTable(plan).map(urlText))) +
    section(`What may leave (egress.level is "${plan.egress.level}")`, bullets(levelLines(plan.egress.costs))) +
    notesText(environmentNotes(plan, new Date().toISOString().slice(0, 10)));
  process.stdout.write(json === true ? `${JSON.stringify(settings, null, 2)}\n` : text());
}

/** What nobody may overlook, above everything else. */
function banner(text: string | undefined): string {
  return text === undefined ? "" : `${colors().bold(text)}\n\n`;
}

function levelLines(costs: EnvironmentPlan["egress"]["costs"]): string[] {
  return Object.entries(costs).map(([level, { perMonth, byUse, buys }]) =>
    [`${level}, ${perMonth} a month${byUse === "" ? "" : ` and ${byUse}`}`, buys].join(": "),
  );
}

function urlText({ host, path, target, port, purpose, certificateName, record }: UrlRow): string {
  return `https://${host}${path} -> ${target}:${port}, ${purpose} (certificate ${certificateName}, record ${record})`;
}

/** Longest value in a line that is not bound by a terminal's width. */
const LONGEST_VALUE = 70;

/** Shortest value in a line, however narrow the terminal is. */
const SHORTEST_VALUE = 24;

const GAP = "  ";

/** The widths of the columns. */
interface Columns {
  readonly path: number;
  readonly value: number;
}

/**
 * One line a setting, without lines between columns, so that it can be searched and pasted. On a terminal a path that is too
 * long for its column has a line of its own.
 */
function table(settings: readonly Setting[]): string {
  const columns = columnsOf(settings);
  const header = row(columns, "setting", "value", "origin");
  const rows = settings.map(({ path, value, origin }) =>
    painted(row(columns, path, shortened(value, columns.value), origin), origin),
  );
  return `${[colors().bold(header), ...rows].join("\n")}\n`;
}

function columnsOf(settings: readonly Setting[]): Columns {
  const longest = (texts: readonly string[]): number => Math.max(...texts.map(({ length }) => length));
  const path = longest(settings.map((setting) => setting.path));
  const value = Math.min(LONGEST_VALUE, longest(settings.map((setting) => setting.value)));
  if (!isatty(1)) return { path, value };
  const room = width() - longest(settings.map(({ origin }) => origin)) - 2 * GAP.length;
  const shownPath = Math.min(path, room - SHORTEST_VALUE);
  return { path: shownPath, value: Math.min(value, room - shownPath) };
}

function row(columns: Columns, path: string, value: string, origin: string): string {
  const start = path.length > columns.path ? `${path}\n${" ".repeat(columns.path)}` : path.padEnd(columns.path);
  return [start, value.padEnd(columns.value), origin].join(GAP);
}

/** What a team wrote stands out, what follows by itself stands back. */
function painted(line: string, origin: Origin): string {
  if (origin === "config") return colors().cyan(line);
  return origin === "computed" ? colors().dim(line) : line;
}

function shortened(value: string, longest: number): string {
  return value.length <= longest ? value : `${value.slice(0, longest - 1)}…`;
}

/** What a person should know, as text. */
export function notesText({ warnings, deviations, steps }: EnvironmentNotes): string {
  const differences = deviations.map(
    ({ subject, documented, here, reason }) => `${subject}: ${here} (documented: ${documented}); ${reason}`,
  );
  return [
    section("Differs from Retool's documents on purpose", bullets(differences)),
    section("Worth knowing", bullets(warnings)),
    section("After the deployment, by a person", numbered(steps)),
  ].join("");
}
