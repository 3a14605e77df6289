import { type CostPlan, costOf } from "../domain/cost/cost";
import { type Lever, leversOf } from "../domain/cost/levers";
import { listPrices, type Price, type PriceBook } from "../domain/cost/prices";
import { type EnvironmentPlan, planEnvironment } from "../domain/environment/environment";
import type { EnvironmentSpec } from "../domain/environment/spec";
import { awsOf } from "./ask-aws";
import { sumTable } from "./columns";
import { compareSizes } from "./cost-sizes";
import { estimateNote } from "./list-cost";
import { checkNeighbours, deployedSpec, singleEnvironment } from "./environments";
import { Failure } from "./failure";
import { keysAsked, type LiveOptions, livePrices, PRICE_LIST_REGION } from "./live-prices";
import { amounts, signedDollars } from "./money";
import type { OutputOptions, Report } from "./report";
import { bullets, section, wrap } from "./text";

/** How {@link cost} prints. */
export interface CostOptions extends OutputOptions {
  /** Numbers of builders to compare, separated by commas. */
  readonly builders?: string;
  /** File that takes the comparison as a picture. */
  readonly svg?: string;
  /** Ask AWS for the prices of the environment's region. */
  readonly live?: true;
}

/** Computes what an environment costs, from its plan and list prices; offline, unless AWS is to be asked for the prices. */
export async function cost(name: string, { builders, svg, live }: CostOptions): Promise<Report> {
  const spec = deployedSpec(name);
  const { region } = spec;
  const single = singleEnvironment(name);
  checkNeighbours();
  if (builders === undefined && svg !== undefined)
    throw new Failure("--svg: draws the comparison of sizes; give --builders 20,50,200 as well");
  const reportWith = (book: PriceBook): Report =>
    builders === undefined
      ? costReport(name, spec, book, spec === single.spec ? single.plan : undefined)
      : compareSizes(spec, book, { builders, svg });
  return live === true
    ? liveReport(reportWith, { region, ask: awsOf(PRICE_LIST_REGION), progress: showProgress })
    : reportWith(listPrices(region));
}

/** How {@link liveReport} asks. */
export type LiveSource = Pick<LiveOptions, "region" | "ask" | "progress">;

/** The same report at the prices that AWS names, and what it could not be asked; exit code 2 where it named none. */
export async function liveReport(reportWith: (book: PriceBook) => Report, source: LiveSource): Promise<Report> {
  const fallback = listPrices(source.region);
  const keys = keysAsked(fallback, reportWith);
  const prices = await livePrices(keys, { ...source, fallback, today: new Date().toISOString().slice(0, 10) });
  const { found, missing, book } = prices;
  const report = reportWith(book);
  const reasons = [...new Set(Object.values(missing))];
  const keysOf = (reason: string): string[] => Object.keys(missing).filter((key) => missing[key] === reason);
  const lines = reasons.map((reason) => `${keysOf(reason).join(", ")}: ${reason}`);
  return {
    ...report,
    json: { ...(report.json as object), live: { found, missing } },
    text: () =>
      `${report.text()}${section(`Asked of AWS: ${found} of ${keys.length} prices; the others are from the table`, bullets(lines))}`,
    exitCode: found === 0 ? 2 : 0,
  };
}

/** One line that is written over, on a terminal only. */
function showProgress(done: number, of: number): void {
  if (!process.stderr.isTTY) return;
  process.stderr.write(done === of ? "\r\u001b[K" : `\rasking AWS's price list: ${done} of ${of}`);
}

/** What an environment costs, part by part, with the prices and the settings that would change it. */
export function costReport(
  name: string,
  spec: EnvironmentSpec,
  book: PriceBook,
  plan: EnvironmentPlan = planEnvironment(spec),
): Report {
  const found = costOf(plan, book);
  const levers = leversOf(spec, plan, book);
  return {
    json: { environment: name, currency: "USD", per: "month of 730 hours", ...found, levers },
    text: () => costText(name, found, levers),
  };
}

function costText(name: string, found: CostPlan, levers: readonly Lever[]): string {
  const { prices, unpriced, region, notOffered, assumptions, byUse } = found;
  const head = `${name}: USD a month of 730 hours, on demand at list prices, without taxes and discounts`;
  return [
    `${wrap(`${head}${estimateNote(found).sentence}`)}\n`,
    section("Parts", costLines(found)),
    section(
      `Without a price in ${region}, and not counted`,
      notOffered.length === 0 ? [] : [wrap(`${notOffered.join(", ")}; the region seems not to offer them`, "  ")],
    ),
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
    section("Prices", bullets(sourceLines(Object.values(prices)))),
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
function sourceLines(prices: readonly Price[]): string[] {
  const groups = new Map<string, Set<string>>();
  for (const { source, date, region: of } of prices) {
    const page = /^https:\/\/aws\.amazon\.com\/(.+)\/pricing\/$/.exec(source)?.[1];
    const group = `${of}, ${date}: ${page === undefined ? source : PAGES}`;
    groups.set(group, (groups.get(group) ?? new Set()).add(page ?? ""));
  }
  return [...groups].map(([group, pages]) => `${group}${[...pages].sort().join(", ")}`).sort();
}

/** No program read them. */
const PAGES =
  "written down by hand, so compare them with --live before a decision, from https://aws.amazon.com/<service>/pricing/ of ";
