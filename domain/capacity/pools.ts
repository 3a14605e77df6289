import {
  type ContainerLoad,
  DEFAULT_BASE_LOAD,
  DEFAULT_COMPANIONS,
  baseLoadViolations,
  largestOf,
  podsWithSurge,
} from "./loads";
import type { Checked } from "../common/checked-integer";
import { MAX_PODS, NODE_CPUS, type NodeShape, interfaceAddresses } from "./instance-types";
import {
  type PoolLimits,
  type SandboxLoad,
  baseNodes,
  chooseShape,
  daemonSetsViolations,
  generationsOf,
  limitsOf,
  nodesAtRestOf,
  roomViolations,
  sandboxNodes,
} from "./node-sizing";
import { nodeCpusViolations } from "./instance-choice";
import { type HeadroomPlan, nodesWithHeadroom, planHeadroom } from "./headroom";
import { type NodeOverhead, fitting, roomOf } from "./packing";
import {
  type AddressDemand,
  type AddressesByMode,
  mostSystemAddresses,
  plusAddresses,
  podAddresses,
  type SystemNodeCount,
} from "./pod-addresses";
import { type PlannedHours, type QuietHours, quietHours } from "./business-hours";
import { MAX_DISK_GIB, RETOOL_DISK_GIB, sandboxDiskOf } from "./node-disks";
import type { PoolsSettings } from "./pools-spec";
import { type SandboxSettings, graceMinutes } from "./sandbox";
import type { Violation } from "../common/violation";

/** Nodes of one pool. */
export interface PoolPlan {
  /** Instance families, all of one shape. */
  readonly families: readonly string[];
  /** Shape of every node. */
  readonly shape: NodeShape;
  /** Nodes while the load is at its planned peak. */
  readonly nodes: number;
  /** Nodes between upgrades, while nobody works. */
  readonly nodesAtRest: number;
  /** Most that the pool may grow to, while every node is replaced. */
  readonly limits: PoolLimits;
  /** Size of each node's disk, GiB. */
  readonly rootDiskGiB: number;
}

/** The pools of nodes, and what follows from their size. */
export interface PoolsPlan {
  /** The pool of the sandboxes. */
  readonly sandboxPool: PoolPlan;
  /** Room that is kept free for the next sessions. */
  readonly headroom: HeadroomPlan;
  /** The pool of Retool's other containers, and of the sandboxes' controller and proxies. */
  readonly retoolPool: PoolPlan;
  /** The pool of the containers that run users' code, where they have their own nodes. */
  readonly codePool: PoolPlan | undefined;
  /** Business hours with their time zone, as `nodePools.businessHours` has them. */
  readonly businessHours: PlannedHours;
  /** Hours in which nodes of Retool's containers are neither merged nor replaced. */
  readonly quietHours: QuietHours | undefined;
  /** Devices that the device plugin hands out on each node, and that Karpenter expects there: the sandboxes that fit. */
  readonly maxDevices: number;
  /** Addresses that the sandboxes' nodes and their pods take in all zones at most. */
  readonly sandboxAddresses: AddressesByMode;
  /** Addresses that all other nodes and pods take in all zones at most. */
  readonly otherAddresses: AddressesByMode;
}

/** What the pools have to hold. */
export interface PoolsDemand {
  /** Settings of the sandboxes, all usable. */
  readonly settings: SandboxSettings;
  /** Sandboxes at the busiest moment. */
  readonly podsAtPeak: number;
  /** Most sandboxes that may exist. */
  readonly maxTotalJobs: number;
  /** Sandboxes for which room is kept free. */
  readonly headroomSandboxes: number;
  /** The sandboxes' controller and proxies. */
  readonly companions?: readonly ContainerLoad[];
  /** Retool's other containers. */
  readonly baseLoad?: readonly ContainerLoad[];
  /** Settings of the nodes, all usable. */
  readonly nodePools: PoolsSettings;
  /** DaemonSets of logs and metrics that are installed with the cluster. */
  readonly logAgents?: NodeOverhead;
  /** Nodes of the system node group. */
  readonly systemNodes: SystemNodeCount;
  /**
   * Addresses that each node keeps in reserve.
   *
   * @default - those of a whole network interface
   */
  readonly warmIpTarget?: number;
}

/** The size above which a cluster leaves what Kubernetes is tested with. https://kubernetes.io/docs/setup/best-practices/cluster-large/ */
const MAX_NODES = 5000;

