import { formatMinutes } from "../common/duration";
import type { ResourceValues, ScaledValues } from "./chart-values";
import type { JsonObject } from "../common/kubernetes";
import { CODE_AFFINITY, OTHERS_AFFINITY, SANDBOX_TOLERATION } from "../nodes/node-pools";
import type { Resources, ServicePlan } from "../catalog/services";

/** Accepts the taint of those nodes. */
export const SANDBOX_TOLERATIONS = [SANDBOX_TOLERATION] as const;

/**
 * Keeps two pods of a service off the same node. Zones are a matter of topology spread, which the chart has no key for.
 *
 * The chart has one rule for most services. `matchLabelKeys` compares each pod only with those of its own Deployment and
 * revision, which share a `pod-template-hash` that no other Deployment has: a service with one pod is free, and the pods of
 * a rolling update may run next to those that they replace. The API server refuses a pod whose `labelSelector` names a key
 * of `matchLabelKeys`, so the selector stays empty.
 */
export const SPREAD: JsonObject = {
  podAntiAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: [
      { topologyKey: "kubernetes.io/hostname", labelSelector: {}, matchLabelKeys: ["pod-template-hash"] },
    ],
  },
};

/** Where pods run, besides their spread, if those that run users' code have their own nodes. */
export function affinities(hasCodePool: boolean): { readonly code: JsonObject; readonly others: JsonObject } {
  if (!hasCodePool) return { code: SPREAD, others: SPREAD };
  return { code: { ...SPREAD, ...CODE_AFFINITY }, others: { ...SPREAD, ...OTHERS_AFFINITY } };
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
