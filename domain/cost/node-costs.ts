import type { CapacityPlan } from "../capacity/capacity";
import type { PoolPlan } from "../capacity/pools";
import type { EnvironmentPlan } from "../environment/environment";
import { isRegionKnown } from "./instance-prices";
import { hours, type Key, type MonthlyCost, priced, type PricedLine, times } from "./line";
import type { PriceBook } from "./prices";
import { monthlyMean } from "./working-day";

/** Disk operations and MiB a second of a sandbox's node beyond what is free: 6,000 and 250 are asked for. */
const SANDBOX_DISK_EXTRA = { iops: 3000, throughput: 125 } as const;

/**
 * Part of the on-demand price that a spot node costs: an assumption, since its market price changes by the hour. At most it is the whole
 * price, since Karpenter launches on-demand nodes where no spot capacity is left.
 */
const SPOT_SHARE = 0.4;

/** What decides what nodes cost. */
type Nodes = Pick<EnvironmentPlan, "capacity" | "cluster" | "context">;

/** All nodes: those of the controllers, and those that Karpenter launches. */
export function nodeCosts(book: PriceBook, plan: Nodes): PricedLine[] {
  return [...systemNodesCost(book, plan), ...poolsCost(book, plan)];
}

/** Instance types of the nodes that have no price in the environment's region, which has prices: it seems not to offer them. */
export function typesWithoutPrice(book: PriceBook, { capacity, cluster, context: { region } }: Nodes): string[] {
  const { retoolPool, codePool, sandboxPool } = capacity;
  const pools = [retoolPool, sandboxPool, ...(codePool === undefined ? [] : [codePool])];
  const types = new Set([...(cluster.systemNodes?.instanceTypes ?? []), ...pools.flatMap(typesOf)]);
  const priced = [...types].filter((type) => book(keyOf(type))?.region === region);
  if (priced.length === 0 && !isRegionKnown(region)) return [];
  return [...types].filter((type) => !priced.includes(type));
}

/** The group launches the first of its types that can be had. */
function systemNodesCost(book: PriceBook, { cluster, context }: Nodes): PricedLine[] {
  if (cluster.systemNodes === undefined) return [];
  const { count, maximum, instanceTypes, diskGiB } = cluster.systemNodes;
  const [type = ""] = offered(book, context.region, instanceTypes);
  const nodes: MonthlyCost = { atRest: count, workingDays: count, atMost: maximum };
  return [
    priced(book, "nodes", `${count} system nodes ${type}`, {
      [keyOf(type)]: hours(nodes),
      "ebs:gp3": times(nodes, diskGiB),
    }),
  ];
}

/** The nodes that Karpenter launches. */
function poolsCost(book: PriceBook, { capacity, context: { region } }: Nodes): PricedLine[] {
  const { retoolPool, codePool, sandboxPool, sandbox } = capacity;
  const base = (pool: PoolPlan): MonthlyCost => ({
    atRest: pool.nodesAtRest,
    workingDays: pool.nodesAtRest,
    atMost: pool.limits.nodes,
  });
  const sandboxNodes = sandboxNodesOf(capacity);
  const share = sandbox.purchaseOption === "spot" ? SPOT_SHARE : 1;
  return [
    poolCost(book, retoolPool, base(retoolPool), { region, name: "Retool" }),
    ...(codePool === undefined ? [] : [poolCost(book, codePool, base(codePool), { region, name: "code execution" })]),
    poolCost(book, sandboxPool, sandboxNodes, {
      region,
      name: share === 1 ? "sandbox" : "sandbox (spot, assumed at 40 % of on demand)",
      share,
      further: {
        "ebs:gp3-iops": times(sandboxNodes, SANDBOX_DISK_EXTRA.iops),
        "ebs:gp3-throughput": times(sandboxNodes, SANDBOX_DISK_EXTRA.throughput),
      },
    }),
  ];
}

/** Nodes of the sandboxes while nobody works, in the mean of a month with working days, and at the pool's limit. */
export function sandboxNodesOf({ sandboxPool }: CapacityPlan): MonthlyCost {
  return {
    atRest: sandboxPool.nodesAtRest,
    workingDays: monthlyMean(sandboxPool.nodesAtRest, sandboxPool.nodes),
    atMost: sandboxPool.limits.nodes,
  };
}

interface PoolCost {
  readonly region: string;
  readonly name: string;
  readonly share?: number;
  readonly further?: Readonly<Record<string, MonthlyCost>>;
}

/** Karpenter launches the cheapest type of its list that the region offers, so the cheapest with a price there counts. */
function poolCost(
  book: PriceBook,
  pool: PoolPlan,
  nodes: MonthlyCost,
  { region, name, share = 1, further }: PoolCost,
): PricedLine {
  const usd = (type: string): number => book(keyOf(type))?.usd ?? Infinity;
  const [type = ""] = offered(book, region, typesOf(pool)).sort((one, other) => usd(one) - usd(other));
  return priced(book, "nodes", `${count(nodes)} ${name} nodes ${type}, up to ${nodes.atMost}`, {
    [keyOf(type)]: { ...times(hours(nodes), share), atMost: hours(nodes).atMost },
    "ebs:gp3": times(nodes, pool.rootDiskGiB),
    ...further,
  });
}

function typesOf({ families, shape }: PoolPlan): string[] {
  return families.map((family) => `${family}.${shape.size}`);
}

function keyOf(type: string): Key {
  return `ec2:${type}`;
}

/** Those of some instance types that have a price in the region; all of them where none has, to be estimated. */
function offered(book: PriceBook, region: string, types: readonly string[]): string[] {
  const here = types.filter((type) => book(keyOf(type))?.region === region);
  return here.length === 0 ? [...types] : here;
}

function count({ atRest, workingDays }: MonthlyCost): string {
  return atRest === workingDays ? String(atRest) : `${atRest} to ${workingDays.toFixed(1)}`;
}
