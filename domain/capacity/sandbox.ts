import { z } from "zod";

import { type Checked, type IntegerRule, checkedInteger, collect } from "../common/checked-integer";
import { checkedSpec } from "../common/checked-spec";
import type { HeadroomKind } from "./headroom";
import { checkedFamilies, checkedNodeCpus } from "./instance-choice";
import type { PodSize } from "./packing";
import { DOCUMENTS } from "../common/documents";
import type { Violation } from "../common/violation";

/** What a team decides about the sandboxes, one of which runs for each open editing session. */
export interface SandboxSpec {
  /**
   * Sandboxes that one builder holds at the same time: one, and one more for each further agent thread; 1 to 5.
   *
   * @default 1
   */
  readonly threadsPerBuilder?: number;

  /**
   * Sandboxes that wait idle so that a session starts at once; 0 saves their cost and costs each session a minute.
   *
   * @default 5
   */
  readonly prewarmPoolSize?: number;

  /**
   * CPU request of each sandbox, in millicores. The limit is twice the request.
   *
   * @default 1000
   */
  readonly cpuMillicores?: number;

  /**
   * Memory request of each sandbox, in MiB. The limit is twice the request.
   *
   * @default 2048
   */
  readonly memoryMiB?: number;

  /**
   * Disk that each sandbox may fill, GiB: 2 for its root file system, the rest for `/tmp`.
   *
   * @default 22
   */
  readonly diskGiB?: number;

  /**
   * Minutes after which a sandbox that nobody was given ends.
   *
   * This is not the "idle timeout" of Retool's pages: see `lifetimeMinutes`. Chart key: `sandboxIdleTimeoutMs`.
   *
   * @default 10
   */
  readonly idleTimeoutMinutes?: number;

  /**
   * Minutes for which a sandbox is kept for the user it was given to. Chart key: `assignedSandboxTtlSeconds`.
   *
   * @default 60
   */
  readonly assignedTtlMinutes?: number;

  /**
   * Minutes after which a sandbox ends, even in use, once the agent's current step is over.
   *
   * Retool's pages call this limit of 2.5 hours the "idle timeout" and suggest 30 minutes or less for busy sites; the chart
   * describes the same 2.5 hours as a hard ceiling on the whole life. Chart key: `sandboxGlobalLifetimeMs`.
   * Source: https://docs.retool.com/self-hosted/concepts/scaling and the comments of chart 6.11.21.
   *
   * @default 150
   */
  readonly lifetimeMinutes?: number;

  /**
   * Most sandboxes that Retool's controller creates; beyond it the pool stops growing without a word.
   *
   * @default - what the builders need, and 50 at least
   */
  readonly maxTotalJobs?: number;

  /**
   * Sandboxes that one user may hold at the same time.
   *
   * @default 5
   */
  readonly perUserSandboxLimit?: number;

  /**
   * How nodes of sandboxes are bought. AWS takes `spot` nodes back with two minutes' notice, which ends the editing
   * sessions on them.
   *
   * @default "on-demand"
   */
  readonly purchaseOption?: "on-demand" | "spot";

  /**
   * Instance families of the nodes, all of one class (`c`, `m` or `r`), so that all nodes have the same shape.
   *
   * @default ["m7i", "m7a", "m6i", "m6a"]
   */
  readonly instanceFamilies?: readonly string[];

  /**
   * CPUs of each node: 4, 8, 16 or 32. Every node has the same number, so that limits and disks are exact.
   *
   * @default - the smallest that suits the number of sandboxes
   */
  readonly nodeCpus?: number;

  /**
   * Hours after which a node takes no further sandbox and goes when its last one has ended.
   *
   * Kubernetes puts every sandbox on the emptiest node, so those that wait idle would keep all nodes of the day through the
   * night. Half a day lets what came in the morning go in the evening; the controller and the proxies move with it.
   *
   * @default 12
   */
  readonly nodeMaxAgeHours?: number;

  /**
   * Room that is kept free for the next sessions, in sandboxes; 0 keeps none.
   *
   * @default - a twentieth of the sessions at the peak, 2 at least
   */
  readonly warmHeadroom?: number;

