import type { ImageKeys } from "./images";
import type { AgentSandboxValues } from "./chart-values";
import { NO_PREFERENCE, SANDBOX_TOLERATIONS, protectedFor, resourceValues, scaledValues } from "./placement";
import { sandboxNodeSelector } from "../nodes/node-pools";
import { type PoolNames } from "../cluster/pool-names";
import type { RetoolPlan } from "../retool/retool";

/** What the release needs to know of the sandboxes' capacity. */
export interface SandboxCapacity {
  /** Sandboxes that wait idle. */
  readonly prewarmPoolSize: number;
  /** Most sandboxes in all. */
  readonly maxTotalJobs: number;
  /** Sandboxes that are made at the same time. */
  readonly maxConcurrentCreates: number;
  /** Devices that the device plugin hands out on each node. */
  readonly maxDevices: number;
  /**
   * Nodes of the containers that run users' code.
   *
   * @default - they share the nodes of Retool's other containers
   */
  readonly codePool?: object;
  /**
   * Names of the pools of nodes.
   *
   * @default - those of our own cluster
   */
  readonly pools?: PoolNames;
  /** Milliseconds after which an unassigned sandbox ends. */
  readonly idleTimeoutMs: number;
  /** Seconds for which a sandbox is kept for its user. */
  readonly assignedTtlSeconds: number;
  /** Milliseconds after which any sandbox ends. */
  readonly lifetimeMs: number;
  /** Each sandbox. */
  readonly sandbox: {
    /** CPU request, in millicores; the limit is twice the request. */
    readonly cpuMillicores: number;
    /** Memory request, in MiB; the limit is twice the request. */
    readonly memoryMiB: number;
    /** Disk that it may fill, GiB: two for its root file system, the rest for `/tmp`. */
    readonly diskGiB: number;
    /** Sandboxes that one user may hold. */
    readonly perUserSandboxLimit: number;
    /** Whether a device plugin hands out `/dev/net/tun`. */
    readonly devicePlugin: boolean;
  };
}

/** Where browsers reach Retool. */
export interface ReleaseHostnames {
  /** Host that users open. */
  readonly appHost: string;
  /**
   * Host of the sandbox proxy.
   *
   * @default - it shares Retool's host
   */
  readonly sandboxProxyHost?: string;
}

/** Milliseconds that a sandbox may take to become ready; with 20 seconds of the chart it fails on a new node. */
const READY_TIMEOUT_MS = 45_000;

const ROOT_FILE_SYSTEM_GIB = 2;
const MS_PER_MINUTE = 60_000;

/** Builds `rr.agentSandbox`; without the address of the database, which has no password, the chart makes one. */
export function agentSandboxValues(
  retool: RetoolPlan,
  capacity: SandboxCapacity,
  hostnames: ReleaseHostnames,
  secretName: string,
  images: ImageKeys,
  databaseUrl?: string,
): AgentSandboxValues {
  const { sandboxController, sandboxProxy } = retool;
  const { devicePlugin, perUserSandboxLimit } = capacity.sandbox;
  return {
    ...images.agentSandbox,
    // Its DaemonSets need no network: they copy a file, pull images and talk to the kubelet through a socket. On the host's network,
    // the chart's default, no policy would hold for them, and they would reach the credentials of their node.
    hostNetwork: false,
    externalSecret: { name: secretName },
    ...(databaseUrl === undefined ? {} : { postgres: { url: databaseUrl } }),
    controller: {
      ...scaledValues(sandboxController),
      scaling: {
        prewarmPoolSize: capacity.prewarmPoolSize,
        maxTotalJobs: capacity.maxTotalJobs,
        maxConcurrentCreates: capacity.maxConcurrentCreates,
        assignedSandboxTtlSeconds: capacity.assignedTtlSeconds,
        perUserSandboxLimit,
      },
    },
    proxy: { ...scaledValues(sandboxProxy), backendDomainSuffixes: hostnames.appHost },
    ...dedicatedHost(hostnames),
    sandbox: sandboxPod(capacity),
    sandboxNetwork: { devicePlugin, deployDaemonSet: devicePlugin },
    devicePlugin: { maxDevices: capacity.maxDevices, ...images.devicePlugin },
    nodeSelector: sandboxNodeSelector(capacity.pools),
    tolerations: SANDBOX_TOLERATIONS,
    affinity: NO_PREFERENCE,
    // The chart's policies leave the controller without its database and the proxy without Retool; ours replace them.
    networkPolicy: { enabled: false },
  };
}

function dedicatedHost({ sandboxProxyHost }: ReleaseHostnames): Pick<AgentSandboxValues, "frontendWsProxyDomain"> {
  return sandboxProxyHost === undefined ? {} : { frontendWsProxyDomain: `https://${sandboxProxyHost}` };
}

function sandboxPod({ sandbox, ...times }: SandboxCapacity): AgentSandboxValues["sandbox"] {
  const { cpuMillicores, memoryMiB, diskGiB } = sandbox;
  const resources = { cpuMillicores, memoryMiB, cpuLimitMillicores: 2 * cpuMillicores, memoryLimitMiB: 2 * memoryMiB };
  return {
    resources: resourceValues(resources),
    // As text: the chart writes a number of a million or more as 9e+06, of which a pod reads the 9.
    sandboxIdleTimeoutMs: String(times.idleTimeoutMs),
    sandboxGlobalLifetimeMs: String(times.lifetimeMs),
    sandboxReadyTimeoutMs: String(READY_TIMEOUT_MS),
    tmpDirSizeLimit: `${diskGiB - ROOT_FILE_SYSTEM_GIB}Gi`,
    rootfsSizeLimit: `${ROOT_FILE_SYSTEM_GIB}Gi`,
    // The chart protects every sandbox for ever, the idle ones too; a node could never be replaced.
    annotations: protectedFor(Math.ceil(times.lifetimeMs / MS_PER_MINUTE)),
  };
}
