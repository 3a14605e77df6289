import { z } from "zod";

import {
  addressViolations,
  type ExistingSubnet,
  LISTS,
  overlapViolations,
  sizeViolations,
  type SubnetList,
} from "./existing-subnets";

import { isWithin, parseIpv4, parseRange, rangeProblem } from "../common/address-range";
import { checkedSpec, withShape } from "../common/checked-spec";
import { neededIn, needsPrefixes, privateRoom, type ZoneRoom } from "./addresses";
import { roomViolations, roomWarnings } from "./existing-room";
import type { NetworkDemand, NetworkRanges } from "./spec";
import { quote } from "../common/quote";
import { resourceId } from "../common/resource-id";
import { checked } from "../common/setting";
import type { Planned, Problem, Violation } from "../common/violation";

export type { ExistingSubnet } from "./existing-subnets";

/**
 * A network that exists: a VPC with private subnets and their way out.
 *
 * Nothing in it is changed: its routes, endpoints and flow logs are its owner's.
 */
export interface ExistingNetworkSpec {
  /** The network is not made. */
  readonly kind: "existing";
  /** Id of the VPC. */
  readonly vpcId: string;
  /** Every IPv4 range of the VPC, the primary one first. */
  readonly cidrs: readonly string[];

  /**
   * Account of the VPC, where it shares the subnets with the environment's account through AWS RAM. Only that account can change
   * or tag subnets, routes and endpoints, or attach firewalls to the VPC.
   *
   * @default - the environment's own account
   */
  readonly ownerAccount?: string;

  /** Subnets of nodes and pods, one a zone, with a way out to AWS and to what Retool calls. */
  readonly privateSubnets: readonly ExistingSubnet[];

  /**
   * Subnets with a route to an internet gateway, one a zone, for a load balancer on the internet.
   *
   * @default []
   */
  readonly publicSubnets?: readonly ExistingSubnet[];

  /**
   * Subnets of the database, one a zone.
   *
   * @default - the private subnets
   */
  readonly databaseSubnets?: readonly ExistingSubnet[];

  /**
   * Subnets of the sandboxes' nodes and pods, as many a zone as you like.
   *
   * @default - the private subnets
   */
  readonly sandboxSubnets?: readonly ExistingSubnet[];

  /**
   * Public addresses that traffic from the private subnets has; data sources must allow them.
   *
   * @default []
   */
  readonly natAddresses?: readonly string[];
}

const range = checked(z.string(), (cidr) => rangeProblem(cidr) ?? ipv6Problem(cidr), { form: "an IPv4 range" });

const subnets = z.array(z.strictObject({ id: resourceId("subnet"), cidr: range })).readonly();

/** Shape of an {@link ExistingNetworkSpec}. */
export const existingNetworkSchema = z.strictObject({
  kind: z.literal("existing"),
  vpcId: resourceId("vpc"),
  cidrs: z.array(range).min(1, 'the list is empty; list every IPv4 range of the VPC, such as "10.0.0.0/16"').readonly(),
  ownerAccount: z
    .string()
    .regex(/^\d{12}$/, "is not the id of an AWS account; use its twelve digits")
    .optional(),
  privateSubnets: subnets,
  publicSubnets: subnets.default([]),
  databaseSubnets: subnets.optional(),
  sandboxSubnets: subnets.optional(),
  natAddresses: z.array(z.string()).readonly().default([]),
});

/** An {@link ExistingNetworkSpec} with every default that does not depend on other settings. */
type ExistingNetworkSettings = z.output<typeof existingNetworkSchema>;

/** An {@link ExistingNetworkSpec} with every default filled in. */
export interface ExistingNetworkPlan extends NetworkRanges {
  /** The network is not made. */
  readonly kind: "existing";
  /** Id of the VPC. */
  readonly vpcId: string;
  /** Account that shares the subnets; absent where they are the environment's own. */
  readonly ownerAccount?: string;
  /** Subnets of nodes and pods. */
  readonly privateSubnets: readonly ExistingSubnet[];
  /** Subnets of a load balancer on the internet. */
  readonly publicSubnets: readonly ExistingSubnet[];
  /** Subnets of the database. */
  readonly databaseSubnets: readonly ExistingSubnet[];
  /** Subnets of the sandboxes' nodes; absent where they share the private subnets. */
  readonly sandboxSubnets?: readonly ExistingSubnet[];
  /** Public addresses of the way out. */
  readonly natAddresses: readonly string[];
  /** What is accepted but may fall short, in sentences. */
  readonly warnings: readonly string[];
}

/** Stands in for a network of the wrong shape, so that everything else is still checked. */
const STAND_IN: ExistingNetworkSpec = {
  kind: "existing",
  vpcId: "vpc-00000000",
  cidrs: ["10.0.0.0/16"],
  privateSubnets: [
    { id: "subnet-00000001", cidr: "10.0.0.0/17" },
    { id: "subnet-00000002", cidr: "10.0.128.0/17" },
  ],
  publicSubnets: [
    { id: "subnet-00000003", cidr: "10.0.0.0/24" },
    { id: "subnet-00000004", cidr: "10.0.128.0/24" },
  ],
};

