import { RouteTableAssociation } from "@cdktf/provider-aws/lib/route-table-association";
import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { VpcIpv4CidrBlockAssociation } from "@cdktf/provider-aws/lib/vpc-ipv4-cidr-block-association";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import type { NetworkPlan } from "../../domain/network/network";
import { sandboxSubnetName } from "../../domain/network/names";
import type { SandboxZonePlan } from "../../domain/network/addresses";

/** Construction properties for {@link SandboxSubnets}. */
export interface SandboxSubnetsProps {
  /** Blocks and subnets, by zone. */
  readonly plan: Pick<NetworkPlan, "prefix" | "sandboxZones">;
  /** Network that gets them. */
  readonly network: {
    /** Id of the VPC. */
    readonly vpcId: string;
    /** Route tables of the private subnets, one a zone. */
    readonly privateRouteTableIds: readonly string[];
    /** Name of a zone, by its index in the plan. */
    zoneName(zone: number): string;
  };
}

/** The range of a zone, and the subnets in it. */
interface SandboxZone {
  readonly block: VpcIpv4CidrBlockAssociation;
  readonly subnets: readonly { readonly subnet: Subnet; readonly association: RouteTableAssociation }[];
}

/** Separate ranges for the nodes and pods of sandboxes; they use the routes of their zone's private subnet. */
export class SandboxSubnets extends Construct {
  /** Ranges that the VPC has for them. */
  public readonly cidrs: readonly string[];
  /** The ranges themselves, for what must be made after the VPC has them. */
  public readonly rangesReady: readonly ITerraformDependable[];
  /** The subnets; absent where sandboxes share the private subnets. */
  public readonly subnetIds?: readonly string[];
  /** What must exist before anything in the subnets can reach the internet or AWS. */
  public readonly ready: readonly ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: SandboxSubnetsProps) {
    super(scope, id);
    const { sandboxZones } = props.plan;
    const zones = sandboxZones.map((block, zone) => this.defineZone(block, zone, props));
    const subnets = zones.flatMap(({ subnets: ofZone }) => ofZone);
    this.rangesReady = zones.map(({ block }) => block);
    this.cidrs = sandboxZones.map(({ blockCidr }) => blockCidr);
    if (subnets.length > 0) this.subnetIds = subnets.map(({ subnet }) => subnet.id);
    this.ready = subnets.map(({ association }) => association);
  }

  private defineZone(
    { blockCidr, subnetCidrs }: SandboxZonePlan,
    zone: number,
    { plan, network }: SandboxSubnetsProps,
  ): SandboxZone {
    const { vpcId, privateRouteTableIds } = network;
    const routeTableId = privateRouteTableIds[zone];
    if (routeTableId === undefined) throw new Error(`the network has no route table of zone ${zone}`);
    const block = new VpcIpv4CidrBlockAssociation(this, `Block${zone}`, { vpcId, cidrBlock: blockCidr });
    const subnets = subnetCidrs.map((cidrBlock, index) => {
      const subnet = new Subnet(this, `Subnet${zone}-${index}`, {
        vpcId,
        cidrBlock,
        availabilityZone: network.zoneName(zone),
        tags: { Name: sandboxSubnetName(plan.prefix, zone, index) },
        // A zone that AWS adds may come before others in the list; it must never replace a subnet.
        lifecycle: { ignoreChanges: ["availability_zone"] },
        dependsOn: [block],
      });
      const association = new RouteTableAssociation(this, `Association${zone}-${index}`, {
        subnetId: subnet.id,
        routeTableId,
      });
      return { subnet, association };
    });
    return { block, subnets };
  }
}
