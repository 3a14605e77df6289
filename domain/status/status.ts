import type { Fact } from "../common/fact";
import { madeInstances } from "../environment/databases";
import type { EnvironmentPlan } from "../environment/environment";
import { type RingingAlarm, ringingAlarms } from "./alarms";
import { type MigrationStatus, migrationStatus } from "./migration";
import type { ClusterState, Copies, DatabaseState, Entrance, LaunchFailure, Observed, Workloads } from "./observed";
import { type PoolStatus, poolStatuses } from "./pools";
import { type SandboxStatus, sandboxStatus } from "./sandboxes";
import { type ServiceStatus, serviceStatuses } from "./services";

/** A database instance with the connections that are planned for it. */
export interface DatabaseStatus {
  /** Name of the RDS instance. */
  readonly identifier: string;
  /** Connections that Retool may open. */
  readonly budget: number;
  /** Its state. */
  readonly state: Fact<DatabaseState>;
}

/** What runs in the namespace. */
export interface RunningRetool {
  /** Services, in the order of the catalog. */
  readonly services: readonly ServiceStatus[];
  /** What the jobs-runner does. */
  readonly migration: MigrationStatus | undefined;
  /** Sandboxes. */
  readonly sandboxes: SandboxStatus;
}

/** The running platform on one screen. */
export interface Status {
  /** Name of the environment. */
  readonly environment: string;
  /** Version that the configuration says. */
  readonly retoolVersion: string;
  /** Kubernetes minor version that the configuration says. */
  readonly kubernetesVersion: string;
  /** Whether the cluster is made here, and not only used. */
  readonly ownCluster: boolean;
  /** Address that users open. */
  readonly url: string;
  /** When it was looked at, in ISO 8601. */
  readonly at: string;
  /** The control plane. */
  readonly cluster: Fact<ClusterState>;
  /** What runs in the namespace. */
  readonly retool: Fact<RunningRetool>;
  /** Groups of nodes, and nodes that could not be launched. */
  readonly nodes: Fact<{ readonly pools: readonly PoolStatus[]; readonly failures: readonly LaunchFailure[] }>;
  /** Database instances. */
  readonly databases: readonly DatabaseStatus[];
  /** The load balancer. */
  readonly entrance: Fact<Entrance>;
  /** Daily copies. */
  readonly copies: Fact<Copies>;
  /** Alarms that are on. */
  readonly alarms: Fact<readonly RingingAlarm[]>;
}

/** Compares what was observed with the plan. */
export function statusOf(plan: EnvironmentPlan, observed: Observed): Status {
  const { at, cluster, entrance, copies } = observed;
  const { context, hostnames, retoolVersion } = plan;
  return {
    environment: context.name,
    retoolVersion,
    kubernetesVersion: plan.cluster.kubernetesVersion,
    ownCluster: plan.cluster.kind === "new",
    url: `https://${hostnames.appHost}`,
    at,
    cluster,
    retool: changed(observed.workloads, (workloads) => runningRetool(plan, workloads, observed)),
    nodes: changed(observed.nodes, (nodes) => ({ pools: poolStatuses(plan, nodes), failures: nodes.failures })),
    databases: Object.entries(madeInstances(plan)).flatMap(([path, { identifier, connections }]) => {
      const state = observed.databases[path];
      return state === undefined ? [] : [{ identifier, budget: connections, state }];
    }),
    entrance,
    copies,
    alarms: changed(observed.alarms, (names) => ringingAlarms(plan, names)),
  };
}

function runningRetool(plan: EnvironmentPlan, workloads: Workloads, { migrationLog, at }: Observed): RunningRetool {
  const services = serviceStatuses(plan, workloads, at);
  const runner = services.find(({ service }) => service === "jobs-runner");
  const log = "known" in migrationLog ? migrationLog.known : undefined;
  return {
    services,
    migration: runner && migrationStatus(runner, log),
    sandboxes: sandboxStatus(plan, workloads),
  };
}

function changed<From, To>(fact: Fact<From>, change: (value: From) => To): Fact<To> {
  return "unknown" in fact ? fact : { known: change(fact.known) };
}
