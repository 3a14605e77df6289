import { type ContainerLoad, surgePods } from "../capacity/loads";
import type { HorizontalPodAutoscaler } from "../common/kubernetes";
import { type RetoolPlan, installedServices } from "./retool";
import type { ServiceId, ServicePlan } from "../catalog/services";
import type { TemporalPlan } from "../temporal/temporal";

/** A service by the name that capacity reports, and its Deployment. */
interface Deployed {
  readonly name: string;
  readonly deployment: string;
  /** Whether its pods open connections to the platform database, as the backend's do. */
  readonly isBackend: boolean;
  /** Whether its pods run users' code. */
  readonly runsUsersCode?: true;
}

const DEPLOYED: Readonly<Record<ServiceId, Deployed>> = {
  api: { name: "api", deployment: "retool", isBackend: true },
  jobsRunner: { name: "jobs-runner", deployment: "retool-jobs-runner", isBackend: true },
  workflowsBackend: { name: "workflows-backend", deployment: "retool-workflow-backend", isBackend: true },
  workflowsWorker: { name: "workflows-worker", deployment: "retool-workflow-worker", isBackend: true },
  codeExecutor: { name: "code-executor", deployment: "retool-code-executor", isBackend: false, runsUsersCode: true },
  jsExecutor: { name: "js-executor", deployment: "retool-js-executor", isBackend: false, runsUsersCode: true },
  r2Worker: { name: "r2-worker", deployment: "retool-r2-agent-worker", isBackend: true },
  sandboxController: {
    name: "agent-sandbox-controller",
    deployment: "retool-agent-sandbox-controller",
    isBackend: false,
  },
  sandboxProxy: { name: "agent-sandbox-proxy", deployment: "retool-agent-sandbox-proxy", isBackend: false },
  dbconnector: { name: "dbconnector", deployment: "retool-dbconnector", isBackend: false },
  agentWorker: { name: "agent-worker", deployment: "retool-agent-worker", isBackend: true },
  agentEvalWorker: { name: "agent-eval-worker", deployment: "retool-agent-eval-worker", isBackend: true },
  multiplayer: { name: "multiplayer", deployment: "retool-multiplayer-ws", isBackend: true },
  mcp: { name: "mcp", deployment: "retool-mcp", isBackend: false },
};

/** Services that the chart puts on the sandboxes' nodes. */
const COMPANIONS: readonly ServiceId[] = ["sandboxController", "sandboxProxy"];

/** Requests of containers without their own size, from chart 6.11.21. */
const TELEMETRY: ContainerLoad = { name: "telemetry", replicas: 1, cpuMillicores: 128, memoryMiB: 128 };
const LOCAL_TEMPORAL: ContainerLoad = { name: "temporal", replicas: 4, cpuMillicores: 100, memoryMiB: 128 };

/**
 * Connections of one pod to the platform database at most.
 *
 * The documents name no figure. Ten is the size of every pool in the chart that has one.
 */
const CONNECTIONS_PER_POD = 10;

/** What the release asks of the cluster's nodes. */
export interface ReleaseLoads {
  /** Containers on the nodes of Retool. */
  readonly baseLoad: readonly ContainerLoad[];
  /** Containers on the nodes of the sandboxes. */
  readonly companions: readonly ContainerLoad[];
}

/** Lists the containers that always run, with the most pods an autoscaler may make of each. */
export function releaseLoads(retool: RetoolPlan, temporal: TemporalPlan): ReleaseLoads {
  const services = installedServices(retool);
  const isCompanion = ({ id }: { readonly id: ServiceId }): boolean => COMPANIONS.includes(id);
  return {
    baseLoad: [
      ...services.filter((service) => !isCompanion(service)).map(loadOf),
      ...(retool.telemetry === "off" ? [] : [TELEMETRY]),
      ...(temporal.cluster === undefined ? [] : [LOCAL_TEMPORAL]),
    ],
    companions: services.filter(isCompanion).map(loadOf),
  };
}

function loadOf({ id, resources, ...service }: ServicePlan & { readonly id: ServiceId }): ContainerLoad {
  const { cpuMillicores, memoryMiB } = resources;
  const { name, runsUsersCode } = DEPLOYED[id];
  const load = { name, replicas: mostReplicas(service), cpuMillicores, memoryMiB };
  return runsUsersCode === undefined ? load : { ...load, runsUsersCode };
}

function mostReplicas({ replicas, autoscaling }: Pick<ServicePlan, "replicas" | "autoscaling">): number {
  return autoscaling?.maxReplicas ?? replicas;
}

/** Connections to the platform database that each service may open at once, during a rolling upgrade. */
export function databaseConnections(retool: RetoolPlan): readonly { name: string; connections: number }[] {
  return installedServices(retool)
    .filter(({ id }) => DEPLOYED[id].isBackend)
    .map(({ id, ...service }) => {
      const pods = mostReplicas(service);
      return { name: DEPLOYED[id].name, connections: (pods + surgePods(pods)) * CONNECTIONS_PER_POD };
    });
}

/**
 * Connections that one pod may open to one data source, such as Retool Database: the chart's own numbers (6.11.21).
 *
 * Its pods run queries against it as against any other data source.
 */
const CONNECTIONS_PER_SOURCE: Partial<Readonly<Record<ServiceId, number>>> = {
  api: 10,
  workflowsBackend: 100,
  workflowsWorker: 100,
  dbconnector: 100,
};

/** Connections to Retool Database that each service may open at once, during a rolling upgrade. */
export function retoolDatabaseConnections(retool: RetoolPlan): readonly { name: string; connections: number }[] {
  return installedServices(retool).flatMap(({ id, ...service }) => {
    const each = CONNECTIONS_PER_SOURCE[id];
    if (each === undefined) return [];
    const pods = mostReplicas(service);
    return [{ name: `queries of ${DEPLOYED[id].name}`, connections: (pods + surgePods(pods)) * each }];
  });
}

/**
 * The autoscalers of the services that have one.
 *
 * The chart writes a number of pods into every Deployment, so an upgrade sets it back to the fewest; the autoscaler raises
 * it again within a minute.
 */
export function horizontalPodAutoscalers(retool: RetoolPlan, namespace: string): HorizontalPodAutoscaler[] {
  return installedServices(retool).flatMap(({ id, replicas, autoscaling }) => {
    if (autoscaling === undefined) return [];
    const { deployment: name } = DEPLOYED[id];
    return [
      {
        apiVersion: "autoscaling/v2",
        kind: "HorizontalPodAutoscaler",
        metadata: { name, namespace },
        spec: {
          minReplicas: replicas,
          maxReplicas: autoscaling.maxReplicas,
          scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name },
          metrics: [
            {
              type: "Resource",
              resource: { name: "cpu", target: { type: "Utilization", averageUtilization: autoscaling.cpuPercent } },
            },
          ],
        },
      },
    ];
  });
}
