import { EksAccessEntry } from "@cdktf/provider-aws/lib/eks-access-entry";
import { IamInstanceProfile } from "@cdktf/provider-aws/lib/iam-instance-profile";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import type { NodeRolePlan } from "../../domain/nodes/karpenter";
import type { ICluster } from "../common/contracts";
import { serviceTrust } from "../common/policy-document";

/** Construction properties for {@link KarpenterNodes}. */
export interface KarpenterNodesProps {
  /** Name and policies. */
  readonly role: NodeRolePlan;
  /** Cluster that the nodes join. */
  readonly cluster: ICluster;
}

/**
 * The identity of nodes that Karpenter launches, and their admission to the cluster.
 *
 * The instance profile is Terraform's, so that the controller can make none, and none is left behind.
 */
export class KarpenterNodes extends Construct {
  /** ARN of the nodes' role. */
  public readonly roleArn: string;
  /** Instance profile of the nodes. */
  public readonly instanceProfileName: string;
  /** What must exist before a node can join. */
  public readonly ready: readonly ITerraformDependable[];

  public constructor(scope: Construct, id: string, { role: plan, cluster }: KarpenterNodesProps) {
    super(scope, id);
    const role = new IamRole(this, "Resource", {
      name: plan.roleName,
      description: `Nodes that Karpenter launches for ${cluster.clusterName}`,
      assumeRolePolicy: serviceTrust("ec2.amazonaws.com"),
    });
    const profile = new IamInstanceProfile(this, "Profile", { name: plan.roleName, role: role.name });
    const policies = this.attachPolicies(role, plan);
    this.roleArn = role.arn;
    this.instanceProfileName = profile.name;
    this.ready = [profile, this.admit(role, cluster), ...policies];
  }

  private attachPolicies(role: IamRole, { policies }: NodeRolePlan): IamRolePolicyAttachment[] {
    return Object.entries(policies).map(
      ([name, policyArn]) => new IamRolePolicyAttachment(this, name, { role: role.name, policyArn }),
    );
  }

  private admit(role: IamRole, cluster: ICluster): EksAccessEntry {
    return new EksAccessEntry(this, "AccessEntry", {
      clusterName: cluster.clusterName,
      principalArn: role.arn,
      type: "EC2_LINUX",
      dependsOn: [...cluster.apiReady],
    });
  }
}
