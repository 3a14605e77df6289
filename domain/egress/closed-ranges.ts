import {
  addressCount,
  formatIpv4,
  type Ipv4Range,
  contains,
  isWithin,
  parseIpv4,
  parseRange,
  PRIVATE_RANGES,
  SHARED_RANGE,
} from "../common/address-range";
import { CATALOG } from "../catalog/catalog";
import { type EgressSource, isComponent } from "./rules";
import type { TextProblem } from "./names";

/** Ranges of the environment itself. */
export interface OwnRanges {
  /** Every range of the VPC, secondary ones too. */
  readonly vpcCidrs: readonly string[];
  /** Ranges of nodes and pods. */
  readonly podCidrs: readonly string[];
  /** Ranges of the subnets that hold the database. */
  readonly databaseCidrs: readonly string[];
  /** Range of the cluster's Services. */
  readonly serviceCidr: string;
}

/** A range, and what is in it. */
export interface NamedRange {
  /** The range. */
  readonly cidr: string;
  /** What is in it. */
  readonly holds: string;
}

/** Private addresses, which a rule must name. */
export const NAMED_ONLY: readonly string[] = [...PRIVATE_RANGES, SHARED_RANGE];

/** Ranges that no rule opens for anybody, but for the single addresses of the platform's own rules. */
const NEVER_OPEN: readonly NamedRange[] = [
  { cidr: "0.0.0.0/8", holds: "addresses that mean the pod itself" },
  { cidr: "127.0.0.0/8", holds: "loopback addresses" },
  { cidr: "169.254.0.0/16", holds: "link-local addresses: instance metadata and the credentials of Pod Identity" },
  { cidr: "224.0.0.0/4", holds: "multicast addresses" },
  { cidr: "240.0.0.0/4", holds: "reserved addresses" },
];

/**
 * Ranges that stay closed to a source even if the configuration opens them: to everybody the node's own addresses and the
 * cluster's Services, to code of users also the VPC.
 */
export function closedRanges(source: EgressSource, own: OwnRanges | undefined): NamedRange[] {
  if (own === undefined) return [...NEVER_OPEN];
  const services = { cidr: own.serviceCidr, holds: "the cluster's Services" };
  return [...NEVER_OPEN, services, ...(runsUserCode(source) ? rangesOfVpc(own) : [])];
}

function rangesOfVpc({ vpcCidrs, podCidrs, databaseCidrs }: OwnRanges): NamedRange[] {
  const named = (cidrs: readonly string[], holds: string): NamedRange[] => cidrs.map((cidr) => ({ cidr, holds }));
  return [
    ...named(vpcCidrs, "the VPC"),
    ...named(podCidrs, "nodes and pods"),
    ...named(databaseCidrs, "the database subnets"),
  ];
}

/** Ranges inside another one that stay closed: those above, and private ones that the other does not name. */
export function holesIn(cidr: string, source: EgressSource, own: OwnRanges | undefined): string[] {
  const closed = [...NAMED_ONLY, ...closedRanges(source, own).map((range) => range.cidr)];
  return outermost(closed.filter((hole) => hole !== cidr && isWithin(hole, [cidr])));
}

/** The closed range that holds all of another one; `undefined` where something of it may be opened. */
export function closedAround(cidr: string, source: EgressSource, own: OwnRanges | undefined): NamedRange | undefined {
  return closedRanges(source, own).find((closed) => isWithin(cidr, [closed.cidr]));
}

/** Says why a range cannot be opened to the sources of a rule; `undefined` where it can. */
export function closedProblem(
  cidr: string,
  sources: readonly EgressSource[],
  own: OwnRanges | undefined,
): TextProblem | undefined {
  if (parseRange(cidr)?.family === "ipv6")
    return {
      problem: `"${cidr}" is an IPv6 range, but pods of this cluster have no IPv6 addresses`,
      remedy: "use IPv4",
    };
  for (const source of sources) {
    const closed = closedAround(cidr, source, own);
    if (closed !== undefined)
      return {
        problem: `"${cidr}" is in ${closed.cidr} (${closed.holds}), which ${source} may never reach`,
        remedy: closedAround(cidr, "nodes", own) === undefined ? `remove ${source}, or the range` : "remove it",
      };
  }
  return undefined;
}

/** Whether a source runs code that users write. */
export function runsUserCode(source: EgressSource): boolean {
  return isComponent(source) && CATALOG[source].runsUserCode === true;
}

/** What follows the hole that a range begins with, as ranges; `undefined` where it begins with none. */
export function partsAfter(cidr: string, holes: readonly string[]): string[] | undefined {
  const whole = parseIpv4(cidr);
  const head = holes.map((hole) => parseIpv4(hole)).find((hole) => hole !== undefined && hole.first === whole?.first);
  if (whole === undefined || head === undefined) return undefined;
  return Array.from({ length: head.prefixLength - whole.prefixLength }, (_, step) => {
    const prefixLength = whole.prefixLength + step + 1;
    return formatIpv4({ first: whole.first + addressCount(prefixLength), prefixLength });
  });
}

/** Drops ranges that lie in others, and sorts the rest. */
function outermost(cidrs: readonly string[]): string[] {
  const ranges = [...new Set(cidrs)].flatMap((cidr) => parsed(cidr));
  return ranges
    .filter(({ range }) => !ranges.some((other) => other.range !== range && contains(other.range, range)))
    .sort((left, right) => left.range.first - right.range.first)
    .map(({ cidr }) => cidr);
}

function parsed(cidr: string): { readonly cidr: string; readonly range: Ipv4Range }[] {
  const range = parseIpv4(cidr);
  return range === undefined ? [] : [{ cidr, range }];
}
