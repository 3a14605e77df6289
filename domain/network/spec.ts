import { z } from "zod";

import type { InterfaceStatement } from "./endpoint-policies";
import type { SandboxZonePlan, ZoneRoom } from "./addresses";
import type { ZoneAddresses } from "../capacity/pod-addresses";
import { logRetention } from "../common/log-retention";
import { resourceId } from "../common/resource-id";
import { integer } from "../common/setting";

/** How private subnets reach the internet: a NAT gateway in each zone, one for all zones, or not at all. */
export type NatStrategy = "per-zone" | "single" | "none";

/** What a team decides about its network. */
export interface NetworkSpec {
  /**
   * Addresses of the VPC, from /16 to /20, in a private range.
   *
   * Not in 192.168.0.0/16: Retool's code-executor drops everything its users' code sends there.
   *
   * @default "10.0.0.0/16"
   */
  readonly cidr?: string;

  /**
   * IPAM pool from which the VPC takes its range, by its id. `cidr` says which one: the rules of the environment are written before
   * the VPC stands. `aws ec2 get-ipam-pool-cidrs` and `get-ipam-pool-allocations` show what is free.
   *
   * @default - the range is not taken from a pool
   */
  readonly ipamPoolId?: string;

  /**
   * Number of availability zones, from 2 to 4. Another number later leaves the subnets of zones that stay as they are, and
   * replaces the node group of the controllers.
   *
   * @default 3
   */
  readonly zones?: number;

  /**
   * How private subnets reach the internet. `single` is cheaper, but the zone it is in takes the others' way out with it. With
   * `none` you provide the route: docs/guides/private-deployment.md.
   *
   * @default "per-zone"
   */
  readonly nat?: NatStrategy;

  /**
   * AWS services that are reached through an interface endpoint, by the short name of their endpoint service (`sts`); one that is
   * not known here by its whole name (`com.amazonaws.us-east-1.sts`).
   *
   * @default - with NAT, `eks-auth`; without, everything that nodes, add-ons and pods call
   */
  readonly interfaceEndpoints?: readonly string[];

  /**
   * Days that flow logs are kept: a number that CloudWatch Logs knows.
   *
   * @default 90
   */
  readonly flowLogRetentionDays?: number;

  /**
   * Further S3 buckets of the region that Retool reads, such as those of data sources and the stages of warehouses; the VPC's
   * endpoint of S3 lets through the environment's own buckets, these, and nothing else.
   *
   * @default []
   */
  readonly s3Buckets?: readonly string[];

  /**
   * Second range of the VPC, a /14 in 100.64.0.0/10, from which the sandboxes' nodes and pods take their addresses.
   *
   * Sandboxes are what grows with the builders, and the only pods that no private network has to reach. The capacity plan
   * decides how many subnets are made in it. Decide it before the first deployment: EKS may take hours to learn of a range that is
   * added to the VPC of a running control plane.
   *
   * @default - they take addresses of `cidr`
   */
  readonly sandboxCidr?: string;
}

/** What other parts of an environment need from its network. */
export interface NetworkDemand {
  /** Addresses that nodes and pods of one zone need at most. */
  readonly addressesPerZone: ZoneAddresses;

  /**
   * Addresses that nodes and pods of one zone take at the planned peak, by which a network that exists is judged.
   *
   * @default - `addressesPerZone`
   */
  readonly expectedAddresses?: ZoneAddresses;

  /**
   * The same where each node keeps two addresses in reserve (`cluster.warmIpTarget: 2`), for the remedy.
   *
   * @default - `expectedAddresses`
   */
  readonly leanAddresses?: ZoneAddresses;

  /**
   * Whether nodes take addresses in blocks of 16.
   *
   * @default - where the subnets have room only so
   */
  readonly prefixDelegation?: boolean;

  /**
   * Whether the load balancer is reachable from the internet, and so needs its own public subnets.
   *
   * @default true
   */
  readonly internetFacing?: boolean;

  /**
   * Whether the load balancer has IPv6 addresses too.
   *
   * @default false
   */
  readonly dualStack?: boolean;

  /**
   * Where the organization keeps flow logs, as the ARN of a bucket or of a folder in one.
   *
   * @default - a log group
   */
  readonly flowLogDestination?: string;
}

/**
 * Zones of the control plane: the first two, the fewest that EKS takes, for as long as the cluster lives.
 *
 * Source: https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html: subnets that are given later must be in zones
 * that the cluster was made with.
 */
