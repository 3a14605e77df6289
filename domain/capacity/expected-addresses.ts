import { SANDBOX_DAEMON_SETS } from "./headroom";
import { type ContainerLoad, podsWithSurge } from "./loads";
import { interfaceAddresses, MAX_PODS } from "./instance-types";
import {
  type AddressDemand,
  type AddressesByMode,
  plusAddresses,
  podAddresses,
  systemAddresses,
  type SystemNodeCount,
  type ZoneAddresses,
} from "./pod-addresses";
import type { PoolPlan, PoolsPlan } from "./pools";

/** What runs at the planned peak. */
export interface ExpectedUse {
  /** The pools. */
  readonly pools: Pick<PoolsPlan, "sandboxPool" | "retoolPool" | "codePool" | "headroom">;
  /** Sandboxes. */
  readonly podsAtPeak: number;
  /** All other containers of Retool. */
  readonly loads: readonly ContainerLoad[];
  /** Zones over which nodes are spread. */
  readonly zones: number;
  /** Nodes of the system node group. */
  readonly systemNodes: SystemNodeCount;
}

/** Pods of DaemonSets with their own address on a node: the sandboxes', one of the operator's, and the storage driver. */
const DAEMON_PODS = SANDBOX_DAEMON_SETS.withDevices + 2;

/**
 * Addresses that a zone's nodes and pods take at the planned peak, while every Deployment is updated and all zones are up. Each node
 * keeps the warm target in reserve, or a whole interface where it is left out.
 */
export function expectedAddresses(
  { pools, podsAtPeak, loads, zones, systemNodes }: ExpectedUse,
  warmIpTarget?: number,
): ZoneAddresses {
  const { sandboxPool, retoolPool, codePool, headroom } = pools;
  const base = [retoolPool, ...(codePool === undefined ? [] : [codePool])];
  const baseNodes = base.reduce((sum, { nodes }) => sum + nodes, 0);
  const perNode = Math.ceil(podsWithSurge(loads) / Math.max(1, baseNodes));
  const sandboxes = Math.ceil((podsAtPeak + headroom.pods) / Math.max(1, sandboxPool.nodes));
  const others = podAddresses(
    base.map((pool) => demandOf(pool, perNode)),
    warmIpTarget,
  );
  return {
    sandboxes: inZone(podAddresses([demandOf(sandboxPool, sandboxes)], warmIpTarget), zones),
    others: inZone(plusAddresses(systemAddresses(systemNodes.count, warmIpTarget), others), zones),
  };
}

function demandOf({ families, shape, nodes }: PoolPlan, pods: number): AddressDemand {
  return {
    interfaceAddresses: interfaceAddresses(families, shape),
    nodes,
    podsPerNode: Math.min(MAX_PODS, pods + DAEMON_PODS),
  };
}

function inZone({ interfaces, prefixes }: AddressesByMode, zones: number): AddressesByMode {
  return { interfaces: Math.ceil(interfaces / zones), prefixes: Math.ceil(prefixes / zones) };
}