  /**
   * What keeps that room free: `pause-pods` of low priority that make way at once, or a `capacity-buffer`, which Karpenter
   * keeps without pods; the buffer is an alpha feature of Karpenter.
   *
   * @default "pause-pods"
   */
  readonly headroomKind?: HeadroomKind;

  /**
   * Whether sandboxes get `/dev/net/tun` from a device plugin; without it the chart mounts the device from the host.
   *
   * @default true
   */
  readonly devicePlugin?: boolean;
}

/** Shape of a {@link SandboxSpec}. */
export const sandboxSchema = z.strictObject({
  threadsPerBuilder: z.number().optional(),
  prewarmPoolSize: z.number().optional(),
  cpuMillicores: z.number().optional(),
  memoryMiB: z.number().optional(),
  diskGiB: z.number().optional(),
  idleTimeoutMinutes: z.number().optional(),
  assignedTtlMinutes: z.number().optional(),
  lifetimeMinutes: z.number().optional(),
  maxTotalJobs: z.number().optional(),
  perUserSandboxLimit: z.number().optional(),
  purchaseOption: z.enum(["on-demand", "spot"]).optional(),
  instanceFamilies: z.array(z.string()).optional(),
  nodeCpus: z.number().optional(),
  nodeMaxAgeHours: z.number().optional(),
  warmHeadroom: z.number().optional(),
  headroomKind: z.enum(["pause-pods", "capacity-buffer"]).optional(),
  devicePlugin: z.boolean().optional(),
}) satisfies z.ZodType<SandboxSpec>;

/** A {@link SandboxSpec} with every default that does not depend on the number of builders. */
export interface SandboxSettings extends PodSize {
  /** Sandboxes that one builder holds at the same time. */
  readonly threadsPerBuilder: number;
  /** Sandboxes that wait idle. */
  readonly prewarmPoolSize: number;
  /** Disk that each sandbox may fill, GiB. */
  readonly diskGiB: number;
  /** Minutes after which an unassigned sandbox ends. */
  readonly idleTimeoutMinutes: number;
  /** Minutes for which a sandbox is kept for its user. */
  readonly assignedTtlMinutes: number;
  /** Minutes after which any sandbox ends. */
  readonly lifetimeMinutes: number;
  /** Sandboxes that one user may hold. */
  readonly perUserSandboxLimit: number;
  /** How nodes are bought. */
  readonly purchaseOption: "on-demand" | "spot";
  /** Instance families of the nodes. */
  readonly instanceFamilies: readonly string[];
  /** Hours after which a node takes no further sandbox. */
  readonly nodeMaxAgeHours: number;
  /** What keeps room free for the next sessions. */
  readonly headroomKind: HeadroomKind;
  /** Room that is kept free, in sandboxes, where it was asked for. */
  readonly askedHeadroom: number | undefined;
  /** Whether a device plugin hands out `/dev/net/tun`. */
  readonly devicePlugin: boolean;
  /** CPUs of each node, where they were asked for. */
  readonly askedNodeCpus: number | undefined;
  /** Most sandboxes, where they were asked for. */
  readonly askedMaxTotalJobs: number | undefined;
}

const INTEGERS = {
  threadsPerBuilder: { default: 1, min: 1, max: 5, unit: "threads" },
  prewarmPoolSize: { default: 5, min: 0, max: 1000, unit: "sandboxes" },
  cpuMillicores: { default: 1000, min: 250, max: 16_000, unit: "thousandths of a CPU" },
  memoryMiB: { default: 2048, min: 512, max: 65_536, unit: "MiB" },
  diskGiB: { default: 22, min: 3, max: 500, unit: "GiB" },
  idleTimeoutMinutes: { default: 10, min: 1, max: 1440, unit: "minutes" },
  assignedTtlMinutes: { default: 60, min: 1, max: 1440, unit: "minutes" },
  lifetimeMinutes: { default: 150, min: 5, max: 1440, unit: "minutes" },
  perUserSandboxLimit: { default: 5, min: 1, max: 100, unit: "sandboxes" },
  nodeMaxAgeHours: { default: 12, min: 4, max: 720, unit: "hours" },
} as const satisfies Record<string, IntegerRule & { readonly default: number }>;