/** Fills in defaults and reports what cannot work. */
export function planExistingNetwork(given: ExistingNetworkSpec, demand: NetworkDemand): Planned<ExistingNetworkPlan> {
  const { spec, shape } = checkedSpec(existingNetworkSchema, given, STAND_IN, "network");
  const { privateSubnets, publicSubnets, databaseSubnets = privateSubnets, sandboxSubnets, natAddresses } = spec;
  const room = roomOf(spec);
  const { expectedAddresses = demand.addressesPerZone } = demand;
  const prefixDelegation = needsPrefixes(expectedAddresses, room, demand.prefixDelegation);
  const mode = prefixDelegation ? "prefixes" : "interfaces";
  const addressesNeeded = neededIn(demand.addressesPerZone, room, mode);
  const plan: ExistingNetworkPlan = {
    kind: "existing",
    vpcId: spec.vpcId,
    ownerAccount: spec.ownerAccount,
    cidr: primaryOf(spec),
    vpcCidrs: spec.cidrs,
    zones: privateSubnets.length,
    privateCidrs: rangesOf(privateSubnets),
    podCidrs: podCidrsOf(spec),
    publicCidrs: rangesOf(publicSubnets),
    databaseCidrs: rangesOf(databaseSubnets),
    addressesNeeded,
    prefixDelegation,
    interfaceEndpoints: [],
    s3Buckets: [],
    privateSubnets,
    publicSubnets,
    databaseSubnets,
    sandboxSubnets,
    natAddresses,
    warnings: roomWarnings(demand, room, mode),
  };
  return {
    plan,
    violations: withShape(shape, [
      // Without the ranges of the VPC its subnets cannot be judged.
      ...specViolations(withoutRanges(spec, shape)),
      ...countViolations(plan, demand),
      ...roomViolations(demand, room, mode),
    ]),
  };
}

function primaryOf({ cidrs: [primary = ""] }: ExistingNetworkSettings): string {
  return primary;
}

function podCidrsOf({ privateSubnets, sandboxSubnets = [] }: ExistingNetworkSettings): string[] {
  return rangesOf([...privateSubnets, ...sandboxSubnets]);
}

function withoutRanges(spec: ExistingNetworkSettings, shape: readonly Violation[]): ExistingNetworkSettings {
  return shape.some(({ path }) => path.startsWith("network.cidrs")) ? { ...spec, cidrs: [] } : spec;
}

function specViolations(spec: ExistingNetworkSettings): Violation[] {
  return [
    ...repeatedViolations(spec),
    ...outsideViolations(spec),
    ...overlapViolations(spec),
    ...sizeViolations(spec),
    ...addressViolations(spec),
  ];
}

function rangesOf(list: readonly ExistingSubnet[]): string[] {
  return list.map(({ cidr }) => cidr);
}

/** The smallest private subnet decides; sandboxes may use several subnets a zone, so theirs are added up. */
function roomOf({ privateSubnets, sandboxSubnets }: ExistingNetworkSettings): ZoneRoom {
  const rooms = (list: readonly ExistingSubnet[]): number[] =>
    list.map(({ cidr }) => privateRoom(parseIpv4(cidr)?.prefixLength ?? 32, 0));
  const own = Math.max(0, Math.min(...rooms(privateSubnets)));
  if (sandboxSubnets === undefined) return { own };
  const total = rooms(sandboxSubnets).reduce((sum, room) => sum + Math.max(0, room), 0);
  return { own, sandboxes: Math.floor(total / Math.max(1, privateSubnets.length)) };
}

/** Nodes and pods have IPv4 addresses; a range of the other protocol is none of theirs. */
function ipv6Problem(cidr: string): Problem | undefined {
  if (parseRange(cidr)?.family !== "ipv6") return undefined;
  return {
    problem: `${quote(cidr)} is an IPv6 range, and pods have IPv4 addresses`,
    remedy: 'use its IPv4 range, such as "10.0.0.0/16", or remove it',
  };
}

function repeatedViolations(spec: ExistingNetworkSettings): Violation[] {
  return LISTS.flatMap((list) => {
    const ids = (spec[list] ?? []).map(({ id }) => id);
    return ids
      .filter((id, index) => ids.indexOf(id) < index)
      .map((id) => ({ path: `network.${list}`, problem: `"${id}" is listed twice`, remedy: "list it once" }));
  });
}

function outsideViolations(spec: ExistingNetworkSettings): Violation[] {
  const isOutside = (cidr: string): boolean => spec.cidrs.length > 0 && !isWithin(cidr, spec.cidrs);
  return LISTS.flatMap((list) =>
    (spec[list] ?? []).flatMap(({ cidr }, index) =>
      isOutside(cidr)
        ? [
            {
              path: `network.${list}[${index}].cidr`,
              problem: `"${cidr}" is in none of the VPC's ranges ${spec.cidrs.join(", ")}`,
              remedy: "list every range of the VPC in network.cidrs",
            },
          ]
        : [],
    ),
  );
}

function countViolations(
  { privateSubnets, publicSubnets, databaseSubnets }: ExistingNetworkPlan,
  { internetFacing = true }: NetworkDemand,
): Violation[] {
  const few = (list: SubnetList, given: readonly ExistingSubnet[], why: string): Violation[] =>
    given.length >= 2
      ? []
      : [
          {
            path: `network.${list}`,
            problem: `${given.length} of at least 2 subnets, and ${why}`,
            remedy: "use one subnet in each of at least two zones",
          },
        ];
  return [
    ...few("privateSubnets", privateSubnets, "nodes must survive the failure of a zone"),
    ...(databaseSubnets === privateSubnets ? [] : few("databaseSubnets", databaseSubnets, "RDS needs two zones")),
    ...(internetFacing
      ? few("publicSubnets", publicSubnets, 'an internet-facing load balancer needs two zones (or access: "internal")')
      : []),
  ];
}
