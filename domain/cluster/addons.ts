import { z } from "zod";

import { managedPolicyArn } from "../common/aws-partition";
import type { JsonObject } from "../common/kubernetes";
import { boundedName, ROLE_NAME_LIMIT } from "../common/names";
import { SYSTEM_TOLERATION } from "./system-nodes";
import type { Violation } from "../common/violation";

/** Add-ons that a cluster may have; the one of CloudWatch is planned with the logs. */
export const ADDONS = [
  "vpc-cni",
  "kube-proxy",
  "eks-pod-identity-agent",
  "coredns",
  "metrics-server",
  "aws-ebs-csi-driver",
  "amazon-cloudwatch-observability",
] as const;

/** Name of an add-on. */
export type AddonName = (typeof ADDONS)[number];

/** Shape of an {@link AddonVersions}. */
export const addonVersionsSchema = z.partialRecord(z.enum(ADDONS), z.string());

/**
 * Exact versions of add-ons, by name, as EKS writes them: `v1.22.4-eksbuild.1`. An add-on that nothing here needs is installed where
 * it is named: `aws-ebs-csi-driver` for volumes, `metrics-server` for autoscaling and `kubectl top`.
 */
export type AddonVersions = Readonly<Partial<Record<AddonName, string>>>;

/** An add-on that Amazon EKS installs and keeps. */
export interface AddonPlan {
  /** Name of the add-on. */
  readonly name: AddonName;
  /** Kubernetes minor version of the cluster. */
  readonly kubernetesVersion: string;
  /** Exact version; what EKS recommends for the Kubernetes version where it is left out. */
  readonly version?: string;
  /** Settings of the add-on, under the keys of the add-on's schema. */
  readonly configuration?: JsonObject;
  /** Role of the add-on, if it calls AWS. */
  readonly identity?: AddonIdentity;
  /** Versions that must not run, if there are any. */
  readonly faulty?: FaultyVersions;
}

/** Versions of an add-on with a fault that a cluster does not survive. */
export interface FaultyVersions {
  /** Regular expression that finds them, in the syntax that JavaScript and Terraform share. */
  readonly pattern: string;
  /** What is wrong with them. */
  readonly problem: string;
  /** What to use instead. */
  readonly remedy: string;
}

/**
 * On a new cluster their agent starts before it can list the kinds of policy there are, and then drops what every pod
 * sends, regardless of the policies.
 *
 * Sources: https://github.com/aws/aws-network-policy-agent/issues/553 and its fix, pull request 551, which is in agent
 * 1.3.5; the add-on has that agent since 1.21.2 and 1.22.1. The latter finds security groups by tags, which 1.22.2 took back
 * (https://github.com/aws/amazon-vpc-cni-k8s/pull/3720).
 */
const FAULTY_VPC_CNI: FaultyVersions = {
  pattern: "^v1[.](21[.][01]|22[.][01])-",
  problem: "can cut off all pods of a new cluster",
  remedy: "use v1.21.2, v1.22.2 or later",
};

/** The service account of an add-on that calls AWS, and its role. */
export interface AddonIdentity {
  /** Service account in `kube-system`. */
  readonly serviceAccount: string;
  /** Name of the role. */
  readonly roleName: string;
  /** Policies of the role, by name. */
  readonly managedPolicyArns: Readonly<Record<string, string>>;
}

/** The add-ons of a cluster, by when they must exist. */
export interface AddonsPlan {
  /** DaemonSets: a node is not ready, or its pods get no credentials or policies, without them. */
  readonly beforeNodes: readonly AddonPlan[];
  /** Deployments: EKS waits until their pods run, so nodes and the network policies of `kube-system` come first. */
  readonly afterNodes: readonly AddonPlan[];
  /** Exact versions that the configuration asks for. */
  readonly versions: AddonVersions;
}

/** Size of a cluster. */
export interface ClusterSize {
  /** Nodes. */
  readonly nodes: number;
  /** CPUs of all of them. */
  readonly cpus: number;
}

/** Pods of DNS that EKS runs where nothing is said. */
const DNS_REPLICAS = 2;

/**
 * Pods of DNS: one for 16 nodes or 256 CPUs, as EKS's own autoscaler counts them.
 *
 * Source: https://docs.aws.amazon.com/eks/latest/userguide/coredns-autoscaling.html
 */
function dnsReplicas({ nodes, cpus }: ClusterSize = { nodes: 0, cpus: 0 }): JsonObject {
  const replicas = Math.max(DNS_REPLICAS, Math.ceil(nodes / 16), Math.ceil(cpus / 256));
  return replicas === DNS_REPLICAS ? {} : { replicaCount: replicas };
}

