import { CATALOG } from "../../domain/catalog/catalog";
import type { EnvironmentPlan } from "../../domain/environment/environment";
import type {
  AlarmState,
  DeploymentState,
  Nodes,
  NodeState,
  Observed,
  PodState,
  Workloads,
} from "../../domain/status/observed";
import { plannedServices } from "../../domain/status/services";

/** The moment at which the tests look. */
export const AT = "2026-11-29T12:00:00.000Z";

/** A ready pod, created an hour before {@link AT}. */
export function pod(change: Partial<PodState> = {}): PodState {
  return {
    name: "pod-1",
    labels: {},
    phase: "Running",
    ready: true,
    notReadySince: undefined,
    lostReadiness: false,
    ending: false,
    created: "2026-11-29T11:00:00Z",
    restarts: 0,
    unschedulable: undefined,
    waiting: undefined,
    stopped: undefined,
    ...change,
  };
}

/** A Deployment with one pod, which is ready. */
export function deployment(name: string, change: Partial<DeploymentState> = {}): DeploymentState {
  return {
    name,
    wanted: 1,
    updated: 1,
    ready: 1,
    existing: 1,
    selector: { app: name },
    image: "tryretool/backend:4.0.9-stable",
    refused: undefined,
    ...change,
  };
}

/** What runs where everything is as planned. */
export function asPlanned(plan: EnvironmentPlan): Workloads {
  const services = plannedServices(plan).map(({ service, fewest }) => {
    const { deployment: name, image } = CATALOG[service];
    const tag = image === undefined ? "1" : (plan.retool.images[image].tag ?? "1");
    return deployment(name, {
      wanted: fewest,
      updated: fewest,
      ready: fewest,
      existing: fewest,
      image: `registry.example.com:5000/any:${tag}`,
    });
  });
  const sandboxes = Array.from({ length: plan.capacity.prewarmPoolSize }, (_, index) =>
    pod({ name: `sandbox-${index}`, labels: CATALOG.sandbox.labels }),
  );
  const ofServices = services.flatMap(({ name, wanted }) =>
    Array.from({ length: wanted }, (_, index) => pod({ name: `${name}-${index}`, labels: { app: name } })),
  );
  return {
    deployments: services,
    pods: [...ofServices, ...sandboxes],
    controllers: ["coredns", "karpenter", "aws-load-balancer-controller"].map((name) => deployment(name)),
  };
}

/** The same with one Deployment changed, and pods in place of its own. */
export function withService(
  workloads: Workloads,
  name: string,
  change: Partial<DeploymentState>,
  pods?: readonly Partial<PodState>[],
): Workloads {
  const own = (each: PodState): boolean => each.labels["app"] === name;
  return {
    ...workloads,
    deployments: workloads.deployments.map((each) => (each.name === name ? { ...each, ...change } : each)),
    pods:
      pods === undefined
        ? workloads.pods
        : [
            ...workloads.pods.filter((each) => !own(each)),
            ...pods.map((each, index) => pod({ name: `${name}-${index}`, labels: { app: name }, ...each })),
          ],
  };
}

/** A ready node. */
export function node(name: string, change: Partial<NodeState> = {}): NodeState {
  return { name, pool: undefined, isManaged: false, ready: true, type: "m7i.2xlarge", ...change };
}

/** Nodes of an environment at rest. */
export function nodesAsPlanned({ cluster, capacity }: EnvironmentPlan): Nodes {
  const pool = (name: string, limits: { readonly nodes: number; readonly cpu: number }) => ({
    name,
    mostNodes: limits.nodes,
    cpus: 8,
    mostCpus: limits.cpu,
  });
  return {
    nodes: [
      ...["a", "b"].map((name) => node(`system-${name}`, { isManaged: true, type: "m6i.large" })),
      node("retool-a", { pool: cluster.pools.retool }),
      node("sandbox-a", { pool: cluster.pools.sandbox }),
    ],
    pools: [
      pool(cluster.pools.retool, capacity.retoolPool.limits),
      pool(cluster.pools.sandbox, capacity.sandboxPool.limits),
    ],
    failures: [],
  };
}

/** Every alarm of the plan, off since a day before {@link AT}, those with the given names on. */
export function alarmsAsPlanned({ observability }: EnvironmentPlan, ...on: readonly string[]): AlarmState[] {
  const { alarms, prefix } = observability;
  return (alarms?.alarms ?? []).map(({ name }) => ({
    name: `${prefix}-${name}`,
    isOn: on.includes(name),
    since: "2026-11-28T12:00:00.000Z",
    tells: true,
  }));
}

/** Everything as planned. */
export function observedAsPlanned(plan: EnvironmentPlan): Observed {
  return {
    at: AT,
    cluster: { known: { status: "ACTIVE", version: plan.cluster.kubernetesVersion } },
    workloads: { known: asPlanned(plan) },
    nodes: { known: nodesAsPlanned(plan) },
    migrationLog: { known: "" },
    operations: { known: [] },
    receivers: { known: [] },
    temporalLog: { known: "" },
    databases: {
      database: {
        known: {
          status: "available",
          connections: { known: 43 },
          restorableTo: "2026-11-29T11:55:00.000Z",
          lastSnapshot: { known: "2026-11-29T03:00:00.000Z" },
        },
      },
    },
    entrance: {
      known: {
        exists: true,
        targets: [
          { name: "retool", healthy: 2, registered: 2, reasons: [] },
          { name: "sandbox-proxy", healthy: 2, registered: 2, reasons: [] },
        ],
        certificate: { known: { status: "ISSUED", notAfter: "2027-11-01", renewalFailure: undefined } },
      },
    },
    copies: { known: { last: "2026-11-29T02:10:00.000Z", failures: { known: [] } } },
    alarms: { known: alarmsAsPlanned(plan) },
  };
}
