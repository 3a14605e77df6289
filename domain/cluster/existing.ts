import { checkedSpec, withShape } from "../common/checked-spec";
import { type AddonName, type AddonPlan, planAddons } from "./addons";
import { serviceCidrViolations, versionViolations } from "./checks";
import {
  existingClusterSchema,
  type ExistingClusterSettings,
  type ExistingClusterSpec,
  type ExistingKarpenterSpec,
  type ExistingLoadBalancerControllerSpec,
  presentController,
} from "./existing-spec";
import type { EnvironmentContext } from "../common/context";
import { existingKarpenterViolations, type KarpenterDemand } from "./existing-karpenter";
import { nodeReleaseOf, nodeReleaseViolations } from "./node-release";
import { type PoolNames, sharedClusterNames } from "./pool-names";
import { planSystemNodes, type SystemNodesPlan, systemNodesViolations } from "./system-nodes";
import { versions } from "../versions/pins";
import type { Planned, Violation } from "../common/violation";

/** An {@link ExistingClusterSpec} with every default filled in. */
export interface ExistingClusterPlan {
  /** The cluster is not made. */
  readonly kind: "existing";
  /** Its name. */
  readonly name: string;
  /** Its Kubernetes minor version. */
  readonly kubernetesVersion: string;
  /** Release of the image of our nodes. */
  readonly nodeReleaseVersion: string;
  /** Addresses of its Services. */
  readonly serviceCidr: string;
  /** Ranges of the subnets that hold the interfaces of its control plane. */
  readonly controlPlaneCidrs: readonly string[];
  /** Security groups of its nodes besides the cluster's. */
  readonly nodeSecurityGroupIds: readonly string[];
  /** Names of our pools among those of others. */
  readonly pools: PoolNames;
  /** Namespace of the pools' releases; nobody else uses it. */
  readonly nodesNamespace: string;
  /** Karpenter that is there; absent where it is installed. */
  readonly karpenter?: ExistingKarpenterSpec;
  /** Load balancer controller that is there; absent where it is installed. */
  readonly loadBalancerController?: ExistingLoadBalancerControllerSpec;
  /** Whether IAM knows the cluster's tokens already. */
  readonly oidcProvider: boolean;
  /** Add-ons that are installed. */
  readonly addons: readonly AddonPlan[];
  /** Whether the VPC CNI manages network interfaces with the role of the node. */
  readonly networkPluginUsesNodeRole: boolean;
  /** Nodes of what is installed; absent where nothing is. */
  readonly systemNodes?: SystemNodesPlan;
  /** What nothing can check, in sentences. */
  readonly unseen: readonly string[];
}

export { existingClusterSchema } from "./existing-spec";
export type * from "./existing-spec";

/** What the rest of the environment asks of an existing cluster. */
export interface ExistingClusterDemand extends KarpenterDemand {
  /** Whether the network exists too. */
  readonly existingNetwork: boolean;
  /** Whether a service scales by the CPU of its pods. */
  readonly autoscales: boolean;
  /** Ranges of the private subnets. */
  readonly privateCidrs: readonly string[];
}

/** Stands in for a cluster of the wrong shape, so that everything else is still checked. */
const STAND_IN: ExistingClusterSpec = {
  kind: "existing",
  name: "cluster",
  kubernetesVersion: versions.kubernetes.default,
  has: { networkPolicies: true },
};

/** Fills in defaults and reports what cannot work. */
export function planExistingCluster(
  given: ExistingClusterSpec,
  { region, prefix, account }: EnvironmentContext,
  demand: ExistingClusterDemand,
): Planned<ExistingClusterPlan> {
  const { spec, shape } = checkedSpec(existingClusterSchema, given, STAND_IN, "cluster");
  const { name, kubernetesVersion, serviceCidr, has } = spec;
  const systemNodes = systemNodesOf(spec, { prefix, region });
  const controller = presentController(has);
  const installs = has.karpenter === undefined || controller === undefined;
  return {
    plan: {
      kind: "existing",
      name,
      kubernetesVersion,
      nodeReleaseVersion: nodeReleaseOf(spec.nodeReleaseVersion, kubernetesVersion),
      serviceCidr,
      controlPlaneCidrs: spec.controlPlaneCidrs ?? demand.privateCidrs,
      nodeSecurityGroupIds: spec.nodeSecurityGroupIds,
      pools: sharedClusterNames(prefix),
      nodesNamespace: `${prefix}-nodes`,
      karpenter: has.karpenter,
      loadBalancerController: controller,
      oidcProvider: has.oidcProvider,
      addons: missingAddons(spec, { prefix, region }, demand),
      systemNodes: installs ? systemNodes : undefined,
      networkPluginUsesNodeRole: !has.networkPluginRole,
      unseen: unseenIn(has),
    },
    violations: withShape(shape, [
      ...versionViolations(kubernetesVersion, "cluster.kubernetesVersion"),
      ...nodeReleaseViolations(spec.nodeReleaseVersion, kubernetesVersion, "cluster"),
      ...serviceCidrViolations(serviceCidr, "cluster.serviceCidr"),
      ...placeViolations(has, demand),
      ...existingKarpenterViolations(has.karpenter, demand, { kubernetesVersion, account, region }),
      ...systemNodesViolations(systemNodes, "cluster.systemNodes"),
      ...uselessNodes(spec, installs),
    ]),
  };
}

