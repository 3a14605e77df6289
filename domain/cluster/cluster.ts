import { z } from "zod";

import { managedPolicyArn } from "../common/aws-partition";
import { type AccessGrant, accessGrants, accessViolations, type ClusterAccess, roleViolations } from "./access";
import { addonVersionsSchema, type AddonsPlan, type AddonVersions, addonVersionViolations, planAddons } from "./addons";
import { serviceCidrViolations, versionViolations } from "./checks";
import { dataProtectionRules } from "../common/data-protection";
import type { EnvironmentContext } from "../common/context";
import { nodeReleaseOf, nodeReleaseViolations } from "./node-release";
import { KARPENTER } from "./pool-names";
import { boundedName, ROLE_NAME_LIMIT } from "../common/names";
import { OWN_CLUSTER_NAMES, type PoolNames } from "./pool-names";
import { integer } from "../common/setting";
import { shapeViolations } from "../common/shape";
import {
  planSystemNodes,
  type SystemNodesPlan,
  type SystemNodesSpec,
  systemNodesSchema,
  systemNodesViolations,
} from "./system-nodes";
import { versions } from "../versions/pins";
import type { Planned, Violation } from "../common/violation";

const LOG_TYPES = ["api", "audit", "authenticator", "controllerManager", "scheduler"] as const;

/** A log of the control plane. */
export type ControlPlaneLog = (typeof LOG_TYPES)[number];

/** What a team decides about its EKS cluster. */
export interface ClusterSpec {
  /**
   * Kubernetes minor version. Raise it by one at a time; lowering it is not possible.
   *
   * @default "1.36"
   */
  readonly kubernetesVersion?: string;

  /**
   * Release of the Amazon Linux 2023 image of every node, of the cluster's Kubernetes version, such as `1.36.3-20260903`. Raise it
   * for security updates: system nodes are replaced in the next apply, Karpenter's outside the business hours.
   * Releases: https://github.com/awslabs/amazon-eks-ami/releases
   *
   * @default - the release that this package pins for the Kubernetes version
   */
  readonly nodeReleaseVersion?: string;

  /**
   * What happens when standard support of the version ends: `extended` keeps it for a year at six times the hourly price
   * of the control plane, `standard` lets AWS upgrade the control plane to the next version.
   *
   * @default "extended"
   */
  readonly upgradeSupport?: "standard" | "extended";

  /**
   * ARNs of IAM roles that administer the cluster. The role that made the cluster is an administrator already and must
   * not be listed: EKS would refuse it a second entry.
   *
   * @default []
   */
  readonly adminRoleArns?: readonly string[];

  /**
   * ARNs of IAM roles that may see pods, their logs and all other objects of namespaces but Secrets; nodes, node pools and
   * custom resources are for administrators.
   *
   * @default []
   */
  readonly viewerRoleArns?: readonly string[];

  /**
   * Logs of the control plane to keep.
   *
   * @default ["api", "audit", "authenticator"]
   */
  readonly logTypes?: readonly ControlPlaneLog[];

  /**
   * Days that logs of the control plane are kept: a number that CloudWatch Logs knows.
   *
   * @default 90
   */
  readonly logRetentionDays?: number;

  /**
   * Addresses of Kubernetes Services; they exist inside the cluster only. Changing it replaces the cluster.
   *
   * @default "172.20.0.0/16"
   */
  readonly serviceCidr?: string;

  /**
   * Whether nodes take addresses for pods in blocks of 16: more pods fit on a node, but more addresses of the subnets
   * are bound.
   *
   * @default false
   */
  readonly prefixDelegation?: boolean;

  /**
   * Addresses that each node keeps in reserve for its next pods (`WARM_IP_TARGET` of the VPC CNI), for small subnets: without it a
   * node keeps a whole network interface, 15 addresses or more. Each new pod then costs calls of EC2's API, which AWS throttles where
   * hundreds of pods start in a minute.
   *
   * @default - a network interface
   */
  readonly warmIpTarget?: number;

  /**
   * Exact versions of EKS add-ons, by name. `metrics-server` is installed where a service autoscales, `aws-ebs-csi-driver` not at all;
   * name one here to install it in any case.
   *
   * @default - the version that EKS recommends for the Kubernetes version
   */
  readonly addonVersions?: AddonVersions;

