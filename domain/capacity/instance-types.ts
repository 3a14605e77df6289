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
 * Most pods of a node, written into the kubelet's settings so that no instance type decides it: what the smallest interfaces carry
 * (4 CPUs: 4 interfaces of 15 addresses). The kubelet keeps memory for as many pods as the interfaces carry all the same.
 */
export const MAX_PODS = 58;

/** Number of CPUs and what a node of that many is like, smallest first. */
const SIZES = [
  { cpus: 4, size: "xlarge" },
  { cpus: 8, size: "2xlarge" },
  { cpus: 16, size: "4xlarge" },
  { cpus: 32, size: "8xlarge" },
] as const;

/** The network interfaces of a node. */
type Interfaces = readonly [count: number, addressesOfEach: number];

/**
 * Network interfaces, by generation and processor, and the number of CPUs; older families have the usual ones.
 *
 * Source: `describe-instance-types`, which https://github.com/aws/amazon-vpc-resource-controller-k8s and Karpenter's own table
 * are generated from.
 */
const INTERFACES: readonly (readonly [RegExp, Readonly<Record<number, Interfaces>>])[] = [
  [/^.8i(b|n|db|dn|ne)$/, { 4: [4, 30], 8: [4, 30], 16: [8, 50], 32: [8, 50] }],
  [/^.8i/, { 4: [4, 30], 8: [4, 30], 16: [8, 50], 32: [10, 50] }],
  [/^.8a/, { 4: [4, 20], 8: [4, 40], 16: [8, 40], 32: [10, 40] }],
  [/^/, { 4: [4, 15], 8: [4, 15], 16: [8, 30], 32: [8, 30] }],
];

function interfacesOf(family: string, cpus: number): Interfaces | undefined {
  return INTERFACES.find(([pattern]) => pattern.test(family))?.[1][cpus];
}

/** Sizes that the network interfaces of a node may have, in addresses; which family it will be of, Karpenter decides. */
export function interfaceAddresses(families: readonly string[], { cpus }: Pick<NodeShape, "cpus">): number[] {
  const sizes = families.map((family) => interfacesOf(family, cpus)?.[1]);
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

/**
 * Shapes that at least one of some families has, all of one class, smallest first: `c5` has no node of 32 CPUs. Memory is that of the
 * family whose kubelet keeps most, since Karpenter decides which one comes.
 */
export function shapesOf(families: readonly string[]): NodeShape[] {
  return SIZES.filter(({ size }) => families.some((family) => sizesOf(family).includes(size))).map((size) => {
    const memoryGiB = size.cpus * GIB_PER_CPU[classOf(families[0] ?? "") ?? "m"];
    return {
      ...size,
      memoryGiB,
      allocatableCpuMillicores: size.cpus * 1000 - reservedMillicores(size.cpus),
      allocatableMemoryMiB: memoryGiB * 1024 - reservedMemoryMiB(memoryGiB * 1024, mostPods(families, size.cpus)),
    };
  });
}

/** Most pods that the interfaces of a node carry: one address of each interface is the node's, and two pods use those. */
function mostPods(families: readonly string[], cpus: number): number {
  const interfaces = families.flatMap((family) => [interfacesOf(family, cpus)].filter((found) => found !== undefined));
  return Math.max(0, ...interfaces.map(([count, addresses]) => count * (addresses - 1) + 2));
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
 * 7.5 % for the hypervisor, 255 MiB and 11 MiB for each pod that the interfaces carry for the kubelet, 100 MiB below which pods are evicted.
 * Amazon Linux 2023 and Karpenter heed no `maxPods` here (nodeadm's `withDefaultReservedResources`, Karpenter's `UsesENILimitedMemoryOverhead`).
 * Source: https://karpenter.sh/docs/reference/settings/ (vmMemoryOverheadPercent) and its instance type tables.
 */
function reservedMemoryMiB(memoryMiB: number, pods: number): number {
  return Math.ceil((memoryMiB * 75) / 1000) + 255 + 11 * pods + 100;
}