/**
 * Requests of the DaemonSets on every node: network, proxy, storage and identity of EKS, and the sandboxes' three.
 *
 * Rounded up from 192 millicores, 144 MiB and seven pods.
 */
const BUILT_IN_DAEMONSETS: NodeOverhead = { pods: 8, cpuMillicores: 250, memoryMiB: 256 };

const NO_AGENTS: NodeOverhead = { pods: 0, cpuMillicores: 0, memoryMiB: 0 };

/** Pods per node of a DaemonSet outside the host's network: the sandboxes' three, the storage driver, and one of the user's. */
const DAEMON_PODS_WITH_ADDRESS = 5;

/** CPUs of the largest node that can be chosen. */
const LARGEST_NODE_CPUS = Math.max(...NODE_CPUS);

/** Plans every pool of nodes. */
export function planPools(demand: PoolsDemand): Checked<PoolsPlan> {
  const { settings, maxTotalJobs, nodePools } = demand;
  const overhead = [demand.logAgents ?? NO_AGENTS, nodePools.daemonSets].reduce(plus, BUILT_IN_DAEMONSETS);
  const companions = usableLoads("companions", demand.companions ?? DEFAULT_COMPANIONS, DEFAULT_COMPANIONS);
  const base = usableLoads("baseLoad", demand.baseLoad ?? DEFAULT_BASE_LOAD, DEFAULT_BASE_LOAD);
  const load = { sandbox: settings, overhead };
  const sandboxes = planSandboxPool(demand, load);
  const { sandboxPool, maxDevices } = sandboxes.value;
  const others = [...base.value, ...companions.value];
  const basePools = planBasePools(others, nodePools, overhead);
  return {
    value: {
      ...sandboxes.value,
      ...basePools.value,
      businessHours: nodePools.businessHours,
      quietHours: quietHours(nodePools.businessHours),
      sandboxAddresses: podAddresses([addressDemand(sandboxPool, maxDevices)], demand.warmIpTarget),
      otherAddresses: plusAddresses(
        mostSystemAddresses(demand.systemNodes),
        podAddresses(
          [basePools.value.retoolPool, basePools.value.codePool].flatMap((pool) =>
            pool === undefined ? [] : [addressDemand(pool, podsWithSurge(others))],
          ),
          demand.warmIpTarget,
        ),
      ),
    },
    violations: [
      ...companions.violations,
      ...base.violations,
      ...sandboxes.violations,
      ...basePools.violations,
      ...nodeCpusViolations(nodePools.instanceFamilies, nodePools.nodeCpus, "nodePools.nodeCpus"),
      ...sizeViolations(sandboxPool, maxTotalJobs),
    ],
  };
}

function planBasePools(
  loads: readonly ContainerLoad[],
  settings: PoolsSettings,
  overhead: NodeOverhead,
): Checked<Pick<PoolsPlan, "retoolPool" | "codePool">> {
  const apart = settings.isolateCodeExecution ? loads.filter(({ runsUsersCode }) => runsUsersCode === true) : [];
  const together = loads.filter((load) => !apart.includes(load));
  const retoolPool = planRetoolPool(together, settings, overhead);
  if (apart.length === 0)
    return { value: { retoolPool: retoolPool.value, codePool: undefined }, violations: retoolPool.violations };
  const codePool = planRetoolPool(apart, settings, overhead);
  return {
    value: { retoolPool: retoolPool.value, codePool: codePool.value },
    violations: [...retoolPool.violations, ...codePool.violations],
  };
}

type SandboxPoolPlan = Pick<PoolsPlan, "sandboxPool" | "headroom" | "maxDevices">;

/** The room that is kept free counts at the peak as well: its pods make way, and Karpenter launches a node for them. */
function planSandboxPool(
  { settings, podsAtPeak, maxTotalJobs, headroomSandboxes }: PoolsDemand,
  load: SandboxLoad,
): Checked<SandboxPoolPlan> {
  const shape = chooseShape(settings.instanceFamilies, load.overhead, {
    asked: settings.nodeCpus,
    load: maxTotalJobs * settings.cpuMillicores,
    largest: settings,
  });
  const maxDevices = Math.max(1, fitting(roomOf(shape, load.overhead), settings));
  const headroom = planHeadroom(headroomSandboxes, maxDevices);
  const sandboxPool = {
    families: settings.instanceFamilies,
    shape,
    nodes: nodesWithHeadroom(podsAtPeak, maxDevices, headroom),
    nodesAtRest: nodesWithHeadroom(settings.prewarmPoolSize, maxDevices, headroom),
    limits: limitsOf(
      shape,
      sandboxNodes(shape, load, maxTotalJobs),
      generationsOf(settings.nodeMaxAgeHours * 60, graceMinutes(settings)),
    ),
    rootDiskGiB: sandboxDiskOf(maxDevices * settings.diskGiB),
  };
  const pod = { ...settings, what: "a sandbox", path: "sandbox" };
  return {
    value: { sandboxPool, headroom, maxDevices },
    violations: [
      ...daemonSetsViolations(shape, load.overhead),
      ...nodeCpusViolations(settings.instanceFamilies, settings.nodeCpus, "sandbox.nodeCpus"),
      ...roomViolations(shape, load.overhead, pod),
    ],
  };
}