  /**
   * Nodes for DNS and the controllers.
   *
   * @default - two `m6i.large` with 50 GiB
   */
  readonly systemNodes?: SystemNodesSpec;
}

/** Shape of a {@link ClusterSpec}. */
export const clusterSchema = z.strictObject({
  kubernetesVersion: z.string().optional(),
  nodeReleaseVersion: z.string().optional(),
  upgradeSupport: z.enum(["standard", "extended"]).optional(),
  adminRoleArns: z.array(z.string()).optional(),
  viewerRoleArns: z.array(z.string()).optional(),
  logTypes: z.array(z.enum(LOG_TYPES)).optional(),
  logRetentionDays: z.number().optional(),
  serviceCidr: z.string().optional(),
  prefixDelegation: z.boolean().optional(),
  warmIpTarget: integer({ min: 1, max: 16, unit: "addresses" }).optional(),
  addonVersions: addonVersionsSchema.optional(),
  systemNodes: systemNodesSchema.optional(),
}) satisfies z.ZodType<ClusterSpec>;

/** Shape of a {@link ClusterAccess}. */
export const clusterAccessSchema = z.union([z.literal("private"), z.array(z.string())]);

/** A {@link ClusterSpec} with every default filled in. */
export interface ClusterPlan {
  /** The cluster is made. */
  readonly kind: "new";
  /** Whether the VPC CNI manages network interfaces with the role of the node; in a new cluster it has its own role. */
  readonly networkPluginUsesNodeRole: false;
  /** Name of the cluster. */
  readonly name: string;
  /** Kubernetes minor version. */
  readonly kubernetesVersion: string;
  /** Release of the image of every node. */
  readonly nodeReleaseVersion: string;
  /** Name of the control plane's role. */
  readonly roleName: string;
  /** Policy of that role. */
  readonly managedPolicyArn: string;
  /** What happens when standard support ends, as EKS calls it. */
  readonly supportType: "STANDARD" | "EXTENDED";
  /** Ranges that may reach the Kubernetes API over the internet; empty for none. */
  readonly publicAccessCidrs: readonly string[];
  /** Roles and what they may do. */
  readonly accessGrants: readonly AccessGrant[];
  /** Log group of the control plane. */
  readonly logs: {
    /** Name of the log group; EKS fixes it. */
    readonly groupName: string;
    /** Logs to keep. */
    readonly types: readonly ControlPlaneLog[];
    /** Days to keep them. */
    readonly retentionDays: number;
  };
  /** Addresses of Kubernetes Services. */
  readonly serviceCidr: string;
  /** Whether Terraform refuses to destroy the cluster. */
  readonly preventDestroy: boolean;
  /** Add-ons. */
  readonly addons: AddonsPlan;
  /** System nodes. */
  readonly systemNodes: SystemNodesPlan;
  /** Names of the pools of nodes. */
  readonly pools: PoolNames;
  /** Namespace of the pools' releases. */
  readonly nodesNamespace: string;
}

const DEFAULTS: Required<Omit<ClusterSpec, "nodeReleaseVersion" | "warmIpTarget">> = {
  kubernetesVersion: versions.kubernetes.default,
  upgradeSupport: "extended",
  adminRoleArns: [],
  viewerRoleArns: [],
  logTypes: ["api", "audit", "authenticator"],
  logRetentionDays: 90,
  serviceCidr: "172.20.0.0/16",
  prefixDelegation: false,
  addonVersions: {},
  systemNodes: {},
};

/** What the rest of an environment asks of its cluster. */
export interface ClusterDemand {
  /**
   * Whether something scales by the CPU of pods.
   *
   * @default false
   */
  readonly autoscales?: boolean;
}

/** EKS takes 100 characters, but names of roles, queues and policies are made from it. */
const NAME_LIMIT = 38;

/**
 * Resolves an EKS cluster and checks that AWS can make it.
 *
 * @param spec - What the configuration says.
 * @param context - The environment.
 * @param access - Who may reach the Kubernetes API.
 * @param demand - What runs in it.
 */
