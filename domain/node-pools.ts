import type { CapacityPlan } from "./capacity";
import { formatMinutes } from "./duration";
import { MAX_PODS } from "./instance-types";
import type { JsonObject, Manifest } from "./kubernetes";
import { REPLACED_PERCENT } from "./node-sizing";
import type { PoolPlan } from "./pools";

/** What node pools refer to: names and ids as opaque strings. */
export interface NodePoolReferences {
  /** Subnets of the nodes, one a zone. */
  readonly subnetIds: readonly string[];
  /** Security groups of the nodes. */
  readonly securityGroupIds: readonly string[];
  /** Instance profile of the nodes. */
  readonly instanceProfileName: string;
  /** Key that encrypts the nodes' disks. */
  readonly kmsKeyArn: string;
  /** Karpenter's alias of the nodes' image, pinned: `al2023@v20260714`. */
  readonly amiAlias: string;
  /** Tags of every instance and disk. */
  readonly tags: Readonly<Record<string, string>>;
}

/** Label that names the pool of a node, and its values. */
export const POOL_LABEL = "retool.com/pool";

/** Names of the pools, as their label has them. */
export const POOLS = { system: "system", retool: "retool", sandbox: "sandbox" } as const;

/** Taint of sandbox nodes: whatever runs users' code stays apart from everything else. */
export const SANDBOX_TAINT = { key: "retool.com/sandbox", value: "true", effect: "NoSchedule" } as const;

/** Where sandboxes, their controller, proxies and DaemonSets run; it replaces the chart's selector, so amd64 stands in it. */
export const SANDBOX_NODE_SELECTOR = { "kubernetes.io/arch": "amd64", [POOL_LABEL]: POOLS.sandbox } as const;

/** Toleration of {@link SANDBOX_TAINT}. */
export const SANDBOX_TOLERATION = { ...SANDBOX_TAINT, operator: "Equal" } as const;

/** Resource that a sandbox asks for and the device plugin hands out. */
export const DEVICE = "smarter-devices/net_tun";

/** Annotation that keeps Karpenter from emptying the node of a running sandbox, for as long as it may live. */
export function doNotDisrupt({ sandbox }: CapacityPlan): Record<"karpenter.sh/do-not-disrupt", string> {
  return { "karpenter.sh/do-not-disrupt": formatMinutes(sandbox.lifetimeMinutes) };
}

/** Time that Retool's own pods have to end, minutes; the api takes 391 seconds of it. */
const RETOOL_GRACE_MINUTES = 60;

/** Age at which nodes are replaced, so that none runs an old image for long. */
const EXPIRY = { retool: "336h", sandbox: "168h" } as const;

/** Minutes that the longest node may take to drain; whoever removes node classes waits longer. */
export function longestGraceMinutes(plan: CapacityPlan): number {
  return Math.max(plan.terminationGraceMinutes, RETOOL_GRACE_MINUTES);
}

/** Builds the node classes: what an instance of each pool is made of. */
export function nodeClasses(plan: CapacityPlan, references: NodePoolReferences): Manifest[] {
  return [
    nodeClass(POOLS.retool, rootVolume(plan.retoolPool.rootDiskGiB, references), references),
    nodeClass(
      POOLS.sandbox,
      { ...rootVolume(plan.rootDiskGiB, references), iops: 6000, throughput: 250 },
      references,
      PARALLEL_PULLS,
    ),
  ];
}

/** Builds the node pools, and the overlay that tells Karpenter of the devices which sandboxes ask for. */
export function nodePools(plan: CapacityPlan, businessHours: BusinessHours): Manifest[] {
  const overlays = plan.sandbox.devicePlugin ? [nodeOverlay(plan)] : [];
  return [retoolPool(plan.retoolPool, businessHours), sandboxPool(plan), ...overlays];
}

/** Hours of the week in which Karpenter leaves running pods where they are. */
export interface BusinessHours {
  /** First hour, UTC. */
  readonly startHour: number;
  /** Number of hours. */
  readonly hours: number;
  /** Days as cron has them: `mon-fri`. */
  readonly days: string;
}

/** Monday to Friday, 07:00 to 19:00 UTC. */
export const DEFAULT_BUSINESS_HOURS: BusinessHours = { startHour: 7, hours: 12, days: "mon-fri" };

/** Image pulls of a sandbox node: it starts with several large images at the same time. */
const PARALLEL_PULLS = { serializeImagePulls: false, maxParallelImagePulls: 5 } as const;

