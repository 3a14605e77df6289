import { z } from "zod";

import { checkedSpec } from "../common/checked-spec";
import { integer } from "../common/setting";
import { managedPolicyArn } from "../common/aws-partition";
import { instanceTypeProblem, isArm } from "../common/ec2-instance-types";
import { boundedName, ROLE_NAME_LIMIT } from "../common/names";
import type { Violation } from "../common/violation";

/** The nodes that carry what every other node depends on: DNS, Karpenter, the load balancer controller. */
export interface SystemNodesSpec {
  /**
   * Instance types, best first; all of one processor architecture.
   *
   * @default ["m6i.large"]
   */
  readonly instanceTypes?: readonly string[];

  /**
   * Number of nodes, at least 2: Karpenter's two replicas insist on different nodes in different zones.
   *
   * @default 2
   */
  readonly count?: number;

  /**
   * Root disk of a node, GiB.
   *
   * @default 50
   */
  readonly diskGiB?: number;
}

/** Schema of a {@link SystemNodesSpec}, with bounds, units and defaults. */
export const systemNodesSchema = z.strictObject({
  instanceTypes: z.array(z.string()).readonly().default(["m6i.large"]),
  count: integer({ min: 2, max: 10, unit: "nodes" }).default(2),
  diskGiB: integer({ min: 30, max: 1000, unit: "GiB" }).default(50),
});

/** A {@link SystemNodesSpec} with every default filled in. */
export interface SystemNodesPlan {
  /** Name of every instance, and prefix of what is made for them. */
  readonly name: string;
  /** Beginning of the node group's name: a successor exists at the same time as the group that it replaces. */
  readonly groupNamePrefix: string;
  /** Name of the role of the instances. */
  readonly roleName: string;
  /** Policies of that role, by name: to join the cluster, to pull images and, where the network plug-in uses it, for that. */
  readonly managedPolicyArns: Readonly<Record<string, string>>;
  /** Kubernetes minor version of the nodes. */
  readonly kubernetesVersion: string;
  /** Release of their image. */
  readonly releaseVersion: string;
  /** Instance types, best first. */
  readonly instanceTypes: readonly string[];
  /** Image of the nodes, as managed node groups call it. */
  readonly amiType: "AL2023_x86_64_STANDARD" | "AL2023_ARM_64_STANDARD";
  /** Number of nodes. */
  readonly count: number;
  /** Number of nodes there may be while nodes are replaced. */
  readonly maximum: number;
  /** Root disk of a node, GiB. */
  readonly diskGiB: number;
  /** Labels of the nodes. */
  readonly labels: Readonly<Record<string, string>>;
  /** Taint of the nodes. */
  readonly taint: SystemTaint;
}

/** The taint that keeps everything but system pods away. */
export interface SystemTaint {
  /** Key of the taint. */
  readonly key: string;
  /** Value of the taint. */
  readonly value: string;
}

/**
 * The taint of system nodes.
 *
 * Karpenter, CoreDNS, the EBS driver and every DaemonSet of AWS tolerate this key by default; metrics-server and the load
 * balancer controller are told to. Without it Retool's pods would crowd out the controllers they need.
 */
export const SYSTEM_TAINT: SystemTaint = { key: "CriticalAddonsOnly", value: "true" };

/** What a pod needs to run on a system node. */
export const SYSTEM_TOLERATION = { key: SYSTEM_TAINT.key, operator: "Exists" } as const;

/** The label by which pods find system nodes; Karpenter's own examples use it. */
export const SYSTEM_NODE_LABELS = { "karpenter.sh/controller": "true" } as const;

/** What the system nodes need to know of their cluster. */
export interface NodesOfCluster {
  /** Beginning of every name: that of the cluster, or of the environment in a cluster of others. */
  readonly clusterName: string;
  /**
   * Beginning of the node group's name in the cluster.
   *
   * @default "system"
   */
  readonly groupName?: string;
  /** Region of the cluster. */
  readonly region: string;
  /** Kubernetes minor version. */
  readonly kubernetesVersion: string;
  /** Release of the image. */
  readonly releaseVersion: string;
  /**
   * Whether the VPC CNI manages network interfaces with the role of the node.
   *
   * @default false
   */
  readonly networkPluginUsesNodeRole?: boolean;
}

/** Longest name of a node group without the hyphen and the 26 characters that the AWS provider adds to a prefix. */
const GROUP_NAME_LIMIT = 63 - 26 - 1;

/**
 * Number of system nodes, and how many there may be while nodes are replaced.
 *
 * @param spec - The system nodes; what is out of range is refused with the cluster, and counts as left out.
 */
export function systemNodeCount(spec: SystemNodesSpec): Pick<SystemNodesPlan, "count" | "maximum"> {
  const { count } = checkedSpec(systemNodesSchema, spec, {}, "").spec;
  return { count, maximum: count + 1 };
}

/** Resolves the system nodes. */
export function planSystemNodes(spec: SystemNodesSpec, cluster: NodesOfCluster): SystemNodesPlan {
  const { instanceTypes, diskGiB } = checkedSpec(systemNodesSchema, spec, {}, "").spec;
  return {
    name: `${cluster.clusterName}-system`,
    groupNamePrefix: `${boundedName(cluster.groupName ?? "system", GROUP_NAME_LIMIT)}-`,
    roleName: boundedName(`${cluster.clusterName}-system-node`, ROLE_NAME_LIMIT),
    managedPolicyArns: {
      join: managedPolicyArn(cluster.region, "AmazonEKSWorkerNodePolicy"),
      pull: managedPolicyArn(cluster.region, "AmazonEC2ContainerRegistryPullOnly"),
      ...(cluster.networkPluginUsesNodeRole === true
        ? { network: managedPolicyArn(cluster.region, "AmazonEKS_CNI_Policy") }
        : {}),
    },
    kubernetesVersion: cluster.kubernetesVersion,
    releaseVersion: cluster.releaseVersion,
    instanceTypes,
    amiType: instanceTypes.some(isArm) ? "AL2023_ARM_64_STANDARD" : "AL2023_x86_64_STANDARD",
    ...systemNodeCount(spec),
    diskGiB,
    labels: SYSTEM_NODE_LABELS,
    taint: SYSTEM_TAINT,
  };
}

/** Finds everything about the system nodes that cannot work. */
export function systemNodesViolations(plan: SystemNodesPlan, root: string): Violation[] {
  return instanceTypeViolations(plan.instanceTypes, `${root}.instanceTypes`);
}

function instanceTypeViolations(types: readonly string[], path: string): Violation[] {
  if (types.length === 0)
    return [{ path, problem: "is an empty list", remedy: 'name at least one instance type, such as "m6i.large"' }];
  const mixed = types.some(isArm) && !types.every(isArm);
  return [
    ...types.flatMap((type, index) => oneTypeViolations(type, `${path}[${index}]`)),
    ...(mixed
      ? [
          {
            path,
            problem: `${types.join(", ")} have different processor architectures`,
            remedy: "use types of one architecture: the nodes of a group share an image",
          },
        ]
      : []),
  ];
}

function oneTypeViolations(type: string, path: string): Violation[] {
  const problem = instanceTypeProblem(type);
  return problem === undefined ? [] : [{ path, ...problem }];
}
