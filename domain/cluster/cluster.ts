import { z } from "zod";

import { managedPolicyArn } from "../common/aws-partition";
import { type AccessGrant, accessGrants, accessViolations, type ClusterAccess, roleViolations } from "./access";
import {
  addonVersionsSchema,
  type AddonsPlan,
  type AddonVersions,
  addonVersionViolations,
  type ClusterSize,
  planAddons,
} from "./addons";
import { serviceCidrViolations, versionViolations } from "./checks";
import { dataProtectionRules } from "../common/data-protection";
import type { EnvironmentContext } from "../common/context";
import { nodeReleaseOf, nodeReleaseViolations } from "./node-release";
import { KARPENTER } from "./pool-names";
import { boundedName, ROLE_NAME_LIMIT } from "../common/names";
import { OWN_CLUSTER_NAMES, type PoolNames } from "./pool-names";
import { integer } from "../common/setting";
import { checkedSpec, withShape } from "../common/checked-spec";
import { LOG_DAYS, logRetention } from "../common/log-retention";
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

/** Schema of a {@link ClusterSpec}, with bounds, units and defaults. */
export const clusterSchema = z.strictObject({
  kubernetesVersion: z.string().default(versions.kubernetes.default),
  nodeReleaseVersion: z.string().optional(),
  upgradeSupport: z.enum(["standard", "extended"]).default("extended"),
  adminRoleArns: z.array(z.string()).readonly().default([]),
  viewerRoleArns: z.array(z.string()).readonly().default([]),
  logTypes: z.array(z.enum(LOG_TYPES)).readonly().default(["api", "audit", "authenticator"]),
  logRetentionDays: logRetention().default(LOG_DAYS.controlPlane),
  serviceCidr: z.string().default("172.20.0.0/16"),
  prefixDelegation: z.boolean().default(false),
  warmIpTarget: integer({ min: 1, max: 16, unit: "addresses" }).optional(),
  addonVersions: addonVersionsSchema.optional(),
  systemNodes: systemNodesSchema.prefault({}),
});

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

/** What the rest of an environment asks of its cluster. */
export interface ClusterDemand {
  /**
   * Whether something scales by the CPU of pods.
   *
   * @default false
   */
  readonly autoscales?: boolean;
  /**
   * Nodes and CPUs of its pools at the planned peak.
   *
   * @default - few
   */
  readonly size?: ClusterSize;
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
  demand: ClusterDemand = {},
): Planned<ClusterPlan> {
  const root = "cluster";
  const { spec: settings, shape } = checkedSpec(clusterSchema, spec, {}, root);
  const reach = checkedSpec(clusterAccessSchema, access, "private", "clusterAccess");
  const plan = resolve(
    { ...settings, autoscales: demand.autoscales ?? false, size: demand.size },
    context,
    reach.spec,
    accessGrants(settings, context),
  );
  return {
    plan,
    violations: withShape(
      [...shape, ...reach.shape],
      [
        ...versionViolations(plan.kubernetesVersion, `${root}.kubernetesVersion`),
        ...nodeReleaseViolations(settings.nodeReleaseVersion, plan.kubernetesVersion, root),
        ...roleViolations(settings, context, root),
        ...logViolations(plan.logs, root),
        ...serviceCidrViolations(plan.serviceCidr, `${root}.serviceCidr`),
        ...addonVersionViolations(settings.addonVersions ?? {}, `${root}.addonVersions`),
        ...systemNodesViolations(plan.systemNodes, `${root}.systemNodes`),
        ...accessViolations(reach.spec),
      ],
    ),
  };
}

function resolve(
  {
    autoscales,
    size,
    ...spec
  }: z.output<typeof clusterSchema> & { readonly autoscales: boolean; readonly size: ClusterSize | undefined },
  context: EnvironmentContext,
  access: ClusterAccess,
  grants: readonly AccessGrant[],
): ClusterPlan {
  const { kubernetesVersion, prefixDelegation, addonVersions = {} } = spec;
  const { region } = context;
  const name = boundedName(context.prefix, NAME_LIMIT);
  const releaseVersion = nodeReleaseOf(spec.nodeReleaseVersion, kubernetesVersion);
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
      warmIpTarget: spec.warmIpTarget,
      addonVersions,
      autoscales,
      size,
    }),
    systemNodes: planSystemNodes(spec.systemNodes, { clusterName: name, region, kubernetesVersion, releaseVersion }),
    pools: OWN_CLUSTER_NAMES,
    nodesNamespace: KARPENTER.namespace,
  };
}

function logViolations({ types }: ClusterPlan["logs"], root: string): Violation[] {
  const twice = types.filter((type, index) => types.indexOf(type) < index);
  return twice.map((type) => ({
    path: `${root}.logTypes`,
    problem: `"${type}" is listed twice`,
    remedy: "remove one of them",
  }));
}
