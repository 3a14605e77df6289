import { DataAwsSubnet } from "@cdktf/provider-aws/lib/data-aws-subnet";
import { DataAwsVpcEndpointService } from "@cdktf/provider-aws/lib/data-aws-vpc-endpoint-service";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import { Route53Zone } from "@cdktf/provider-aws/lib/route53-zone";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { type ITerraformDependable, Token } from "cdktf";
import { Construct } from "constructs";

import type { PrivateLinkPlan } from "../../domain/temporal/private-link";
import { clientRanges, rangeId } from "../common/client-ranges";
import type { INetwork } from "../common/contracts";
import { renderText } from "../common/render";

/** Construction properties for {@link TemporalPrivateLink}. */
export interface TemporalPrivateLinkProps {
  /** Which service, and under which name. */
  readonly plan: PrivateLinkPlan;
  /** Network whose private subnets hold the endpoint. */
  readonly network: INetwork;
}

/** Why there is no endpoint. */
const NO_COMMON_ZONE =
  "temporal.privateLink: Temporal Cloud's service is in no zone of the private subnets; remove it, or use subnets in the zones that `aws ec2 describe-vpc-endpoint-services` shows";

/**
 * A private way to a namespace on Temporal Cloud: an endpoint in the VPC, and a zone in which the service's name leads to it.
 *
 * Certificates are checked against the same name as before. AWS takes up to ten minutes to connect it. About $7.30 a month
 * and zone, and $0.50 for the zone.
 */
export class TemporalPrivateLink extends Construct {
  /** What must exist before Temporal is called, so that no connection starts over the internet. */
  public readonly ready: readonly ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: TemporalPrivateLinkProps) {
    super(scope, id);

    const { group, rules } = this.defineSecurityGroup(props);
    const endpoint = this.defineEndpoint(props, group);
    this.ready = [...rules, this.defineName(props, endpoint)];
  }

  private defineSecurityGroup({ plan: { prefix, port }, network }: TemporalPrivateLinkProps): {
    group: SecurityGroup;
    rules: VpcSecurityGroupIngressRule[];
  } {
    const group = new SecurityGroup(this, "SecurityGroup", {
      namePrefix: `${prefix}-temporal-`,
      description: `Endpoint of Temporal Cloud in ${prefix}`,
      vpcId: network.vpcId,
      tags: { Name: `${prefix}-temporal` },
      lifecycle: { createBeforeDestroy: true },
    });
    const rules = clientRanges(network).map(
      (cidrIpv4) =>
        new VpcSecurityGroupIngressRule(this, rangeId("FromVpc", network, cidrIpv4), {
          securityGroupId: group.id,
          cidrIpv4,
          ipProtocol: "tcp",
          fromPort: port,
          toPort: port,
          description: "Temporal from the VPC",
        }),
    );
    return { group, rules };
  }

  /** The service offers no private DNS name, so the zone stands in for it. */
  private defineEndpoint({ plan, network }: TemporalPrivateLinkProps, group: SecurityGroup): VpcEndpoint {
    const subnets = this.subnetsOfService(plan, network);
    return new VpcEndpoint(this, "Resource", {
      vpcId: network.vpcId,
      serviceName: plan.serviceName,
      vpcEndpointType: "Interface",
      privateDnsEnabled: false,
      subnetIds: Token.asList(`\${${subnets}}`),
      securityGroupIds: [group.id],
      tags: { Name: `${plan.prefix}-temporal` },
      lifecycle: {
        precondition: [{ condition: `\${length(${subnets}) > 0}`, errorMessage: renderText(NO_COMMON_ZONE) }],
      },
    });
  }

  /**
   * The private subnets in zones that the service has; Temporal chose them, and zones have other names in its account.
   *
   * AWS refuses an endpoint with a single subnet elsewhere.
   * Source: https://repost.aws/knowledge-center/interface-endpoint-availability-zone
   */
  private subnetsOfService({ serviceName }: PrivateLinkPlan, { privateSubnetIds }: INetwork): string {
    const service = new DataAwsVpcEndpointService(this, "Service", { serviceName });
    const subnets = privateSubnetIds.map((id, index) => new DataAwsSubnet(this, `Subnet${index}`, { id }).fqn);
    const isServed = `contains(${service.fqn}.availability_zones, subnet.availability_zone)`;
    return `[for subnet in [${subnets.join(", ")}] : subnet.id if ${isServed}]`;
  }

  /** The record stands at the top of its zone, where no CNAME may. */
  private defineName({ plan, network }: TemporalPrivateLinkProps, endpoint: VpcEndpoint): Route53Record {
    const zone = new Route53Zone(this, "Zone", {
      name: plan.zoneName,
      comment: `Leads ${plan.prefix} to Temporal Cloud through PrivateLink`,
      vpc: [{ vpcId: network.vpcId }],
    });
    const address = endpoint.dnsEntry.get(0);
    return new Route53Record(this, "Record", {
      zoneId: zone.zoneId,
      name: plan.zoneName,
      type: "A",
      alias: { name: address.dnsName, zoneId: address.hostedZoneId, evaluateTargetHealth: false },
    });
  }
}