function nodeClass(name: string, ebs: JsonObject, references: NodePoolReferences, kubelet: JsonObject = {}): Manifest {
  return {
    apiVersion: "karpenter.k8s.aws/v1",
    kind: "EC2NodeClass",
    metadata: { name },
    spec: {
      amiSelectorTerms: [{ alias: references.amiAlias }],
      instanceProfile: references.instanceProfileName,
      subnetSelectorTerms: references.subnetIds.map((id) => ({ id })),
      securityGroupSelectorTerms: references.securityGroupIds.map((id) => ({ id })),
      associatePublicIPAddress: false,
      blockDeviceMappings: [{ deviceName: "/dev/xvda", rootVolume: true, ebs }],
      metadataOptions: {
        httpEndpoint: "enabled",
        httpProtocolIPv6: "disabled",
        httpPutResponseHopLimit: 1,
        httpTokens: "required",
      },
      kubelet: { maxPods: MAX_PODS, ...kubelet },
      tags: references.tags,
    },
  };
}

function rootVolume(sizeGiB: number, { kmsKeyArn }: NodePoolReferences): JsonObject {
  return {
    volumeSize: `${sizeGiB}Gi`,
    volumeType: "gp3",
    encrypted: true,
    kmsKeyID: kmsKeyArn,
    deleteOnTermination: true,
  };
}

function retoolPool(pool: PoolPlan, { startHour, hours, days }: BusinessHours): Manifest {
  const template = {
    metadata: { labels: { [POOL_LABEL]: POOLS.retool } },
    spec: {
      nodeClassRef: nodeClassRef(POOLS.retool),
      requirements: requirements(pool, ["on-demand"]),
      expireAfter: EXPIRY.retool,
      terminationGracePeriod: formatMinutes(RETOOL_GRACE_MINUTES),
    },
  };
  const disruption = {
    consolidationPolicy: "WhenEmptyOrUnderutilized",
    consolidateAfter: "5m",
    budgets: [
      { nodes: "1" },
      {
        nodes: "0",
        schedule: `0 ${startHour} * * ${days}`,
        duration: `${hours}h`,
        reasons: ["Drifted", "Underutilized"],
      },
    ],
  };
  return nodePool(POOLS.retool, pool, { template, disruption });
}

function sandboxPool(plan: CapacityPlan): Manifest {
  const pool = plan.sandboxPool;
  const capacityTypes = plan.sandbox.purchaseOption === "spot" ? ["spot", "on-demand"] : ["on-demand"];
  const template = {
    metadata: { labels: { [POOL_LABEL]: POOLS.sandbox } },
    spec: {
      nodeClassRef: nodeClassRef(POOLS.sandbox),
      taints: [SANDBOX_TAINT],
      requirements: requirements(pool, capacityTypes),
      expireAfter: EXPIRY.sandbox,
      terminationGracePeriod: formatMinutes(plan.terminationGraceMinutes),
    },
  };
  const disruption = {
    consolidationPolicy: "WhenEmpty",
    consolidateAfter: "10m",
    budgets: [
      { nodes: "100%", reasons: ["Empty"] },
      { nodes: `${REPLACED_PERCENT}%`, reasons: ["Drifted", "Underutilized"] },
    ],
  };
  return nodePool(POOLS.sandbox, pool, { template, disruption });
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

function requirements({ families, shape }: PoolPlan, capacityTypes: readonly string[]): JsonObject[] {
  const among = (key: string, values: readonly string[]): JsonObject => ({ key, operator: "In", values });
  return [
    among("kubernetes.io/arch", ["amd64"]),
    among("kubernetes.io/os", ["linux"]),
    among("karpenter.sh/capacity-type", capacityTypes),
    among("karpenter.k8s.aws/instance-family", families),
    among("karpenter.k8s.aws/instance-cpu", [String(shape.cpus)]),
  ];
}

function nodeOverlay({ overlayCapacity }: CapacityPlan): Manifest {
  return {
    apiVersion: "karpenter.sh/v1alpha1",
    kind: "NodeOverlay",
    metadata: { name: "sandbox-devices" },
    spec: {
      requirements: [{ key: "karpenter.sh/nodepool", operator: "In", values: [POOLS.sandbox] }],
      capacity: { [DEVICE]: String(overlayCapacity) },
    },
  };
}
