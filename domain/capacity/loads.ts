import { CATALOG } from "../catalog/catalog";
import { installedComponents } from "../catalog/lookup";
import type { PodSize } from "./packing";
import type { Violation } from "../common/violation";

/** One Deployment of Retool. */
export interface ContainerLoad extends PodSize {
  /** Name of the container, such as `api`. */
  readonly name: string;
  /** Most pods between upgrades. */
  readonly replicas: number;
  /**
   * Whether the container runs users' code with privileges that its neighbours do not have.
   *
   * @default false
   */
  readonly runsUsersCode?: boolean;
  /**
   * Path of the settings that decide its size.
   *
   * @default - a size that nobody sets
   */
  readonly path?: string;
}

/** Requests of the services of a production without optional parts, which run next to the sandboxes. */
export const DEFAULT_BASE_LOAD: readonly ContainerLoad[] = loadsOn("retool");

/** Requests of the sandboxes' controller and proxies, which the chart puts on the sandboxes' nodes. */
export const DEFAULT_COMPANIONS: readonly ContainerLoad[] = loadsOn("sandbox");

function loadsOn(nodes: "retool" | "sandbox"): ContainerLoad[] {
  return installedComponents([]).flatMap((name) => {
    const { sizing, runsUserCode } = CATALOG[name];
    if (sizing?.chartNodes !== nodes) return [];
    const { cpuMillicores, memoryMiB } = sizing.resources;
    const load = { name, replicas: sizing.replicas, cpuMillicores, memoryMiB };
    return [nodes === "retool" && runsUserCode === true ? { ...load, runsUsersCode: true } : load];
  });
}

/** Pods that a rolling update adds to a Deployment: a quarter of it, rounded up. */
export function surgePods(replicas: number): number {
  return Math.ceil(replicas / 4);
}

/** Pods of a service that may run on one node: a quarter of them, rounded up, so that no node takes a service down. */
export function podsPerNode(replicas: number): number {
  return Math.ceil(replicas / 4);
}

/** Pods of all Deployments while every one of them is updated. */
export function podsWithSurge(loads: readonly ContainerLoad[]): number {
  return loads.reduce((sum, { replicas }) => sum + replicas + surgePods(replicas), 0);
}

/** A size that no pod of any Deployment exceeds. */
export function largestOf(loads: readonly ContainerLoad[]): PodSize {
  return {
    cpuMillicores: Math.max(1, ...loads.map(({ cpuMillicores }) => cpuMillicores)),
    memoryMiB: Math.max(1, ...loads.map(({ memoryMiB }) => memoryMiB)),
  };
}

/** Finds loads that are not numbers of pods or sizes. */
export function baseLoadViolations(loads: readonly ContainerLoad[], path: string): Violation[] {
  return loads.flatMap(({ name, replicas, cpuMillicores, memoryMiB }) =>
    Object.entries({ replicas, cpuMillicores, memoryMiB })
      .filter(([, value]) => !Number.isInteger(value) || value < 1)
      .map(([key, value]) => ({
        path: `${path}.${name}.${key}`,
        problem: `${String(value)} is not a whole number of 1 or more`,
        remedy: "use one",
      })),
  );
}
