import { EC2_FAMILIES, isArm, sizesOf } from "../common/ec2-instance-types";

/** Letter of an instance family that says how much memory comes with each CPU. */
export type FamilyClass = "c" | "m" | "r";

/** A size of node: all families of one class have the same shapes. */
export interface NodeShape {
  /** CPUs. */
  readonly cpus: number;
  /** Memory, GiB. */
  readonly memoryGiB: number;
  /** Size in the name of the instance type, such as `2xlarge`. */
  readonly size: string;
  /** CPU that pods can have, in millicores. */
  readonly allocatableCpuMillicores: number;
  /** Memory that pods can have, MiB. */
  readonly allocatableMemoryMiB: number;
}

/**
 * Most pods of a node, written into the kubelet's settings so that no instance type decides it.
 *
 * It is what the smallest interfaces carry (4 CPUs: 4 interfaces of 15 addresses); larger types could have 492 pods, but
 * then the kubelet would keep 5.4 GiB for itself.
 */
export const MAX_PODS = 58;

/** Number of CPUs and what a node of that many is like, smallest first. */
const SIZES = [
  { cpus: 4, size: "xlarge" },
  { cpus: 8, size: "2xlarge" },
  { cpus: 16, size: "4xlarge" },
  { cpus: 32, size: "8xlarge" },
] as const;

/**
 * IPv4 addresses of one network interface, by generation and processor, and the number of CPUs; older families have the usual
 * ones.
 *
 * Source: `describe-instance-types`, which https://github.com/aws/amazon-vpc-resource-controller-k8s and Karpenter's own table
 * are generated from.
 */
const INTERFACE_ADDRESSES: readonly (readonly [RegExp, Readonly<Record<number, number>>])[] = [
  [/^.8i/, { 4: 30, 8: 30, 16: 50, 32: 50 }],
  [/^.8a/, { 4: 20, 8: 40, 16: 40, 32: 40 }],
  [/^/, { 4: 15, 8: 15, 16: 30, 32: 30 }],
];

/** Sizes that the network interfaces of a node may have, in addresses; which family it will be of, Karpenter decides. */
export function interfaceAddresses(families: readonly string[], { cpus }: Pick<NodeShape, "cpus">): number[] {
  const sizes = families.map((family) => INTERFACE_ADDRESSES.find(([pattern]) => pattern.test(family))?.[1][cpus]);
  return [...new Set(sizes.filter((size) => size !== undefined))];
}

/** Numbers of CPUs that a node may have, smallest first. */
export const NODE_CPUS: readonly number[] = SIZES.map(({ cpus }) => cpus);

const GIB_PER_CPU = { c: 2, m: 4, r: 8 } as const satisfies Record<FamilyClass, number>;

/** Families whose nodes have another amount of memory for a CPU than their letter says, or no Nitro hypervisor. */
const OTHER_SHAPES = ["c4", "c5n", "m4", "r4"];

const isUsable = (family: string): boolean =>
  /^[cmr]\d/.test(family) && !isArm(family) && !OTHER_SHAPES.includes(family) && sizesOf(family).includes("2xlarge");

/**
 * Instance families on x86-64 by class: `m7i` as well as `m6id` with a local disk, `m5n` with a faster network, `m7i-flex`.
 *
 * A region may lack the newest: Karpenter then launches another of those that are listed for a pool.
 * Source: {@link EC2_FAMILIES}.
 */
export const FAMILIES: Readonly<Record<FamilyClass, readonly string[]>> = {
  c: EC2_FAMILIES.filter((family) => family.startsWith("c") && isUsable(family)),
  m: EC2_FAMILIES.filter((family) => family.startsWith("m") && isUsable(family)),
  r: EC2_FAMILIES.filter((family) => family.startsWith("r") && isUsable(family)),
};

/** Finds the class of a family; `undefined` for a family that is not known. */
export function classOf(family: string): FamilyClass | undefined {
  return (["c", "m", "r"] as const).find((letter) => FAMILIES[letter].includes(family));
}

/** Shapes that at least one of some families has, all of one class, smallest first: `c5` has no node of 32 CPUs. */
export function shapesOf(families: readonly string[]): NodeShape[] {
  const shapes = nodeShapes(classOf(families[0] ?? "") ?? "m");
  return shapes.filter(({ size }) => families.some((family) => sizesOf(family).includes(size)));
}

/** Lists the shapes of a class of families, smallest first. */
export function nodeShapes(familyClass: FamilyClass): NodeShape[] {
  return SIZES.map((size) => {
    const memoryGiB = size.cpus * GIB_PER_CPU[familyClass];
    return {
      ...size,
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
