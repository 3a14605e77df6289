import type { CapacityPlan } from "../capacity/capacity";
import { peakSizeOf } from "../capacity/pools";
import { type ClusterPlan, type ClusterSpec, planCluster } from "../cluster/cluster";
import { type ExistingClusterPlan, type ExistingClusterSpec, planExistingCluster } from "../cluster/existing";
import type { EgressPlan, EgressSpec } from "../egress/egress";
import type { NetworkSize } from "../egress/costs";
import type { EnvironmentContext } from "../common/context";
import type { EnvironmentSpec } from "./spec";
import { type NetworkPlan, planNetwork } from "../network/network";
import { type ExistingNetworkPlan, type ExistingNetworkSpec, planExistingNetwork } from "../network/existing";
import type { NetworkDemand, NetworkSpec } from "../network/spec";
import { supportedVersion } from "../cluster/checks";
import { systemNodeCount } from "../cluster/system-nodes";
import { isUsableChart, type RetoolPlan } from "../retool/retool";
import { compatibilityViolations, versions } from "../versions/pins";
import type { Planned, Violation } from "../common/violation";

/** A network that is made, or one that exists. */
export type SiteNetworkPlan = NetworkPlan | ExistingNetworkPlan;

/** A cluster that is made, or one that exists. */
export type SiteClusterPlan = ClusterPlan | ExistingClusterPlan;

/** Number of zones that a network will have. */
export function zonesOf(spec: NetworkSpec | ExistingNetworkSpec | undefined): number | undefined {
  // A number of zones that cannot be is refused with the network.
  if (!isExisting(spec)) return [2, 3, 4].find((zones) => zones === spec?.zones);
  const { privateSubnets } = spec as Partial<ExistingNetworkSpec>;
  return Array.isArray(privateSubnets) && privateSubnets.length >= 2 ? Math.min(4, privateSubnets.length) : undefined;
}

/** Plans the network, new or existing. */
export function planSiteNetwork(
  { network, cluster }: Pick<EnvironmentSpec, "network" | "cluster">,
  context: EnvironmentContext,
  demand: Omit<NetworkDemand, "prefixDelegation">,
): Planned<SiteNetworkPlan> {
  const prefixDelegation = askedPrefixes(cluster);
  const unknown = unknownKind(network, "network");
  if (unknown.length > 0)
    return withViolations(planNetwork(undefined, context, { ...demand, prefixDelegation }), unknown);
  return isExisting(network)
    ? planExistingNetwork(network, { ...demand, prefixDelegation })
    : planNetwork(network, context, { ...demand, prefixDelegation });
}

/** Plans the cluster, new or existing. */
export function planSiteCluster(
  { cluster, clusterAccess, network }: Pick<EnvironmentSpec, "cluster" | "clusterAccess" | "network">,
  context: EnvironmentContext,
  { prefixDelegation, privateCidrs }: SiteNetworkPlan,
  { autoscales, ...capacity }: CapacityPlan & { readonly autoscales: boolean },
): Planned<SiteClusterPlan> {
  const unknown = unknownKind(cluster, "cluster");
  if (unknown.length > 0) return withViolations(planCluster(undefined, context, clusterAccess), unknown);
  if (isExisting(cluster)) {
    return planExistingCluster(cluster, context, {
      devicePlugin: capacity.sandbox.devicePlugin,
      spot: capacity.sandbox.purchaseOption === "spot",
      existingNetwork: isExisting(network),
      privateCidrs,
      autoscales,
    });
  }
  const leftOut = cluster === undefined || (isObject(cluster) && cluster.prefixDelegation === undefined);
  return planCluster(leftOut ? { ...cluster, prefixDelegation } : cluster, context, clusterAccess, {
    autoscales,
    size: peakSizeOf(capacity),
  });
}

