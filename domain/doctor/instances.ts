import type { EnvironmentPlan } from "../environment/environment";
import type { Fact } from "../common/fact";
import { type Finding, good, judged } from "./finding";

/** Zones of the region in which each instance type is offered. */
export type Offerings = Readonly<Record<string, readonly string[]>>;

/** A group of nodes, and the types that it may be made of. */
interface Pool {
  readonly name: string;
  readonly types: readonly string[];
  readonly setting: string;
}

/** The pools of an environment. */
export function poolsOf({ capacity, cluster }: EnvironmentPlan): Pool[] {
  const pool = (
    name: string,
    { families, shape }: EnvironmentPlan["capacity"]["retoolPool"],
    setting: string,
  ): Pool => ({
    name,
    types: families.map((family) => `${family}.${shape.size}`),
    setting,
  });
  const { retoolPool, codePool, sandboxPool } = capacity;
  return [
    ...(cluster.systemNodes === undefined
      ? []
      : [{ name: "system", types: cluster.systemNodes.instanceTypes, setting: "cluster.systemNodes.instanceTypes" }]),
    pool("retool", retoolPool, "nodePools"),
    ...(codePool === undefined ? [] : [pool("code", codePool, "nodePools")]),
    pool("sandbox", sandboxPool, "sandbox.instanceFamilies"),
  ];
}

/** Judges whether every pool can get a node in as many zones as the network has. */
export function instanceFindings(pools: readonly Pool[], zones: number, offerings: Fact<Offerings>): Finding[] {
  return judged("instances", offerings, (known) => {
    const poor = pools.flatMap((pool) => shortage(pool, zones, known));
    return poor.length > 0 ? poor : [good("instances", `every pool has types in ${zones} zones or more`)];
  });
}

function shortage({ name, types, setting }: Pool, zones: number, offerings: Offerings): Finding[] {
  const found = new Set(types.flatMap((type) => offerings[type] ?? []));
  if (found.size >= zones) return [];
  const where = found.size === 0 ? "in no zone of the region" : `only in ${[...found].sort().join(", ")}`;
  return [
    {
      check: "instances",
      grade: found.size === 0 ? "problem" : "warning",
      what: `pool ${name}: ${types.join(", ")} are offered ${where}`,
      why:
        found.size === 0 ? "no node of it can be launched" : "pods that spread over zones find no node in the others",
      remedy: `add types that the region has to ${setting}; aws ec2 describe-instance-type-offerings --location-type availability-zone lists them`,
      link: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-discovery.html",
    },
  ];
}