/** What decides the add-ons of a cluster. */
export interface AddonsInput {
  /** Name of the cluster. */
  readonly clusterName: string;
  /** Region of the cluster. */
  readonly region: string;
  /** Kubernetes minor version. */
  readonly kubernetesVersion: string;
  /** Whether nodes take addresses for pods in blocks of 16. */
  readonly prefixDelegation: boolean;
  /**
   * Addresses that each node keeps in reserve.
   *
   * @default - those of a whole network interface
   */
  readonly warmIpTarget?: number;
  /** Exact versions; what is named here is installed in any case. */
  readonly addonVersions: AddonVersions;
  /** Whether something scales by the CPU of pods. */
  readonly autoscales: boolean;
  /**
   * Nodes and CPUs of the pools at the planned peak.
   *
   * @default - few
   */
  readonly size?: ClusterSize;
}

/** Resolves the add-ons of a cluster. */
export function planAddons(input: AddonsInput): AddonsPlan {
  const tolerations = [SYSTEM_TOLERATION];
  const isNamed = (name: AddonName): boolean => input.addonVersions[name] !== undefined;
  const addon = (name: AddonName, rest: Pick<AddonPlan, "configuration" | "identity" | "faulty"> = {}): AddonPlan => ({
    name,
    kubernetesVersion: input.kubernetesVersion,
    version: input.addonVersions[name],
    ...rest,
  });
  return {
    beforeNodes: [
      addon("vpc-cni", {
        configuration: vpcCniConfiguration(input),
        identity: identity(input, "vpc-cni", "aws-node", "AmazonEKS_CNI_Policy"),
        faulty: FAULTY_VPC_CNI,
      }),
      addon("kube-proxy"),
      addon("eks-pod-identity-agent"),
    ],
    afterNodes: [
      addon("coredns", { configuration: { ...dnsReplicas(input.size), tolerations } }),
      ...(input.autoscales || isNamed("metrics-server")
        ? [addon("metrics-server", { configuration: { tolerations } })]
        : []),
      ...(isNamed("aws-ebs-csi-driver") ? [ebsCsiDriver(addon, input)] : []),
    ],
    versions: input.addonVersions,
  };
}

/** Retool keeps nothing on volumes, so the driver is for what else runs in the cluster. */
function ebsCsiDriver(
  addon: (name: AddonName, rest: Pick<AddonPlan, "configuration" | "identity">) => AddonPlan,
  input: AddonsInput,
): AddonPlan {
  return addon("aws-ebs-csi-driver", {
    configuration: { controller: { tolerations: [SYSTEM_TOLERATION] } },
    identity: identity(input, "ebs-csi", "ebs-csi-controller-sa", "service-role/AmazonEBSCSIDriverPolicy"),
  });
}

function identity(input: AddonsInput, suffix: string, serviceAccount: string, policy: string): AddonIdentity {
  return {
    serviceAccount,
    roleName: boundedName(`${input.clusterName}-${suffix}`, ROLE_NAME_LIMIT),
    managedPolicyArns: { access: managedPolicyArn(input.region, policy) },
  };
}

/** Finds every version that no add-on has, or that must not run. */
export function addonVersionViolations(addonVersions: AddonVersions, root: string): Violation[] {
  return Object.entries(addonVersions).flatMap(([name, version]) => {
    const path = `${root}.${name}`;
    if (!/^v\d+\.\d+\.\d+-eksbuild\.\d+$/.test(version))
      return [
        {
          path,
          problem: `"${version}" is not the version of an EKS add-on`,
          remedy: 'use a version such as "v1.22.4-eksbuild.1"; `aws eks describe-addon-versions` lists them',
        },
      ];
    const { pattern, problem, remedy } = FAULTY_VPC_CNI;
    return name === "vpc-cni" && new RegExp(pattern).test(version)
      ? [{ path, problem: `"${version}" ${problem}`, remedy }]
      : [];
  });
}

/**
 * Network policies are enforced from the first packet of a pod: in `strict` mode a pod that no policy selects can neither
 * send nor receive. All values are text, which the add-on's schema demands.
 *
 * Source: https://github.com/aws/amazon-vpc-cni-k8s#network_policy_enforcing_mode-v1171
 */
function vpcCniConfiguration({ prefixDelegation, warmIpTarget }: AddonsInput): JsonObject {
  return {
    enableNetworkPolicy: "true",
    env: {
      NETWORK_POLICY_ENFORCING_MODE: "strict",
      ENABLE_PREFIX_DELEGATION: String(prefixDelegation),
      ...(warmIpTarget === undefined ? {} : { WARM_IP_TARGET: String(warmIpTarget) }),
    },
  };
}
