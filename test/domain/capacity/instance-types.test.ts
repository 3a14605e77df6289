import { FAMILIES, NODE_CPUS, classOf, interfaceAddresses, shapesOf } from "../../../domain/capacity/instance-types";

const shape = (family: string, cpus: number) => shapesOf([family]).find((one) => one.cpus === cpus)!;

describe("shapesOf", () => {
  // Allocatable memory that Karpenter's own reference lists; of m8ib, what its interfaces make.
  it.each([
    { family: "c7i", cpus: 4, memoryMiB: 6584 },
    { family: "c7i", cpus: 8, memoryMiB: 14162 },
    { family: "m7i", cpus: 4, memoryMiB: 14162 },
    { family: "m7i", cpus: 8, memoryMiB: 29317 },
    { family: "m7i", cpus: 16, memoryMiB: 57691 },
    { family: "m7i", cpus: 32, memoryMiB: 118312 },
    { family: "c8i", cpus: 4, memoryMiB: 5924 },
    { family: "m8i", cpus: 8, memoryMiB: 28657 },
    { family: "m8a", cpus: 16, memoryMiB: 56811 },
    { family: "m8i", cpus: 32, memoryMiB: 115474 },
    { family: "m8ib", cpus: 32, memoryMiB: 116552 },
    { family: "r8a", cpus: 32, memoryMiB: 237816 },
  ] as const)("knows the memory that pods can have on $family with $cpus CPUs", ({ family, cpus, memoryMiB }) => {
    expect(shape(family, cpus).allocatableMemoryMiB).toBe(memoryMiB);
  });

  it("knows the least of several families, since Karpenter decides which one comes", () => {
    expect(shapesOf(["m7i", "m8i"]).map(({ allocatableMemoryMiB }) => allocatableMemoryMiB)).toEqual(
      shapesOf(["m8i"]).map(({ allocatableMemoryMiB }) => allocatableMemoryMiB),
    );
  });

  it.each([
    { cpus: 4, millicores: 3920 },
    { cpus: 8, millicores: 7910 },
    { cpus: 16, millicores: 15890 },
    { cpus: 32, millicores: 31850 },
  ])("knows the CPU that pods can have on $cpus CPUs", ({ cpus, millicores }) => {
    expect(shape("m7i", cpus).allocatableCpuMillicores).toBe(millicores);
  });

  it.each([
    { family: "c7i", memoryGiB: [8, 16, 32, 64] },
    { family: "m7i", memoryGiB: [16, 32, 64, 128] },
    { family: "r7i", memoryGiB: [32, 64, 128, 256] },
  ] as const)("gives the class of $family its memory", ({ family, memoryGiB }) => {
    expect(shapesOf([family]).map((one) => one.memoryGiB)).toEqual(memoryGiB);
    expect(shapesOf([family]).map(({ cpus }) => cpus)).toEqual(NODE_CPUS);
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
