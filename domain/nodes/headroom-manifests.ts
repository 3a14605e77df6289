import type { CapacityPlan } from "../capacity/capacity";
import type { JsonObject, Manifest, PriorityClass } from "../common/kubernetes";
import { SANDBOX_TOLERATION, sandboxNodeSelector } from "./node-pools";
import { OWN_CLUSTER_NAMES, type PoolNames } from "../cluster/pool-names";
import type { PodSize } from "../capacity/packing";

/** Objects that keep room free. */
export interface HeadroomManifests {
  /** Priority below every other pod's; absent where no pod keeps the room. */
  readonly priorityClass?: PriorityClass;
  /** The pods, or the buffer and what it counts in. */
  readonly objects: readonly Manifest[];
}

/** Where the objects that keep room free stand, and what they are called. */
interface HeadroomPlace {
  readonly name: string;
  readonly namespace: string;
  readonly pools: PoolNames;
}

/** Name of every object that keeps room free, and of their release. */
export function headroomName({ releases }: PoolNames): string {
  return `${releases}-sandbox-headroom`;
}

/**
 * A container that does nothing.
 *
 * Source of the name: https://karpenter.sh/docs/getting-started/ uses the same repository, which is where Karpenter's own
 * image comes from, so no further registry has to be reached.
 */
const PAUSE_IMAGE = "public.ecr.aws/eks-distro/kubernetes/pause:3.10";

/** Builds what keeps room free; nothing where none is to be kept. */
export function headroomManifests(
  plan: CapacityPlan,
  namespace: string,
  pools: PoolNames = OWN_CLUSTER_NAMES,
): HeadroomManifests {
  const { kind, sandboxes } = plan.headroom;
  if (sandboxes === 0) return { objects: [] };
  const place = { name: headroomName(pools), namespace, pools };
  return kind === "pause-pods"
    ? { priorityClass: priorityClass(place), objects: [pausePods(plan, place)] }
    : { objects: [bufferTemplate(plan, place), capacityBuffer(sandboxes, place)] };
}

/** Anything without a priority has 0 and takes the place of pods of this class. */
function priorityClass({ name }: HeadroomPlace): PriorityClass {
  return {
    apiVersion: "scheduling.k8s.io/v1",
    kind: "PriorityClass",
    metadata: { name },
    value: -10,
    preemptionPolicy: "Never",
    description: "Keeps room for the next sandboxes and makes way for any other pod",
  };
}

/**
 * One pod holds as much room as fits on one node: small pods would spread, and each would keep its node from being empty.
 *
 * All of them may be unavailable: at the limit of the pool they wait for ever, and Helm must not wait for them.
 */
function pausePods(plan: CapacityPlan, { name, namespace, pools }: HeadroomPlace): Manifest {
  const { sandboxes } = plan.headroom;
  const each = Math.min(sandboxes, plan.maxDevices);
  const labels = { "app.kubernetes.io/name": name };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace, labels },
    spec: {
      replicas: Math.ceil(sandboxes / each),
      revisionHistoryLimit: 1,
      selector: { matchLabels: labels },
      strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "100%", maxSurge: 0 } },
      template: { metadata: { labels }, spec: { ...placeholder(plan.sandbox, each, pools), priorityClassName: name } },
    },
  };
}

function bufferTemplate({ sandbox }: CapacityPlan, { name, namespace, pools }: HeadroomPlace): Manifest {
  return {
    apiVersion: "v1",
    kind: "PodTemplate",
    metadata: { name, namespace },
    template: { spec: placeholder(sandbox, 1, pools) },
  };
}

function capacityBuffer(sandboxes: number, { name, namespace }: HeadroomPlace): Manifest {
  return {
    apiVersion: "autoscaling.x-k8s.io/v1beta1",
    kind: "CapacityBuffer",
    metadata: { name, namespace },
    spec: {
      provisioningStrategy: "buffer.x-k8s.io/active-capacity",
      podTemplateRef: { name },
      replicas: sandboxes,
    },
  };
}

function placeholder({ cpuMillicores, memoryMiB }: PodSize, sandboxes: number, pools: PoolNames): JsonObject {
  const room = { cpu: `${cpuMillicores * sandboxes}m`, memory: `${memoryMiB * sandboxes}Mi` };
  return {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: 0,
    nodeSelector: sandboxNodeSelector(pools),
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
