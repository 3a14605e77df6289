import {
  addressCount,
  contains,
  formatIpv4,
  type Ipv4Range,
  overlaps,
  parseIpv4,
  rangeProblem,
} from "../common/address-range";
import type { AddressesByMode, ZoneAddresses } from "../capacity/pod-addresses";
import type { Violation } from "../common/violation";

/** Addresses AWS keeps in every subnet. https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html */
const RESERVED_BY_AWS = 5;
/** Free addresses that EKS wants for its own interfaces. https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html */
const RESERVED_FOR_CONTROL_PLANE = 16;
/** Free addresses that a load balancer wants. https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html */
const RESERVED_FOR_LOAD_BALANCER = 8;

/** Addresses of a private subnet that nodes and pods may have. */
export function privateRoom(prefixLength: number, interfaceEndpoints: number): number {
  const kept = RESERVED_BY_AWS + RESERVED_FOR_CONTROL_PLANE + RESERVED_FOR_LOAD_BALANCER + interfaceEndpoints;
  return addressCount(prefixLength) - kept;
}

/** The range that carrier-grade NAT uses: private in every VPC, and no office network has it. */
const SHARED_SPACE: Ipv4Range = { first: 100 * 2 ** 24 + 64 * 2 ** 16, prefixLength: 10 };

/** Prefix of the whole second range: one block of {@link ZONE_BLOCK_LENGTH} for each of four zones. */
const SANDBOX_RANGE_LENGTH = 14;

/** Largest block that a VPC takes. https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html */
const ZONE_BLOCK_LENGTH = 16;

/** A zone's block is filled subnet by subnet, so that growing adds one and never replaces one. */
const SANDBOX_SUBNET_LENGTH = 18;

const SUBNETS_PER_ZONE = 2 ** (SANDBOX_SUBNET_LENGTH - ZONE_BLOCK_LENGTH);
const SANDBOX_SUBNET_ROOM = addressCount(SANDBOX_SUBNET_LENGTH) - RESERVED_BY_AWS;

/** A block of the second range, and the subnets of the sandboxes' nodes in it. */
export interface SandboxZonePlan {
  /** Range that is added to the VPC. */
  readonly blockCidr: string;
  /** Subnets in it, as many as the capacity plan needs. */
  readonly subnetCidrs: readonly string[];
}

/** Cuts the second range into a block for each zone and as many subnets as the sandboxes' addresses need. */
export function sandboxZones(cidr: string | undefined, zones: number, addressesPerZone: number): SandboxZonePlan[] {
  const range = cidr === undefined ? undefined : parseIpv4(cidr);
  if (range?.prefixLength !== SANDBOX_RANGE_LENGTH) return [];
  const count = Math.min(SUBNETS_PER_ZONE, Math.max(1, Math.ceil(addressesPerZone / SANDBOX_SUBNET_ROOM)));
  return Array.from({ length: zones }, (_, zone) => {
    const first = range.first + zone * addressCount(ZONE_BLOCK_LENGTH);
    return {
      blockCidr: formatIpv4({ first, prefixLength: ZONE_BLOCK_LENGTH }),
      subnetCidrs: Array.from({ length: count }, (_unused, index) =>
        formatIpv4({
          first: first + index * addressCount(SANDBOX_SUBNET_LENGTH),
          prefixLength: SANDBOX_SUBNET_LENGTH,
        }),
      ),
    };
  });
}

/** Addresses of one zone that nodes and pods may have. */
export interface ZoneRoom {
  /** In the private subnet. */
  readonly own: number;
  /** In the subnets of the sandboxes' nodes; absent where those take addresses of the private subnet. */
  readonly sandboxes?: number;
}

/** Room of the largest number of sandbox subnets in a zone. */
export const LARGEST_SANDBOX_ROOM = SUBNETS_PER_ZONE * SANDBOX_SUBNET_ROOM;

