import { formatMinutes } from "../common/duration";
import type { ResourceValues, ScaledValues } from "./chart-values";
import type { JsonObject } from "../common/kubernetes";
import { CODE_AFFINITY, OTHERS_AFFINITY, SANDBOX_TOLERATION } from "../nodes/node-pools";
import type { Resources, ServicePlan } from "../catalog/services";

/** Accepts the taint of those nodes. */
export const SANDBOX_TOLERATIONS = [SANDBOX_TOLERATION] as const;

/**
 * Takes away the chart's preference for nodes without a pod of api; topology spread takes its place (`post-render.ts`).
 *
 * Karpenter launches a node for each pod with a preference. The scheduler fills whichever node is ready first, and the others
 * stay empty: measured with Karpenter 1.14.1, four nodes for a fresh install that fits on three.
 */
const NO_PREFERENCE: JsonObject = { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [] } };

/** Where pods run, besides their spread, if those that run users' code have their own nodes. */
export function affinities(hasCodePool: boolean): { readonly code: JsonObject; readonly others: JsonObject } {
  if (!hasCodePool) return { code: NO_PREFERENCE, others: NO_PREFERENCE };
  return { code: { ...NO_PREFERENCE, ...CODE_AFFINITY }, others: { ...NO_PREFERENCE, ...OTHERS_AFFINITY } };
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
