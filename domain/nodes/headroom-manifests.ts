import type { CapacityPlan } from "../capacity/capacity";
import type { JsonObject, Manifest, PriorityClass } from "../common/kubernetes";
import { DEVICE, SANDBOX_TOLERATION, sandboxNodeSelector } from "./node-pools";
import { OWN_CLUSTER_NAMES, type PoolNames } from "../cluster/pool-names";
import { PINNED_IMAGES } from "../versions/pins";

/** Objects that keep room free. */
export interface HeadroomManifests {
  /** Priority below every other pod's. */
  readonly priorityClass: PriorityClass;
  /** The pods. */
  readonly pods: Manifest;
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

const PAUSE_IMAGE = `${PINNED_IMAGES.pause.repository}:${PINNED_IMAGES.pause.tag}`;

/** Builds what keeps room free; undefined where none is to be kept. */
export function headroomManifests(
  plan: CapacityPlan,
  namespace: string,
  pools: PoolNames = OWN_CLUSTER_NAMES,
): HeadroomManifests | undefined {
  if (plan.headroom.pods === 0) return undefined;
  const place = { name: headroomName(pools), namespace, pools };
  return { priorityClass: priorityClass(place), pods: pausePods(plan, place) };
}

/** Anything without a priority has 0 and takes the place of pods of this class. */
function priorityClass({ name }: HeadroomPlace): PriorityClass {
  return {
    apiVersion: "scheduling.k8s.io/v1",
    kind: "PriorityClass",
    metadata: { name },
    value: -10,
    preemptionPolicy: "Never",
    description: "Reserves room for the next sandboxes and yields to any other pod",
  };
}

/** All of them may be unavailable: at the limit of the pool they wait for ever, and Helm must not wait with them. */
function pausePods(plan: CapacityPlan, { name, namespace, pools }: HeadroomPlace): Manifest {
  const labels = { "app.kubernetes.io/name": name };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace, labels },
    spec: {
      replicas: plan.headroom.pods,
      revisionHistoryLimit: 1,
      selector: { matchLabels: labels },
      strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "100%", maxSurge: 0 } },
      template: { metadata: { labels }, spec: { ...placeholder(plan, pools), priorityClassName: name } },
    },
  };
}

/**
 * A pod that asks for what its sandboxes will ask for, the device included: a new node is ready before its device plugin has
 * registered, and a pod that did not wait for that would take the node, so that the sandboxes of that moment launch one more.
 */
function placeholder({ sandbox, headroom }: CapacityPlan, pools: PoolNames): JsonObject {
  const { cpuMillicores, memoryMiB, devicePlugin } = sandbox;
  const { sandboxesPerPod } = headroom;
  const room = {
    cpu: `${cpuMillicores * sandboxesPerPod}m`,
    memory: `${memoryMiB * sandboxesPerPod}Mi`,
    ...(devicePlugin ? { [DEVICE]: String(sandboxesPerPod) } : {}),
  };
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