/** Addresses that one zone's subnets must have, as {@link ZoneRoom} counts them. */
export function neededIn(demand: ZoneAddresses, room: ZoneRoom, mode: keyof AddressesByMode): ZoneRoom {
  return room.sandboxes === undefined
    ? { own: demand.others[mode] + demand.sandboxes[mode] }
    : { own: demand.others[mode], sandboxes: demand.sandboxes[mode] };
}

/**
 * Decides whether nodes take addresses in blocks of 16.
 *
 * Only where they are asked to, or where single addresses do not suffice and blocks take fewer: a block needs 16 free addresses
 * in a row, which a subnet that others use may not have.
 */
export function needsPrefixes(demand: ZoneAddresses, room: ZoneRoom, asked: boolean | undefined): boolean {
  if (asked !== undefined) return asked;
  const single = neededIn(demand, room, "interfaces");
  const blocks = neededIn(demand, room, "prefixes");
  return !suffices(single, room) && totalOf(blocks) < totalOf(single);
}

function suffices({ own, sandboxes = 0 }: ZoneRoom, room: ZoneRoom): boolean {
  return own <= room.own && sandboxes <= (room.sandboxes ?? 0);
}

function totalOf({ own, sandboxes = 0 }: ZoneRoom): number {
  return own + sandboxes;
}

/** Refuses a second range that is not four blocks of shared address space, or that the VPC has already. */
export function sandboxCidrViolations(text: string | undefined, vpcCidrs: readonly string[]): Violation[] {
  if (text === undefined) return [];
  const path = "network.sandboxCidr";
  const malformed = rangeProblem(text);
  if (malformed !== undefined) return [{ path, ...malformed }];
  const range = parseIpv4(text);
  if (range?.prefixLength !== SANDBOX_RANGE_LENGTH || !contains(SHARED_SPACE, range))
    return [{ path, problem: `"${text}" is not a /14 in 100.64.0.0/10`, remedy: 'use "100.64.0.0/14" or another' }];
  return vpcCidrs.flatMap((cidr) => {
    const own = parseIpv4(cidr);
    if (own === undefined || !overlaps(own, range)) return [];
    return [{ path, problem: `"${text}" overlaps "${cidr}" of the VPC`, remedy: "use another /14 in 100.64.0.0/10" }];
  });
}

/** What decides whether a network has room. */
interface SizedNetwork {
  readonly cidr: string;
  readonly interfaceEndpoints: readonly string[];
  readonly addressesNeeded: ZoneRoom;
}

/** The private subnet is refused where it is too small, the second range where even four subnets a zone are. */
export function capacityViolations(
  { cidr, interfaceEndpoints, addressesNeeded }: SizedNetwork,
  room: ZoneRoom,
  subnetLengthOf: (prefixLength: number) => number,
): Violation[] {
  const { own, sandboxes } = addressesNeeded;
  const fits = (prefixLength: number): boolean =>
    own <= privateRoom(subnetLengthOf(prefixLength), interfaceEndpoints.length);
  const fitting = [20, 19, 18, 17, 16].find(fits);
  const more = sandboxes === undefined ? ", or give the sandboxes a separate range: network.sandboxCidr" : "";
  const tooSmall: Violation[] =
    own <= room.own
      ? []
      : [
          {
            path: "network.cidr",
            problem:
              `a private subnet of ${cidr} has ${room.own} free addresses, ` +
              `but the capacity needs ${own} in each zone`,
            remedy:
              fitting === undefined
                ? `lower the capacity: even a /16 has only ${privateRoom(subnetLengthOf(16), interfaceEndpoints.length)}${more}`
                : `use a range of prefix /${fitting} or shorter, or lower the capacity${more}`,
          },
        ];
  const tooMany: Violation[] =
    (sandboxes ?? 0) <= LARGEST_SANDBOX_ROOM
      ? []
      : [
          {
            path: "network.sandboxCidr",
            problem: `a zone has ${LARGEST_SANDBOX_ROOM} free addresses, but the sandboxes need ${String(sandboxes)} in it`,
            remedy: "use more zones or use several environments",
          },
        ];
  return [...tooSmall, ...tooMany];
}
