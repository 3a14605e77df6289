import { z } from "zod";

import type { Checked } from "../common/checked-integer";
import { checkedSpec, withShape } from "../common/checked-spec";
import { instanceFamilies, nodeCpus } from "./instance-choice";
import { integer } from "../common/setting";
import { DOCUMENTS } from "../common/documents";
import type { Violation } from "../common/violation";

/** What a team decides about the sandboxes, one of which runs for each open editing session. */
export interface SandboxSpec {
  /**
   * Sandboxes that one builder holds at the same time: one, and one more for each further agent thread. Retool's page on scaling
   * counts one; with 3 the benchmark of this package refuses no thread, at about twice the cost. The plan says how many are refused.
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
   * @default - 10, or `lifetimeMinutes` where that is less
   */
  readonly idleTimeoutMinutes?: number;

  /**
   * Minutes for which a sandbox is kept for the user it was given to. Chart key: `assignedSandboxTtlSeconds`.
   *
   * @default - 60, or `lifetimeMinutes` where that is less
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
   * Whether sandboxes get `/dev/net/tun` from a device plugin; without it the chart mounts the device from the host.
   *
   * @default true
   */
  readonly devicePlugin?: boolean;
}

const sandboxes = { max: 1_000_000, unit: "sandboxes" };

/** Schema of a {@link SandboxSpec}, with bounds, units and every default that does not depend on the number of builders. */
export const sandboxSchema = z.strictObject({
  threadsPerBuilder: integer({ min: 1, max: 100, unit: "threads" }).default(1),
  prewarmPoolSize: integer({ min: 0, max: 1000, unit: "sandboxes" }).default(5),
  cpuMillicores: integer({ min: 250, max: 16_000, unit: "millicores" }).default(1000),
  memoryMiB: integer({ min: 512, max: 65_536, unit: "MiB" }).default(2048),
  diskGiB: integer({ min: 3, max: 500, unit: "GiB" }).default(22),
  idleTimeoutMinutes: integer({ min: 1, max: 1440, unit: "minutes" }).optional(),
  assignedTtlMinutes: integer({ min: 1, max: 1440, unit: "minutes" }).optional(),
  lifetimeMinutes: integer({ min: 5, max: 1440, unit: "minutes" }).default(150),
  maxTotalJobs: integer({ min: 1, ...sandboxes }).optional(),
  perUserSandboxLimit: integer({ min: 1, max: 100, unit: "sandboxes" }).default(5),
  purchaseOption: z.enum(["on-demand", "spot"]).default("on-demand"),
  instanceFamilies: instanceFamilies(),
  nodeCpus: nodeCpus().optional(),
  nodeMaxAgeHours: integer({ min: 4, max: 720, unit: "hours" }).default(12),
  warmHeadroom: integer({ min: 0, ...sandboxes }).optional(),
  devicePlugin: z.boolean().default(true),
});

/** A {@link SandboxSpec} with every default that does not depend on the number of builders. */
export type SandboxSettings = z.output<typeof sandboxSchema> &
  Readonly<Record<"idleTimeoutMinutes" | "assignedTtlMinutes", number>>;

/** Limits that hold within the life of a sandbox, minutes. */
const LIMITS = { idleTimeoutMinutes: 10, assignedTtlMinutes: 60 } as const;

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
  const { idleTimeoutMinutes, assignedTtlMinutes } = LIMITS;
  const settings: SandboxSettings = {
    ...spec,
    idleTimeoutMinutes: spec.idleTimeoutMinutes ?? Math.min(idleTimeoutMinutes, spec.lifetimeMinutes),
    assignedTtlMinutes: spec.assignedTtlMinutes ?? Math.min(assignedTtlMinutes, spec.lifetimeMinutes),
  };
  return { value: settings, violations: withShape(shape, limitViolations(settings)) };
}

function limitViolations(settings: SandboxSettings): Violation[] {
  const { threadsPerBuilder, perUserSandboxLimit, lifetimeMinutes } = settings;
  const problems: Violation[] = (Object.keys(LIMITS) as (keyof typeof LIMITS)[])
    .filter((key) => settings[key] > lifetimeMinutes)
    .map((key) => ({
      path: `sandbox.${key}`,
      problem: `${settings[key]} minutes is longer than the lifetime of ${lifetimeMinutes} minutes`,
      remedy: `use ${lifetimeMinutes} or less, or raise sandbox.lifetimeMinutes`,
      document: DOCUMENTS.containers,
    }));
  if (threadsPerBuilder > perUserSandboxLimit) {
    problems.push({
      path: "sandbox.threadsPerBuilder",
      problem: `${threadsPerBuilder} threads is above the limit of ${perUserSandboxLimit} sandboxes per user`,
      remedy: `raise sandbox.perUserSandboxLimit to ${threadsPerBuilder} or lower it`,
      document: DOCUMENTS.containers,
    });
  }
  return problems;
}
