import { endpointPolicy } from "./endpoint-policies";
import {
  type Ipv4Range,
  addressCount,
  contains,
  formatIpv4,
  overlaps,
  parseIpv4,
  parseRange,
  rangeProblem,
} from "../common/address-range";
import { checkedSpec, withShape } from "../common/checked-spec";
import type { EnvironmentContext } from "../common/context";
import { nearest } from "../common/nearest";
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

/**
 * Endpoints of an environment with NAT.
 *
 * An interface endpoint costs $7.30 a month and zone and $0.01 a GB, NAT $0.045 a GB: below 208 GB a month and zone an
 * endpoint costs more than it saves, and no AWS API that this stack calls moves that much. What does, S3 and the image
 * layers it holds, goes through the gateway endpoint, which is free. Only `eks-auth` is worth its price: it hands pods
 * their credentials, so a Retool that runs keeps its database and its bucket while the way out is down.
 */
const ENDPOINTS_WITH_NAT = ["eks-auth"];

/** Endpoints of an environment without NAT: nodes cannot join, scale, pull images, log or be reached by people without them. */
const ENDPOINTS_WITHOUT_NAT = [
  "ec2",
  "ecr.api",
  "ecr.dkr",
  "eks",
  "eks-auth",
  "elasticloadbalancing",
  "kms",
  "logs",
  "secretsmanager",
  "sqs",
  "ssm",
  "ssmmessages",
  "sts",
];

/** Long names that are easily misspelt; shorter ones, such as `sns` and `sqs`, are too much alike to tell. */
const SHORTEST_TYPO = 6;
const WELL_KNOWN_ENDPOINTS = [
  ...ENDPOINTS_WITHOUT_NAT,
  ...["autoscaling", "bedrock-runtime", "dynamodb", "execute-api", "lambda", "monitoring", "rds", "rds-data", "athena"],
];

/** Prefix of a zone's block: a quarter of the VPC, so that a network of fewer zones keeps the others' room. */
const ZONE_BITS = 2;
const PRIVATE_BITS = 3;
const PUBLIC_BITS = 5;
const DATABASE_BITS = 6;
/** Smallest subnet AWS allows, and all that the endpoint of a firewall or a NAT gateway needs. */
const SMALLEST_PREFIX_LENGTH = 28;

const DEFAULT_CIDR: Ipv4Range = { first: 10 * 2 ** 24, prefixLength: 16 };

const ALLOWED_RANGES = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"];
const REFUSED_RANGES: readonly { readonly range: string; readonly reason: string }[] = [
  { range: "192.168.0.0/16", reason: "to which Retool's code-executor drops all traffic" },
  { range: "169.254.0.0/16", reason: "which holds the metadata and credential addresses" },
];

/** Fills in defaults, computes every subnet, and reports what cannot work. */
export function planNetwork(
  given: NetworkSpec | undefined,
  context: EnvironmentContext,
  demand: NetworkDemand,
): Planned<NetworkPlan> {
  const { spec, shape } = checkedSpec(networkSchema, given, {}, "network");
  const settings = resolve(spec);
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
      ...endpointViolations(plan),
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

function resolve({ zones, nat, s3Buckets, ...spec }: NetworkSettings): ResolvedNetwork {
  const usualEndpoints = nat === "none" ? ENDPOINTS_WITHOUT_NAT : ENDPOINTS_WITH_NAT;
  return {
    cidr: spec.cidr ?? formatIpv4(DEFAULT_CIDR),
    zones,
    nat,
    interfaceEndpoints: spec.interfaceEndpoints ?? usualEndpoints,
    flowLogRetentionDays: spec.flowLogRetentionDays ?? 90,
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
  const meant = parseRange(cidr)?.canonical;
  const isUsable = meant !== undefined && meant !== cidr && cidrViolations(meant).length === 0;
  return isUsable ? undefined : { remedy: 'use a value such as "10.0.0.0/16"' };
}

function placeViolations(cidr: string, range: Ipv4Range): Violation[] {
  const path = "network.cidr";
  const isPrivate = ALLOWED_RANGES.some((allowed) => contains(mustParse(allowed), range));
  if (!isPrivate)
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

function endpointViolations({ nat, interfaceEndpoints }: NetworkPlan): Violation[] {
  const path = "network.interfaceEndpoints";
  const malformed = interfaceEndpoints
    .filter((service) => !/^[a-z0-9]+([.-][a-z0-9]+)*$/.test(service) || service.startsWith("com.amazonaws"))
    .map((service) => ({
      path,
      problem: `"${service}" is not the short name of an endpoint service`,
      remedy: 'use a name such as "ecr.api": what follows com.amazonaws.<region>.',
    }));
  const gateway = interfaceEndpoints
    .filter((service) => service === "s3")
    .map((service) => ({
      path,
      problem: `"${service}" already has a gateway endpoint, which is free`,
      remedy: "remove it",
    }));
  const misspelt = interfaceEndpoints.flatMap((service) => {
    const meant = service.length < SHORTEST_TYPO ? undefined : nearest(service, WELL_KNOWN_ENDPOINTS);
    return meant === undefined || meant === service
      ? []
      : [{ path, problem: `"${service}" is not the short name of an endpoint service`, remedy: `use "${meant}"` }];
  });
  const repeated = interfaceEndpoints
    .filter((service, index) => interfaceEndpoints.indexOf(service) < index)
    .map((service) => ({ path, problem: `"${service}" is listed twice`, remedy: "list it once" }));
  const missing =
    nat === "none" ? ENDPOINTS_WITHOUT_NAT.filter((service) => !interfaceEndpoints.includes(service)) : [];
  const names = missing.map((service) => `"${service}"`).join(", ");
  const cutOff =
    missing.length === 0
      ? []
      : [
          {
            path,
            problem: `${names} ${missing.length === 1 ? "is" : "are"} missing, and without NAT not reachable otherwise`,
            remedy: `add ${names}, or set network.nat to "per-zone"`,
          },
        ];
  return [...malformed, ...gateway, ...misspelt, ...repeated, ...cutOff];
}
