import { DataAwsAvailabilityZones } from "@cdktf/provider-aws/lib/data-aws-availability-zones";
import { DefaultSecurityGroup } from "@cdktf/provider-aws/lib/default-security-group";
import { Eip } from "@cdktf/provider-aws/lib/eip";
import { InternetGateway } from "@cdktf/provider-aws/lib/internet-gateway";
import { NatGateway } from "@cdktf/provider-aws/lib/nat-gateway";
import { Route } from "@cdktf/provider-aws/lib/route";
import { RouteTable } from "@cdktf/provider-aws/lib/route-table";
import { RouteTableAssociation } from "@cdktf/provider-aws/lib/route-table-association";
import { Subnet, type SubnetConfig } from "@cdktf/provider-aws/lib/subnet";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint";
import { Fn, type ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import type { NetworkPlan } from "../domain/network";
import type { INetwork } from "./contracts";

const EVERYWHERE = "0.0.0.0/0";
const EVERYWHERE_IPV6 = "::/0";

/**
 * Zones in which EKS places no control plane.
 *
 * Source: https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html
 */
const ZONES_WITHOUT_EKS = ["use1-az3", "usw1-az2", "cac1-az3"];

/** Public subnets, and what must exist before a NAT gateway in one of them works. */
interface PublicTier {
  readonly subnets: readonly Subnet[];
  readonly ready: readonly ITerraformDependable[];
}

/** Private subnets with a route table each, so that a zone can have its own way out. */
interface PrivateTier {
  readonly subnets: readonly Subnet[];
  readonly tables: readonly RouteTable[];
  readonly associations: readonly RouteTableAssociation[];
}

/** A NAT gateway and its public address. */
interface Nat {
  readonly gateway: NatGateway;
  readonly address: Eip;
}

/** Construction properties for {@link Network}. */
export interface NetworkProps {
  /** What to make. */
  readonly plan: NetworkPlan;

  /**
   * Policy document of the S3 gateway endpoint, as JSON.
   *
   * @default - any principal of the VPC may reach any bucket that IAM lets it reach
   */
  readonly s3EndpointPolicy?: string;
}

/**
 * A VPC with public, private and database subnets in several availability zones.
 *
 * Nodes and pods live in private subnets and leave through NAT; databases have no route out at all; S3 is reached through
 * a gateway endpoint. The default security group allows nothing. A NAT gateway costs about $33 a month.
 */
export class Network extends Construct implements INetwork {
  /** {@inheritDoc INetwork.vpcId} */
  public readonly vpcId: string;
  /** {@inheritDoc INetwork.vpcCidr} */
  public readonly vpcCidr: string;
  /** {@inheritDoc INetwork.publicSubnetIds} */
  public readonly publicSubnetIds: readonly string[];
  /** {@inheritDoc INetwork.privateSubnetIds} */
  public readonly privateSubnetIds: readonly string[];
  /** {@inheritDoc INetwork.databaseSubnetIds} */
  public readonly databaseSubnetIds: readonly string[];
  /** {@inheritDoc INetwork.natAddresses} */
  public readonly natAddresses: readonly string[];
  /** {@inheritDoc INetwork.egressReady} */
  public readonly egressReady: readonly ITerraformDependable[];

  private readonly plan: NetworkPlan;
  private readonly vpc: Vpc;
  private readonly zoneNames: string[];

  public constructor(scope: Construct, id: string, props: NetworkProps) {
    super(scope, id);

    this.plan = props.plan;
    this.zoneNames = this.defineZones();
    this.vpc = this.defineVpc();
    const wayIn = this.plan.publicSubnets ? this.definePublicTier() : undefined;
    const privateTier = this.definePrivateTier();
    const databaseSubnets = this.defineDatabaseTier();
    const nat = wayIn === undefined ? [] : this.defineNat(wayIn);
    const routes = this.defineNatRoutes(nat, privateTier.tables);
    const s3 = this.defineS3Endpoint(privateTier.tables, props.s3EndpointPolicy);

    this.vpcId = this.vpc.id;
    this.vpcCidr = this.plan.cidr;
    this.publicSubnetIds = wayIn?.subnets.map((subnet) => subnet.id) ?? [];
    this.privateSubnetIds = privateTier.subnets.map((subnet) => subnet.id);
    this.databaseSubnetIds = databaseSubnets.map((subnet) => subnet.id);
    this.natAddresses = nat.map(({ address }) => address.publicIp);
    this.egressReady = [...routes, ...privateTier.associations, s3];
  }

  /** Zone names come from AWS when Terraform plans, so that synthesis stays offline. */
  private defineZones(): string[] {
    const { zones, region } = this.plan;
    const data = new DataAwsAvailabilityZones(this, "Zones", {
      excludeZoneIds: ZONES_WITHOUT_EKS,
      filter: [{ name: "opt-in-status", values: ["opt-in-not-required"] }],
      lifecycle: {
        postcondition: [
          {
            condition: `\${length(self.names) >= ${zones}}`,
            errorMessage: `network.zones: ${region} offers this account fewer than ${zones} zones; use a smaller number`,
          },
        ],
      },
    });
    return data.names;
  }

  private defineVpc(): Vpc {
    const { cidr, dualStack, prefix } = this.plan;
    const vpc = new Vpc(this, "Resource", {
      cidrBlock: cidr,
      assignGeneratedIpv6CidrBlock: dualStack,
      enableDnsSupport: true,
      enableDnsHostnames: true,
      tags: { Name: prefix },
    });
    new DefaultSecurityGroup(this, "DefaultSecurityGroup", { vpcId: vpc.id, tags: { Name: `${prefix}-unused` } });
    return vpc;
  }

  private definePublicTier(): PublicTier {
    const { dualStack, prefix } = this.plan;
    const gateway = new InternetGateway(this, "InternetGateway", { vpcId: this.vpc.id, tags: { Name: prefix } });
    const table = this.defineTable("PublicRoutes", "public");
    const route = new Route(this, "PublicRoute", {
      routeTableId: table.id,
      destinationCidrBlock: EVERYWHERE,
      gatewayId: gateway.id,
    });
    if (dualStack)
      new Route(this, "PublicRouteIpv6", {
        routeTableId: table.id,
        destinationIpv6CidrBlock: EVERYWHERE_IPV6,
        gatewayId: gateway.id,
      });
    const subnets = this.plan.subnets.map(({ publicCidr }, zone) =>
      this.defineSubnet("Public", zone, publicCidr, {
        ipv6CidrBlock: dualStack ? Fn.cidrsubnet(this.vpc.ipv6CidrBlock, 8, zone) : undefined,
        tags: { "kubernetes.io/role/elb": "1" },
        // AWS refuses a public load balancer in a network that has no way in yet.
        dependsOn: [gateway],
      }),
    );
    const associations = subnets.map((subnet, zone) => this.associate(`Public${zone}`, subnet, table));
    return { subnets, ready: [route, ...associations] };
  }

  private definePrivateTier(): PrivateTier {
    const zones = this.plan.subnets.map(({ privateCidr }, zone) => {
      const table = this.defineTable(`PrivateRoutes${zone}`, `private-${zone}`);
      const tags = { "kubernetes.io/role/internal-elb": "1" };
      const subnet = this.defineSubnet("Private", zone, privateCidr, { tags });
      return { subnet, table, association: this.associate(`Private${zone}`, subnet, table) };
    });
    return {
      subnets: zones.map(({ subnet }) => subnet),
      tables: zones.map(({ table }) => table),
      associations: zones.map(({ association }) => association),
    };
  }

  private defineDatabaseTier(): Subnet[] {
    const table = this.defineTable("DatabaseRoutes", "database");
    return this.plan.subnets.map(({ databaseCidr }, zone) => {
      const subnet = this.defineSubnet("Database", zone, databaseCidr, {});
      this.associate(`Database${zone}`, subnet, table);
      return subnet;
    });
  }

  private defineSubnet(
    tier: string,
    zone: number,
    cidrBlock: string,
    more: Pick<SubnetConfig, "ipv6CidrBlock" | "tags" | "dependsOn">,
  ): Subnet {
    return new Subnet(this, `${tier}${zone}`, {
      vpcId: this.vpc.id,
      cidrBlock,
      availabilityZone: Fn.element(this.zoneNames, zone) as string,
      ...more,
      tags: { Name: `${this.plan.prefix}-${tier.toLowerCase()}-${zone}`, ...more.tags },
      // A zone that AWS adds may come before others in the list; it must never replace a subnet.
      lifecycle: { ignoreChanges: ["availability_zone"] },
    });
  }

  private defineTable(id: string, name: string): RouteTable {
    return new RouteTable(this, id, { vpcId: this.vpc.id, tags: { Name: `${this.plan.prefix}-${name}` } });
  }

  private associate(id: string, subnet: Subnet, table: RouteTable): RouteTableAssociation {
    return new RouteTableAssociation(this, `${id}Association`, { subnetId: subnet.id, routeTableId: table.id });
  }

  private defineNat({ subnets, ready }: PublicTier): Nat[] {
    return this.plan.natZones.map((zone) => {
      const tags = { Name: `${this.plan.prefix}-${zone}` };
      const address = new Eip(this, `NatAddress${zone}`, { domain: "vpc", tags });
      const gateway = new NatGateway(this, `Nat${zone}`, {
        allocationId: address.id,
        subnetId: at(subnets, zone).id,
        tags,
        dependsOn: [...ready],
      });
      return { gateway, address };
    });
  }

  private defineNatRoutes(nat: readonly Nat[], tables: readonly RouteTable[]): Route[] {
    return this.plan.natZoneOf.map(
      (natZone, zone) =>
        new Route(this, `PrivateRoute${zone}`, {
          routeTableId: at(tables, zone).id,
          destinationCidrBlock: EVERYWHERE,
          natGatewayId: at(nat, natZone).gateway.id,
        }),
    );
  }

  private defineS3Endpoint(tables: readonly RouteTable[], policy: string | undefined): VpcEndpoint {
    return new VpcEndpoint(this, "S3Endpoint", {
      vpcId: this.vpc.id,
      serviceName: `com.amazonaws.${this.plan.region}.s3`,
      vpcEndpointType: "Gateway",
      routeTableIds: tables.map((table) => table.id),
      policy,
      tags: { Name: `${this.plan.prefix}-s3` },
    });
  }
}

function at<Item>(items: readonly Item[], index: number): Item {
  const item = items[index];
  if (item === undefined) throw new Error(`the network plan names zone ${index}, which it has no subnets for`);
  return item;
}
