import { FAMILIES, NODE_CPUS, classOf, interfaceAddresses, nodeShapes } from "../../../domain/capacity/instance-types";

const shape = (letter: "c" | "m" | "r", cpus: number) => nodeShapes(letter).find((one) => one.cpus === cpus)!;

describe("nodeShapes", () => {
  // Allocatable memory that Karpenter's own reference lists for nodes of 58 pods; its tables for larger nodes are of 234
  // pods, for each of which the kubelet would keep 11 MiB more.
  it.each([
    { type: "c7i.xlarge", letter: "c", cpus: 4, memoryMiB: 6584 },
    { type: "c7i.2xlarge", letter: "c", cpus: 8, memoryMiB: 14162 },
    { type: "m7i.xlarge", letter: "m", cpus: 4, memoryMiB: 14162 },
    { type: "m7i.2xlarge", letter: "m", cpus: 8, memoryMiB: 29317 },
    { type: "m7i.4xlarge", letter: "m", cpus: 16, memoryMiB: 57691 + 11 * (234 - 58) },
    { type: "m7i.8xlarge", letter: "m", cpus: 32, memoryMiB: 118312 + 11 * (234 - 58) },
    { type: "c8i.xlarge", letter: "c", cpus: 4, memoryMiB: 5924 + 11 * (118 - 58) },
    { type: "m8i.2xlarge", letter: "m", cpus: 8, memoryMiB: 28657 + 11 * (118 - 58) },
    { type: "m8a.4xlarge", letter: "m", cpus: 16, memoryMiB: 56811 + 11 * (314 - 58) },
    { type: "m8i.8xlarge", letter: "m", cpus: 32, memoryMiB: 115474 + 11 * (492 - 58) },
    { type: "r8a.8xlarge", letter: "r", cpus: 32, memoryMiB: 237816 + 11 * (392 - 58) },
  ] as const)("knows the memory that pods can have on $type", ({ letter, cpus, memoryMiB }) => {
    expect(shape(letter, cpus).allocatableMemoryMiB).toBe(memoryMiB);
  });

  it.each([
    { cpus: 4, millicores: 3920 },
    { cpus: 8, millicores: 7910 },
    { cpus: 16, millicores: 15890 },
    { cpus: 32, millicores: 31850 },
  ])("knows the CPU that pods can have on $cpus CPUs", ({ cpus, millicores }) => {
    expect(shape("m", cpus).allocatableCpuMillicores).toBe(millicores);
  });

  it.each([
    { letter: "c", memoryGiB: [8, 16, 32, 64] },
    { letter: "m", memoryGiB: [16, 32, 64, 128] },
    { letter: "r", memoryGiB: [32, 64, 128, 256] },
  ] as const)("gives the class $letter its memory", ({ letter, memoryGiB }) => {
    expect(nodeShapes(letter).map((one) => one.memoryGiB)).toEqual(memoryGiB);
    expect(nodeShapes(letter).map(({ cpus }) => cpus)).toEqual(NODE_CPUS);
  });
});

describe("interfaceAddresses", () => {
  // Of each type that Karpenter's reference lists: pods = interfaces x (addresses - 1) + 2.
  it.each([
    { families: ["m7i", "m7a", "m6i", "m6a"], sizes: [[15], [15], [30], [30]] },
    { families: ["c8i"], sizes: [[30], [30], [50], [50]] },
    { families: ["r8a"], sizes: [[20], [40], [40], [40]] },
    {
      families: ["m8i", "m8a", "m7i"],
      sizes: [
        [30, 20, 15],
        [30, 40, 15],
        [50, 40, 30],
        [50, 40, 30],
      ],
    },
  ])("lists what $families may have", ({ families, sizes }) => {
    expect(NODE_CPUS.map((cpus) => interfaceAddresses(families, { cpus }))).toEqual(sizes);
  });

  it("knows those of every family", () => {
    for (const family of Object.values(FAMILIES).flat())
      for (const cpus of NODE_CPUS) expect(interfaceAddresses([family], { cpus })).toHaveLength(1);
  });
});

describe("classOf", () => {
  it.each([
    ["m7i", "m"],
    ["m8a", "m"],
    ["c8i", "c"],
    ["r8i", "r"],
    ["c6a", "c"],
    ["r5", "r"],
    ["m7g", undefined],
    ["t3", undefined],
    ["", undefined],
  ])("puts %j into %j", (family, letter) => {
    expect(classOf(family)).toBe(letter);
  });

  it("knows no ARM family: Retool's images are x86-64", () => {
    expect(
      Object.values(FAMILIES)
        .flat()
        .filter((family) => /\dg/.test(family)),
    ).toEqual([]);
  });
});
