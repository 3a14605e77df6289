import { endpointPolicy } from "./endpoint-policies";
import {
  addressCount,
  formatIpv4,
  intendedRange,
  type Ipv4Range,
  isWithin,
  overlaps,
  parseIpv4,
  PRIVATE_RANGES,
  rangeProblem,
  SHARED_RANGE,
} from "../common/address-range";
import { LOG_DAYS } from "../common/log-retention";
import { checkedSpec, withShape } from "../common/checked-spec";
import type { EnvironmentContext } from "../common/context";
import {
  ENDPOINTS_WITH_NAT,
  ENDPOINTS_WITHOUT_NAT,
  endpointViolations,
  shortEndpointName,
} from "./interface-endpoints";
import { zonesIn } from "../common/regions";
import {
  capacityViolations,
  LARGEST_SANDBOX_ROOM,
  neededIn,
  needsPrefixes,
  privateRoom,
  sandboxCidrViolations,
  type SandboxZonePlan,
  sandboxZones,
  type ZoneRoom,
} from "./addresses";
import {
  networkSchema,
  type NatStrategy,
  type NetworkDemand,
  type NetworkPlan,
  type NetworkSettings,
  type NetworkSpec,
  type ResolvedNetwork,
  type ZonePlan,
} from "./spec";
import type { Planned, Violation } from "../common/violation";

import { flowLogViolations, poolViolations } from "./organization";

export { networkSchema } from "./spec";
export type * from "./spec";

/** Prefix of a zone's block: a quarter of the VPC, so that a network of fewer zones keeps the others' room. */
const ZONE_BITS = 2;
const PRIVATE_BITS = 3;
const PUBLIC_BITS = 5;
const DATABASE_BITS = 6;
/** Smallest subnet AWS allows, and all that the endpoint of a firewall or a NAT gateway needs. */
const SMALLEST_PREFIX_LENGTH = 28;

const DEFAULT_CIDR: Ipv4Range = { first: 10 * 2 ** 24, prefixLength: 16 };

const ALLOWED_RANGES = [...PRIVATE_RANGES, SHARED_RANGE];
const REFUSED_RANGES: readonly { readonly range: string; readonly reason: string }[] = [
  { range: "192.168.0.0/16", reason: "which Retool's code-executor cannot reach: it drops all traffic there" },
  { range: "169.254.0.0/16", reason: "which holds the metadata and credential addresses" },
];

/** Fills in defaults, computes every subnet, and reports what cannot work. */
export function planNetwork(
  given: NetworkSpec | undefined,
  context: EnvironmentContext,
  demand: NetworkDemand,
): Planned<NetworkPlan> {
  const { spec, shape } = checkedSpec(networkSchema, given, {}, "network");
  const settings = resolve(spec, context.region);
  const indexes = Array.from({ length: settings.zones }, (_, index) => index);
  const room = roomOf(settings, spec.sandboxCidr);
  const prefixDelegation = needsPrefixes(demand.addressesPerZone, room, demand.prefixDelegation);
  const addressesNeeded = neededIn(demand.addressesPerZone, room, prefixDelegation ? "prefixes" : "interfaces");
  const subnets = indexes.map((index) => zonePlan(usableRange(settings.cidr), index));
  const sandboxes = sandboxZones(spec.sandboxCidr, indexes.length, addressesNeeded.sandboxes ?? 0);
  const plan: NetworkPlan = {
    kind: "new",
    ...settings,
    ...natPlan(settings.nat, indexes),
    ...rangesOf(settings.cidr, subnets, sandboxes),
    addressesNeeded,
    prefixDelegation,
    prefix: context.prefix,
    region: context.region,
    endpointPolicies: Object.fromEntries(
      settings.interfaceEndpoints.flatMap((service) => {
        const policy = endpointPolicy(service, context.account);
        return policy === undefined ? [] : [[service, policy]];
      }),
    ),
    subnets,
    sandboxZones: sandboxes,
    publicSubnets: demand.internetFacing !== false,
    dualStack: demand.dualStack ?? false,
    ipamPoolId: spec.ipamPoolId,
    flowLogDestination: demand.flowLogDestination,
  };
  return {
    plan,
    violations: withShape(shape, [
      ...cidrViolations(plan.cidr),
      ...poolViolations(spec),
      ...flowLogViolations(spec, demand),
      ...zoneViolations(plan.zones, context.region),
      ...endpointViolations(plan, spec.interfaceEndpoints),
      ...sandboxCidrViolations(spec.sandboxCidr, [plan.cidr]),
      ...capacityViolations(plan, room, (prefixLength) => prefixLength + PRIVATE_BITS),
    ]),
  };
}

function rangesOf(
  cidr: string,
  subnets: readonly ZonePlan[],
  sandboxes: readonly SandboxZonePlan[],
): Pick<NetworkPlan, "vpcCidrs" | "privateCidrs" | "podCidrs" | "publicCidrs" | "databaseCidrs"> {
  const privateCidrs = subnets.map(({ privateCidr }) => privateCidr);
  return {
    vpcCidrs: [cidr, ...sandboxes.map(({ blockCidr }) => blockCidr)],
    privateCidrs,
    podCidrs: [...privateCidrs, ...sandboxes.flatMap(({ subnetCidrs }) => subnetCidrs)],
    publicCidrs: subnets.map(({ publicCidr }) => publicCidr),
    databaseCidrs: subnets.map(({ databaseCidr }) => databaseCidr),
  };
}

