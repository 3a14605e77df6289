import { type ContainerLoad, surgePods } from "../capacity/loads";
import type { HorizontalPodAutoscaler } from "../common/kubernetes";
import { type RetoolPlan, installedServices } from "./retool";
import { CATALOG } from "../catalog/catalog";
import type { Sizing } from "../catalog/row";
import { type ServiceId, type ServicePlan, serviceName, sizingOf } from "../catalog/services";
import type { TemporalPlan } from "../temporal/temporal";

/** Requests of containers without their own size, from chart 6.11.21. */
const TELEMETRY: ContainerLoad = {
  name: "telemetry",
  path: "retool.telemetry",
  replicas: 1,
  cpuMillicores: 128,
  memoryMiB: 128,
};
const LOCAL_TEMPORAL: ContainerLoad = {
  name: "temporal",
  path: "temporal",
  replicas: 4,
  cpuMillicores: 100,
  memoryMiB: 128,
};

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
  const isCompanion = ({ id }: Service): boolean => sizingOf(id).nodes === "sandbox";
  return {
    baseLoad: [
      ...services.filter((service) => !isCompanion(service)).map(loadOf),
      ...(retool.telemetry === "off" ? [] : [TELEMETRY]),
      ...(temporal.cluster === undefined ? [] : [LOCAL_TEMPORAL]),
    ],
    companions: services.filter(isCompanion).map(loadOf),
  };
}

type Service = ServicePlan & { readonly id: ServiceId };

function loadOf({ id, resources, ...service }: Service): ContainerLoad {
  const { cpuMillicores, memoryMiB } = resources;
  const name = serviceName(id);
  const path = `retool.${id}.resources`;
  const load = { name, path, replicas: mostReplicas(service), cpuMillicores, memoryMiB };
  return CATALOG[name].runsUserCode === true && sizingOf(id).nodes === "retool"
    ? { ...load, runsUsersCode: true }
    : load;
}

function mostReplicas({ replicas, autoscaling }: Pick<ServicePlan, "replicas" | "autoscaling">): number {
  return autoscaling?.maxReplicas ?? replicas;
}

/** Connections that a service may open at once. */
interface Connections {
  readonly name: string;
  readonly connections: number;
}

/** Connections to the platform database that each service may open at once, during a rolling upgrade. */
export function databaseConnections(retool: RetoolPlan): readonly Connections[] {
  return connectionsOf(retool, ({ databaseConnections = 0 }) => databaseConnections);
}

/**
 * Connections to Retool Database that each service may open at once, during a rolling upgrade: its pods run queries against
 * it as against any other data source.
 */
export function retoolDatabaseConnections(retool: RetoolPlan): readonly Connections[] {
  const found = connectionsOf(retool, ({ sourceConnections = 0 }) => sourceConnections);
  return found.map(({ name, connections }) => ({ name: `queries of ${name}`, connections }));
}

function connectionsOf(retool: RetoolPlan, each: (sizing: Sizing) => number): Connections[] {
  return installedServices(retool)
    .map(({ id, ...service }) => {
      const pods = mostReplicas(service);
      return { name: serviceName(id), connections: (pods + surgePods(pods)) * each(sizingOf(id)) };
    })
    .filter(({ connections }) => connections > 0);
}

/** Whether any service scales by the CPU of its pods. */
export function autoscales(retool: RetoolPlan): boolean {
  return installedServices(retool).some(({ autoscaling }) => autoscaling !== undefined);
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
    const { deployment: name } = CATALOG[serviceName(id)];
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
