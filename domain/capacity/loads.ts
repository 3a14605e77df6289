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
}

/** Requests of the containers that run next to the sandboxes, as the chart renders them: 12.144 CPUs and 25 GiB. */
export const DEFAULT_BASE_LOAD: readonly ContainerLoad[] = [
  { name: "api", replicas: 2, cpuMillicores: 2048, memoryMiB: 4096 },
  { name: "jobs-runner", replicas: 1, cpuMillicores: 1000, memoryMiB: 2048 },
  { name: "workflows-backend", replicas: 1, cpuMillicores: 2048, memoryMiB: 4096 },
  { name: "workflows-worker", replicas: 1, cpuMillicores: 1000, memoryMiB: 2048 },
  { name: "code-executor", replicas: 1, cpuMillicores: 1000, memoryMiB: 1024, runsUsersCode: true },
  { name: "js-executor", replicas: 1, cpuMillicores: 2000, memoryMiB: 6144, runsUsersCode: true },
  { name: "r2-worker", replicas: 1, cpuMillicores: 1000, memoryMiB: 2048 },
];

/**
 * Requests of the sandboxes' controller and proxies, which the chart puts on the sandboxes' nodes.
 *
 * A second proxy differs from the chart's default: every editing session runs through one.
 */
export const DEFAULT_COMPANIONS: readonly ContainerLoad[] = [
  { name: "agent-sandbox-controller", replicas: 1, cpuMillicores: 250, memoryMiB: 256 },
  { name: "agent-sandbox-proxy", replicas: 2, cpuMillicores: 250, memoryMiB: 256 },
];

/** Pods that a rolling update adds to a Deployment: a quarter of it, rounded up. */
export function surgePods(replicas: number): number {
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
        problem: `${String(value)} is not possible`,
        remedy: "use a whole number of 1 or more",
      })),
  );
}
