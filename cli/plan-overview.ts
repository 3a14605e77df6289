import { type CostPlan, sumOf } from "../domain/cost/cost";
import type { MonthlyCost } from "../domain/cost/line";
import { alertBanner } from "../domain/egress/notes";
import type { EnvironmentPlan } from "../domain/environment/environment";
import { environmentNotes } from "../domain/environment/notes";
import { waysIn } from "../domain/environment/ways-in";
import { titledTable } from "./columns";
import { amounts } from "./money";
import { estimateNote, listCost } from "./list-cost";
import { factsOf, type Figures, figuresOf } from "./plan-figures";
import { colors, commandLines, numbered, section, width, wrap } from "./text";

/** An environment on one screen. */
export interface Overview {
  /** Name, account, region, address and version. */
  readonly environment: Readonly<Record<string, string>>;
  /** What weakens the environment or needs attention. */
  readonly warnings: readonly string[];
  /** What follows from the configuration. */
  readonly figures: Figures;
  /** What it costs a month, USD. */
  readonly cost: CostPlan;
  /** What only people can do after the deployment, in order. */
  readonly steps: readonly string[];
  /** How people get to a Kubernetes API without a public address: commands, in order. */
  readonly waysIn: readonly string[];
}

/** Collects what stands on the screen. */
export function overviewOf(name: string, plan: EnvironmentPlan, today: string): Overview {
  const { context, hostnames, retoolVersion } = plan;
  const { account, region } = context;
  return {
    environment: { name, account, region, url: `https://${hostnames.appHost}`, retoolVersion },
    warnings: warningsOf(plan, today),
    figures: figuresOf(plan),
    cost: listCost(plan),
    steps: environmentNotes(plan, today).steps,
    waysIn: waysIn(plan),
  };
}

/** What weakens an environment or needs attention; the worst first. */
export function warningsOf(plan: EnvironmentPlan, today: string): string[] {
  const banner = alertBanner(plan.egress);
  return [...(banner === undefined ? [] : [banner]), ...environmentNotes(plan, today).warnings];
}

/** The screen as text. */
export function overviewText({ environment, warnings, figures, cost, steps, waysIn: ways }: Overview): string {
  const { name = "", account, region, url, retoolVersion } = environment;
  const head = wrap(`${name}: Retool ${String(retoolVersion)}, ${String(url)}, ${String(account)}, ${String(region)}`);
  return [
    `${colors().bold(name)}${head.slice(name.length)}\n`,
    section("Attention", warningLines(warnings)),
    section(
      "What follows",
      factsOf(name, figures).map(([label, text]) => factLine(label, text)),
    ),
    titledTable(`USD a month, ${estimateNote(cost).short}`, AMOUNTS, costByPart(cost)),
    section(wayInTitle(figures), ways.map(commandLines)),
    section("After the deployment, by a person", numbered(steps).map(firstLine)),
    section("More", moreLines(name)),
  ].join("");
}

/** Warnings, as they stand out. */
export function warningLines(warnings: readonly string[]): string[] {
  return warnings.map((warning) => colors().yellow(wrap(warning, "  ! ")));
}

/** A label with its text. */
export function factLine(label: string, text: string): string {
  return wrap(text, `  ${label.padEnd(9)}  `);
}

/** A step in one line; the whole of it stands in the view of all settings and in Terraform's outputs. */
function firstLine(step: string): string {
  const [line = "", more] = step.split("\n");
  if (more === undefined) return line;
  return `${line.length < width() ? line : line.slice(0, line.lastIndexOf(" "))}…`;
}

/** Whether the API of an existing cluster has a public address is not known. */
function wayInTitle({ access }: Figures): string {
  const since =
    access.kubernetesApi === "existing" ? " through the bastion" : ", since the Kubernetes API has no public address";
  return `The way in${since}`;
}

/** Heads of the columns of {@link amounts}. */
export const AMOUNTS: readonly string[] = ["at rest", "working days", "at most"];

/** Parts that have their own line; the smaller ones share one. */
const LARGEST_PARTS = 5;

/** One line a group of parts, the dearest first, and their sum. */
function costByPart({ lines, total }: CostPlan): string[][] {
  const parts = partsOf(lines);
  const [large, small] = [parts.slice(0, LARGEST_PARTS), parts.slice(LARGEST_PARTS)];
  const others = { part: small.map(({ part }) => part).join(", "), ...sumOf(small) };
  const shown = small.length > 0 ? [...large, others] : large;
  return [...shown.map(({ part, ...cost }) => [part, ...amounts(cost)]), ["total", ...amounts(total)]];
}

/** What each group of parts costs, the dearest at rest first. */
export function partsOf(lines: CostPlan["lines"]): (MonthlyCost & { readonly part: string })[] {
  return [...new Set(lines.map(({ part }) => part))]
    .map((part) => ({ part, ...sumOf(lines.filter((line) => line.part === part)) }))
    .sort((one, other) => other.atRest - one.atRest);
}

function moreLines(name: string): string[] {
  const more: readonly (readonly [string, string])[] = [
    [`plan ${name} --all`, "every setting, and the steps in full"],
    [`plan ${name} --diff HEAD`, "what a change does, costs, replaces"],
    [`cost ${name}`, "each part, and what would change it"],
  ];
  const longest = Math.max(...more.map(([command]) => command.length));
  return more.map(([command, what]) => wrap(what, `  npx cdktf-retool ${command.padEnd(longest)}  `));
}
