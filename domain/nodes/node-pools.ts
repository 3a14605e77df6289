// When a node may be disrupted:
// - expiry, consolidation, budgets: here; quiet hours: domain/capacity/business-hours.ts;
// - age of sandbox nodes: nodeMaxAgeHours in domain/capacity/sandbox.ts;
// - pods that hold a node: protectedFor in domain/chart/placement.ts.

import type { CapacityPlan } from "../capacity/capacity";
import { OWN_CLUSTER_NAMES, type PoolNames } from "../cluster/pool-names";
import { formatMinutes } from "../common/duration";
import type { JsonObject, Manifest } from "../common/kubernetes";
import type { PoolPlan } from "../capacity/pools";
import type { QuietHours } from "../capacity/business-hours";
import { capacityTypes } from "./capacity-types";

/** Label that names the pool of a node. */
const POOL_LABEL = "retool.com/pool";

/** Label of nodes that only containers which run users' code may have. */
export const CODE_LABEL = "retool.com/code-execution";

/** Affinity of containers that run users' code, where they have their own nodes. */
export const CODE_AFFINITY: JsonObject = {
  nodeAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: [{ matchExpressions: [{ key: CODE_LABEL, operator: "In", values: ["true"] }] }],
    },
  },
};

/** Taint of those nodes, whose security group has no way to what other containers need. */
const CODE_TAINT = { key: CODE_LABEL, value: "true", effect: "NoSchedule" } as const;

/** Toleration of those containers. The chart has one list for all alike, so the post-renderer adds it. */
export const CODE_TOLERATION = { ...CODE_TAINT, operator: "Equal" } as const;

/** Taint of sandbox nodes: everything that runs users' code stays apart from the rest. */
export const SANDBOX_TAINT = { key: "retool.com/sandbox", value: "true", effect: "NoSchedule" } as const;

/** Nodes of Retool's own containers. Retool's images are for x86-64 only. */
export function retoolNodeSelector({ retool }: PoolNames = OWN_CLUSTER_NAMES): Record<string, string> {
  return { "kubernetes.io/arch": "amd64", [POOL_LABEL]: retool };
}

/** Nodes of the sandboxes and of their DaemonSets; it replaces the chart's selector, so amd64 stands in it. */
export function sandboxNodeSelector({ sandbox }: PoolNames = OWN_CLUSTER_NAMES): Record<string, string> {
  return { "kubernetes.io/arch": "amd64", [POOL_LABEL]: sandbox };
}

/** Toleration of {@link SANDBOX_TAINT}. */
export const SANDBOX_TOLERATION = { ...SANDBOX_TAINT, operator: "Equal" } as const;

/** Resource that a sandbox asks for and the device plugin hands out. */
export const DEVICE = "smarter-devices/net_tun";

/** Time that Retool's own pods have to end, minutes; the api takes 391 seconds of it. */
const RETOOL_GRACE_MINUTES = 60;

/**
 * Age at which nodes of Retool's containers are replaced: none. Expiry heeds no budget, so it would empty all nodes of one
 * deployment at the same hour, and a successor has the same pinned image. A newer image replaces them by drift, within budgets.
 *
 * Source: https://karpenter.sh/docs/concepts/disruption/#expiration
 */
const RETOOL_EXPIRY = "Never";

/**
 * Which sandbox nodes go: those without a sandbox. `karpenter.sh/do-not-disrupt` keeps a node for as long as a sandbox is on it.
 *
 * With `WhenEmpty` the pods that keep room free would keep their node as well. At the peak they are on the newest one, so that
 * each evening would leave a node more than the plan has at rest: measured with Karpenter 1.14.1, two instead of one.
 */
const SANDBOX_CONSOLIDATION = "WhenEmptyOrUnderutilized";

/** Part of the sandboxes' nodes that may be replaced at the same time because their class has changed. */
const DRIFT_BUDGET = "10%";

/** Seconds beyond the longest drain that the removal of the node classes may take: instances end, volumes go. */
export const REMOVAL_MARGIN_SECONDS = 20 * 60;

/** Seconds that an installation of custom resources may take. */
export const POOLS_TIMEOUT_SECONDS = 300;

/** Minutes that the longest node may take to drain; the removal of node classes waits longer. */
export function longestGraceMinutes(plan: CapacityPlan): number {
  return Math.max(plan.terminationGraceMinutes, RETOOL_GRACE_MINUTES);
}