function systemNodesOf(
  { systemNodes, kubernetesVersion, nodeReleaseVersion, has }: ExistingClusterSettings,
  { prefix, region }: Pick<EnvironmentContext, "prefix" | "region">,
): SystemNodesPlan {
  return planSystemNodes(systemNodes ?? {}, {
    clusterName: prefix,
    groupName: `${prefix}-system`,
    region,
    kubernetesVersion,
    releaseVersion: nodeReleaseOf(nodeReleaseVersion, kubernetesVersion),
    networkPluginUsesNodeRole: !has.networkPluginRole,
  });
}

function missingAddons(
  { kubernetesVersion, has }: ExistingClusterSettings,
  { prefix, region }: Pick<EnvironmentContext, "prefix" | "region">,
  { autoscales }: Pick<ExistingClusterDemand, "autoscales">,
): AddonPlan[] {
  const missing: readonly AddonName[] = [
    ...(has.podIdentityAgent ? [] : (["eks-pod-identity-agent"] as const)),
    ...(has.metricsServer || !autoscales ? [] : (["metrics-server"] as const)),
  ];
  const input = {
    clusterName: prefix,
    region,
    kubernetesVersion,
    prefixDelegation: false,
    addonVersions: {},
    autoscales,
  };
  const { beforeNodes, afterNodes } = planAddons(input);
  return [...beforeNodes, ...afterNodes].filter((addon) => missing.includes(addon.name));
}

function unseenIn(has: ExistingClusterSettings["has"]): string[] {
  const { karpenter } = has;
  const loadBalancerController = presentController(has);
  return [
    "Check yourself that the cluster enforces NetworkPolicies; an apply cannot, and without enforcement every policy is a no-op.",
    ...(karpenter === undefined
      ? []
      : [
          "Karpenter's feature gates are as the configuration says: an apply cannot check them, and without nodeOverlay no " +
            "node is launched for a sandbox.",
          `Karpenter's role may pass the role of the instance profile ${karpenter.instanceProfileName}, and that role has ` +
            "an access entry of type EC2_LINUX.",
          karpenter.sandboxInstanceProfileName === undefined
            ? "Code that escapes from a sandbox gets the AWS permissions of all other nodes: set " +
              "cluster.has.karpenter.sandboxInstanceProfileName (docs/guides/existing-cluster.md)."
            : `The same holds for ${karpenter.sandboxInstanceProfileName}, whose role only joins the cluster and pulls images.`,
        ]),
    ...(loadBalancerController === undefined || loadBalancerController.roleName !== undefined
      ? []
      : [
          "The load balancer controller's role may register targets in any target group, as in AWS's published policy.",
        ]),
  ];
}

function placeViolations(
  { networkPolicies }: ExistingClusterSettings["has"],
  { existingNetwork }: ExistingClusterDemand,
): Violation[] {
  const newNetwork: Violation[] = existingNetwork
    ? []
    : [
        {
          path: "network",
          problem: "a new network would be created, but the existing cluster is already in one",
          remedy: 'describe the existing one: network: { kind: "existing", ... }',
        },
      ];
  const unenforced: Violation[] = networkPolicies
    ? []
    : [
        {
          path: "cluster.has.networkPolicies",
          problem: "false would leave pods that run users' code free to reach the nodes, the database and each other",
          remedy: 'set enableNetworkPolicy to "true" in the configuration of the add-on vpc-cni, then set this to true',
        },
      ];
  return [...newNetwork, ...unenforced];
}

function uselessNodes({ systemNodes }: ExistingClusterSettings, installs: boolean): Violation[] {
  if (installs || systemNodes === undefined) return [];
  return [
    {
      path: "cluster.systemNodes",
      problem: "has no effect, because the cluster already has all controllers",
      remedy: "remove it",
    },
  ];
}
