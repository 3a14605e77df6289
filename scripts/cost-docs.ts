import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { drawSizes, type SizeCost } from "../cli/cost-picture";
import { dollars } from "../cli/money";
import { type CostPlan, costOf } from "../domain/cost/cost";
import { leversOf } from "../domain/cost/levers";
import { listPrices } from "../domain/cost/prices";
import { planEnvironment } from "../domain/environment/environment";
import type { EnvironmentSpec } from "../domain/environment/spec";

/** An environment with every default. */
const DEFAULTS: EnvironmentSpec = {
  name: "prod",
  account: "111122223333",
  region: "us-east-1",
  domain: "retool.example.com",
  retoolVersion: "4.34.1-stable",
  access: ["203.0.113.0/24"],
  clusterAccess: ["203.0.113.10/32"],
  license: "retool/license-key",
};

const SIZES = [20, 50, 200, 1000];
const BOOK = listPrices(DEFAULTS.region);

/** A part of a page between two comments, which this script writes. */
const BLOCK = /(<!-- costs: npm run docs:cost -->\n)[\s\S]*?(<!-- end of costs -->)/;

/** What a network firewall adds. */
const FIREWALL =
  /costs [\d,]+ USD a month more\nin three zones, [\d,]+ for the firewall and [\d,]+ for its logs and alarms/;

/** The figures in the README's summary. */
const SUMMARY = /about [\d,]+ USD a month with \d+ builders at work, [\d,]+ when nobody is/;

/** Writes the figures of the defaults into the page that is about costs. */
export function withCosts(page: string): string {
  if (!BLOCK.test(page) || !FIREWALL.test(page)) throw new Error("the page has no place for costs");
  return page
    .replace(BLOCK, (_, begin: string, end: string) => `${begin}\n${costSection()}\n\n${end}`)
    .replace(FIREWALL, firewallCost());
}

/** The change that `cost` shows, divided into what `egress` shows and the rest. */
function firewallCost(): string {
  const plan = planEnvironment(DEFAULTS);
  const lever = leversOf(DEFAULTS, plan, BOOK).find(({ setting }) => setting === 'egress.level: "firewall"');
  if (lever === undefined) throw new Error("the firewall is not among what would change the cost");
  const { dns, firewall } = plan.egress.costs;
  const fixed = firewall.perMonth - dns.perMonth;
  const [all, itself, rest] = [lever.workingDays, fixed, lever.workingDays - fixed].map((usd) =>
    Math.round(usd).toLocaleString("en-US"),
  );
  return `costs ${all} USD a month more\nin three zones, ${itself} for the firewall and ${rest} for its logs and alarms`;
}

/** Writes the cost with people at work and at rest, rounded to ten dollars, into the README. */
export function withSummary(readme: string): string {
  if (!SUMMARY.test(readme)) throw new Error("the README does not say what the defaults cost");
  const plan = planEnvironment(DEFAULTS);
  const { atRest, workingDays } = costOf(plan, BOOK).total;
  const [busy, quiet] = [workingDays, atRest].map((usd) => dollars(Math.round(usd / 10) * 10));
  const { builders } = plan.capacity;
  return readme.replace(
    SUMMARY,
    `about ${busy} USD a month with ${builders} builders at work, ${quiet} when nobody is`,
  );
}

/** The picture of what sizes cost. */
export function costPicture(): string {
  return drawSizes(
    SIZES.map((builders): SizeCost => ({
      builders,
      ...costOf(planEnvironment({ ...DEFAULTS, builders }), BOOK).total,
    })),
  );
}

function costSection(): string {
  const plan = planEnvironment(DEFAULTS);
  const cost = costOf(plan, BOOK);
  const { atRest, workingDays, atMost } = cost.total;
  const saves = leversOf(DEFAULTS, plan, BOOK)
    .filter(({ setting, workingDays: change }) => change <= -10 && !setting.includes('"open"'))
    .map(({ setting, workingDays: change }) => `\`${setting}\` (${dollars(-change)})`);
  return [
    `The defaults for ${plan.capacity.builders} builders in us-east-1 cost ${dollars(atRest)} USD a month while nobody works, ` +
      `${dollars(workingDays)} with the working days of [the benchmark](../capacity/benchmark.md), and ${dollars(atMost)} ` +
      "with every pool and the storage of every database at its limit all month: list prices, on demand, 730 hours, without data transfer.",
    "",
    ...costTable(cost),
    "",
    "Taken for granted:",
    "",
    ...cost.assumptions.map((assumption) => `- ${assumption}`),
    "",
    `What saves most, USD a month: ${saves.join(", ")}. \`npx cdktf-retool cost prod\` says what each of them gives up, where`,
    "each price comes from, and computes all this for your configuration. `config/staging.ts` does some of it.",
  ].join("\n");
}

function costTable({ lines }: CostPlan): string[] {
  const rows = [
    ["part", "at rest", "with working days", "at most"],
    ["---", "---:", "---:", "---:"],
    ...lines.map(({ what, ...line }) => [what, dollars(line.atRest), dollars(line.workingDays), dollars(line.atMost)]),
  ];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => `| ${row.map((cell, column) => padded(cell, column, widths[column] ?? 0)).join(" | ")} |`);
}

function padded(cell: string, column: number, width: number): string {
  if (cell.startsWith("---")) return cell.endsWith(":") ? `${"-".repeat(width - 1)}:` : "-".repeat(width);
  return column === 0 ? cell.padEnd(width) : cell.padStart(width);
}

function rewrite(path: string, change: (page: string) => string): void {
  const file = join(__dirname, "..", path);
  writeFileSync(file, change(readFileSync(file, "utf8")));
  process.stdout.write(`${path}\n`);
}

if (require.main === module) {
  rewrite("README.md", withSummary);
  rewrite("docs/guides/costs.md", withCosts);
  rewrite("docs/cost.svg", costPicture);
}