/** Minutes beyond the lifetime in which an agent may finish its current step. */
const GRACE_MARGIN_MINUTES = 30;

/** Minutes that a node may take to let its sandboxes end. */
export function graceMinutes({ lifetimeMinutes }: Pick<SandboxSettings, "lifetimeMinutes">): number {
  return lifetimeMinutes + GRACE_MARGIN_MINUTES;
}

/**
 * Fills in the defaults and checks every setting by itself and against the others.
 *
 * @param given - What the configuration says, of any shape.
 */
export function resolveSandbox(given: SandboxSpec | undefined): Checked<SandboxSettings> {
  const { spec, shape } = checkedSpec(sandboxSchema, given, {}, "sandbox");
  const integers = checkedIntegers(spec);
  const families = checkedFamilies("sandbox.instanceFamilies", spec.instanceFamilies);
  const nodeCpus = checkedNodeCpus("sandbox.nodeCpus", spec.nodeCpus);
  const maxTotalJobs = checkedIfGiven("sandbox.maxTotalJobs", spec.maxTotalJobs, 1);
  const headroom = checkedIfGiven("sandbox.warmHeadroom", spec.warmHeadroom, 0);
  const value = {
    ...integers.value,
    purchaseOption: spec.purchaseOption ?? "on-demand",
    instanceFamilies: families.value,
    devicePlugin: spec.devicePlugin ?? true,
    askedNodeCpus: nodeCpus.value,
    askedMaxTotalJobs: maxTotalJobs.value,
    headroomKind: spec.headroomKind ?? "pause-pods",
    askedHeadroom: headroom.value,
  };
  return {
    value,
    violations: [
      ...shape,
      ...integers.violations,
      ...families.violations,
      ...nodeCpus.violations,
      ...maxTotalJobs.violations,
      ...headroom.violations,
      ...limitViolations(value),
    ],
  };
}

function checkedIfGiven(path: string, given: number | undefined, min: number): Checked<number | undefined> {
  if (given === undefined) return { value: given, violations: [] };
  const { value, violations } = checkedInteger(path, given, { min, max: 1_000_000, unit: "sandboxes" });
  return { value: violations.length > 0 ? undefined : value, violations };
}

function checkedIntegers(spec: SandboxSpec): Checked<Record<keyof typeof INTEGERS, number>> {
  const check = (key: keyof typeof INTEGERS): Checked<number> =>
    checkedInteger(`sandbox.${key}`, spec[key] ?? INTEGERS[key].default, INTEGERS[key]);
  return collect({
    threadsPerBuilder: check("threadsPerBuilder"),
    prewarmPoolSize: check("prewarmPoolSize"),
    cpuMillicores: check("cpuMillicores"),
    memoryMiB: check("memoryMiB"),
    diskGiB: check("diskGiB"),
    idleTimeoutMinutes: check("idleTimeoutMinutes"),
    assignedTtlMinutes: check("assignedTtlMinutes"),
    lifetimeMinutes: check("lifetimeMinutes"),
    perUserSandboxLimit: check("perUserSandboxLimit"),
    nodeMaxAgeHours: check("nodeMaxAgeHours"),
  });
}

function limitViolations(settings: SandboxSettings): Violation[] {
  const { threadsPerBuilder, perUserSandboxLimit, lifetimeMinutes } = settings;
  const problems: Violation[] = (["idleTimeoutMinutes", "assignedTtlMinutes"] as const)
    .filter((key) => settings[key] > lifetimeMinutes)
    .map((key) => ({
      path: `sandbox.${key}`,
      problem: `${settings[key]} minutes never pass in a life of ${lifetimeMinutes} minutes`,
      remedy: `use ${lifetimeMinutes} or less, or raise sandbox.lifetimeMinutes`,
      document: DOCUMENTS.containers,
    }));
  if (threadsPerBuilder > perUserSandboxLimit) {
    problems.push({
      path: "sandbox.threadsPerBuilder",
      problem: `${threadsPerBuilder} threads are more than the ${perUserSandboxLimit} sandboxes that one user may hold`,
      remedy: `raise sandbox.perUserSandboxLimit to ${threadsPerBuilder} or lower it`,
      document: DOCUMENTS.containers,
    });
  }
  return problems;
}
