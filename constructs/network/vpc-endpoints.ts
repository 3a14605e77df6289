import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import type { NetworkPlan } from "../../domain/network/network";
import { policyDocument } from "../common/policy-document";
import { rangeId } from "../common/client-ranges";
import type { INetwork } from "../common/contracts";
import { addressBelow } from "../common/render-blocks";

/** Construction properties for {@link VpcEndpoints}. */
export interface VpcEndpointsProps {
  /** Which services are reached through an endpoint. */
  readonly plan: NetworkPlan;
  /** Network whose private subnets hold the endpoints. */
  readonly network: INetwork;
}

/**
 * Interface endpoints of AWS services in the private subnets of a network, behind one security group.
 *
 * Their private DNS names make every client in the VPC use them. Each costs about $7.30 a month and zone.
 */
export class VpcEndpoints extends Construct {
  /** The endpoints; without NAT nothing in a private subnet reaches AWS before they exist. */
  public readonly ready: readonly ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: VpcEndpointsProps) {
    super(scope, id);

    const services = props.plan.interfaceEndpoints;
    this.ready = services.length === 0 ? [] : this.defineEndpoints(services, props);
  }

  private defineEndpoints(services: readonly string[], { plan, network }: VpcEndpointsProps): ITerraformDependable[] {
    const { group, rules } = this.defineSecurityGroup(plan, network);
    const endpoints = services.map((service) => {
      const statements = plan.endpointPolicies[service];
      return new VpcEndpoint(this, service, {
        vpcId: network.vpcId,
        serviceName: `com.amazonaws.${plan.region}.${service}`,
        vpcEndpointType: "Interface",
        privateDnsEnabled: true,
        subnetIds: [...network.privateSubnetIds],
        securityGroupIds: [group.id],
        policy: statements && policyDocument(statements),
        tags: { Name: `${plan.prefix}-${service}` },
      });
    });
    return [...endpoints, ...rules];
  }

  private defineSecurityGroup(
    { prefix }: NetworkPlan,
    network: INetwork,
  ): { group: SecurityGroup; rules: VpcSecurityGroupIngressRule[] } {
    const group = new SecurityGroup(this, "SecurityGroup", {
      namePrefix: `${prefix}-endpoints-`,
      description: `AWS service endpoints of ${prefix}`,
      vpcId: network.vpcId,
      tags: { Name: `${prefix}-endpoints` },
      lifecycle: { createBeforeDestroy: true },
    });
    const ranges = [network.vpcCidr, ...(network.secondaryCidrs ?? [])];
    const rules = ranges.map((cidrIpv4, index) => {
      const rule = new VpcSecurityGroupIngressRule(this, rangeId("FromVpc", network, cidrIpv4), {
        securityGroupId: group.id,
        cidrIpv4,
        ipProtocol: "tcp",
        fromPort: 443,
        toPort: 443,
        description: "AWS APIs from the VPC",
      });
      // Rules of other ranges were numbered before.
      if (index > 0) rule.moveFromId(addressBelow(this, `FromSecondary${index}`, rule.terraformResourceType));
      return rule;
    });
    return { group, rules };
  }
}
