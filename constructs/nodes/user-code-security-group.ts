import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import type { CapacityPlan } from "../../domain/capacity/capacity";
import {
  type NodeConnection,
  USER_CODE_CONNECTIONS,
  type UserCodeNodes,
} from "../../domain/nodes/user-code-connections";
import type { INetwork } from "../common/contracts";
import type { NodePoolsProps } from "./node-pools";

/** Construction properties for {@link UserCodeSecurityGroup}. */
export interface UserCodeSecurityGroupProps {
  /** Which nodes; the group's name ends with it. */
  readonly nodes: UserCodeNodes;
  /** Prefix of the group's name. */
  readonly prefix: string;
  /** Network of the nodes. */
  readonly network: Pick<INetwork, "vpcId">;
  /** Security groups of the control plane and of all other nodes. */
  readonly clusterSecurityGroupIds: readonly string[];
}

/**
 * The security group of nodes that run users' code: apart from the one that the control plane shares with all other nodes.
 *
 * It opens the control plane, DNS and the containers that these nodes call, and for images and AWS the way out. The kubelets of
 * other nodes and the group of a database made here do not admit it, and the nodes do not reach each other.
 */
export class UserCodeSecurityGroup extends Construct {
  /** Id of the group. */
  public readonly securityGroupId: string;
  /** The rules, without which a node cannot join. */
  public readonly ready: readonly ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: UserCodeSecurityGroupProps) {
    super(scope, id);
    const { nodes, prefix, network, clusterSecurityGroupIds } = props;
    const group = new SecurityGroup(this, "Resource", {
      namePrefix: `${prefix}-${nodes}-nodes-`,
      description: `Nodes of ${prefix} that run the code of users`,
      vpcId: network.vpcId,
      tags: { Name: `${prefix}-${nodes}-nodes` },
      lifecycle: { createBeforeDestroy: true },
    });
    this.securityGroupId = group.id;
    const { outside, cluster } = USER_CODE_CONNECTIONS[nodes];
    this.ready = [
      new VpcSecurityGroupEgressRule(this, outside.id, {
        securityGroupId: group.id,
        cidrIpv4: "0.0.0.0/0",
        ipProtocol: "tcp",
        fromPort: outside.from,
        toPort: outside.to,
        description: outside.description,
      }),
      ...clusterSecurityGroupIds.flatMap((clusterGroupId, index) =>
        cluster.flatMap((connection) => this.connect(connection, clusterGroupId, index)),
      ),
    ];
  }

  /** Lets a connection out of one group and into the other. */
  private connect(connection: NodeConnection, clusterGroupId: string, index: number): ITerraformDependable[] {
    const { from, port, protocol, description } = connection;
    const [source, target] =
      from === "cluster" ? [clusterGroupId, this.securityGroupId] : [this.securityGroupId, clusterGroupId];
    const id = index === 0 ? connection.id : `${connection.id}${index}`;
    const rule = { ipProtocol: protocol, fromPort: port, toPort: port, description };
    const ingress = new VpcSecurityGroupIngressRule(this, `${id}In`, {
      securityGroupId: target,
      referencedSecurityGroupId: source,
      ...rule,
    });
    // The cluster's group lets everything out.
    if (from === "cluster") return [ingress];
    const egress = new VpcSecurityGroupEgressRule(this, `${id}Out`, {
      securityGroupId: source,
      referencedSecurityGroupId: target,
      ...rule,
    });
    return [ingress, egress];
  }
}

/**
 * The security groups of the pools that run users' code: that of sandboxes, and that of code execution where the plan has such a pool.
 *
 * @param scope - Construct that gets the groups.
 * @param plan - Which pools there are.
 * @param props - What both have in common.
 */
export function userCodeSecurityGroups(
  scope: Construct,
  plan: Pick<CapacityPlan, "codePool">,
  props: Omit<UserCodeSecurityGroupProps, "nodes">,
): Pick<NodePoolsProps, "sandboxSecurityGroup" | "codeSecurityGroup"> {
  return {
    sandboxSecurityGroup: new UserCodeSecurityGroup(scope, "SandboxSecurityGroup", { nodes: "sandbox", ...props }),
    codeSecurityGroup:
      plan.codePool && new UserCodeSecurityGroup(scope, "CodeSecurityGroup", { nodes: "code-execution", ...props }),
  };
}
