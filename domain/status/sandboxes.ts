import { CATALOG } from "../catalog/catalog";
import type { EnvironmentPlan } from "../environment/environment";
import type { Workloads } from "./observed";
import { isOf } from "./services";

/** The sandboxes of an environment. */
export interface SandboxStatus {
  /** Sandboxes that are ready, those in use included. */
  readonly ready: number;
  /** Sandboxes that start, or that wait for a node. */
  readonly starting: number;
  /** Sandboxes that wait for a node. */
  readonly waiting: number;
  /** Sandboxes that are kept ready for the next sessions. */
  readonly prewarmed: number;
  /**
   * Sandboxes in use, about: those that are ready beyond the ones that are kept ready. Only Retool's controller knows which
   * are assigned.
   */
  readonly used: number;
  /** Most that may exist. */
  readonly most: number;
}

/** Counts the sandboxes. */
export function sandboxStatus({ capacity }: EnvironmentPlan, { pods }: Workloads): SandboxStatus {
  const selector = CATALOG.sandbox.labels;
  const own = pods.filter(
    (pod) => isOf(pod, { selector }) && !pod.ending && !["Succeeded", "Failed"].includes(pod.phase),
  );
  const ready = own.filter((pod) => pod.ready).length;
  return {
    ready,
    starting: own.length - ready,
    waiting: own.filter(({ unschedulable }) => unschedulable !== undefined).length,
    prewarmed: capacity.prewarmPoolSize,
    used: Math.max(0, ready - capacity.prewarmPoolSize),
    most: capacity.maxTotalJobs,
  };
}
