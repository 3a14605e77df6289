import { DataAwsSubnet } from "@cdktf/provider-aws/lib/data-aws-subnet";
import { DataAwsSubnets } from "@cdktf/provider-aws/lib/data-aws-subnets";
import { DataAwsVpc } from "@cdktf/provider-aws/lib/data-aws-vpc";
import { Fn, type ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import type { FirewallEndpoint, INetwork, NetworkZone } from "../constructs/common/contracts";
import { FlowLogs } from "../constructs/network/flow-logs";
import { Network as NetworkResources } from "../constructs/network/network";
import { VpcEndpoints } from "../constructs/network/vpc-endpoints";
import { type NetworkSpec, planNetwork } from "../domain/network/network";
import type { SubnetRanges } from "../domain/network/spec";
import { type CommonProps, contextOf, planned, settingsOf } from "./scope";
import { tag } from "./tags";

/** Settings of a {@link Network}; every one has a default. */
export interface NetworkProps
  extends Omit<CommonProps, "dataProtection">, Omit<NetworkSpec, "s3Buckets" | "sandboxCidr"> {
  /**
   * Whether there are public subnets, for load balancers that the internet may reach.
   *
   * @default true
   */
  readonly publicSubnets?: boolean;
}

/** A network that exists, by its ids. */
export interface NetworkIds {
  /** Id of the VPC. */
  readonly vpcId: string;
  /** Subnets with a way out, one a zone. */
  readonly privateSubnetIds: readonly string[];
  /**
   * Subnets with a route to an internet gateway, one a zone.
   *
   * @default []
   */
  readonly publicSubnetIds?: readonly string[];
  /**
   * Subnets for databases, one a zone.
   *
   * @default - the private subnets
   */
  readonly databaseSubnetIds?: readonly string[];
  /**
   * Address ranges, which network policies need.
   *
   * @default - not known; constructs that write policies refuse the network
   */
  readonly ranges?: SubnetRanges;
}

/** A network that exists, by its tags. */
export interface NetworkLookup {
  /** Tags of the VPC, such as `{ Name: "shared" }`. */
  readonly tags: Readonly<Record<string, string>>;
  /** Tags of the private subnets, such as `{ "kubernetes.io/role/internal-elb": "1" }`. */
  readonly privateSubnetTags: Readonly<Record<string, string>>;
  /**
   * Tags of the public subnets, for load balancers that the internet may reach.
   *
   * @default - no public subnets are used
   */
  readonly publicSubnetTags?: Readonly<Record<string, string>>;
  /**
   * Tags of the subnets for databases.
   *
   * @default - the private subnets
   */
  readonly databaseSubnetTags?: Readonly<Record<string, string>>;
  /**
   * Number of subnets of each kind to use, one a zone, in the order of their ids.
   *
   * @default 3
   */
  readonly zones?: number;
}

/** Addresses for a few hundred pods in each zone. */
const SMALL = { interfaces: 250, prefixes: 250 } as const;
const NONE = { interfaces: 0, prefixes: 0 } as const;

/**
 * A VPC with public, private and database subnets in each zone, NAT, an endpoint of S3 and flow logs.
 *
 * About $33 a month for each NAT gateway; flow logs and traffic come on top.
 *
 * @example
 * ```ts
 * const network = new Network(this, "Network", { zones: 3, nat: "single" });
 * ```
 * @throws `ConfigurationError` with every problem of the settings.
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
  /** Address ranges of the VPC and its subnets. */
  public readonly ranges: SubnetRanges;
  /** {@inheritDoc INetwork.natAddresses} */
  public readonly natAddresses: readonly string[];
  /** {@inheritDoc INetwork.egressReady} */
  public readonly egressReady: readonly ITerraformDependable[];
  /** The zones with their NAT gateways, for a firewall in front of them. */
  public readonly zones: readonly NetworkZone[];

  private readonly resources: NetworkResources;

  public constructor(scope: Construct, id: string, props: NetworkProps = {}) {
    super(scope, id);
    tag(this, props.tags);
    const { publicSubnets = true, ...spec } = settingsOf(props);
    const demand = { addressesPerZone: { sandboxes: NONE, others: SMALL }, internetFacing: publicSubnets };
    const plan = planned([scope, id, props], planNetwork(spec, contextOf(scope, id, props), demand), "network");
    const made = new NetworkResources(this, "Network", { plan });
    new FlowLogs(this, "FlowLogs", { plan, network: made });
    const endpoints = new VpcEndpoints(this, "Endpoints", { plan, network: made });

    this.resources = made;
    this.vpcId = made.vpcId;
    this.vpcCidr = made.vpcCidr;
    this.publicSubnetIds = made.publicSubnetIds;
    this.privateSubnetIds = made.privateSubnetIds;
    this.databaseSubnetIds = made.databaseSubnetIds;
    this.ranges = {
      vpc: plan.vpcCidrs,
      private: plan.privateCidrs,
      public: plan.publicCidrs,
      database: plan.databaseCidrs,
    };
    this.natAddresses = made.natAddresses;
    this.egressReady = [...made.egressReady, ...endpoints.ready];
    this.zones = made.zones;
  }

  /**
   * Leads each zone's private subnets to the endpoint of a firewall, instead of to NAT.
   *
   * @param endpoints - One a zone, in the order of {@link zones}.
   */
  public leaveThrough(endpoints: readonly FirewallEndpoint[]): void {
    this.resources.leaveThrough(endpoints);
  }

  /** A network that exists; the plan stops where a subnet is in another VPC. */
  public static fromIds(scope: Construct, id: string, ids: NetworkIds): INetwork {
    const within = new Construct(scope, id);
    const { vpcId, privateSubnetIds, publicSubnetIds = [], databaseSubnetIds = privateSubnetIds, ranges } = ids;
    for (const subnetId of new Set([...privateSubnetIds, ...publicSubnetIds, ...databaseSubnetIds])) {
      new DataAwsSubnet(within, subnetId, {
        id: subnetId,
        lifecycle: {
          postcondition: [
            {
              condition: `\${self.vpc_id == "${vpcId}"}`,
              errorMessage: `${within.node.path}: the subnet ${subnetId} is not in ${vpcId}; use subnets of that VPC`,
            },
          ],
        },
      });
    }
    const vpcCidr = new DataAwsVpc(within, "Vpc", { id: vpcId }).cidrBlock;
    const subnets = { privateSubnetIds, publicSubnetIds, databaseSubnetIds, ranges };
    return { vpcId, vpcCidr, ...subnets, natAddresses: [], egressReady: [] };
  }

  /** A network that exists, found by tags when Terraform plans; the plan stops where too few subnets have them. */
  public static fromLookup(
    scope: Construct,
    id: string,
    { tags, privateSubnetTags, publicSubnetTags, databaseSubnetTags, zones = 3 }: NetworkLookup,
  ): INetwork {
    const within = new Construct(scope, id);
    const vpc = new DataAwsVpc(within, "Vpc", { tags: { ...tags } });
    const find = (kind: string, wanted: NetworkLookup["tags"]): string[] =>
      findSubnets(within, kind, { vpcId: vpc.id, tags: wanted, zones });
    const privateSubnetIds = find("Private", privateSubnetTags);
    return {
      vpcId: vpc.id,
      vpcCidr: vpc.cidrBlock,
      privateSubnetIds,
      publicSubnetIds: publicSubnetTags === undefined ? [] : find("Public", publicSubnetTags),
      databaseSubnetIds: databaseSubnetTags === undefined ? privateSubnetIds : find("Database", databaseSubnetTags),
      natAddresses: [],
      egressReady: [],
    };
  }
}

/** Subnets that are found when Terraform plans; the plan stops where there are too few. */
function findSubnets(
  within: Construct,
  kind: string,
  { vpcId, tags, zones }: { readonly vpcId: string; readonly tags: NetworkLookup["tags"]; readonly zones: number },
): string[] {
  const subnets = new DataAwsSubnets(within, kind, {
    filter: [{ name: "vpc-id", values: [vpcId] }],
    tags: { ...tags },
    lifecycle: {
      postcondition: [
        {
          condition: `\${length(self.ids) >= ${zones}}`,
          errorMessage: `${within.node.path}: fewer than ${zones} ${kind.toLowerCase()} subnets have the tags; tag more, or lower zones`,
        },
      ],
    },
  });
  const sorted = Fn.sort(subnets.ids);
  return Array.from({ length: zones }, (_, index) => Fn.element(sorted, index) as string);
}
