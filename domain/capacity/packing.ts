import { MAX_PODS, type NodeShape } from "./instance-types";

/** What one pod asks for. */
export interface PodSize {
  /** CPU in millicores. */
  readonly cpuMillicores: number;
  /** Memory, MiB. */
  readonly memoryMiB: number;
}

/** What every node gives away before the first pod of interest: DaemonSets. */
export interface NodeOverhead extends PodSize {
  /** Number of pods. */
  readonly pods: number;
}

/** Room that one node has. */
export interface NodeRoom extends PodSize {
  /** Number of pods. */
  readonly pods: number;
}

/** Room that a node of a shape has for pods that are not in a DaemonSet; never negative. */
export function roomOf(shape: NodeShape, overhead: NodeOverhead): NodeRoom {
  return {
    cpuMillicores: Math.max(0, shape.allocatableCpuMillicores - overhead.cpuMillicores),
    memoryMiB: Math.max(0, shape.allocatableMemoryMiB - overhead.memoryMiB),
    pods: Math.max(0, MAX_PODS - overhead.pods),
  };
}

/** Number of pods of one size that fit into a room. */
export function fitting(room: NodeRoom, pod: PodSize): number {
  return Math.min(
    room.pods,
    Math.floor(room.cpuMillicores / pod.cpuMillicores),
    Math.floor(room.memoryMiB / pod.memoryMiB),
  );
}

/**
 * Most nodes that a list of pods can need, however badly they are packed.
 *
 * A node is only added for a pod that fits no other node, so of any two nodes the loads add up to more than one node: the
 * number of nodes stays below twice the sum of the pods' shares, plus one. A pod's share is the largest of its shares of
 * CPU, memory and pod slots.
 */
export function anyFitNodes(room: NodeRoom, pods: readonly (PodSize & { readonly count: number })[]): number {
  const unit = room.cpuMillicores * room.memoryMiB * room.pods;
  if (unit === 0) return 0;
  const shares = pods.reduce((sum, { cpuMillicores, memoryMiB, count }) => {
    const share = Math.max(
      cpuMillicores * room.memoryMiB * room.pods,
      memoryMiB * room.cpuMillicores * room.pods,
      room.cpuMillicores * room.memoryMiB,
    );
    return sum + BigInt(count) * BigInt(share);
  }, 0n);
  return Number((2n * shares + BigInt(unit) - 1n) / BigInt(unit));
}
