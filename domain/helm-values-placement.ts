import { formatMinutes } from "./duration";
import type { ResourceValues, ScaledValues } from "./helm-values-keys";
import type { JsonObject } from "./kubernetes";
import { POOL_LABEL, SANDBOX_TAINT } from "./node-pools";
import type { Resources, ServicePlan } from "./retool-services";

/** Nodes of Retool's own containers. Retool's images are for x86-64 only. */
export const RETOOL_NODES = { "kubernetes.io/arch": "amd64", [POOL_LABEL]: "retool" } as const;

/** Nodes of the sandboxes, their controller and proxies. The chart replaces the selector, so it names everything. */
export const SANDBOX_NODES = { "kubernetes.io/arch": "amd64", [POOL_LABEL]: "sandbox" } as const;

/** Accepts the taint of the sandboxes' nodes. */
export const SANDBOX_TOLERATIONS = [{ ...SANDBOX_TAINT, operator: "Equal" }] as const;

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
