import type { CapacityPlan } from "./capacity";
import type { JsonObject, Manifest, PriorityClass } from "./kubernetes";
import { SANDBOX_NODE_SELECTOR, SANDBOX_TOLERATION } from "./node-pools";
import type { PodSize } from "./packing";

/** Objects that keep room free. */
export interface HeadroomManifests {
  /** Priority below every other pod's; absent where no pod keeps the room. */
  readonly priorityClass?: PriorityClass;
  /** The pods, or the buffer and what it counts in. */
  readonly objects: readonly Manifest[];
}

/** Name of every object that keeps room free. */
const NAME = "retool-sandbox-headroom";

/**
 * A container that does nothing.
 *
 * Source of the name: https://karpenter.sh/docs/getting-started/ uses the same repository, which is where Karpenter's own
 * image comes from, so no further registry has to be reached.
 */
const PAUSE_IMAGE = "public.ecr.aws/eks-distro/kubernetes/pause:3.10";

/** Builds what keeps room free; nothing where none is to be kept. */
export function headroomManifests(plan: CapacityPlan, namespace: string): HeadroomManifests {
  const { kind, sandboxes } = plan.headroom;
  if (sandboxes === 0) return { objects: [] };
  return kind === "pause-pods"
    ? { priorityClass: priorityClass(), objects: [pausePods(plan, namespace)] }
    : { objects: [bufferTemplate(plan, namespace), capacityBuffer(sandboxes, namespace)] };
}

/** Anything without a priority of its own has 0 and takes the place of pods of this class. */
function priorityClass(): PriorityClass {
  return {
    apiVersion: "scheduling.k8s.io/v1",
    kind: "PriorityClass",
    metadata: { name: NAME },
    value: -10,
    preemptionPolicy: "Never",
    description: "Keeps room for the next sandboxes and makes way for any other pod",
  };
}

/**
 * One pod holds as much room as fits on one node: small pods would spread, and each would keep its node from being empty.
 *
 * All of them may be unavailable: at the limit of the pool they wait for ever, and Helm shall not wait with them.
 */
function pausePods(plan: CapacityPlan, namespace: string): Manifest {
  const { sandboxes } = plan.headroom;
  const each = Math.min(sandboxes, plan.maxDevices);
  const labels = { "app.kubernetes.io/name": NAME };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: NAME, namespace, labels },
    spec: {
      replicas: Math.ceil(sandboxes / each),
      revisionHistoryLimit: 1,
      selector: { matchLabels: labels },
      strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "100%", maxSurge: 0 } },
      template: { metadata: { labels }, spec: { ...placeholder(plan.sandbox, each), priorityClassName: NAME } },
    },
  };
}

function bufferTemplate({ sandbox }: CapacityPlan, namespace: string): Manifest {
  return {
    apiVersion: "v1",
    kind: "PodTemplate",
    metadata: { name: NAME, namespace },
    template: { spec: placeholder(sandbox, 1) },
  };
}

function capacityBuffer(sandboxes: number, namespace: string): Manifest {
  return {
    apiVersion: "autoscaling.x-k8s.io/v1beta1",
    kind: "CapacityBuffer",
    metadata: { name: NAME, namespace },
    spec: {
      provisioningStrategy: "buffer.x-k8s.io/active-capacity",
      podTemplateRef: { name: NAME },
      replicas: sandboxes,
    },
  };
}

function placeholder({ cpuMillicores, memoryMiB }: PodSize, sandboxes: number): JsonObject {
  const room = { cpu: `${cpuMillicores * sandboxes}m`, memory: `${memoryMiB * sandboxes}Mi` };
  return {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: 0,
    nodeSelector: SANDBOX_NODE_SELECTOR,
    tolerations: [SANDBOX_TOLERATION],
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 65_535,
      runAsGroup: 65_535,
      seccompProfile: { type: "RuntimeDefault" },
    },
    containers: [
      {
        name: "pause",
        image: PAUSE_IMAGE,
        resources: { requests: room, limits: room },
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"] },
        },
      },
    ],
  };
}
