import { z } from "zod";

import { instanceFamilies } from "../capacity/instance-choice";
import { checkedSpec } from "../common/checked-spec";
import { formatMinutes } from "../common/duration";
import type { JsonObject, Manifest } from "../common/kubernetes";
import { partNameViolations } from "../common/names";
import { integer } from "../common/setting";
import type { Planned } from "../common/violation";
import { capacityTypes } from "./capacity-types";
import { type NodeClassParts, nodeClassManifest, rootVolume } from "./node-classes";

/** A pool of nodes that Karpenter launches for pods of any kind. */
export interface PlainPoolSpec {
  /**
   * Instance families, all of one class (`c`, `m` or `r`); x86-64.
   *
   * @default ["m7i", "m7a", "m6i", "m6a"]
   */
  readonly instanceFamilies?: readonly string[];

  /**
   * Most CPUs that all nodes of the pool have together.
   *
   * @default 64
   */
  readonly cpuLimit?: number;

  /**
   * How nodes are bought; `spot` takes on-demand instances where no spot capacity is left.
   *
   * @default "on-demand"
   */
  readonly purchaseOption?: "on-demand" | "spot";

  /**
   * Size of each node's disk, GiB.
   *
   * @default 50
   */
  readonly diskGiB?: number;

  /**
   * Labels of the nodes.
   *
   * @default {}
   */
  readonly labels?: Readonly<Record<string, string>>;

  /**
   * Taints of the nodes: only pods that tolerate them run there.
   *
   * @default []
   */
  readonly taints?: readonly PoolTaint[];
}

/** A taint of every node of a pool. */
export interface PoolTaint {
  /** Key. */
  readonly key: string;
  /**
   * Value.
   *
   * @default - none
   */
  readonly value?: string;
  /** What happens to pods that do not tolerate it. */
  readonly effect: "NoSchedule" | "PreferNoSchedule" | "NoExecute";
}

/** Hours after which a node is replaced, so that its image and its kubelet stay recent. */
const NODE_AGE = "720h";

/** Minutes that the pods of a node have to end before they are killed; the removal of node classes waits longer. */
export const PLAIN_GRACE_MINUTES = 60;

const poolSchema = z.strictObject({
  instanceFamilies: instanceFamilies(),
  cpuLimit: integer({ min: 2, max: 10_000, unit: "CPUs" }).default(64),
  purchaseOption: z.enum(["on-demand", "spot"]).default("on-demand"),
  diskGiB: integer({ min: 20, max: 16_384, unit: "GiB" }).default(50),
  labels: z.record(z.string(), z.string()).readonly().default({}),
  taints: z
    .array(
      z.strictObject({
        key: z.string().min(1),
        value: z.string().optional(),
        effect: z.enum(["NoSchedule", "PreferNoSchedule", "NoExecute"]),
      }),
    )
    .readonly()
    .default([]),
});

/** A {@link PlainPoolSpec} with every default filled in, and its name. */
export type PlainPoolPlan = z.output<typeof poolSchema> & {
  /** Name of the pool. */
  readonly name: string;
};

/**
 * Plans pools of nodes that know nothing of what runs on them.
 *
 * @param given - Pools by name; lower-case letters, digits and hyphens.
 */
export function planPlainPools(given: Readonly<Record<string, PlainPoolSpec>>): Planned<readonly PlainPoolPlan[]> {
  const pools = Object.entries(given).map(([name, spec]) => ({
    name,
    ...checkedSpec(poolSchema, spec, {}, `pools.${name}`),
  }));
  return {
    plan: pools.map(({ name, spec }) => ({ ...spec, name })),
    violations: [
      ...pools.flatMap(({ name }) => partNameViolations("pools", name, "a pool")),
      ...pools.flatMap(({ shape }) => shape),
    ],
  };
}

/** Builds the custom resource that describes the nodes of a pool; it is gone only when the last of them is. */
export function plainNodeClass({ name, diskGiB }: PlainPoolPlan, parts: NodeClassParts): Manifest {
  return nodeClassManifest(name, { ...parts, disk: rootVolume(diskGiB, parts.kmsKeyArn) });
}

/** Builds the custom resource that launches the nodes of a pool. */
export function plainNodePool(plan: PlainPoolPlan): Manifest {
  const { name, instanceFamilies: families, cpuLimit, purchaseOption, labels, taints } = plan;
  const among = (key: string, values: readonly string[]): JsonObject => ({ key, operator: "In", values });
  return {
    apiVersion: "karpenter.sh/v1",
    kind: "NodePool",
    metadata: { name },
    spec: {
      template: {
        metadata: { labels },
        spec: {
          nodeClassRef: { group: "karpenter.k8s.aws", kind: "EC2NodeClass", name },
          requirements: [
            among("kubernetes.io/arch", ["amd64"]),
            among("kubernetes.io/os", ["linux"]),
            among("karpenter.sh/capacity-type", capacityTypes(purchaseOption)),
            among("karpenter.k8s.aws/instance-family", families),
          ],
          ...(taints.length === 0 ? {} : { taints: taints.map((taint) => ({ ...taint })) }),
          expireAfter: NODE_AGE,
          terminationGracePeriod: formatMinutes(PLAIN_GRACE_MINUTES),
        },
      },
      disruption: {
        consolidationPolicy: "WhenEmptyOrUnderutilized",
        consolidateAfter: "5m",
        budgets: [{ nodes: "10%" }],
      },
      limits: { cpu: String(cpuLimit) },
    },
  };
}
