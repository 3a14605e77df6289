import { z } from "zod";

import { type Ipv4Range, addressCount, contains, formatIpv4, overlaps, parseIpv4, rangeProblem } from "./address-range";
import { checkedSpec } from "./checked-spec";
import type { EnvironmentContext } from "./environment-context";
import { retentionViolations } from "./log-retention";
import type { Planned, Violation } from "./violation";

/** How private subnets reach the internet: a NAT gateway in each zone, one for all zones, or not at all. */
export type NatStrategy = "per-zone" | "single" | "none";

/** What a team decides about its network. */
export interface NetworkSpec {
  /**
   * Addresses of the VPC, from /16 to /20, in a private range.
   *
   * Not in 192.168.0.0/16: Retool's code-executor drops whatever its users' code sends there.
   *
   * @default "10.0.0.0/16"
   */
  readonly cidr?: string;

  /**
   * Number of availability zones, from 2 to 4. Adding one later leaves the subnets of the others as they are.
   *
   * @default 3
   */
  readonly zones?: number;

  /**
   * How private subnets reach the internet. `single` is cheaper, but the zone it is in takes the others' way out with it.
   *
   * @default "per-zone"
   */
  readonly nat?: NatStrategy;

  /**
   * AWS services that are reached through an interface endpoint, by the short name of their endpoint service (`sts`).
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
   * Further S3 buckets of the region that Retool reads, such as those of data sources; the VPC's endpoint of S3 lets through
   * the environment's own buckets, these, and nothing else.
   *
   * @default []
   */
  readonly s3Buckets?: readonly string[];
}

/** What other parts of an environment need from its network. */
export interface NetworkDemand {
  /** Addresses that nodes and pods of one zone need at most. */
  readonly podAddressesPerZone: number;

  /**
   * Whether the load balancer is reachable from the internet, and so needs public subnets of its own.
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
}

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

/** A {@link NetworkSpec} with every default filled in and every subnet computed. */
export interface NetworkPlan extends Required<NetworkSpec> {
  /** Prefix of every name. */
  readonly prefix: string;
  /** AWS region. */
  readonly region: string;
  /** Subnet ranges, by zone. */
  readonly subnets: readonly ZonePlan[];
  /** Zones that have a NAT gateway, by index. */
  readonly natZones: readonly number[];
  /** For each zone, the zone whose NAT gateway it leaves through; empty without NAT. */
  readonly natZoneOf: readonly number[];
  /** Whether subnets for a load balancer that the internet reaches are made. */
  readonly publicSubnets: boolean;
  /** Whether public subnets have IPv6 addresses too. */
  readonly dualStack: boolean;
}

/**
 * Endpoints of an environment with NAT.
 *
 * An interface endpoint costs $7.30 a month and zone and $0.01 a GB, NAT $0.045 a GB: below 208 GB a month and zone an
 * endpoint costs more than it saves, and no AWS API that this stack calls moves that much. What does, S3 and the image
 * layers it holds, goes through the gateway endpoint, which is free. `eks-auth` alone is worth its price: it hands pods
 * their credentials, so a Retool that runs keeps its database and its bucket while the way out is down.
 */
const ENDPOINTS_WITH_NAT = ["eks-auth"];

/** Endpoints of an environment without NAT: nodes cannot join, scale, pull images or log without them. */
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
  "sts",
];

/** Zones of the address plan; a network that uses fewer keeps the others' room. */
const MAXIMUM_ZONES = 4;
/** Prefix of a zone's block: a quarter of the VPC. */
const ZONE_BITS = 2;
const PRIVATE_BITS = 3;
const PUBLIC_BITS = 5;
const DATABASE_BITS = 6;
/** Smallest subnet AWS allows, and all that the endpoint of a firewall or a NAT gateway needs. */
const SMALLEST_PREFIX_LENGTH = 28;

/** Addresses AWS keeps in every subnet. https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html */
const RESERVED_BY_AWS = 5;
/** Free addresses that EKS wants for its own interfaces. https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html */
const RESERVED_FOR_CONTROL_PLANE = 16;
/** Free addresses that a load balancer wants. https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html */
const RESERVED_FOR_LOAD_BALANCER = 8;

const DEFAULT_CIDR: Ipv4Range = { first: 10 * 2 ** 24, prefixLength: 16 };

const ALLOWED_RANGES = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"];
const REFUSED_RANGES: readonly { readonly range: string; readonly reason: string }[] = [
  { range: "192.168.0.0/16", reason: "to which Retool's code-executor drops all traffic" },
  { range: "172.20.0.0/16", reason: "which Kubernetes Services use" },
  { range: "169.254.0.0/16", reason: "which holds the metadata and credential addresses" },
];

/** Shape of a {@link NetworkSpec}. */
export const networkSchema = z.strictObject({
  cidr: z.string().optional(),
  zones: z.number().optional(),
  nat: z.enum(["per-zone", "single", "none"]).optional(),
  interfaceEndpoints: z.array(z.string()).readonly().optional(),
  flowLogRetentionDays: z.number().optional(),
  s3Buckets: z.array(z.string()).readonly().optional(),
});