/** Builds the node pools, and the overlay that tells Karpenter of the devices which sandboxes ask for. */
export function nodePools(plan: CapacityPlan, names: PoolNames = OWN_CLUSTER_NAMES): Manifest[] {
  return [
    basePool(names.retool, names, plan.retoolPool, plan.quietHours),
    ...(plan.codePool === undefined ? [] : [basePool(names.code, names, plan.codePool, plan.quietHours, CODE_TAINT)]),
    sandboxPool(names, plan),
    ...(plan.sandbox.devicePlugin ? [nodeOverlay(names, plan)] : []),
  ];
}

function basePool(
  name: string,
  { retool }: PoolNames,
  pool: PoolPlan,
  quietHours: QuietHours | undefined,
  taint?: Readonly<Record<"key" | "value" | "effect", string>>,
): Manifest {
  const template = {
    metadata: { labels: { [POOL_LABEL]: retool, ...(taint && { [taint.key]: taint.value }) } },
    spec: {
      nodeClassRef: nodeClassRef(name),
      ...(taint && { taints: [taint] }),
      // Never spot: a spot node is gone two minutes after the warning, and the api takes 391 seconds to end.
      requirements: requirements(pool, capacityTypes("on-demand")),
      expireAfter: RETOOL_EXPIRY,
      terminationGracePeriod: formatMinutes(RETOOL_GRACE_MINUTES),
    },
  };
  const quiet = quietHours && { nodes: "0", ...quietHours, reasons: ["Drifted", "Underutilized"] };
  const disruption = {
    consolidationPolicy: "WhenEmptyOrUnderutilized",
    consolidateAfter: "5m",
    budgets: [{ nodes: "1" }, ...(quiet === undefined ? [] : [quiet])],
  };
  return nodePool(name, pool, { template, disruption });
}

function sandboxPool({ sandbox: name }: PoolNames, plan: CapacityPlan): Manifest {
  const pool = plan.sandboxPool;
  const template = {
    metadata: { labels: { [POOL_LABEL]: name } },
    spec: {
      nodeClassRef: nodeClassRef(name),
      taints: [SANDBOX_TAINT],
      requirements: requirements(pool, capacityTypes(plan.sandbox.purchaseOption)),
      expireAfter: `${plan.sandbox.nodeMaxAgeHours}h`,
      terminationGracePeriod: formatMinutes(plan.terminationGraceMinutes),
    },
  };
  const disruption = {
    consolidationPolicy: SANDBOX_CONSOLIDATION,
    consolidateAfter: "10m",
    budgets: [
      { nodes: "100%", reasons: ["Empty"] },
      { nodes: DRIFT_BUDGET, reasons: ["Drifted", "Underutilized"] },
    ],
  };
  return nodePool(name, pool, { template, disruption });
}

function nodePool(name: string, { limits }: PoolPlan, spec: JsonObject): Manifest {
  return {
    apiVersion: "karpenter.sh/v1",
    kind: "NodePool",
    metadata: { name },
    spec: {
      ...spec,
      limits: { cpu: String(limits.cpu), memory: `${limits.memoryGiB}Gi`, nodes: String(limits.nodes) },
    },
  };
}

function nodeClassRef(name: string): JsonObject {
  return { group: "karpenter.k8s.aws", kind: "EC2NodeClass", name };
}

function requirements({ families, shape }: PoolPlan, bought: readonly string[]): JsonObject[] {
  const among = (key: string, values: readonly string[]): JsonObject => ({ key, operator: "In", values });
  return [
    among("kubernetes.io/arch", ["amd64"]),
    among("kubernetes.io/os", ["linux"]),
    among("karpenter.sh/capacity-type", bought),
    among("karpenter.k8s.aws/instance-family", families),
    among("karpenter.k8s.aws/instance-cpu", [String(shape.cpus)]),
  ];
}

/** The NodeOverlay. Its device count, the sandboxes that fit on a node, is decided by planSandboxPool in domain/capacity/pools.ts. */
function nodeOverlay({ sandbox: name }: PoolNames, { maxDevices }: CapacityPlan): Manifest {
  return {
    apiVersion: "karpenter.sh/v1alpha1",
    kind: "NodeOverlay",
    metadata: { name: `${name}-devices` },
    spec: {
      requirements: [{ key: "karpenter.sh/nodepool", operator: "In", values: [name] }],
      capacity: { [DEVICE]: String(maxDevices) },
    },
  };
}
