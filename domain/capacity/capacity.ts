import { type ContainerLoad, DEFAULT_BASE_LOAD, DEFAULT_COMPANIONS, podsWithSurge } from "./loads";
import { type Checked, checkedInteger } from "../common/checked-integer";
import type { EnvironmentContext } from "../common/context";
import { expectedAddresses } from "./expected-addresses";
import { defaultHeadroom } from "./headroom";
import { type SystemNodeCount, type ZoneAddresses, addressesPerZone } from "./pod-addresses";
import type { NodeOverhead } from "./packing";
import { type PoolPlan, type PoolsPlan, planPools } from "./pools";
import { type PoolsSpec, resolvePools } from "./pools-spec";
import { type SandboxSettings, type SandboxSpec, graceMinutes, resolveSandbox } from "./sandbox";
import type { Planned, Violation } from "../common/violation";

/** How many people build at the same time, and everything else that decides the size of the cluster. */
export interface CapacitySpec {
  /** People who build at the same time at the busiest moment. */
  readonly builders: number;

  /**
   * The sandboxes in which they build.
   *
   * @default - one sandbox of 1 CPU and 2 GiB a builder, five more ready
   */
  readonly sandbox?: SandboxSpec;

  /**
   * The sandboxes' controller and proxies, which run on the nodes of Retool's other containers: one of them would keep a node of
   * sandboxes from ever being empty, and the controller needs the database.
   *
   * @default - one controller and two proxies with the chart's requests
   */
  readonly companions?: readonly ContainerLoad[];

  /**
   * Connections of each process of the sandboxes' controller and proxies.
   *
   * @default 10
   */
  readonly connectionsPerProcess?: number;

  /**
   * Retool's other containers.
   *
   * @default - the chart's requests, two replicas of the api
   */
  readonly baseLoad?: readonly ContainerLoad[];

  /**
   * The nodes that Karpenter launches.
   *
   * @default - business hours on weekdays, general purpose instances
   */
  readonly nodePools?: PoolsSpec;

  /**
   * What the DaemonSets of logs and metrics that are installed with the cluster ask for on every node.
   *
   * @default - none are installed
   */
  readonly logAgents?: NodeOverhead;

  /**
   * Availability zones of the pods' subnets.
   *
   * @default 3
   */
  readonly zones?: number;

  /**
   * Nodes of the system node group, between replacements and at their most.
   *
   * @default - two, and three while they are replaced
   */
  readonly systemNodes?: SystemNodeCount;

  /**
   * Addresses that each node keeps in reserve for its next pods.
   *
   * @default - those of a whole network interface
   */
  readonly warmIpTarget?: number;
}

/** Everything that follows from the number of builders. */
export interface CapacityPlan extends PoolsPlan {
  /** People who build at the same time. */
  readonly builders: number;
  /** Settings of the sandboxes. */
  readonly sandbox: SandboxSettings;
  /** Sandboxes that wait idle. */
  readonly prewarmPoolSize: number;
  /** Sandboxes at the busiest moment: every thread of every builder, and those that wait idle. */
  readonly podsAtPeak: number;
  /** Most sandboxes that Retool's controller may create. */
  readonly maxTotalJobs: number;
  /** Sandboxes that the controller creates at the same time; with the chart's 3 a morning of many builders would queue. */
  readonly maxConcurrentCreates: number;
  /** CPU that the sandboxes at the peak ask for, in millicores. */
  readonly cpuMillicores: number;
  /** Memory that the sandboxes at the peak ask for, MiB. */
  readonly memoryMiB: number;
  /** Addresses that each zone must have free, so that one zone may be lost. */
  readonly addressesPerZone: ZoneAddresses;
  /** Addresses that nodes and pods of a zone take at the planned peak, all zones being up. */
  readonly expectedAddresses: ZoneAddresses;
  /** The same, with two addresses in reserve on each node. */
  readonly leanAddresses: ZoneAddresses;
  /** CPUs of the pools at their limits, for which the account's quotas of EC2 should have room besides the system nodes. */
  readonly quotaCpus: QuotaCpus;
  /** CPUs of the pools at the planned peak; a plan stops where a quota of EC2 has no room for them. */
  readonly peakCpus: QuotaCpus;
  /** Database connections that the sandboxes' controller and proxies open at most. */
  readonly databaseConnections: number;
  /** Milliseconds after which an unassigned sandbox ends. */
  readonly idleTimeoutMs: number;
  /** Seconds for which a sandbox is kept for its user. */
  readonly assignedTtlSeconds: number;
  /** Milliseconds after which any sandbox ends. */
  readonly lifetimeMs: number;
  /** Minutes that a sandbox node may take to let its sandboxes end. */
  readonly terminationGraceMinutes: number;
  /** What is allowed but has a price, in sentences. */
  readonly warnings: readonly string[];
}