export function planCluster(
  spec: ClusterSpec | undefined,
  context: EnvironmentContext,
  access: ClusterAccess,
  { autoscales = false }: ClusterDemand = {},
): Planned<ClusterPlan> {
  const root = "cluster";
  const settings = wellFormed(clusterSchema, spec ?? {}, {}, root);
  const reach = wellFormed<ClusterAccess>(clusterAccessSchema, access, "private", "clusterAccess");
  const { adminRoleArns = [], viewerRoleArns = [], addonVersions = {} } = settings.value;
  const roles = { adminRoleArns, viewerRoleArns };
  const plan = resolve({ ...settings.value, autoscales }, context, reach.value, accessGrants(roles, context));
  return {
    plan,
    violations: [
      ...settings.violations,
      ...reach.violations,
      ...versionViolations(plan.kubernetesVersion, `${root}.kubernetesVersion`),
      ...nodeReleaseViolations(settings.value.nodeReleaseVersion, plan.kubernetesVersion, root),
      ...roleViolations(roles, context, root),
      ...logViolations(plan.logs, root),
      ...serviceCidrViolations(plan.serviceCidr, `${root}.serviceCidr`),
      ...addonVersionViolations(addonVersions, `${root}.addonVersions`),
      ...systemNodesViolations(plan.systemNodes, `${root}.systemNodes`),
      ...accessViolations(reach.value, "clusterAccess"),
    ],
  };
}

/** Replaces what has the wrong shape, so that the other checks can still run. */
function wellFormed<Value>(
  schema: z.ZodType<Value>,
  value: Value,
  fallback: Value,
  root: string,
): { readonly value: Value; readonly violations: readonly Violation[] } {
  const violations = shapeViolations(schema, value, root);
  return { value: violations.length > 0 ? fallback : value, violations };
}

function resolve(
  { autoscales, ...given }: ClusterSpec & Required<ClusterDemand>,
  context: EnvironmentContext,
  access: ClusterAccess,
  grants: readonly AccessGrant[],
): ClusterPlan {
  const spec = { ...DEFAULTS, ...withoutUndefined(given) };
  const { kubernetesVersion, prefixDelegation, addonVersions } = spec;
  const { region } = context;
  const name = boundedName(context.prefix, NAME_LIMIT);
  const releaseVersion = nodeReleaseOf(given.nodeReleaseVersion, kubernetesVersion);
  return {
    kind: "new",
    networkPluginUsesNodeRole: false,
    name,
    kubernetesVersion,
    nodeReleaseVersion: releaseVersion,
    roleName: boundedName(`${name}-cluster`, ROLE_NAME_LIMIT),
    managedPolicyArn: managedPolicyArn(region, "AmazonEKSClusterPolicy"),
    supportType: spec.upgradeSupport === "standard" ? "STANDARD" : "EXTENDED",
    publicAccessCidrs: access === "private" ? [] : access,
    accessGrants: grants,
    logs: { groupName: `/aws/eks/${name}/cluster`, types: spec.logTypes, retentionDays: spec.logRetentionDays },
    serviceCidr: spec.serviceCidr,
    preventDestroy: dataProtectionRules(context.dataProtection).preventDestroy,
    addons: planAddons({
      clusterName: name,
      region,
      kubernetesVersion,
      prefixDelegation,
      warmIpTarget: given.warmIpTarget,
      addonVersions,
      autoscales,
    }),
    systemNodes: planSystemNodes(spec.systemNodes, { clusterName: name, region, kubernetesVersion, releaseVersion }),
    pools: OWN_CLUSTER_NAMES,
    nodesNamespace: KARPENTER.namespace,
  };
}

/** A setting that is there but `undefined` keeps its default. */
function withoutUndefined<Spec extends object>(spec: Spec): { [Key in keyof Spec]?: NonNullable<Spec[Key]> } {
  return Object.fromEntries(Object.entries(spec).filter(([, value]) => value !== undefined)) as {
    [Key in keyof Spec]?: NonNullable<Spec[Key]>;
  };
}

/** Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

function logViolations({ types, retentionDays }: ClusterPlan["logs"], root: string): Violation[] {
  const twice = types.filter((type, index) => types.indexOf(type) < index);
  const retention = RETENTION_DAYS.includes(retentionDays)
    ? []
    : [
        {
          path: `${root}.logRetentionDays`,
          problem: `CloudWatch Logs cannot keep logs for ${retentionDays} days`,
          remedy: `use one of ${RETENTION_DAYS.join(", ")}`,
        },
      ];
  return [
    ...retention,
    ...twice.map((type) => ({
      path: `${root}.logTypes`,
      problem: `"${type}" is listed twice`,
      remedy: "remove one of them",
    })),
  ];
}
