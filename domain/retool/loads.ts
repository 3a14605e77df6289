import { type ContainerLoad, surgePods } from "../capacity/loads";
import { type RetoolPlan, installedServices, runsTelemetry } from "./retool";
import { CATALOG } from "../catalog/catalog";
import type { Sizing } from "../catalog/row";
import { type ServiceId, type ServicePlan, serviceName, sizingOf } from "../catalog/services";
import { valueAt } from "./value-types";
import type { TemporalPlan } from "../temporal/temporal";

/** Requests of containers without their own size, from chart 6.11.21. */
const TELEMETRY: ContainerLoad = {
  name: "telemetry",
  path: "retool.telemetry",
  replicas: 1,
  cpuMillicores: 128,
  memoryMiB: 128,
};
const LOCAL_TEMPORAL = ["frontend", "history", "matching", "worker"].map((part): ContainerLoad => ({
  name: `temporal-${part}`,
  path: "temporal",
  replicas: 1,
  cpuMillicores: 100,
  memoryMiB: 128,
}));

/** What the release asks of the cluster's nodes. */
export interface ReleaseLoads {
  /** Containers of Retool. */
  readonly baseLoad: readonly ContainerLoad[];
  /** The sandboxes' controller and proxies, which run on the same nodes. */
  readonly companions: readonly ContainerLoad[];
}

/** Lists the containers that always run, with the most pods an autoscaler may make of each. */
export function releaseLoads(retool: RetoolPlan, temporal: TemporalPlan): ReleaseLoads {
  const services = installedServices(retool);
  const isCompanion = ({ id }: Service): boolean => sizingOf(id).chartNodes === "sandbox";
  return {
    baseLoad: [
      ...services.filter((service) => !isCompanion(service)).map(loadOf),
      ...(runsTelemetry(retool) ? [TELEMETRY] : []),
      ...(temporal.cluster === undefined ? [] : LOCAL_TEMPORAL),
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
  return CATALOG[name].runsUserCode === true && sizingOf(id).chartNodes === "retool"
    ? { ...load, runsUsersCode: true }
    : load;
}

/** Pods that a service has at most between upgrades. */
export function mostReplicas({ replicas, autoscaling }: Pick<ServicePlan, "replicas" | "autoscaling">): number {
  return autoscaling?.maxReplicas ?? replicas;
}

/** Connections that a service may open at once. */
interface Connections {
  readonly name: string;
  readonly connections: number;
}

/** Connections to the platform database that each service may open at once, during a rolling upgrade. */
export function databaseConnections(retool: RetoolPlan): readonly Connections[] {
  // The chart gives one size to the pools of api and jobs-runner; ten is its own.
  const pool = poolSize(retool, "config.postgresPoolMaxSize");
  return connectionsOf(retool, ({ databaseConnections = 0 }, id) =>
    databaseConnections > 0 && POOLED.includes(id) ? Math.max(databaseConnections, pool ?? 0) : databaseConnections,
  );
}

/**
 * Connections to Retool Database that each service may open at once, during a rolling upgrade: its pods run queries against
 * it as against any other data source.
 */
export function retoolDatabaseConnections(retool: RetoolPlan): readonly Connections[] {
  const found = connectionsOf(retool, ({ sourceConnections = 0 }, id) => {
    const key = SOURCE_POOLS[id];
    return sourceConnections === 0 || key === undefined
      ? sourceConnections
      : (poolSize(retool, key) ?? sourceConnections);
  });
  return found.map(({ name, connections }) => ({ name: `queries of ${name}`, connections }));
}

/** Services whose pools `config.postgresPoolMaxSize` sizes. */
const POOLED: readonly ServiceId[] = ["api", "jobsRunner"];

/** Keys of the chart that size the pools of a service to one data source. */
const SOURCE_POOLS: Readonly<Partial<Record<ServiceId, string>>> = {
  api: "config.postgresPoolMaxSize",
  workflowsBackend: "workflows.backend.postgresPoolMaxSize",
  workflowsWorker: "workflows.worker.postgresPoolMaxSize",
  dbconnector: "dbconnector.config.postgresPoolMaxSize",
};

/** Connections of each process of the sandboxes' controller and proxies, where `extraValues` size their pools. */
export function sandboxPool(retool: RetoolPlan): number | undefined {
  return poolSize(retool, "rr.agentSandbox.postgres.poolMax");
}

/** A larger one is refused. */
const LARGEST_POOL = 1000;

function poolSize({ extraValues }: RetoolPlan, key: string): number | undefined {
  const size = valueAt(extraValues, key);
  return typeof size === "number" && Number.isInteger(size) && size > 0 && size <= LARGEST_POOL ? size : undefined;
}

function connectionsOf(retool: RetoolPlan, each: (sizing: Sizing, id: ServiceId) => number): Connections[] {
  return installedServices(retool)
    .map(({ id, ...service }) => {
      const pods = mostReplicas(service);
      return { name: serviceName(id), connections: (pods + surgePods(pods)) * each(sizingOf(id), id) };
    })
    .filter(({ connections }) => connections > 0);
}
