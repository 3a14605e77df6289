import ipaddr from "ipaddr.js";

import { overlaps, parseIpv4 } from "../common/address-range";
import { quote } from "../common/quote";
import type { Violation } from "../common/violation";

/** A subnet that exists. */
export interface ExistingSubnet {
  /** Its id, such as `subnet-0a1b2c3d4e5f60711`. */
  readonly id: string;
  /** Its range; an apply compares it with what AWS says. */
  readonly cidr: string;
}

/** What is known of the subnets and addresses of a network that exists. */
type Site = Readonly<Partial<Record<SubnetList, readonly ExistingSubnet[]>>>;

/** A list of subnets of a network that exists. */
export type SubnetList = "privateSubnets" | "publicSubnets" | "databaseSubnets" | "sandboxSubnets";

/** All lists. */
export const LISTS: readonly SubnetList[] = ["privateSubnets", "publicSubnets", "databaseSubnets", "sandboxSubnets"];

/** Lists whose subnets may be those of another one. */
const SHARED_LISTS: readonly (readonly [SubnetList, SubnetList])[] = [["privateSubnets", "databaseSubnets"]];

/** Subnets of a VPC never share an address, so two that do are one subnet, or one of them was copied wrongly. */
export function overlapViolations(spec: Site): Violation[] {
  const all = LISTS.flatMap((list) =>
    (spec[list] ?? []).map((subnet, index) => ({ list, subnet, path: `network.${list}[${index}]` })),
  );
  return all.flatMap(({ list, subnet, path }, index) => {
    const range = parseIpv4(subnet.cidr);
    const mayShare = (other: SubnetList): boolean =>
      SHARED_LISTS.some((lists) => lists.includes(list) && lists.includes(other) && list !== other);
    const clash = all.slice(0, index).find((earlier) => {
      const isSame = earlier.subnet.id === subnet.id;
      if (isSame && earlier.subnet.cidr === subnet.cidr && mayShare(earlier.list)) return false;
      // A subnet that stands twice in one list is refused there.
      if (isSame) return earlier.list !== list;
      const other = parseIpv4(earlier.subnet.cidr);
      return range !== undefined && other !== undefined && overlaps(range, other);
    });
    if (clash === undefined) return [];
    const isSame = clash.subnet.id === subnet.id;
    return [
      {
        path,
        problem: isSame
          ? `"${subnet.id}" stands in ${clash.path.replace("network.", "")} as well`
          : `${subnet.cidr} shares addresses with ${clash.subnet.cidr} of ${clash.path.replace("network.", "")}`,
        remedy: isSame
          ? "use a different subnet, with the range that AWS shows for it"
          : "write the range that AWS shows for each subnet",
      },
    ];
  });
}

/** Smallest subnet of a load balancer, and the smallest one that AWS makes. */
const SMALLEST_SUBNETS: Readonly<Partial<Record<SubnetList, number>>> = { publicSubnets: 27, databaseSubnets: 28 };

/** Finds subnets that are too small for what stands in them. */
export function sizeViolations(spec: Site): Violation[] {
  return LISTS.flatMap((list) =>
    (spec[list] ?? []).flatMap(({ cidr }, index) => {
      const smallest = SMALLEST_SUBNETS[list];
      const length = parseIpv4(cidr)?.prefixLength;
      if (smallest === undefined || length === undefined || length <= smallest) return [];
      return [
        {
          path: `network.${list}[${index}].cidr`,
          problem: `${cidr} is smaller than the /${smallest} that ${list === "publicSubnets" ? "a load balancer" : "RDS"} needs`,
          remedy: `use a subnet of /${smallest} or larger`,
        },
      ];
    }),
  );
}

/** Ranges of addresses that nobody on the internet sees. */
const NOT_PUBLIC = ["unspecified", "broadcast", "multicast", "linkLocal", "loopback", "carrierGradeNat", "private"];

/** Finds addresses of the way out that are not public, and ranges that are listed twice. */
export function addressViolations({
  natAddresses = [],
  cidrs,
}: {
  readonly natAddresses?: readonly string[];
  readonly cidrs: readonly string[];
}): Violation[] {
  const nat = natAddresses.flatMap((address, index) => {
    const isPublic =
      ipaddr.IPv4.isValidFourPartDecimal(address) && !NOT_PUBLIC.includes(ipaddr.IPv4.parse(address).range());
    return isPublic
      ? []
      : [
          {
            path: `network.natAddresses[${index}]`,
            problem: `${quote(address)} is not a public IPv4 address`,
            remedy: 'use the address itself, such as "203.0.113.10"',
          },
        ];
  });
  const repeated = cidrs.flatMap((cidr, index) =>
    cidrs.indexOf(cidr) < index
      ? [{ path: `network.cidrs[${index}]`, problem: `${quote(cidr)} is listed twice`, remedy: "list it once" }]
      : [],
  );
  return [...nat, ...repeated];
}
