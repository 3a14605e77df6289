import { nearest } from "./nearest";
import type { Problem } from "./violation";

const TO_12 = "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge";
const TO_16 = `${TO_12} 16xlarge`;
const TO_24 = `${TO_16} 24xlarge`;
const TO_48 = `${TO_24} 48xlarge`;
const FIFTH = "large xlarge 2xlarge 4xlarge 9xlarge 18xlarge";

/**
 * Families for general work, memory and storage, by the sizes that each has; those below `large` are left out.
 *
 * Source: the shape `InstanceType` of botocore 1.44.8 (ec2/2016-11-15).
 */
const FAMILIES_BY_SIZES: Readonly<Record<string, string>> = {
  "large xlarge 2xlarge": "t2 t3 t3a t4g",
  "large xlarge 2xlarge 4xlarge 8xlarge": "c4 is4gen",
  "large xlarge 2xlarge 4xlarge 8xlarge 16xlarge": "r4 i4g im4gn",
  "large xlarge 2xlarge 4xlarge 10xlarge 16xlarge": "m4",
  "large xlarge 2xlarge 3xlarge 6xlarge 12xlarge metal": "m5zn",
  "large xlarge 3xlarge 6xlarge 12xlarge 24xlarge metal-12xl metal-24xl": "m8azn",
  [`${FIFTH} metal`]: "c5n",
  [`${FIFTH} 12xlarge 24xlarge metal`]: "c5 c5d",
  "large xlarge 2xlarge 4xlarge 8xlarge 16xlarge metal": "i3",
  "large xlarge 2xlarge 3xlarge 6xlarge 12xlarge 24xlarge metal": "i3en",
  "large xlarge 2xlarge 3xlarge 6xlarge 12xlarge 18xlarge 24xlarge 48xlarge metal-24xl metal-48xl": "i7ie i8ge",
  "xlarge 2xlarge 4xlarge 8xlarge 16xlarge 24xlarge 32xlarge metal": "x2iedn",
  [TO_12]: "c8ine m8ine",
  [TO_16]: "c6gn c7i-flex c8i-flex m7i-flex m8i-flex r8i-flex",
  [`${TO_16} metal`]: "c6g c6gd c7g c7gd c7gn m6g m6gd m7g m7gd r6g r6gd r7g r7gd x2gd",
  [`${TO_16} 32xlarge metal-16xl metal-32xl`]: "r7iz",
  [TO_24]: "c5a c5ad m5a m5ad r5a r5ad",
  [`${TO_24} metal`]: "m5 m5d m5dn m5n r5 r5b r5d r5dn r5n",
  [`${TO_24} 32xlarge metal`]: "c6i c6id c6in m6i m6id m6idn m6in r6i r6id r6idn r6in i4i",
  [`${TO_24} 32xlarge 48xlarge metal`]: "c6a m6a r6a",
  [`${TO_24} 32xlarge 48xlarge metal-48xl`]: "c7a m7a r7a",
  [`${TO_48} metal-48xl`]: "c9g c9gd r9g r9gd",
  [`${TO_48} metal-24xl metal-48xl`]:
    "c7i c8a c8g c8gb c8gd c8gn m7i m8a m8g m8gb m8gd m8gn m9g m9gd r7i r8a r8g r8gb r8gd r8gn i7i i8g x8g",
  [`${TO_24} 32xlarge 48xlarge 96xlarge metal-48xl metal-96xl`]:
    "c8i c8ib c8id c8in m8i m8ib m8id m8idb m8idn m8in r8i r8ib r8id r8idb r8idn r8in",
};

const SIZES: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries(FAMILIES_BY_SIZES).flatMap(([sizes, families]) =>
    families.split(" ").map((family) => [family, sizes.split(" ")] as const),
  ),
);

/** Names of the families. */
export const EC2_FAMILIES: readonly string[] = [...SIZES.keys()];

/** Sizes that a family has; none for a family that does not exist or has another purpose. */
export function sizesOf(family: string): readonly string[] {
  return SIZES.get(family) ?? [];
}

/**
 * Virtual CPUs of a size, the same in every family from `large` up; undefined for bare metal.
 *
 * Source: `describe-instance-types`.
 */
export function vcpusOfSize(size: string): number | undefined {
  const small = { medium: 1, large: 2 }[size];
  const [, times] = /^(\d*)xlarge$/.exec(size) ?? [];
  return small ?? (times === undefined ? undefined : 4 * Number(times || 1));
}

/** Graviton families have a `g` after the number of their generation: `m7g`, `c7gn`; `g5` is not such a family. */
export function isArm(typeOrFamily: string): boolean {
  return /^[a-z]+\d+g/.test(typeOrFamily);
}

/** Finds a type that EC2 does not have, that is too small for the controllers of a cluster, or made for other work. */
export function instanceTypeProblem(type: string): Problem | undefined {
  const [family = "", size = "", ...more] = type.split(".");
  const sizes = sizesOf(family);
  if (more.length === 0 && sizes.includes(size)) return undefined;
  if (sizes.length > 0 && TOO_SMALL.has(size))
    return { problem: `"${type}" is too small for the controllers of a cluster`, remedy: `use "${family}.large"` };
  return {
    problem: `"${type}" is not an instance type of the c, m, r, t, x or i families`,
    remedy: `use one such as "${similarType(type, family, size)}"`,
  };
}

const TOO_SMALL = new Set(["nano", "micro", "small", "medium"]);

/** A type that exists: another size of the family, else the one that is written most alike. */
function similarType(type: string, family: string, size: string): string {
  const meant = nearest(size, sizesOf(family));
  if (meant !== undefined) return `${family}.${meant}`;
  const all = EC2_FAMILIES.flatMap((name) => sizesOf(name).map((each) => `${name}.${each}`));
  return nearest(type, all) ?? "m6i.large";
}