function roomOf({ cidr, interfaceEndpoints }: ResolvedNetwork, sandboxCidr: string | undefined): ZoneRoom {
  const own = privateRoom(usableRange(cidr).prefixLength + PRIVATE_BITS, interfaceEndpoints.length);
  return sandboxCidr === undefined ? { own } : { own, sandboxes: LARGEST_SANDBOX_ROOM };
}

function resolve({ zones, nat, s3Buckets, ...spec }: NetworkSettings, region: string): ResolvedNetwork {
  const usualEndpoints = nat === "none" ? ENDPOINTS_WITHOUT_NAT : ENDPOINTS_WITH_NAT;
  return {
    cidr: spec.cidr ?? formatIpv4(DEFAULT_CIDR),
    zones,
    nat,
    interfaceEndpoints: (spec.interfaceEndpoints ?? usualEndpoints).map((name) => shortEndpointName(name, region)),
    flowLogRetentionDays: spec.flowLogRetentionDays ?? LOG_DAYS.flows,
    s3Buckets,
  };
}

function natPlan(nat: NatStrategy, indexes: readonly number[]): Pick<NetworkPlan, "natZones" | "natZoneOf"> {
  switch (nat) {
    case "per-zone":
      return { natZones: indexes, natZoneOf: indexes };
    case "single":
      return { natZones: [0], natZoneOf: indexes.map(() => 0) };
    case "none":
      return { natZones: [], natZoneOf: [] };
  }
}

/** The range that subnets are computed from; the default's where the one given is refused anyway. */
function usableRange(cidr: string): Ipv4Range {
  const range = parseIpv4(cidr);
  return range !== undefined && hasUsableSize(range) ? range : DEFAULT_CIDR;
}

/**
 * Subnets of a zone: neighbours from the start of its quarter of the VPC, the largest first, so that each is aligned.
 *
 * A zone's block does not depend on how many zones there are, so that adding one replaces nothing. What is left of the
 * block is for subnets of the operator's own.
 */
function zonePlan({ first, prefixLength }: Ipv4Range, index: number): ZonePlan {
  const start = first + index * addressCount(prefixLength + ZONE_BITS);
  const ranges = [
    prefixLength + PRIVATE_BITS,
    prefixLength + PUBLIC_BITS,
    prefixLength + DATABASE_BITS,
    SMALLEST_PREFIX_LENGTH,
    SMALLEST_PREFIX_LENGTH,
  ].reduce<Ipv4Range[]>((placed, length) => [...placed, { first: endOf(placed, start), prefixLength: length }], []);
  const [privateCidr = "", publicCidr = "", databaseCidr = "", firewallCidr = "", natCidr = ""] =
    ranges.map(formatIpv4);
  return { privateCidr, publicCidr, databaseCidr, firewallCidr, natCidr };
}

function endOf(placed: readonly Ipv4Range[], start: number): number {
  const last = placed.at(-1);
  return last === undefined ? start : last.first + addressCount(last.prefixLength);
}

function hasUsableSize({ prefixLength }: Ipv4Range): boolean {
  return prefixLength >= 16 && prefixLength <= 20;
}

function cidrViolations(cidr: string): Violation[] {
  const path = "network.cidr";
  const malformed = rangeProblem(cidr);
  if (malformed !== undefined) return [{ path, ...malformed, ...usableRemedy(cidr) }];
  const range = parseIpv4(cidr);
  if (range === undefined)
    return [{ path, problem: `"${cidr}" is not an IPv4 range`, remedy: 'use a value such as "10.0.0.0/16"' }];
  const size: Violation[] = hasUsableSize(range)
    ? []
    : [{ path, problem: `/${range.prefixLength} is out of range`, remedy: "use a prefix from /16 to /20" }];
  return [...size, ...placeViolations(cidr, range)];
}

/** Another range than the one that was meant, where that one is refused too. */
function usableRemedy(cidr: string): Pick<Violation, "remedy"> | undefined {
  const meant = intendedRange(cidr);
  const isUsable = meant !== undefined && meant !== cidr && cidrViolations(meant).length === 0;
  return isUsable ? undefined : { remedy: 'use a value such as "10.0.0.0/16"' };
}

function placeViolations(cidr: string, range: Ipv4Range): Violation[] {
  const path = "network.cidr";
  if (!isWithin(cidr, ALLOWED_RANGES))
    return [
      { path, problem: `${cidr} is not private`, remedy: "use a range in 10.0.0.0/8, 172.16.0.0/12 or 100.64.0.0/10" },
    ];
  return REFUSED_RANGES.filter((refused) => overlaps(mustParse(refused.range), range)).map(
    ({ range: taken, reason }) => ({
      path,
      problem: `${cidr} overlaps ${taken}, ${reason}`,
      remedy: "use a range outside it, such as 10.0.0.0/16",
    }),
  );
}

function mustParse(text: string): Ipv4Range {
  return parseIpv4(text) ?? DEFAULT_CIDR;
}

function zoneViolations(zones: number, region: string): Violation[] {
  const most = zonesIn(region);
  if (zones <= most) return [];
  return [{ path: "network.zones", problem: `${region} has ${most} zones, not ${zones}`, remedy: `use ${most}` }];
}