export const CONTROL_PLANE_ZONES = 2;

/** Subnet ranges of one availability zone. */
export interface ZonePlan {
  /** Nodes and pods. */
  readonly privateCidr: string;
  /** Load balancer. */
  readonly publicCidr: string;
  /** Databases. */
  readonly databaseCidr: string;
  /** Endpoint of a network firewall; kept free where there is none. */
  readonly firewallCidr: string;
  /** NAT gateway, apart from the load balancer: a firewall takes the answers to one and not those of the other. */
  readonly natCidr: string;
}

/** Address ranges of a network, new or existing. */
export interface SubnetRanges {
  /** Every range of the VPC, the primary one first. */
  readonly vpc: readonly string[];
  /** Ranges of the private subnets. */
  readonly private: readonly string[];
  /** Ranges of the public subnets. */
  readonly public: readonly string[];
  /** Ranges of the subnets that hold databases. */
  readonly database: readonly string[];
}

/** Ranges of a network that is planned. */
export interface NetworkRanges {
  /** Primary range of the VPC. */
  readonly cidr: string;
  /** Every range of the VPC, the primary one first. */
  readonly vpcCidrs: readonly string[];
  /** Number of availability zones. */
  readonly zones: number;
  /** Ranges of the private subnets, of which the first two also hold the interfaces of the control plane. */
  readonly privateCidrs: readonly string[];
  /** Ranges of nodes and pods. */
  readonly podCidrs: readonly string[];
  /** Ranges of the subnets of a load balancer on the internet. */
  readonly publicCidrs: readonly string[];
  /** Ranges of the databases' subnets. */
  readonly databaseCidrs: readonly string[];
  /** Addresses that nodes and pods of one zone need at most. */
  readonly addressesNeeded: ZoneRoom;
  /** Whether nodes take addresses in blocks of 16. */
  readonly prefixDelegation: boolean;
  /** AWS services with an interface endpoint. */
  readonly interfaceEndpoints: readonly string[];
  /** Further buckets that the VPC's endpoint of S3 lets through, where it is ours. */
  readonly s3Buckets: readonly string[];
}

/** Settings whose default is a value. */
export type ResolvedNetwork = Required<Omit<NetworkSpec, "sandboxCidr" | "ipamPoolId">>;

/** A {@link NetworkSpec} with every default filled in and every subnet computed. */
export interface NetworkPlan extends NetworkRanges, ResolvedNetwork {
  /** The network is made. */
  readonly kind: "new";
  /** Prefix of every name. */
  readonly prefix: string;
  /** AWS region. */
  readonly region: string;
  /** What passes through interface endpoints, by service, where it is less than AWS's default. */
  readonly endpointPolicies: Readonly<Partial<Record<string, readonly InterfaceStatement[]>>>;
  /** Subnet ranges, by zone. */
  readonly subnets: readonly ZonePlan[];
  /** Ranges of the sandboxes' nodes, by zone; empty where they share the private subnets. */
  readonly sandboxZones: readonly SandboxZonePlan[];
  /** Zones that have a NAT gateway, by index. */
  readonly natZones: readonly number[];
  /** For each zone, the zone whose NAT gateway it leaves through; empty without NAT. */
  readonly natZoneOf: readonly number[];
  /** Whether subnets for a load balancer that the internet reaches are made. */
  readonly publicSubnets: boolean;
  /** Whether public subnets have IPv6 addresses too. */
  readonly dualStack: boolean;
  /** IPAM pool of the VPC's range; absent where there is none. */
  readonly ipamPoolId?: string;
  /** Where the organization keeps flow logs; absent for a log group. */
  readonly flowLogDestination?: string;
}

/** Schema of a {@link NetworkSpec}, with bounds, units and every default that does not depend on another setting. */
export const networkSchema = z.strictObject({
  cidr: z.string().optional(),
  ipamPoolId: resourceId("ipam-pool").optional(),
  zones: integer({ min: 2, max: 4, unit: "zones" }).default(3),
  nat: z.enum(["per-zone", "single", "none"]).default("per-zone"),
  interfaceEndpoints: z.array(z.string()).readonly().optional(),
  flowLogRetentionDays: logRetention().optional(),
  s3Buckets: z.array(z.string()).readonly().default([]),
  sandboxCidr: z.string().optional(),
});

/** A {@link NetworkSpec} with every default that does not depend on another setting. */
export type NetworkSettings = z.output<typeof networkSchema>;
