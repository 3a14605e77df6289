import type { EnvironmentPlan } from "../environment/environment";
import { assumptionsOf, byUseOf } from "./assumptions";
import type { CostLine, MonthlyCost, PricedLine } from "./line";
import { nodeCosts, typesWithoutPrice } from "./node-costs";
import type { Price, PriceBook } from "./prices";
import { serviceCosts } from "./service-costs";

/** What an environment costs a month at list prices. */
export interface CostPlan {
  /** Region of the environment. */
  readonly region: string;
  /** The parts, the dearest at rest first. */
  readonly lines: readonly CostLine[];
  /** Their sum. */
  readonly total: MonthlyCost;
  /** Every price that was used, by its key. */
  readonly prices: Readonly<Record<string, Price>>;
  /** Keys of what is not in the sum, since no price is known. */
  readonly unpriced: readonly string[];
  /** Whether prices of another region stand in for those of the environment's. */
  readonly estimated: boolean;
  /** Instance types of the nodes that are not counted, since they have no price in the region, which has prices: it seems not to offer them. */
  readonly notOffered: readonly string[];
  /** What is taken for granted where no setting says it. */
  readonly assumptions: readonly string[];
  /** What is paid by use and is not in the sum. */
  readonly byUse: readonly string[];
}

/**
 * Computes what an environment costs a month of 730 hours, on demand, without taxes, discounts and data transfer.
 *
 * What exists already, such as the team's own cluster, is not in it.
 *
 * @param plan - The environment.
 * @param book - Prices.
 */
export function costOf(plan: EnvironmentPlan, book: PriceBook): CostPlan {
  const { region } = plan.context;
  const priced: readonly PricedLine[] = [...nodeCosts(book, plan), ...serviceCosts(book, plan)];
  const lines = priced.flatMap(({ line }) => line ?? []).sort((one, other) => other.atRest - one.atRest);
  const prices = Object.fromEntries(lines.flatMap((line) => Object.entries(line.prices)));
  return {
    region,
    lines,
    total: sumOf(lines),
    prices,
    unpriced: [...new Set(priced.flatMap(({ unpriced }) => unpriced))],
    estimated: Object.values(prices).some((price) => price.region !== region),
    notOffered: typesWithoutPrice(book, plan),
    assumptions: assumptionsOf(plan),
    byUse: byUseOf(plan),
  };
}

/** Adds up costs. */
export function sumOf(lines: readonly MonthlyCost[]): MonthlyCost {
  const of = (when: keyof MonthlyCost): number => lines.reduce((total, line) => total + line[when], 0);
  return { atRest: of("atRest"), workingDays: of("workingDays"), atMost: of("atMost") };
}
