import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import { loadBalancerControllerStatements } from "../../domain/cluster/load-balancer-controller";
import type { IFrontDoor } from "../common/contracts";
import { policyDocument } from "../common/policy-document";

/** Construction properties for {@link LoadBalancerRights}. */
export interface LoadBalancerRightsProps {
  /** Role of a load balancer controller that runs already. */
  readonly roleName: string;
  /** Name of the policy in that role. */
  readonly prefix: string;
  /** Load balancer whose target groups are filled. */
  readonly frontDoor: Pick<IFrontDoor, "targets">;
}

/** Lets an existing load balancer controller register targets in our target groups, by a separate inline policy in its role. */
export class LoadBalancerRights extends Construct {
  /** What must exist before a target group binding. */
  public readonly ready: readonly ITerraformDependable[];

  public constructor(scope: Construct, id: string, { roleName, prefix, frontDoor }: LoadBalancerRightsProps) {
    super(scope, id);
    const statements = loadBalancerControllerStatements(frontDoor.targets.map(({ targetGroupArn }) => targetGroupArn));
    this.ready = [
      new IamRolePolicy(this, "Resource", {
        name: `${prefix}-targets`,
        role: roleName,
        policy: policyDocument(statements),
      }),
    ];
  }
}