/** What passes through a network's way out; a network that exists is taken to have one. */
export function siteSize(network: SiteNetworkPlan): NetworkSize {
  return { zones: network.zones, natGateways: network.kind === "new" ? network.natZones.length : network.zones };
}

/** Names are not looked at in a network of others unless somebody asks for it: its resolver answers all who are in it. */
export function siteEgress(spec: EgressSpec | undefined, { kind }: SiteNetworkPlan): EgressSpec | undefined {
  if (kind === "new") return spec;
  return spec === undefined || isObject(spec) ? { level: "open", ...spec } : spec;
}

/** Finds versions that do not fit together. */
export function versionPairs(
  { version, chartVersion, codeExecutor }: RetoolPlan,
  { kubernetesVersion }: SiteClusterPlan,
): Violation[] {
  return compatibilityViolations({
    kubernetes: kubernetesVersion,
    karpenter: versions.charts.karpenter.version,
    retool: version.tag,
    retoolChart: isUsableChart(chartVersion) ? chartVersion : undefined,
    // A version that is not supported is refused for that.
    useSeccompProfile: codeExecutor.sandboxing === "seccomp" && supportedVersion(kubernetesVersion) !== undefined,
  });
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

/** A firewall needs its own routes and subnets, which only a network of ours has. */
export function siteViolations(network: SiteNetworkPlan, { level }: EgressPlan): Violation[] {
  if (network.kind === "new" || level !== "firewall") return [];
  return [
    {
      path: "egress.level",
      problem: '"firewall" needs routes in the private subnets, and the routes of an existing network are not changed',
      remedy: 'use "open" or "dns", and put your own firewall into the network',
    },
  ];
}

/** Whether a part of the configuration says that it exists; its shape may be wrong otherwise. */
export function isExisting<Spec extends object>(
  spec: Spec | undefined,
): spec is Extract<Spec, { readonly kind: "existing" }> {
  return (spec as { readonly kind?: unknown } | undefined)?.kind === "existing";
}

/** Refuses a kind that there is not by itself, instead of every setting that belongs to the one that was meant. */
function unknownKind(spec: object | undefined, path: string): Violation[] {
  const kind = (spec as { readonly kind?: unknown } | undefined | null)?.kind;
  if (kind === undefined || kind === "existing") return [];
  return [
    {
      path: `${path}.kind`,
      problem: `${typeof kind === "string" ? JSON.stringify(kind) : "the value"} is not a kind of ${path}`,
      remedy: `use "existing", or remove kind, which creates a new ${path}`,
    },
  ];
}

function withViolations<Plan>({ plan, violations }: Planned<Plan>, more: readonly Violation[]): Planned<Plan> {
  return { plan, violations: [...more, ...violations] };
}

/** Addresses that each node keeps in reserve; what is out of range is refused with the cluster. */
export function warmIpTargetOf(cluster: ClusterSpec | ExistingClusterSpec | undefined): number | undefined {
  if (isExisting(cluster)) return undefined;
  const { warmIpTarget } = (cluster ?? {}) as Partial<Record<"warmIpTarget", unknown>>;
  return typeof warmIpTarget === "number" && warmIpTarget >= 1 ? warmIpTarget : undefined;
}

/** Nodes of the system node group; a cluster that has all controllers is taken to run them on as many. */
export function systemNodesOf(
  cluster: ClusterSpec | ExistingClusterSpec | undefined,
): ReturnType<typeof systemNodeCount> {
  const { systemNodes } = (cluster ?? {}) as Pick<ClusterSpec, "systemNodes">;
  return systemNodeCount(systemNodes ?? {});
}

function askedPrefixes(cluster: ClusterSpec | ExistingClusterSpec | undefined): boolean | undefined {
  if (isExisting(cluster)) return undefined;
  const { prefixDelegation } = (cluster ?? {}) as Partial<Record<"prefixDelegation", unknown>>;
  return typeof prefixDelegation === "boolean" ? prefixDelegation : undefined;
}
