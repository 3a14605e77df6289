import type { CapacityPlan } from "../capacity/capacity";
import type { PoolPlan } from "../capacity/pools";
import type { SystemNodesPlan } from "../cluster/system-nodes";
import { hours, type Key, type MonthlyCost, priced, type PricedLine, times } from "./line";
import type { PriceBook } from "./prices";
import { monthlyMean } from "./working-day";

/** Disk operations and MiB a second of a sandbox's node beyond what is free: 6,000 and 250 are asked for. */
const SANDBOX_DISK_EXTRA = { iops: 3000, throughput: 125 } as const;

/** Part of the on-demand price that a spot node costs: an assumption, since its market price changes by the hour. */
const SPOT_SHARE = 0.4;

/** The nodes of the controllers. */
export function systemNodesCost(
  book: PriceBook,
  { count, maximum, instanceTypes, diskGiB }: SystemNodesPlan,
): PricedLine {
  const [type = ""] = instanceTypes;
  const nodes: MonthlyCost = { atRest: count, workingDays: count, atMost: maximum };
  return priced(book, "nodes", `${count} system nodes ${type}`, {
    [`ec2:${type}`]: hours(nodes),
    "ebs:gp3": times(nodes, diskGiB),
  });
}

/** The nodes that Karpenter launches. */
export function poolsCost(book: PriceBook, capacity: CapacityPlan): PricedLine[] {
  const { retoolPool, codePool, sandboxPool, sandbox } = capacity;
  const base = (pool: PoolPlan): MonthlyCost => ({
    atRest: pool.nodesAtRest,
    workingDays: pool.nodesAtRest,
    atMost: pool.limits.nodes,
  });
  const sandboxNodes = sandboxNodesOf(capacity);
  const share = sandbox.purchaseOption === "spot" ? SPOT_SHARE : 1;
  return [
    poolCost(book, retoolPool, base(retoolPool), { name: "Retool" }),
    ...(codePool === undefined ? [] : [poolCost(book, codePool, base(codePool), { name: "code execution" })]),
    poolCost(book, sandboxPool, sandboxNodes, {
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
  readonly name: string;
  readonly share?: number;
  readonly further?: Readonly<Record<string, MonthlyCost>>;
}

/** Karpenter launches the cheapest type of its list, so the cheapest with a price counts. */
function poolCost(
  book: PriceBook,
  pool: PoolPlan,
  nodes: MonthlyCost,
  { name, share = 1, further }: PoolCost,
): PricedLine {
  const [cheapest] = pool.families
    .map((family): Key => `ec2:${family}.${pool.shape.size}`)
    .sort((one, other) => (book(one)?.usd ?? Infinity) - (book(other)?.usd ?? Infinity));
  const type = cheapest ?? "ec2:";
  const what = `${count(nodes)} ${name} nodes ${type.slice("ec2:".length)}, up to ${nodes.atMost}`;
  return priced(book, "nodes", what, {
    [type]: times(hours(nodes), share),
    "ebs:gp3": times(nodes, pool.rootDiskGiB),
    ...further,
  });
}

function count({ atRest, workingDays }: MonthlyCost): string {
  return atRest === workingDays ? String(atRest) : `${atRest} to ${workingDays.toFixed(1)}`;
}
