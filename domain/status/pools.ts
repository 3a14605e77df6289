import type { EnvironmentPlan } from "../environment/environment";
import type { Nodes, NodeState } from "./observed";

/** A group of nodes: what is planned, and what runs. */
export interface PoolStatus {
  /** Its name in the cluster; `system` for the managed node group. */
  readonly name: string;
  /** Whether it exists; a managed node group exists where it has a node. */
  readonly exists: boolean;
  /** Nodes that are ready. */
  readonly ready: number;
  /** Nodes that are not ready, by name. */
  readonly notReady: readonly string[];
  /** Fewest nodes that are planned. */
  readonly fewest: number;
  /** Most nodes that are planned. */
  readonly most: number;
  /** Most nodes that the cluster allows; undefined where it sets no limit. */
  readonly allowed: number | undefined;
  /** Whether it may grow no further. */
  readonly isFull: boolean;
  /** Instance types of its nodes, each once. */
  readonly types: readonly string[];
}

/** Name by which the managed node group is shown. */
const SYSTEM = "system";

/** Compares the pools of an environment with the nodes of the cluster. */
export function poolStatuses({ cluster, capacity }: EnvironmentPlan, { nodes, pools }: Nodes): PoolStatus[] {
  const { retoolPool, codePool, sandboxPool } = capacity;
  const names = cluster.pools;
  const planned = [
    { name: names.retool, most: retoolPool.limits.nodes },
    ...(codePool === undefined ? [] : [{ name: names.code, most: codePool.limits.nodes }]),
    { name: names.sandbox, most: sandboxPool.limits.nodes },
  ];
  const { systemNodes } = cluster;
  return [
    ...(systemNodes === undefined ? [] : [systemStatus(systemNodes, nodes)]),
    ...planned.map(({ name, most }): PoolStatus => {
      const found = pools.find((pool) => pool.name === name);
      const own = nodes.filter(({ pool }) => pool === name);
      const { mostNodes, mostCpus, cpus = 0 } = found ?? {};
      return {
        ...countsOf(own),
        name,
        exists: found !== undefined,
        fewest: 0,
        most,
        allowed: mostNodes,
        isFull:
          found !== undefined &&
          ((mostNodes !== undefined && own.length >= mostNodes) || (mostCpus !== undefined && cpus >= mostCpus)),
      };
    }),
  ];
}

function systemStatus(
  { count, maximum }: { readonly count: number; readonly maximum: number },
  nodes: readonly NodeState[],
): PoolStatus {
  const own = nodes.filter(({ isManaged }) => isManaged);
  return {
    ...countsOf(own),
    name: SYSTEM,
    exists: true,
    fewest: count,
    most: maximum,
    allowed: maximum,
    isFull: false,
  };
}

function countsOf(nodes: readonly NodeState[]): Pick<PoolStatus, "ready" | "notReady" | "types"> {
  return {
    ready: nodes.filter(({ ready }) => ready).length,
    notReady: nodes.filter(({ ready }) => !ready).map(({ name }) => name),
    types: [...new Set(nodes.map(({ type }) => type).filter((type) => type !== ""))].sort(),
  };
}
