import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import type { Construct } from "constructs";

import type { FrontDoorPlan } from "../../domain/front-door/front-door";
import { clientRanges } from "../common/client-ranges";
import type { INetwork, INetworkPeer } from "../common/contracts";

/** What the ports of a load balancer follow from. */
interface Surroundings {
  readonly plan: FrontDoorPlan;
  readonly network: INetwork;
  readonly nodes: INetworkPeer;
}

/** Defines the security group of a load balancer: HTTPS and its redirect for the clients, exactly the targets' ports to pods. */
export function defineSecurityGroup(scope: Construct, { plan, network, nodes }: Surroundings): SecurityGroup {
  const securityGroup = new SecurityGroup(scope, "SecurityGroup", {
    namePrefix: `${plan.prefix}-front-door-`,
    description: `Load balancer of ${plan.prefix}`,
    vpcId: network.vpcId,
    tags: { Name: `${plan.prefix}-front-door` },
    lifecycle: { createBeforeDestroy: true },
  });
  const { vpcCidr } = network;
  const inVpc = plan.clientsInVpc ? clientRanges(network) : [];
  // A range may be one of the VPC's and listed too, and AWS refuses the second rule for it.
  const clientsIpv4 = new Set([...inVpc, ...plan.clientsIpv4]);
  for (const port of [443, 80]) {
    for (const cidrIpv4 of clientsIpv4) {
      const client = plan.clientsInVpc && cidrIpv4 === vpcCidr ? "Vpc" : cidrIpv4;
      letIn(scope, securityGroup, port, client, { cidrIpv4 });
    }
    for (const cidrIpv6 of plan.clientsIpv6) letIn(scope, securityGroup, port, cidrIpv6, { cidrIpv6 });
  }
  for (const port of new Set(plan.targets.map(({ containerPort }) => containerPort)))
    connectToPods(scope, securityGroup, port, nodes);
  return securityGroup;
}

function letIn(
  scope: Construct,
  { id: securityGroupId }: SecurityGroup,
  port: number,
  client: string,
  source: { readonly cidrIpv4?: string; readonly cidrIpv6?: string },
): void {
  new VpcSecurityGroupIngressRule(scope, `From-${client.replace("/", "-")}-${port}`, {
    securityGroupId,
    ...source,
    ipProtocol: "tcp",
    fromPort: port,
    toPort: port,
    description: port === 443 ? "Browsers" : "Browsers, to be redirected to HTTPS",
  });
}

function connectToPods(scope: Construct, securityGroup: SecurityGroup, port: number, nodes: INetworkPeer): void {
  const connection = { ipProtocol: "tcp", fromPort: port, toPort: port };
  new VpcSecurityGroupEgressRule(scope, `ToPods-${port}`, {
    securityGroupId: securityGroup.id,
    referencedSecurityGroupId: nodes.securityGroupId,
    ...connection,
    description: "Pods",
  });
  new VpcSecurityGroupIngressRule(scope, `AtPods-${port}`, {
    securityGroupId: nodes.securityGroupId,
    referencedSecurityGroupId: securityGroup.id,
    ...connection,
    description: "Load balancer",
  });
}
