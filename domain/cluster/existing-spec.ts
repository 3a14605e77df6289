import semver from "semver";
import { z } from "zod";

import { rangeProblem } from "../common/address-range";
import { quote } from "../common/quote";
import { resourceId } from "../common/resource-id";
import { checked } from "../common/setting";
import type { Problem } from "../common/violation";
import { type SystemNodesSpec, systemNodesSchema } from "./system-nodes";

/** A Karpenter that runs in the cluster already; our pools are attached to it. */
export interface ExistingKarpenterSpec {
  /** Version of its chart, such as `1.14.1`. */
  readonly version: string;
  /** Instance profile of its nodes: their role has an access entry, and Karpenter may pass it. */
  readonly instanceProfileName: string;
  /**
   * Instance profile of the nodes that run users' code (sandboxes, `nodePools.isolateCodeExecution`), so that code that escapes finds a
   * role which only joins and pulls images.
   *
   * @default - `instanceProfileName`
   */
  readonly sandboxInstanceProfileName?: string;
  /** Role of its controller; it is allowed to use the key that encrypts the disks of our nodes. */
  readonly controllerRoleArn: string;

  /**
   * Whether its feature gate `nodeOverlay` is on. Nothing in AWS or Kubernetes shows that, so it has to be said.
   *
   * @default false
   */
  readonly nodeOverlay?: boolean;

  /**
   * Whether it has an interruption queue, by which it learns of spot nodes that AWS takes back.
   *
   * @default false
   */
  readonly interruptionQueue?: boolean;
}

/** An AWS Load Balancer Controller that runs in the cluster already. */
export interface ExistingLoadBalancerControllerSpec {
  /**
   * Name of its role, which is then allowed to fill our target groups.
   *
   * @default - it is allowed to fill any, as in the policy that AWS publishes for it
   */
  readonly roleName?: string;
}

/** What a cluster has already. Everything else that a cluster can have only once is installed. */
export interface PresentInCluster {
  /** Something enforces NetworkPolicies, such as the VPC CNI with `enableNetworkPolicy`; without it they are no-ops. */
  readonly networkPolicies: boolean;

  /**
   * Karpenter.
   *
   * @default - none: it is installed, with system nodes for it
   */
  readonly karpenter?: ExistingKarpenterSpec;

  /**
   * The AWS Load Balancer Controller, with its TargetGroupBinding: `true`, or the name of its role. Without one it is
   * installed, with system nodes for it.
   *
   * @default false
   */
  readonly loadBalancerController?: boolean | ExistingLoadBalancerControllerSpec;

  /**
   * The add-on `eks-pod-identity-agent`.
   *
   * @default false
   */
  readonly podIdentityAgent?: boolean;

  /**
   * The IAM OpenID Connect provider of the cluster, by which pods assume roles (IRSA); it is made only where `blobStorage.identity` is `irsa`.
   *
   * @default false
   */
  readonly oidcProvider?: boolean;

  /**
   * Whether the VPC CNI (`aws-node`) has its own role, through Pod Identity or IRSA. Without one it uses the roles of the nodes, and
   * those that are made here get `AmazonEKS_CNI_Policy`.
   *
   * @default false
   */
  readonly networkPluginRole?: boolean;

  /**
   * metrics-server, by which pods are scaled; it is installed only where a service autoscales.
   *
   * @default false
   */
  readonly metricsServer?: boolean;
}

/** An EKS cluster that exists, in a network that exists. */
export interface ExistingClusterSpec {
  /** The cluster is not made. */
  readonly kind: "existing";
  /** Its name. */
  readonly name: string;
  /** Its Kubernetes minor version; an apply compares it with what EKS says. */
  readonly kubernetesVersion: string;

  /**
   * Release of the Amazon Linux 2023 image of our nodes, such as `1.36.3-20260903`.
   *
   * @default - the release that this package pins for the Kubernetes version
   */
  readonly nodeReleaseVersion?: string;

  /**
   * Addresses of its Services; an apply compares them with what EKS says.
   *
   * @default "172.20.0.0/16"
   */
  readonly serviceCidr?: string;

  /**
   * Ranges of the subnets that hold the interfaces of its control plane, through which pods reach the Kubernetes API; an apply
   * compares them with the subnets that EKS names.
   *
   * @default - those of the private subnets
   */
  readonly controlPlaneCidrs?: readonly string[];

  /**
   * Security groups of its nodes besides the cluster's, where nodes and DNS have separate ones.
   *
   * @default []
   */
  readonly nodeSecurityGroupIds?: readonly string[];

  /** What is in it already. */
  readonly has: PresentInCluster;

  /**
   * Nodes for the controllers that are installed; none are made where nothing is.
   *
   * @default - two `m6i.large` with 50 GiB
   */
  readonly systemNodes?: SystemNodesSpec;
}

const range = checked(z.string(), rangeProblem, { form: "an IPv4 range" });

function named(pattern: RegExp, form: string): z.ZodString {
  const problemOf = (name: string): Problem | undefined =>
    pattern.test(name) ? undefined : { problem: `${quote(name)} is not ${form}`, remedy: "use its name, not its ARN" };
  return checked(z.string(), problemOf, { form });
}

const profileName = named(/^[\w+=,.@-]{1,128}$/, "the name of an instance profile");

function versionProblem(version: string): Problem | undefined {
  if (semver.valid(version) !== null) return undefined;
  return { problem: `${quote(version)} is not a version`, remedy: 'use one such as "1.14.1"' };
}

/** Shape of an {@link ExistingKarpenterSpec}. */
export const existingKarpenterSchema = z.strictObject({
  version: checked(z.string(), versionProblem, { form: "a version" }),
  instanceProfileName: profileName,
  sandboxInstanceProfileName: profileName.optional(),
  controllerRoleArn: z.string(),
  nodeOverlay: z.boolean().default(false),
  interruptionQueue: z.boolean().default(false),
});

/** Shape of an {@link ExistingClusterSpec}. */
export const existingClusterSchema = z.strictObject({
  kind: z.literal("existing"),
  name: named(/^[0-9A-Za-z][\w-]{0,99}$/, "the name of an EKS cluster"),
  kubernetesVersion: z.string(),
  nodeReleaseVersion: z.string().optional(),
  serviceCidr: z.string().default("172.20.0.0/16"),
  controlPlaneCidrs: z.array(range).min(1, "the list is empty; list the ranges, or leave it out").readonly().optional(),
  nodeSecurityGroupIds: z.array(resourceId("sg")).readonly().default([]),
  has: z.strictObject({
    networkPolicies: z.boolean(),
    karpenter: existingKarpenterSchema.optional(),
    loadBalancerController: z.union([z.boolean(), z.strictObject({ roleName: z.string().optional() })]).default(false),
    podIdentityAgent: z.boolean().default(false),
    oidcProvider: z.boolean().default(false),
    networkPluginRole: z.boolean().default(false),
    metricsServer: z.boolean().default(false),
  }),
  systemNodes: systemNodesSchema.optional(),
});

/** An {@link ExistingClusterSpec} with every default that does not depend on other settings. */
export type ExistingClusterSettings = z.output<typeof existingClusterSchema>;

/** The controller that runs in a cluster already; undefined where none does. */
export function presentController({
  loadBalancerController: given,
}: ExistingClusterSettings["has"]): ExistingLoadBalancerControllerSpec | undefined {
  if (typeof given !== "boolean") return given;
  return given ? {} : undefined;
}
