import { z } from "zod";

import type { Checked } from "../common/checked-integer";
import { checkedSpec } from "../common/checked-spec";
import { instanceFamilies, nodeCpus } from "./instance-choice";
import { integer } from "../common/setting";
import { type BusinessHours, businessHoursIn, businessHoursSchema, type PlannedHours } from "./business-hours";
import type { NodeOverhead } from "./packing";

/** What a team decides about the nodes that Karpenter launches. */
export interface PoolsSpec {
  /**
   * Hours in which nodes of Retool's own containers are neither merged nor replaced, or `none`; hours of the
   * region's time zone.
   *
   * @default { startHour: 7, hours: 12, days: "monday-friday" }
   */
  readonly businessHours?: BusinessHours | "none";

  /**
   * Instance families of the nodes of Retool's own containers, all of one class (`c`, `m` or `r`).
   *
   * @default ["m7i", "m7a", "m6i", "m6a"]
   */
  readonly instanceFamilies?: readonly string[];

  /**
   * CPUs of each node of Retool's own containers: 4, 8, 16 or 32.
   *
   * @default - the smallest that suits what they ask for
   */
  readonly nodeCpus?: number;

  /**
   * Whether the containers that run users' queries and workflows with network privileges have their own nodes, whose role only joins
   * the cluster and pulls images. The security group of a database made here does not admit them; one that admits address ranges does.
   *
   * @default false
   */
  readonly isolateCodeExecution?: boolean;

  /**
   * What your own DaemonSets (log shippers, security agents) ask for on every node; in an existing cluster also CloudWatch's agents,
   * where it has them: 2 pods, 300 millicores, 153 MiB.
   *
   * @default { pods: 0, cpuMillicores: 0, memoryMiB: 0 }
   */
  readonly daemonSets?: NodeOverhead;
}

/** Shape of a {@link PoolsSpec}. */
export const poolsSchema = z.strictObject({
  businessHours: businessHoursSchema.default({ startHour: 7, hours: 12, days: "monday-friday" }),
  instanceFamilies: instanceFamilies(),
  nodeCpus: nodeCpus().optional(),
  isolateCodeExecution: z.boolean().default(false),
  daemonSets: z
    .strictObject({
      pods: integer({ min: 0, max: 200, unit: "pods" }),
      cpuMillicores: integer({ min: 0, max: 32_000, unit: "millicores" }),
      memoryMiB: integer({ min: 0, max: 262_144, unit: "MiB" }),
    })
    .default({ pods: 0, cpuMillicores: 0, memoryMiB: 0 }),
});

/** A {@link PoolsSpec} with every default filled in. */
export interface PoolsSettings extends Omit<z.output<typeof poolsSchema>, "businessHours"> {
  /** Business hours with their time zone. */
  readonly businessHours: PlannedHours;
}

/**
 * Fills in the defaults and checks every setting.
 *
 * @param given - What the configuration says, of any shape.
 * @param region - Region of the environment, whose time zone is the default.
 */
export function resolvePools(given: PoolsSpec | undefined, region: string): Checked<PoolsSettings> {
  const { spec, shape } = checkedSpec(poolsSchema, given, {}, "nodePools");
  return { value: { ...spec, businessHours: businessHoursIn(region, spec.businessHours) }, violations: shape };
}
