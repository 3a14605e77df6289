import { formatMinutes } from "../common/duration";
import type { ResourceValues, ScaledValues } from "./chart-values";
import type { JsonObject } from "../common/kubernetes";
import { CODE_AFFINITY, SANDBOX_TOLERATION } from "../nodes/node-pools";
import type { Resources, ServicePlan } from "../catalog/services";

/** Accepts the taint of those nodes. */
export const SANDBOX_TOLERATIONS = [SANDBOX_TOLERATION] as const;

/**
 * Takes away the chart's preference for nodes without a pod of api; topology spread takes its place (`post-render.ts`).
 *
 * Karpenter launches a node for each pod with a preference. The scheduler fills whichever node is ready first, and the others
 * stay empty: measured with Karpenter 1.14.1, four nodes for a fresh install that fits on three.
 */
export const NO_PREFERENCE: JsonObject = { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [] } };

/** Where pods that run users' code run, besides their spread, if they have their own nodes; a taint keeps other pods off those. */
export function codeAffinity(hasCodePool: boolean): JsonObject {
  return hasCodePool ? { ...NO_PREFERENCE, ...CODE_AFFINITY } : NO_PREFERENCE;
}

/** Keeps Karpenter from taking a pod's node for so many minutes after the pod's start. */
export function protectedFor(minutes: number): Record<string, string> {
  return { "karpenter.sh/do-not-disrupt": formatMinutes(minutes) };
}

/** Writes sizes as Kubernetes takes them. */
export function resourceValues(resources: Resources): ResourceValues {
  const { cpuMillicores, memoryMiB, cpuLimitMillicores, memoryLimitMiB } = resources;
  const cpuLimit = cpuLimitMillicores === undefined ? {} : { cpu: cpu(cpuLimitMillicores) };
  return {
    requests: { cpu: cpu(cpuMillicores), memory: `${memoryMiB}Mi` },
    limits: { ...cpuLimit, memory: `${memoryLimitMiB}Mi` },
  };
}

/** Writes a service's pods and their size. */
export function scaledValues({ replicas, resources }: ServicePlan): ScaledValues {
  return { replicaCount: replicas, resources: resourceValues(resources) };
}

function cpu(millicores: number): string {
  return millicores % 1000 === 0 ? String(millicores / 1000) : `${millicores}m`;
}
