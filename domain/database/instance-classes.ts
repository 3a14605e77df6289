import { vcpusOfSize } from "../common/ec2-instance-types";
import { nearest } from "../common/nearest";
import type { Problem } from "../common/violation";

const SIZES_TO_16 = ["large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge"];
const SIZES_TO_24 = [...SIZES_TO_16, "24xlarge"];
const SIZES_TO_32 = [...SIZES_TO_24, "32xlarge"];
const SIZES_TO_48 = [...SIZES_TO_24, "48xlarge"];
const SIZES_TO_96 = [...SIZES_TO_32, "48xlarge", "96xlarge"];

/** Families with the sizes in which RDS has them. */
const SIZES: readonly (readonly [families: string, sizes: readonly string[]])[] = [
  ["m6g m6gd m7g r6g r6gd r7g x2g", SIZES_TO_16],
  ["c6gd", ["medium", ...SIZES_TO_16]],
  ["m5 m5d r5 r5b r5d", SIZES_TO_24],
  ["m6i m6id m6idn m6in r6i r6id r6idn r6in", SIZES_TO_32],
  ["m7i m8a m8g m8gd m9g r7i r8a r8g r8gd", SIZES_TO_48],
  ["m8i r8i", SIZES_TO_96],
  ["x2idn", ["16xlarge", "24xlarge", "32xlarge"]],
  ["x2iedn", ["xlarge", "2xlarge", "4xlarge", "8xlarge", "16xlarge", "24xlarge", "32xlarge"]],
  ["t3 t4g", ["micro", "small", "medium", "large", "xlarge", "2xlarge"]],
];

/** GiB for each virtual CPU, by the letter of the family or its whole name. */
const GIB_PER_VCPU: Readonly<Record<string, number>> = { c: 2, m: 4, r: 8, x2g: 16, x2idn: 16, x2iedn: 32 };

/** Memory of the burstable classes, which have two to eight virtual CPUs. */
const BURSTABLE_GIB: Readonly<Record<string, number>> = {
  micro: 1,
  small: 2,
  medium: 4,
  large: 8,
  xlarge: 16,
  "2xlarge": 32,
};

function memoryOf(family: string, size: string): number {
  if (family.startsWith("t")) return BURSTABLE_GIB[size] ?? 0;
  return (vcpusOfSize(size) ?? 0) * (GIB_PER_VCPU[family] ?? GIB_PER_VCPU[family.slice(0, 1)] ?? 0);
}

/**
 * Classes that RDS has for PostgreSQL 13 and later, with their memory in GiB.
 *
 * Source: the classes for the engine `postgres` that cfn-lint 1.58 collects from `describe-orderable-db-instance-options` of
 * every region, and the memory of the EC2 type of the same name from `describe-instance-types`. A region may lack some.
 */
const MEMORY_GIB: ReadonlyMap<string, number> = new Map(
  SIZES.flatMap(([families, sizes]) =>
    families
      .split(" ")
      .flatMap((family) => sizes.map((size) => [`db.${family}.${size}`, memoryOf(family, size)] as const)),
  ),
);

/** Memory of an RDS instance class in GiB; undefined where there is none for PostgreSQL. */
export function instanceMemoryGiB(instanceClass: string): number | undefined {
  return MEMORY_GIB.get(instanceClass);
}

/** Finds a class that RDS does not have for PostgreSQL. */
export function instanceClassProblem(instanceClass: string): Problem | undefined {
  if (MEMORY_GIB.has(instanceClass)) return undefined;
  const meant =
    nearest(instanceClass, [...MEMORY_GIB.keys()]) ?? nearest(`db.${instanceClass}`, [...MEMORY_GIB.keys()]);
  return {
    problem: `"${instanceClass}" is not a class that RDS has for PostgreSQL`,
    remedy: meant === undefined ? "use one such as db.m7g.large, db.r7g.xlarge or db.t4g.medium" : `use "${meant}"`,
  };
}
