import type { CapacityPlan } from "../capacity/capacity";
import type { EnvironmentPlan } from "../environment/environment";
import type { CostLine, MonthlyCost, PricedLine } from "./line";
import { poolsCost, systemNodesCost } from "./node-costs";
import type { Price, PriceBook } from "./prices";
import { ASSUMED_USE, serviceCosts } from "./service-costs";
import { POD_LOGS_GB } from "./watching-costs";

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
  const { cluster, capacity, context } = plan;
  const priced: readonly PricedLine[] = [
    ...(cluster.systemNodes === undefined ? [] : [systemNodesCost(book, cluster.systemNodes)]),
    ...poolsCost(book, capacity),
    ...serviceCosts(book, plan),
  ];
  const lines = priced.flatMap(({ line }) => line ?? []).sort((one, other) => other.atRest - one.atRest);
  const prices = Object.fromEntries(lines.flatMap((line) => Object.entries(line.prices)));
  return {
    region: context.region,
    lines,
    total: sumOf(lines),
    prices,
    unpriced: [...new Set(priced.flatMap(({ unpriced }) => unpriced))],
    estimated: Object.values(prices).some(({ region }) => region !== context.region),
    assumptions: assumptionsOf(capacity),
    byUse: byUseOf(plan),
  };
}

function assumptionsOf({ retoolPool, codePool }: CapacityPlan): string[] {
  const pools = codePool === undefined ? [retoolPool] : [retoolPool, codePool];
  const rest = pools.reduce((sum, { nodesAtRest }) => sum + nodesAtRest, 0);
  const rollout = pools.reduce((sum, { nodes }) => sum + nodes, 0);
  const more =
    rollout > rest ? `; a rollout of all containers needs up to ${rollout}, for too short a time to count` : "";
  return [
    `Retool's own nodes: ${rest}, at rest and on working days${more}`,
    `by use: ${ASSUMED_USE.logsGB} GB of logs a month and ${POD_LOGS_GB} GB of those of pods, ${ASSUMED_USE.bucketGB} GB in the bucket, one capacity unit of the load balancer`,
  ];
}

/** Adds up costs. */
export function sumOf(lines: readonly MonthlyCost[]): MonthlyCost {
  const of = (when: keyof MonthlyCost): number => lines.reduce((total, line) => total + line[when], 0);
  return { atRest: of("atRest"), workingDays: of("workingDays"), atMost: of("atMost") };
}

function byUseOf({ egress, network }: EnvironmentPlan): string[] {
  const level = egress.costs[egress.level].byUse;
  const nat = network.kind === "new" && network.natZones.length > 0 && egress.level !== "firewall";
  return [
    "data transfer to the internet: $0.09 a GB, between zones $0.01 a GB each way",
    ...(nat ? ["NAT gateways: $0.045 a GB"] : []),
    ...(level === "" ? [] : [`egress level ${egress.level}: ${level}`]),
  ];
}
