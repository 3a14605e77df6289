import fc from "fast-check";

import { shapesOf } from "../../../domain/capacity/instance-types";
import { type NodeRoom, type PodSize, anyFitNodes, fitting, roomOf } from "../../../domain/capacity/packing";

const room: NodeRoom = { cpuMillicores: 7660, memoryMiB: 29061, pods: 50 };
const sandbox: PodSize = { cpuMillicores: 1000, memoryMiB: 2048 };

describe("roomOf", () => {
  it("takes the DaemonSets off what pods can have", () => {
    const shape = shapesOf(["m7i"])[1]!;
    expect(roomOf(shape, { pods: 8, cpuMillicores: 250, memoryMiB: 256 })).toEqual(room);
  });

  it("is never negative", () => {
    const greedy = { pods: 1000, cpuMillicores: 1_000_000, memoryMiB: 10_000_000 };
    expect(roomOf(shapesOf(["m7i"])[0]!, greedy)).toEqual({ cpuMillicores: 0, memoryMiB: 0, pods: 0 });
  });
});

describe("fitting", () => {
  it.each([
    { bound: "CPU", pod: { cpuMillicores: 1000, memoryMiB: 2048 }, count: 7 },
    { bound: "memory", pod: { cpuMillicores: 250, memoryMiB: 8192 }, count: 3 },
    { bound: "the number of pods", pod: { cpuMillicores: 100, memoryMiB: 100 }, count: 50 },
    { bound: "CPU to the last thousandth", pod: { cpuMillicores: 7660, memoryMiB: 1 }, count: 1 },
    { bound: "CPU, one thousandth too large", pod: { cpuMillicores: 7661, memoryMiB: 1 }, count: 0 },
  ])("is bound by $bound", ({ pod, count }) => {
    expect(fitting(room, pod)).toBe(count);
  });
});

describe("anyFitNodes", () => {
  it("needs no node for no pod", () => {
    expect(anyFitNodes(room, [])).toBe(0);
  });

  it("counts a pod of more than half a node as two halves at most", () => {
    expect(anyFitNodes(room, [{ cpuMillicores: 7660, memoryMiB: 1, count: 3 }])).toBe(6);
  });

  it("needs no room where there is none", () => {
    const none = { cpuMillicores: 0, memoryMiB: 0, pods: 0 };
    expect(anyFitNodes(none, [{ ...sandbox, count: 1 }])).toBe(0);
  });

  it("is not exceeded when each pod goes to the first node that has room, in any order", () => {
    const pod = fc.record({
      cpuMillicores: fc.integer({ min: 1, max: room.cpuMillicores }),
      memoryMiB: fc.integer({ min: 1, max: room.memoryMiB }),
    });
    fc.assert(
      fc.property(fc.array(pod, { maxLength: 60 }), (pods) => {
        const bound = anyFitNodes(
          room,
          pods.map((one) => ({ ...one, count: 1 })),
        );
        expect(bound).toBeGreaterThanOrEqual(firstFit(pods));
      }),
    );
  });
});

function firstFit(pods: readonly PodSize[]): number {
  const nodes: NodeRoom[] = [];
  for (const pod of pods) {
    const index = nodes.findIndex((free) => fitting(free, pod) > 0);
    const free = nodes[index] ?? room;
    nodes[index === -1 ? nodes.length : index] = {
      cpuMillicores: free.cpuMillicores - pod.cpuMillicores,
      memoryMiB: free.memoryMiB - pod.memoryMiB,
      pods: free.pods - 1,
    };
  }
  return nodes.length;
}
