import { type CostPlan, costOf } from "../domain/cost/cost";
import { type Lever, leversOf } from "../domain/cost/levers";
import { listPrices, type Price, type PriceBook } from "../domain/cost/prices";
import { planEnvironment } from "../domain/environment/environment";
import type { EnvironmentSpec } from "../domain/environment/spec";
import { sumTable } from "./columns";
import { compareSizes } from "./cost-sizes";
import { checkNeighbours, environmentNamed } from "./environments";
import { Failure } from "./failure";
import { amounts, signedDollars } from "./money";
import type { OutputOptions, Report } from "./report";
import { bullets, section, wrap } from "./text";

/** How {@link cost} prints. */
export interface CostOptions extends OutputOptions {
  /** Numbers of builders to compare, separated by commas. */
  readonly builders?: string;
  /** File that takes the comparison as a picture. */
  readonly svg?: string;
}

/** Computes what an environment costs, from its plan and list prices. Offline. */
export function cost(name: string, { builders, svg }: CostOptions): Report {
  const spec = environmentNamed(name);
  const { context } = planEnvironment(spec);
  checkNeighbours();
  const book = listPrices(context.region);
  if (builders !== undefined) return compareSizes(spec, book, { builders, svg });
  if (svg !== undefined) throw new Failure("--svg: draws the comparison of sizes; give --builders 20,50,200 as well");
  return costReport(name, spec, book);
}

/** What an environment costs, part by part, with the prices and the settings that would change it. */
export function costReport(name: string, spec: EnvironmentSpec, book: PriceBook): Report {
  const plan = planEnvironment(spec);
  const found = costOf(plan, book);
  const levers = leversOf(spec, plan, book);
  return {
    json: { environment: name, currency: "USD", per: "month of 730 hours", ...found, levers },
    text: () => costText(name, found, levers),
  };
}

function costText(name: string, found: CostPlan, levers: readonly Lever[]): string {
  const { prices, unpriced, region, estimated, assumptions, byUse } = found;
  return [
    `${wrap(`${name}: USD a month of 730 hours, on demand at list prices, without taxes and discounts`)}\n`,
    section("Parts", costLines(found)),
    section("Taken for granted", bullets(assumptions)),
    section("By use, besides", bullets(byUse)),
    section(
      "Without a known price, and not in the sum",
      bullets(unpriced.map((key) => `${key}; look it up in AWS's price list`)),
    ),
    section(
      "What would change it, USD a month with working days",
      levers.map(({ setting, workingDays, means }) =>
        wrap(`${setting}: ${means}`, `  ${signedDollars(workingDays).padStart(7)}  `),
      ),
    ),
    section("Prices", bullets(sourceLines(Object.values(prices), region, estimated))),
  ].join("");
}

/** The parts as a table, the dearest at rest first. */
export function costLines({ lines, total }: CostPlan): string[] {
  return sumTable([
    ["", "at rest", "working days", "at most"],
    ...lines.map(({ what, ...line }) => [what, ...amounts(line)]),
    ["total", ...amounts(total)],
  ]);
}

/** Where the prices come from, one line for all pages of AWS of one day. */
function sourceLines(prices: readonly Price[], region: string, estimated: boolean): string[] {
  const note = `an estimate for ${region}: some prices are those of us-east-1, where most of AWS is cheapest`;
  const groups = new Map<string, Set<string>>();
  for (const { source, date, region: of } of prices) {
    const page = /^https:\/\/aws\.amazon\.com\/(.+)\/pricing\/$/.exec(source)?.[1];
    const group = `${of}, ${date}: ${page === undefined ? source : "https://aws.amazon.com/<service>/pricing/ of "}`;
    groups.set(group, (groups.get(group) ?? new Set()).add(page ?? ""));
  }
  const lines = [...groups].map(([group, pages]) => `${group}${[...pages].sort().join(", ")}`);
  return [...(estimated ? [note] : []), ...lines.sort()];
}