/** Fills in defaults, computes every subnet, and reports what cannot work. */
export function planNetwork(
  given: NetworkSpec | undefined,
  context: EnvironmentContext,
  demand: NetworkDemand,
): Planned<NetworkPlan> {
  const { spec, shape } = checkedSpec<NetworkSpec>(networkSchema, given, {}, "network");
  const settings = resolve(spec);
  const indexes = Array.from({ length: clampZones(settings.zones) }, (_, index) => index);
  const plan: NetworkPlan = {
    ...settings,
    ...natPlan(settings.nat, indexes),
    prefix: context.prefix,
    region: context.region,
    subnets: indexes.map((index) => zonePlan(usableRange(settings.cidr), index)),
    publicSubnets: demand.internetFacing !== false,
    dualStack: demand.dualStack ?? false,
  };
  return {
    plan,
    violations: [
      ...shape,
      ...cidrViolations(plan.cidr),
      ...zoneViolations(plan.zones),
      ...endpointViolations(plan),
      ...retentionViolations(plan.flowLogRetentionDays, "network.flowLogRetentionDays"),
      ...capacityViolations(plan, demand),
    ],
  };
}

function resolve(spec: NetworkSpec): Required<NetworkSpec> {
  const nat = spec.nat ?? "per-zone";
  return {
    cidr: spec.cidr ?? formatIpv4(DEFAULT_CIDR),
    zones: spec.zones ?? 3,
    nat,
    interfaceEndpoints: spec.interfaceEndpoints ?? (nat === "none" ? ENDPOINTS_WITHOUT_NAT : ENDPOINTS_WITH_NAT),
    flowLogRetentionDays: spec.flowLogRetentionDays ?? 90,
    s3Buckets: spec.s3Buckets ?? [],
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

function clampZones(zones: number): number {
  return Number.isInteger(zones) ? Math.min(Math.max(zones, 2), MAXIMUM_ZONES) : 3;
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
  if (malformed !== undefined) return [{ path, ...malformed }];
  const range = parseIpv4(cidr);
  if (range === undefined)
    return [{ path, problem: `"${cidr}" is not an IPv4 range`, remedy: 'use a value such as "10.0.0.0/16"' }];
  const size: Violation[] = hasUsableSize(range)
    ? []
    : [{ path, problem: `/${range.prefixLength} is out of range`, remedy: "use a prefix from /16 to /20" }];
  return [...size, ...placeViolations(cidr, range)];
}

function placeViolations(cidr: string, range: Ipv4Range): Violation[] {
  const path = "network.cidr";
  const isPrivate = ALLOWED_RANGES.some((allowed) => contains(mustParse(allowed), range));
  if (!isPrivate)
    return [{ path, problem: `${cidr} is not private`, remedy: `use a range in ${ALLOWED_RANGES.join(", ")}` }];
  return REFUSED_RANGES.filter((refused) => overlaps(mustParse(refused.range), range)).map(
    ({ range: taken, reason }) => ({
      path,
      problem: `${cidr} overlaps ${taken}, ${reason}`,
      remedy: "use a range beside it, such as 10.0.0.0/16",
    }),
  );
}

function mustParse(text: string): Ipv4Range {
  return parseIpv4(text) ?? DEFAULT_CIDR;
}

function zoneViolations(zones: number): Violation[] {
  if (Number.isInteger(zones) && zones >= 2 && zones <= MAXIMUM_ZONES) return [];
  return [{ path: "network.zones", problem: `${zones} is out of range`, remedy: "use a whole number from 2 to 4" }];
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
      problem: `"${service}" has a gateway endpoint already, which is free`,
      remedy: "remove it",
    }));
  const repeated = interfaceEndpoints
    .filter((service, index) => interfaceEndpoints.indexOf(service) < index)
    .map((service) => ({ path, problem: `"${service}" is listed twice`, remedy: "list it once" }));
  const missing =
    nat === "none" ? ENDPOINTS_WITHOUT_NAT.filter((service) => !interfaceEndpoints.includes(service)) : [];
  const cutOff = missing.map((service) => ({
    path,
    problem: `"${service}" is missing, and without NAT nothing else leads to it`,
    remedy: `add "${service}", or set network.nat to "per-zone"`,
  }));
  return [...malformed, ...gateway, ...repeated, ...cutOff];
}

function capacityViolations(plan: NetworkPlan, { podAddressesPerZone }: NetworkDemand): Violation[] {
  const range = usableRange(plan.cidr);
  const kept =
    RESERVED_BY_AWS + RESERVED_FOR_CONTROL_PLANE + RESERVED_FOR_LOAD_BALANCER + plan.interfaceEndpoints.length;
  const room = (prefixLength: number): number => addressCount(prefixLength + PRIVATE_BITS) - kept;
  if (podAddressesPerZone <= room(range.prefixLength)) return [];
  const fitting = [20, 19, 18, 17, 16].find((prefixLength) => podAddressesPerZone <= room(prefixLength));
  return [
    {
      path: "network.cidr",
      problem:
        `a private subnet of ${plan.cidr} has ${room(range.prefixLength)} free addresses, ` +
        `but the capacity needs ${podAddressesPerZone} in a zone`,
      remedy:
        fitting === undefined
          ? `lower the capacity: even a /16 has only ${room(16)}`
          : `use a range of prefix /${fitting} or shorter, or lower the capacity`,
    },
  ];
}
