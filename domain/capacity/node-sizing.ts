import { type ContainerLoad, podsPerNode, surgePods } from "./loads";
import { MAX_PODS, type NodeShape, shapesOf } from "./instance-types";
import { type NodeOverhead, type NodeRoom, type PodSize, anyFitNodes, fitting, roomOf } from "./packing";
import type { Violation } from "../common/violation";

/** Most that a node pool may grow to. */
export interface PoolLimits {
  /** CPUs. */
  readonly cpu: number;
  /** Memory, GiB. */
  readonly memoryGiB: number;
  /** Nodes. */
  readonly nodes: number;
}

/**
 * Sandboxes' CPUs from which larger nodes are used: small nodes leave when the day ends, large ones waste less.
 */
const CPUS_BY_SIZE = [
  { upToCpus: 60, nodeCpus: 8 },
  { upToCpus: 600, nodeCpus: 16 },
  { upToCpus: Infinity, nodeCpus: 32 },
] as const;

/** Finds the number of CPUs that suits a number of CPUs asked for. */
export function suitableNodeCpus(cpuMillicores: number): number {
  return CPUS_BY_SIZE.find(({ upToCpus }) => cpuMillicores <= upToCpus * 1000)?.nodeCpus ?? 32;
}

/** What the nodes of sandboxes carry. */
export interface SandboxLoad {
  /** Size of a sandbox. */
  readonly sandbox: PodSize;
  /** DaemonSets. */
  readonly overhead: NodeOverhead;
}

/** Nodes that hold a number of sandboxes. */
export function sandboxNodes(shape: NodeShape, { sandbox, overhead }: SandboxLoad, sandboxes: number): number {
  return Math.ceil(sandboxes / Math.max(1, fitting(roomOf(shape, overhead), sandbox)));
}

/** Nodes that the other containers need at most while all of them are replaced, never fewer than at rest. */
export function baseNodes(shape: NodeShape, overhead: NodeOverhead, loads: readonly ContainerLoad[]): number {
  const pods = loads.map((load) => ({ ...load, count: load.replicas + surgePods(load.replicas) }));
  return Math.max(nodesAtRestOf(shape, overhead, loads), anyFitNodes(roomOf(shape, overhead), pods));
}

/**
 * Nodes that the other containers need between upgrades, two at least: Karpenter merges nodes until no pod finds room elsewhere, with
 * no more than a quarter of one service on the same node.
 */
export function nodesAtRestOf(shape: NodeShape, overhead: NodeOverhead, loads: readonly ContainerLoad[]): number {
  const pods = loads.flatMap((load) => Array.from({ length: load.replicas }, () => load));
  const largestFirst = [...pods].sort((one, other) => other.cpuMillicores - one.cpuMillicores);
  let nodes = 2;
  while (nodes < pods.length && !holdsAll(nodes, roomOf(shape, overhead), largestFirst)) nodes++;
  return nodes;
}

/** Whether nodes hold every pod, when each goes to the emptiest one that may have it. */
function holdsAll(count: number, room: NodeRoom, pods: readonly ContainerLoad[]): boolean {
  const nodes = Array.from({ length: count }, () => ({ room, pods: [] as ContainerLoad[] }));
  return pods.every((pod) => {
    const [node] = nodes
      .filter(({ pods: placed }) => placed.filter((one) => one === pod).length < podsPerNode(pod.replicas))
      .filter((one) => fitting(one.room, pod) > 0)
      .sort((one, other) => other.room.cpuMillicores - one.room.cpuMillicores);
    if (node === undefined) return false;
    node.pods.push(pod);
    node.room = {
      cpuMillicores: node.room.cpuMillicores - pod.cpuMillicores,
      memoryMiB: node.room.memoryMiB - pod.memoryMiB,
      pods: node.room.pods - 1,
    };
    return true;
  });
}

/**
 * States as limits what a pool may need at most: every node may be on its way out, and its successor run already.
 *
 * All nodes of one morning reach their age on the same evening, and budgets do not bound that. A sandbox may hold its old node
 * for as long as it lives; limits without room for the successors would refuse new sessions meanwhile.
 *
 * @param shape - Shape of the nodes.
 * @param nodes - Nodes without any replacement.
 * @param generations - Nodes that may stand in the place of one: itself, and those before it that still drain.
 */
export function limitsOf(shape: NodeShape, nodes: number, generations = 2): PoolLimits {
  const most = generations * nodes;
  return { cpu: most * shape.cpus, memoryGiB: most * shape.memoryGiB, nodes: most };
}

/** Nodes that stand in the place of one while those before it, which took their last pod at their age, still drain. */
export function generationsOf(ageMinutes: number, drainMinutes: number): number {
  return 1 + Math.ceil(drainMinutes / ageMinutes);
}

/** Picks the shape: the one asked for, else the smallest that suits the load and holds its largest pod. */
export function chooseShape(
  families: readonly string[],
  overhead: NodeOverhead,
  { asked, load, largest }: { readonly asked: number | undefined; readonly load: number; readonly largest: PodSize },
): NodeShape {
  const shapes = shapesOf(families);
  const suitable = shapes.filter(({ cpus }) => (asked === undefined ? cpus >= suitableNodeCpus(load) : cpus === asked));
  const wanted = suitable.length === 0 ? shapes.slice(-1) : suitable;
  const holds = (shape: NodeShape): boolean => fitting(roomOf(shape, overhead), largest) > 0;
  return wanted.reduce((chosen, shape) => (holds(chosen) ? chosen : shape));
}

/** Refuses DaemonSets that take so much of a node of a shape that no pod of a usual size fits. */
export function daemonSetsViolations(shape: NodeShape, overhead: NodeOverhead): Violation[] {
  const { cpuMillicores, memoryMiB, pods } = roomOf(shape, overhead);
  if (cpuMillicores > 0 && memoryMiB > 0 && pods > 0) return [];
  return [
    {
      path: "nodePools.daemonSets",
      problem: `the DaemonSets fill a node of ${shape.cpus} CPUs and ${shape.memoryGiB} GiB (at most ${MAX_PODS} pods), so no other pod fits`,
      remedy: "enter only what all DaemonSets together request on one node",
    },
  ];
}

/** Refuses a pod that no node of the chosen shape can hold. */
export function roomViolations(
  shape: NodeShape,
  overhead: NodeOverhead,
  pod: PodSize & { readonly what: string; readonly path: string },
): Violation[] {
  const room = roomOf(shape, overhead);
  // Without any room the DaemonSets are refused, once.
  if (fitting(room, pod) > 0 || daemonSetsViolations(shape, overhead).length > 0) return [];
  return [
    {
      path: pod.path,
      problem:
        `${pod.what} requests ${pod.cpuMillicores} millicores and ${pod.memoryMiB} MiB, but a node of ${shape.cpus} CPUs ` +
        `has room for ${room.cpuMillicores} and ${room.memoryMiB}`,
      remedy: "request less, or choose larger nodes",
    },
  ];
}
