/** Letter of an instance family that says how much memory stands beside each CPU. */
export type FamilyClass = "c" | "m" | "r";

/** A size of node: all families of one class have the same shapes. */
export interface NodeShape {
  /** Letter of the families. */
  readonly familyClass: FamilyClass;
  /** CPUs. */
  readonly cpus: number;
  /** Memory, GiB. */
  readonly memoryGiB: number;
  /** Size in the name of the instance type, such as `2xlarge`. */
  readonly size: string;
  /** CPU that pods can have, in thousandths. */
  readonly allocatableCpuMillicores: number;
  /** Memory that pods can have, MiB. */
  readonly allocatableMemoryMiB: number;
  /** IPv4 addresses of one network interface. */
  readonly addressesPerInterface: number;
}

/**
 * Most pods of a node, written into the kubelet's settings so that no instance type decides it.
 *
 * It is what the smallest interfaces carry (4 CPUs: 4 interfaces of 15 addresses); larger types could have 234 pods, but
 * then the kubelet would keep 2.7 GiB for itself.
 */
export const MAX_PODS = 58;

/** Number of CPUs and what a node of that many is like, smallest first. */
const SIZES = [
  { cpus: 4, size: "xlarge", addressesPerInterface: 15 },
  { cpus: 8, size: "2xlarge", addressesPerInterface: 15 },
  { cpus: 16, size: "4xlarge", addressesPerInterface: 30 },
  { cpus: 32, size: "8xlarge", addressesPerInterface: 30 },
] as const;

/** Numbers of CPUs that a node may have, smallest first. */
export const NODE_CPUS: readonly number[] = SIZES.map(({ cpus }) => cpus);

const GIB_PER_CPU = { c: 2, m: 4, r: 8 } as const satisfies Record<FamilyClass, number>;

/**
 * Instance families on x86-64 that have every shape, by class, newest first.
 *
 * Source: https://karpenter.sh/docs/reference/instance-types/
 */
export const FAMILIES: Readonly<Record<FamilyClass, readonly string[]>> = {
  c: ["c7i", "c7a", "c6i", "c6a", "c5a"],
  m: ["m7i", "m7a", "m6i", "m6a", "m5", "m5a"],
  r: ["r7i", "r7a", "r6i", "r6a", "r5", "r5a"],
};

/** Finds the class of a family; `undefined` for a family that is not known. */
export function classOf(family: string): FamilyClass | undefined {
  return (["c", "m", "r"] as const).find((letter) => FAMILIES[letter].includes(family));
}

/** Lists the shapes of a class of families, smallest first. */
export function nodeShapes(familyClass: FamilyClass): NodeShape[] {
  return SIZES.map((size) => {
    const memoryGiB = size.cpus * GIB_PER_CPU[familyClass];
    return {
      ...size,
      familyClass,
      memoryGiB,
      allocatableCpuMillicores: size.cpus * 1000 - reservedMillicores(size.cpus),
      allocatableMemoryMiB: memoryGiB * 1024 - reservedMemoryMiB(memoryGiB * 1024),
    };
  });
}

/**
 * CPU that the kubelet keeps: 6 % of the first, 1 % of the second, 0.5 % of the next two, 0.25 % of each other.
 *
 * Every number of CPUs here is even, so the sum is whole.
 */
function reservedMillicores(cpus: number): number {
  return 60 + 10 + 10 + ((cpus - 4) * 5) / 2;
}

/**
 * Memory that pods cannot have, as Karpenter counts it before it has seen the node.
 *
 * 7.5 % for the hypervisor, 255 MiB and 11 MiB a pod for the kubelet, 100 MiB below which pods are evicted.
 * Source: https://karpenter.sh/docs/reference/settings/ (vmMemoryOverheadPercent) and its instance type tables.
 */
function reservedMemoryMiB(memoryMiB: number): number {
  return Math.ceil((memoryMiB * 75) / 1000) + 255 + 11 * MAX_PODS + 100;
}
