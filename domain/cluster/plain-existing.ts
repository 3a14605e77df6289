import type { EnvironmentContext } from "../common/context";
import type { Planned } from "../common/violation";
import { versions } from "../versions/pins";
import { type ExistingClusterPlan, planExistingCluster } from "./existing";
import type { ExistingClusterSpec, ExistingLoadBalancerControllerSpec } from "./existing-spec";

/** What a stack is told about a cluster that exists; a plan compares it with what EKS says. */
export interface PlainExistingClusterSpec extends Pick<
  ExistingClusterSpec,
  "nodeReleaseVersion" | "serviceCidr" | "controlPlaneCidrs" | "nodeSecurityGroupIds"
> {
  /**
   * Its Kubernetes minor version.
   *
   * @default "1.36"
   */
  readonly kubernetesVersion?: string;

  /**
   * The AWS Load Balancer Controller that runs in it, with its TargetGroupBinding: `true`, or the name of its role, which is then
   * allowed to fill the target groups that are made.
   *
   * @default false
   */
  readonly loadBalancerController?: boolean | ExistingLoadBalancerControllerSpec;

  /**
   * Whether the VPC CNI (`aws-node`) has its own role, through Pod Identity or IRSA. Without one it uses the roles of the nodes, and
   * those that are made get `AmazonEKS_CNI_Policy`.
   *
   * @default false
   */
  readonly networkPluginRole?: boolean;
}

/**
 * Checks what a stack says about a cluster that exists.
 *
 * @param name - Name of the cluster.
 * @param spec - What the stack says.
 * @param context - Names, account and region.
 * @param privateCidrs - Ranges of the private subnets; empty where nobody knows them.
 */
export function planPlainExistingCluster(
  name: string,
  spec: PlainExistingClusterSpec,
  context: EnvironmentContext,
  privateCidrs: readonly string[],
): Planned<ExistingClusterPlan> {
  const { loadBalancerController, networkPluginRole, kubernetesVersion = versions.kubernetes.default, ...rest } = spec;
  const has = { networkPolicies: true, podIdentityAgent: true, loadBalancerController, networkPluginRole };
  const given: ExistingClusterSpec = { ...rest, kind: "existing", name, kubernetesVersion, has };
  const demand = { devicePlugin: false, spot: false, existingNetwork: true, autoscales: false, privateCidrs };
  const { plan, violations } = planExistingCluster(given, context, demand);
  const pathOf = (path: string): string => path.replace(/^cluster\.has\./, "cluster.");
  return { plan, violations: violations.map((violation) => ({ ...violation, path: pathOf(violation.path) })) };
}
