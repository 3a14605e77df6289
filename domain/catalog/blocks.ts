import type {
  ComponentPort,
  Growth,
  Need,
  OptionalPart,
  Resources,
  RetoolComponent,
  ServiceId,
  ServiceRow,
  Sizing,
} from "./row";

/** Name of the Helm release: the chart puts it into every label and name below. */
export const RELEASE = "retool";

/** Labels of those that the chart names by Kubernetes' recommended labels. */
export const byName = (name: string): Record<string, string> => ({
  "app.kubernetes.io/instance": RELEASE,
  "app.kubernetes.io/name": name,
});
/** Deployment and labels of a service; most have one label of the chart's own. */
export const service = (
  name: string,
  labels: (name: string) => Record<string, string> = (retoolService) => ({ retoolService }),
): Pick<ServiceRow, "deployment" | "labels"> => ({
  deployment: `${RELEASE}-${name}`,
  labels: labels(`${RELEASE}-${name}`),
});

/** A port of TCP. */
export const tcp = (number: number, name?: string): ComponentPort => ({ number, name, protocol: "TCP" });

/** Most pods that anybody may ask for. */
const MOST_REPLICAS = 100;

/** A memory limit that holds the heap of 1 GiB which the chart gives Node.js, and what a process needs besides. */
export const NODE_HEAP_MINIMUM = { request: 512, limit: 1536 };

/** A service that may have any number of pods. */
export const scaled = { replicas: 1, maxReplicas: MOST_REPLICAS, autoscales: true, chartNodes: "retool" } as const;
/** A service with exactly one pod. */
export const single = { replicas: 1, maxReplicas: 1, autoscales: false, chartNodes: "retool" } as const;

/**
 * Connections of one backend pod to the platform database.
 *
 * The documents name no figure. Ten is the size of every pool in the chart that has one.
 */
export const POOL = { databaseConnections: 10 } as const;

function growing(buildersPerPod: number, usersPerPod: number): typeof scaled & { readonly growth: Growth } {
  return { ...scaled, growth: { buildersPerPod, usersPerPod } };
}

/** What answers every click in an app and in the editor. */
export const ANSWERS = growing(100, 500);
/** What runs the code of apps and workflows. */
export const EXECUTES = growing(200, 1000);
/** What the agents of builders keep busy. */
export const ASSISTS = growing(100, Infinity);
/** What workflows keep busy, which people start and schedules do. */
export const AUTOMATES = growing(500, 2500);

/** Requests and limits, CPU in millicores and memory in MiB. */
export function size(
  cpuMillicores: number,
  memoryMiB: number,
  cpuLimit: number | undefined,
  memoryLimit: number,
): Resources {
  return { cpuMillicores, memoryMiB, cpuLimitMillicores: cpuLimit, memoryLimitMiB: memoryLimit };
}

/** Services that run workflows, queries or agents hand code to the executors and open sandboxes. */
export const RUNNER_CALLS: readonly RetoolComponent[] = [
  "code-executor",
  "js-executor",
  "workflow-backend",
  "dbconnector",
  "sandbox-controller",
  "sandbox-proxy",
  "telemetry",
];

/** What every pod of the backend that starts by itself reaches. */
export const BACKEND_NEEDS: readonly Need[] = ["platform-database", "temporal", "retool"];

/** What runs Retool's backend image as Retool's service account. */
export const backend = { image: "backend", sharesServiceAccount: true } as const;

/** A worker of Temporal's task queues. */
export const worker = (name: string, serviceType: string, setting: ServiceId, part?: OptionalPart): ServiceRow => ({
  ...service(name),
  ...backend,
  serviceTypes: [serviceType],
  ports: { metrics: tcp(9090, "http-metrics") },
  serves: "Reads the worker's Prometheus metrics",
  calls: RUNNER_CALLS,
  needs: [...BACKEND_NEEDS, "bucket", "models"],
  part,
  sizing: workerSize(setting),
});

/** Size of most workers. Minimum memory of every worker: {@link NODE_HEAP_MINIMUM}. */
export const workerSize = (setting: ServiceId): Sizing => ({
  ...scaled,
  ...POOL,
  setting,
  // The loss of a node or a zone must not stop every workflow; Temporal gives the tasks of one worker to the other.
  replicas: 2,
  resources: size(1000, 2048, 2000, 4096),
  minimumMemory: NODE_HEAP_MINIMUM,
});

const TEMPORAL_SERVERS = ["temporal-frontend", "temporal-history", "temporal-matching", "temporal-worker"] as const;

/** A server of a local Temporal cluster. */
export const temporal = (component: string, rpc: number, membership: number): ServiceRow => ({
  deployment: `${RELEASE}-retool-wf-temporal-temporal-${component}`,
  labels: { "app.kubernetes.io/component": component, ...byName("retool-wf-temporal") },
  image: undefined,
  ports: { rpc: tcp(rpc, "rpc"), membership: tcp(membership, "membership") },
  serves: "Temporal's services find and call each other",
  calls: TEMPORAL_SERVERS,
  needs: [],
  part: "temporal",
});

/** The call that reads a worker's metrics. */
export const scrape = (to: RetoolComponent) =>
  ({ to, ports: ["metrics"], reason: "Reads the worker's Prometheus metrics", inferred: true }) as const;

/** The call that a session makes through its proxy or an MCP client. */
export const ON_BEHALF = { to: "api", reason: "Calls Retool on behalf of a session" } as const;
