import { formatMinutes } from "../common/duration";
import type { ResourceValues, ScaledValues } from "./chart-values";
import type { JsonObject } from "../common/kubernetes";
import { CODE_AFFINITY, OTHERS_AFFINITY, SANDBOX_TOLERATION } from "../nodes/node-pools";
import type { Resources, ServicePlan } from "../catalog/services";

/** Accepts the taint of those nodes. */
export const SANDBOX_TOLERATIONS = [SANDBOX_TOLERATION] as const;

/**
 * Spreads the pods of each service over zones, then over nodes, where there is room.
 *
 * The chart has one rule for all services. `matchLabelKeys` makes every pod look at its own service and its own revision
 * alone, so that pods stay spread after a rolling update.
 */
export const SPREAD: JsonObject = {
  podAntiAffinity: {
    preferredDuringSchedulingIgnoredDuringExecution: [
      spreadTerm("topology.kubernetes.io/zone", 100),
      spreadTerm("kubernetes.io/hostname", 50),
    ],
  },
};

function spreadTerm(topologyKey: string, weight: number): JsonObject {
  return {
    weight,
    podAffinityTerm: {
      topologyKey,
      labelSelector: { matchExpressions: [{ key: "app.kubernetes.io/name", operator: "Exists" }] },
      matchLabelKeys: ["app.kubernetes.io/name", "pod-template-hash"],
    },
  };
}

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