function planRetoolPool(
  loads: readonly ContainerLoad[],
  { instanceFamilies: families, nodeCpus: asked }: PoolsSettings,
  overhead: NodeOverhead,
): Checked<PoolPlan> {
  const load = loads.reduce((sum, { replicas, cpuMillicores }) => sum + replicas * cpuMillicores, 0);
  const shape = chooseShape(families, overhead, { asked, load, largest: largestOf(loads) });
  const nodes = baseNodes(shape, overhead, loads);
  const nodesAtRest = nodesAtRestOf(shape, overhead, loads);
  return {
    value: { families, shape, nodes, nodesAtRest, limits: limitsOf(shape, nodes), rootDiskGiB: RETOOL_DISK_GIB },
    violations: loads.flatMap((container) =>
      roomViolations(shape, overhead, {
        ...container,
        what: container.name,
        path: container.path ?? `baseLoad.${container.name}`,
      }),
    ),
  };
}

function usableLoads(
  path: string,
  given: readonly ContainerLoad[],
  fallback: readonly ContainerLoad[],
): Checked<readonly ContainerLoad[]> {
  const violations = baseLoadViolations(given, path);
  return { value: violations.length > 0 ? fallback : given, violations };
}

function addressDemand({ families, shape, limits }: PoolPlan, pods: number): AddressDemand {
  return {
    interfaceAddresses: interfaceAddresses(families, shape),
    nodes: limits.nodes,
    podsPerNode: Math.min(MAX_PODS, pods + DAEMON_PODS_WITH_ADDRESS),
  };
}

function plus(base: NodeOverhead, own: NodeOverhead): NodeOverhead {
  return {
    pods: base.pods + own.pods,
    cpuMillicores: base.cpuMillicores + own.cpuMillicores,
    memoryMiB: base.memoryMiB + own.memoryMiB,
  };
}

function sizeViolations({ limits, rootDiskGiB, shape }: PoolPlan, maxTotalJobs: number): Violation[] {
  const violations: Violation[] = [];
  if (limits.nodes > MAX_NODES) {
    violations.push({
      path: "builders",
      problem:
        `${maxTotalJobs} sandboxes may need ${limits.nodes} nodes with ${shape.cpus} CPUs while old ones are replaced, ` +
        `but a cluster can have only ${MAX_NODES}`,
      remedy: shape.cpus < LARGEST_NODE_CPUS ? "use several environments, or larger nodes" : "use several environments",
    });
  }
  if (rootDiskGiB > MAX_DISK_GIB) {
    violations.push({
      path: "sandbox.diskGiB",
      problem: `a full node needs a disk of ${rootDiskGiB} GiB; ${MAX_DISK_GIB} is the largest`,
      remedy: "use less disk per sandbox, or smaller nodes",
    });
  }
  return violations;
}

type Pools = Pick<PoolsPlan, "sandboxPool" | "retoolPool" | "codePool">;

/** Nodes of all pools at their limits. */
export function mostNodesOf({ sandboxPool, retoolPool, codePool }: Pools): number {
  return sandboxPool.limits.nodes + retoolPool.limits.nodes + (codePool?.limits.nodes ?? 0);
}

/** Nodes and CPUs of all pools at the planned peak. */
export function peakSizeOf({ sandboxPool, retoolPool, codePool }: Pools): {
  readonly nodes: number;
  readonly cpus: number;
} {
  const pools = [sandboxPool, retoolPool, ...(codePool === undefined ? [] : [codePool])];
  return {
    nodes: pools.reduce((sum, { nodes }) => sum + nodes, 0),
    cpus: pools.reduce((sum, { nodes, shape }) => sum + nodes * shape.cpus, 0),
  };
}
