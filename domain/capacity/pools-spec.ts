import { z } from "zod";

import { type Checked, checkedInteger, collect } from "../common/checked-integer";
import { checkedSpec } from "../common/checked-spec";
import { checkedFamilies, checkedNodeCpus } from "./instance-choice";
import type { NodeOverhead } from "./packing";
import type { Violation } from "../common/violation";

const DAYS = { "monday-friday": "mon-fri", "sunday-thursday": "sun-thu", "every-day": "*" } as const;

/** Hours of the week in which Karpenter leaves running pods where they are. */
export interface BusinessHours {
  /** First hour, 0 to 23, UTC. */
  readonly startHour: number;
  /** Number of hours, 1 to 23. */
  readonly hours: number;
  /** Days on which they begin. */
  readonly days: keyof typeof DAYS;
}

/** What a team decides about the nodes that Karpenter launches. */
export interface PoolsSpec {
  /**
   * Hours in which nodes of Retool's own containers are neither merged nor replaced, or `none`.
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
   * Whether the containers that run users' queries and workflows with network privileges have their own nodes.
   *
   * @default false
   */
  readonly isolateCodeExecution?: boolean;

  /**
   * What your own DaemonSets (log shippers, security agents) ask for on every node.
   *
   * @default - none
   */
  readonly daemonSets?: NodeOverhead;
}

/** Shape of a {@link PoolsSpec}. */
export const poolsSchema = z.strictObject({
  businessHours: z
    .union([
      z.literal("none"),
      z.strictObject({
        startHour: z.number(),
        hours: z.number(),
        days: z.enum(["monday-friday", "sunday-thursday", "every-day"]),
      }),
    ])
    .optional(),
  instanceFamilies: z.array(z.string()).optional(),
  nodeCpus: z.number().optional(),
  isolateCodeExecution: z.boolean().optional(),
  daemonSets: z.strictObject({ pods: z.number(), cpuMillicores: z.number(), memoryMiB: z.number() }).optional(),
}) satisfies z.ZodType<PoolsSpec>;

/** A {@link PoolsSpec} with every default filled in. */
export interface PoolsSettings {
  /** Budget that holds in business hours; absent where there are none. */
  readonly quietHours: QuietHours | undefined;
  /** Instance families of the nodes of Retool's own containers. */
  readonly instanceFamilies: readonly string[];
  /** CPUs of each of these nodes, where they were asked for. */
  readonly askedNodeCpus: number | undefined;
  /** Whether containers that run users' code have their own nodes. */
  readonly isolateCodeExecution: boolean;
  /** What the user's own DaemonSets ask for on every node. */
  readonly daemonSets: NodeOverhead;
}

/** Business hours as Karpenter takes them. */
export interface QuietHours {
  /** Cron expression of their beginning, UTC. */
  readonly schedule: string;
  /** How long they last: `12h`. */
  readonly duration: string;
}

const DEFAULT_HOURS: BusinessHours = { startHour: 7, hours: 12, days: "monday-friday" };

/**
 * Fills in the defaults and checks every setting.
 *
 * @param given - What the configuration says, of any shape.
 */
export function resolvePools(given: PoolsSpec | undefined): Checked<PoolsSettings> {
  const { spec, shape } = checkedSpec(poolsSchema, given, {}, "nodePools");
  const { value, violations } = collect({
    quietHours: checkedHours(spec.businessHours ?? DEFAULT_HOURS),
    instanceFamilies: checkedFamilies("nodePools.instanceFamilies", spec.instanceFamilies),
    askedNodeCpus: checkedNodeCpus("nodePools.nodeCpus", spec.nodeCpus),
    daemonSets: checkedDaemonSets(spec.daemonSets),
  });
  return {
    value: { ...value, isolateCodeExecution: spec.isolateCodeExecution ?? false },
    violations: [...shape, ...violations],
  };
}

function checkedHours(given: BusinessHours | "none"): Checked<QuietHours | undefined> {
  if (given === "none") return { value: undefined, violations: [] };
  const path = "nodePools.businessHours";
  const start = checkedInteger(`${path}.startHour`, given.startHour, { min: 0, max: 23, unit: "hours" });
  const hours = checkedInteger(`${path}.hours`, given.hours, { min: 1, max: 23, unit: "hours" });
  return {
    value: { schedule: `0 ${start.value} * * ${DAYS[given.days]}`, duration: `${hours.value}h` },
    violations: [...start.violations, ...hours.violations],
  };
}

const NO_DAEMONSETS: NodeOverhead = { pods: 0, cpuMillicores: 0, memoryMiB: 0 };

function checkedDaemonSets(given: NodeOverhead = NO_DAEMONSETS): Checked<NodeOverhead> {
  const violations: Violation[] = Object.entries(given)
    .filter(([, value]) => !Number.isInteger(value) || value < 0)
    .map(([key, value]) => ({
      path: `nodePools.daemonSets.${key}`,
      problem: `${String(value)} is not possible`,
      remedy: "use a whole number of 0 or more",
    }));
  return { value: violations.length > 0 ? NO_DAEMONSETS : given, violations };
}