/** CPUs by the quota of EC2 that counts them. */
export interface QuotaCpus {
  /** Running On-Demand Standard instances, quota `L-1216C47A`; sandboxes fall back to it where there are no spot nodes. */
  readonly onDemand: number;
  /** All Standard spot instance requests, quota `L-34B43A08`. */
  readonly spot: number;
}

/** The cap that the chart has by default. */
const DEFAULT_MAX_TOTAL_JOBS = 50;

/** Sandboxes that the controller of the chart creates at the same time. */
const DEFAULT_CONCURRENT_CREATES = 3;

/** Sessions for each of which one more is created at the same time: half of all may come within ten minutes. */
const SESSIONS_PER_CREATE = 200;

/** Addresses in reserve on each node where they are to be few: those of the next two pods. */
export const LEAN_TARGET = 2;

/** System nodes where nothing is said of them. */
const DEFAULT_SYSTEM_NODES: SystemNodeCount = { count: 2, maximum: 3 };

/** Connections of one process of the sandboxes' controller or proxy. Chart key: `postgres.poolMax`. */
const CONNECTIONS_PER_PROCESS = 10;

/**
 * Plans the size of everything that depends on the number of builders.
 *
 * 20 builders with five sandboxes ready are 25 pods, 25 CPUs and 50 GiB, as on Retool's own page.
 * Source: https://docs.retool.com/self-hosted/concepts/scaling
 */
export function planCapacity(spec: CapacitySpec, context: EnvironmentContext): Planned<CapacityPlan> {
  const builders = checkedInteger("builders", spec.builders, { min: 0, max: 100_000, unit: "people" });
  const zones = checkedInteger("zones", spec.zones ?? 3, { min: 2, max: 4, unit: "zones" });
  const sandbox = resolveSandbox(spec.sandbox);
  const jobs = planJobs(builders.value, sandbox.value);
  const nodePools = resolvePools(spec.nodePools, context.region);
  const headroomSandboxes = headroomOf(builders.value, sandbox.value);
  const sizes = { settings: sandbox.value, nodePools: nodePools.value, headroomSandboxes, ...jobs.value };
  const { systemNodes = DEFAULT_SYSTEM_NODES } = spec;
  const pools = planPools({ ...spec, ...sizes, systemNodes });
  const loads = [...(spec.baseLoad ?? DEFAULT_BASE_LOAD), ...(spec.companions ?? DEFAULT_COMPANIONS)];
  const use = { pools: pools.value, podsAtPeak: jobs.value.podsAtPeak, loads, zones: zones.value, systemNodes };
  return {
    plan: {
      builders: builders.value,
      sandbox: sandbox.value,
      prewarmPoolSize: sandbox.value.prewarmPoolSize,
      ...jobs.value,
      ...pools.value,
      ...timesOf(sandbox.value),
      addressesPerZone: {
        sandboxes: addressesPerZone(pools.value.sandboxAddresses, zones.value),
        others: addressesPerZone(pools.value.otherAddresses, zones.value),
      },
      expectedAddresses: expectedAddresses(use, spec.warmIpTarget),
      leanAddresses: expectedAddresses(use, LEAN_TARGET),
      quotaCpus: quotaOf(pools.value, sandbox.value),
      peakCpus: peakOf(pools.value, sandbox.value),
      databaseConnections:
        podsWithSurge(spec.companions ?? DEFAULT_COMPANIONS) * (spec.connectionsPerProcess ?? CONNECTIONS_PER_PROCESS),
      warnings: [...warningsOf(sandbox.value, context), ...threadWarnings(builders.value, jobs.value, context)],
    },
    violations: [
      ...[builders, zones, sandbox, nodePools, jobs, pools].flatMap(({ violations }) => violations),
      ...headroomViolations(sandbox.value, jobs.value),
    ],
  };
}

function quotaOf({ sandboxPool, retoolPool, codePool }: PoolsPlan, { purchaseOption }: SandboxSettings): QuotaCpus {
  return {
    onDemand: sandboxPool.limits.cpu + retoolPool.limits.cpu + (codePool?.limits.cpu ?? 0),
    spot: purchaseOption === "spot" ? sandboxPool.limits.cpu : 0,
  };
}

/** On-demand nodes stand in for spot nodes only where there are none, so the peak does not ask for both. */
function peakOf({ sandboxPool, retoolPool, codePool }: PoolsPlan, { purchaseOption }: SandboxSettings): QuotaCpus {
  const cpusOf = (pool: PoolPlan | undefined): number => (pool === undefined ? 0 : pool.nodes * pool.shape.cpus);
  const others = cpusOf(retoolPool) + cpusOf(codePool);
  const sandboxes = cpusOf(sandboxPool);
  return purchaseOption === "spot" ? { onDemand: others, spot: sandboxes } : { onDemand: others + sandboxes, spot: 0 };
}

