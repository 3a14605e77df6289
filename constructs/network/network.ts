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
import { dependable, Fn, type ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import type { NetworkPlan } from "../../domain/network/network";
import { natName, subnetName, type SubnetTier } from "../../domain/network/names";
import type { FirewallEndpoint, INetwork, NetworkZone } from "../common/contracts";

const EVERYWHERE = "0.0.0.0/0";
const EVERYWHERE_IPV6 = "::/0";

/** A zone that AWS adds may come before others in the list; it must never replace a subnet. */
const KEPT_ZONE = ["availability_zone"] as const;

/**
 * Zones in which EKS places no control plane.
 *
 * Source: https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html
 */
const ZONES_WITHOUT_EKS = ["use1-az3", "usw1-az2", "cac1-az3"];

/** Private subnets with a route table each, so that a zone can have its own way out. */
interface PrivateTier {
  readonly subnets: readonly Subnet[];
  readonly tables: readonly RouteTable[];
  readonly associations: readonly RouteTableAssociation[];
}

/** A NAT gateway, its public address, the route table of the subnet that holds only it, and what must exist before it works. */
interface Nat {
  readonly gateway: NatGateway;
  readonly address: Eip;
  readonly table: RouteTable;
  readonly ready: readonly ITerraformDependable[];
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
 * a gateway endpoint. NAT gateways have their own subnets, so that a firewall can be put before them later without
 * replacing one: their addresses stay. The default security group allows nothing. A NAT gateway costs about $33 a month.
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
  /** Route tables of the private subnets, one a zone. */
  public readonly privateRouteTableIds: readonly string[];
  /** {@inheritDoc INetwork.databaseSubnetIds} */
  public readonly databaseSubnetIds: readonly string[];
  /** {@inheritDoc INetwork.natAddresses} */
  public readonly natAddresses: readonly string[];
  /** {@inheritDoc INetwork.egressReady} */
  public readonly egressReady: readonly ITerraformDependable[];
  /** Zones, for a firewall between the private subnets and their NAT gateways; empty without NAT. */
  public readonly zones: readonly NetworkZone[];

  private readonly plan: NetworkPlan;
  private readonly vpc: Vpc;
  private readonly databaseSubnets: readonly Subnet[];
  private readonly privateRoutes: readonly Route[];

  public constructor(scope: Construct, id: string, props: NetworkProps) {
    super(scope, id);

    this.plan = props.plan;
    const zoneNames = this.defineZones();
    this.vpc = this.defineVpc();
    this.databaseSubnets = this.defineDatabaseTier(zoneNames);
    const gateway = this.defineInternetGateway();
    const publicSubnets = this.plan.publicSubnets ? this.definePublicTier(gateway) : [];
    const privateTier = this.definePrivateTier();
    const nat = this.plan.natZones.map((zone) => this.defineNat(zone, gateway));
    this.privateRoutes = this.defineNatRoutes(nat, privateTier.tables);
    const s3 = this.defineS3Endpoint(privateTier.tables, props.s3EndpointPolicy);

    this.vpcId = this.vpc.id;
    this.vpcCidr = this.plan.cidr;
    this.privateRouteTableIds = privateTier.tables.map((table) => table.id);
    this.publicSubnetIds = publicSubnets.map((subnet) => subnet.id);
    this.privateSubnetIds = privateTier.subnets.map((subnet) => subnet.id);
    this.databaseSubnetIds = this.databaseSubnets.map((subnet) => subnet.id);
    this.natAddresses = nat.map(({ address }) => address.publicIp);
    this.egressReady = [...this.privateRoutes, ...privateTier.associations, ...nat.flatMap(({ ready }) => ready), s3];
    this.zones = this.plan.natZoneOf.map((natZone, zone) =>
      this.zoneOf(zone, at(privateTier.subnets, zone), at(nat, this.plan.natZones.indexOf(natZone))),
    );
  }

  /**
   * Leads each zone's private subnets to the endpoint of a firewall, instead of to NAT.
   *
   * The routes stay the same resources, so that a firewall put before a running environment changes them in place.
   *
   * @param endpoints - One a zone, in the order of {@link zones}.
   */
  public leaveThrough(endpoints: readonly FirewallEndpoint[]): void {
    this.privateRoutes.forEach((route, zone) => {
      const { endpointId, ready } = at(endpoints, zone);
      route.resetNatGatewayId();
      route.vpcEndpointId = endpointId;
      route.dependsOn = ready.map(dependable);
    });
  }

  private zoneOf(zone: number, subnet: Subnet, { gateway, table }: Nat): NetworkZone {
    const { firewallCidr } = at(this.plan.subnets, zone);
    // By the subnet's own attribute: AWS takes a route inside the VPC's range only for a subnet that exists.
    const privateCidrs = [subnet.cidrBlock, ...(this.plan.sandboxZones[zone]?.subnetCidrs ?? [])];
    const name = this.zoneName(zone);
    return { name, firewallCidr, privateCidrs, natGatewayId: gateway.id, natRouteTableId: table.id };
  }

  /** Name of a zone, by its index in the plan: that of its database subnet. */
  public zoneName(zone: number): string {
    return at(this.databaseSubnets, zone).availabilityZone;
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
    const { cidr, dualStack, ipamPoolId, prefix } = this.plan;
    const vpc = new Vpc(this, "Resource", {
      cidrBlock: cidr,
      ipv4IpamPoolId: ipamPoolId,
      assignGeneratedIpv6CidrBlock: dualStack,
      enableDnsSupport: true,
      enableDnsHostnames: true,
      tags: { Name: prefix },
      // Once given, it stays: Terraform would take it from the VPC before the subnets have let go of it, which AWS refuses.
      ...(dualStack ? {} : { lifecycle: { ignoreChanges: ["assign_generated_ipv6_cidr_block"] } }),
    });
    new DefaultSecurityGroup(this, "DefaultSecurityGroup", { vpcId: vpc.id, tags: { Name: `${prefix}-unused` } });
    return vpc;
  }

  /** The way in of a load balancer, and the way out of NAT gateways. */
  private defineInternetGateway(): InternetGateway | undefined {
    const { natZones, publicSubnets, prefix } = this.plan;
    if (natZones.length === 0 && !publicSubnets) return undefined;
    return new InternetGateway(this, "InternetGateway", { vpcId: this.vpc.id, tags: { Name: prefix } });
  }

  private definePublicTier(gateway: InternetGateway | undefined): Subnet[] {
    const { dualStack } = this.plan;
    const table = this.defineTable("PublicRoutes", "public");
    this.defineInternetRoute("PublicRoute", table, gateway);
    if (dualStack)
      new Route(this, "PublicRouteIpv6", {
        routeTableId: table.id,
        destinationIpv6CidrBlock: EVERYWHERE_IPV6,
        gatewayId: gateway?.id,
      });
    return this.plan.subnets.map(({ publicCidr }, zone) => {
      const subnet = this.defineSubnet("Public", zone, publicCidr, {
        // A range that was given stays as well: the load balancer still has addresses of it when subnets are changed.
        ...(dualStack
          ? { ipv6CidrBlock: Fn.cidrsubnet(this.vpc.ipv6CidrBlock, 8, zone) }
          : { lifecycle: { ignoreChanges: [...KEPT_ZONE, "ipv6_cidr_block"] } }),
        tags: { "kubernetes.io/role/elb": "1" },
        // AWS refuses a public load balancer in a network that has no way in yet.
        dependsOn: gateway && [gateway],
      });
      this.associate(`Public${zone}`, subnet, table);
      return subnet;
    });
  }

  private defineInternetRoute(id: string, table: RouteTable, gateway: InternetGateway | undefined): Route {
    return new Route(this, id, {
      routeTableId: table.id,
      destinationCidrBlock: EVERYWHERE,
      gatewayId: gateway?.id,
    });
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

  /**
   * The subnets that never move, because a database is in them, say which zone is which.
   *
   * Each takes the first zone that those before it are not in. A subnet that exists keeps its zone, so one that is added later never
   * lands in the zone of another, even where AWS has put a new zone into the list.
   */
  private defineDatabaseTier(zoneNames: string[]): Subnet[] {
    const table = this.defineTable("DatabaseRoutes", "database");
    const subnets: Subnet[] = [];
    for (const [zone, { databaseCidr }] of this.plan.subnets.entries()) {
      const taken = subnets.map(({ availabilityZone }) => availabilityZone);
      const free = zone === 0 ? zoneNames : Fn.sort(Fn.setsubtract(zoneNames, taken));
      const availabilityZone = Fn.element(free, 0) as string;
      const subnet = this.defineSubnet("Database", zone, databaseCidr, { availabilityZone });
      this.associate(`Database${zone}`, subnet, table);
      subnets.push(subnet);
    }
    return subnets;
  }

  private defineSubnet(
    tier: Capitalize<SubnetTier> | "NatSubnet",
    zone: number,
    cidrBlock: string,
    more: Pick<SubnetConfig, "availabilityZone" | "ipv6CidrBlock" | "tags" | "dependsOn" | "lifecycle">,
  ): Subnet {
    return new Subnet(this, `${tier}${zone}`, {
      vpcId: this.vpc.id,
      cidrBlock,
      availabilityZone: more.availabilityZone ?? this.zoneName(zone),
      lifecycle: { ignoreChanges: [...KEPT_ZONE] },
      ...more,
      tags: { Name: subnetName(this.plan.prefix, tier.toLowerCase() as SubnetTier, zone), ...more.tags },
    });
  }

  private defineTable(id: string, name: string): RouteTable {
    return new RouteTable(this, id, { vpcId: this.vpc.id, tags: { Name: `${this.plan.prefix}-${name}` } });
  }

  private associate(id: string, subnet: Subnet, table: RouteTable): RouteTableAssociation {
    return new RouteTableAssociation(this, `${id}Association`, { subnetId: subnet.id, routeTableId: table.id });
  }

  private defineNat(zone: number, internet: InternetGateway | undefined): Nat {
    const tags = { Name: natName(this.plan.prefix, zone) };
    const table = this.defineTable(`NatRoutes${zone}`, `nat-${zone}`);
    const subnet = this.defineSubnet("NatSubnet", zone, at(this.plan.subnets, zone).natCidr, {});
    const ready = [
      this.defineInternetRoute(`NatRoute${zone}`, table, internet),
      this.associate(`NatSubnet${zone}`, subnet, table),
    ];
    const address = new Eip(this, `NatAddress${zone}`, { domain: "vpc", tags });
    const gateway = new NatGateway(this, `Nat${zone}`, {
      allocationId: address.id,
      subnetId: subnet.id,
      tags,
      dependsOn: ready,
    });
    return { gateway, address, table, ready };
  }

  private defineNatRoutes(nat: readonly Nat[], tables: readonly RouteTable[]): Route[] {
    return this.plan.natZoneOf.map(
      (natZone, zone) =>
        new Route(this, `PrivateRoute${zone}`, {
          routeTableId: at(tables, zone).id,
          destinationCidrBlock: EVERYWHERE,
          natGatewayId: at(nat, this.plan.natZones.indexOf(natZone)).gateway.id,
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