type Jobs = Pick<CapacityPlan, "podsAtPeak" | "maxTotalJobs" | "maxConcurrentCreates" | "cpuMillicores" | "memoryMiB">;

function planJobs(builders: number, settings: SandboxSettings): Checked<Jobs> {
  const { threadsPerBuilder, prewarmPoolSize, maxTotalJobs: asked } = settings;
  const podsAtPeak = builders * threadsPerBuilder + prewarmPoolSize;
  const maxTotalJobs = Math.max(DEFAULT_MAX_TOTAL_JOBS, podsAtPeak);
  const value = {
    podsAtPeak,
    maxTotalJobs,
    maxConcurrentCreates: Math.max(DEFAULT_CONCURRENT_CREATES, Math.ceil(podsAtPeak / SESSIONS_PER_CREATE)),
    cpuMillicores: podsAtPeak * settings.cpuMillicores,
    memoryMiB: podsAtPeak * settings.memoryMiB,
  };
  if (asked === undefined) return { value, violations: [] };
  if (asked >= podsAtPeak) return { value: { ...value, maxTotalJobs: asked }, violations: [] };
  const threads = threadsPerBuilder === 1 ? "" : ` with ${threadsPerBuilder} threads each`;
  return {
    value,
    violations: [
      {
        path: "sandbox.maxTotalJobs",
        problem: `${asked} is below the ${podsAtPeak} sandboxes of ${builders} builders${threads} and ${prewarmPoolSize} kept ready`,
        remedy: `use ${podsAtPeak} or more, or remove it`,
      },
    ],
  };
}

type Times = Pick<CapacityPlan, "idleTimeoutMs" | "assignedTtlSeconds" | "lifetimeMs" | "terminationGraceMinutes">;

function timesOf(settings: SandboxSettings): Times {
  const { idleTimeoutMinutes, assignedTtlMinutes, lifetimeMinutes } = settings;
  return {
    idleTimeoutMs: idleTimeoutMinutes * 60_000,
    assignedTtlSeconds: assignedTtlMinutes * 60,
    lifetimeMs: lifetimeMinutes * 60_000,
    terminationGraceMinutes: graceMinutes(settings),
  };
}

function headroomOf(builders: number, settings: SandboxSettings): number {
  return settings.warmHeadroom ?? defaultHeadroom(builders * settings.threadsPerBuilder);
}

/** Room for more sandboxes than may exist would be paid for and never used, and the limits of the pool do not admit it. */
function headroomViolations({ warmHeadroom = 0 }: SandboxSettings, { maxTotalJobs }: Jobs): Violation[] {
  if (warmHeadroom <= maxTotalJobs) return [];
  return [
    {
      path: "sandbox.warmHeadroom",
      problem: `room for ${warmHeadroom} more sandboxes is above the maximum of ${maxTotalJobs}`,
      remedy: `use ${maxTotalJobs} or less, or raise sandbox.maxTotalJobs`,
    },
  ];
}

/**
 * Threads that a builder is refused on the day of the benchmark, by sandboxes for each builder: 7.5 at one, 1.4 at two, and next to
 * none at two and a half. Source: docs/capacity/benchmark.md, 50 to 500 builders.
 */
export function refusedThreads(builders: number, maxTotalJobs: number): number {
  const each = builders === 0 ? Infinity : maxTotalJobs / builders;
  const refused = each < 2 ? 7.5 - 6.1 * (each - 1) : 2.8 * (2.5 - each);
  return Math.max(0, Math.round(builders * refused));
}

/** Retool's page counts one sandbox a builder, and says that a thread without one fails to start. */
function threadWarnings(builders: number, { maxTotalJobs }: Jobs, { name }: EnvironmentContext): string[] {
  const refused = refusedThreads(builders, maxTotalJobs);
  if (refused === 0) return [];
  return [
    `${name} may have ${maxTotalJobs} sandboxes for ${builders} builders. Each agent thread needs its own: on the day of the benchmark ` +
      `about ${refused} threads would be refused; set sandbox.threadsPerBuilder to 3 to refuse none (docs/capacity/benchmark.md).`,
  ];
}

function warningsOf({ purchaseOption, devicePlugin }: SandboxSettings, { name }: EnvironmentContext): string[] {
  const spot =
    `${name} runs sandboxes on spot nodes: AWS can reclaim a node with two minutes' notice, which ends every editing ` +
    "session on it. An account that never had a spot instance needs its role " +
    "first: aws iam create-service-linked-role --aws-service-name spot.amazonaws.com";
  const hostDevice =
    `${name} mounts /dev/net/tun from the host: sandboxes start without the device plugin, and how many share a node is ` +
    "limited only by CPU and memory.";
  return [...(purchaseOption === "spot" ? [spot] : []), ...(devicePlugin ? [] : [hostDevice])];
}
