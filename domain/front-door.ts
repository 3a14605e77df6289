import { z } from "zod";

import { parseIpv4, parseRange, contains, rangeProblem } from "./address-range";
import { checkedSpec } from "./checked-spec";
import type { EnvironmentContext } from "./environment-context";
import { type HostnamesSpec, hostnamesShape, planHostnames } from "./hostnames";
import { type RoutingPlan, planRouting } from "./routing";
import type { Planned, Violation } from "./violation";

/** What a team decides about the load balancer in front of its Retool. */
export interface FrontDoorSpec extends HostnamesSpec {
  /**
   * Seconds that a connection may be silent, from 180 to 4000.
   *
   * Browsers keep WebSockets open while a builder thinks, the sandbox proxy answers within 180 s, and a workflow that is
   * called synchronously may keep its caller waiting for 15 minutes, which is the longest; the default adds one minute.
   *
   * @default 960
   */
  readonly idleTimeoutSeconds?: number;

  /**
   * Address ranges that may reach an internal load balancer besides the VPC, such as those of a VPN.
   *
   * @default - none
   */
  readonly privateClients?: readonly string[];

  /**
   * Whether the load balancer has IPv6 addresses too.
   *
   * @default false
   */
  readonly dualStack?: boolean;
}

/** Who may reach Retool: only the VPC and what is connected to it, or the listed address ranges over the internet. */
export type Access = "internal" | readonly string[];

/** A {@link FrontDoorSpec} with every default filled in and every derived value computed. */
export interface FrontDoorPlan extends RoutingPlan {
  /** Name of the load balancer, and prefix of every name. */
  readonly prefix: string;
  /** Whether the load balancer has private addresses only. */
  readonly internal: boolean;
  /** IPv4 ranges that may reach it. */
  readonly clientsIpv4: readonly string[];
  /** IPv6 ranges that may reach it. */
  readonly clientsIpv6: readonly string[];
  /** Whether the VPC may reach it. */
  readonly clientsInVpc: boolean;
  /** Whether it has IPv6 addresses too. */
  readonly dualStack: boolean;
  /** Seconds that a connection may be silent. */
  readonly idleTimeoutSeconds: number;
  /** Whether AWS refuses to delete it. */
  readonly deletionProtection: boolean;
}

const ROOT = "frontDoor";
const SHORTEST_IDLE_TIMEOUT_SECONDS = 180;
const LONGEST_IDLE_TIMEOUT_SECONDS = 4000;
/** Each range takes a rule for HTTPS and one for HTTP of the 60 that a security group may have. */
const MOST_RANGES = 25;
const PRIVATE_RANGES = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"];

/** Shape of a {@link FrontDoorSpec}. */
export const frontDoorSchema = z.strictObject({
  ...hostnamesShape,
  idleTimeoutSeconds: z.number().optional(),
  privateClients: z.array(z.string()).readonly().optional(),
  dualStack: z.boolean().optional(),
});

/** Fills in defaults, derives targets and rules, and reports what cannot work. */
export function planFrontDoor(
  given: FrontDoorSpec | undefined,
  context: EnvironmentContext,
  access: Access,
): Planned<FrontDoorPlan> {
  const { spec, shape } = checkedSpec<FrontDoorSpec>(frontDoorSchema, given, {}, ROOT);
  const internal = access === "internal";
  const clients = internal ? (spec.privateClients ?? []) : access;
  const plan: FrontDoorPlan = {
    ...planRouting(planHostnames(spec, context).plan),
    prefix: context.prefix,
    internal,
    clientsIpv4: clients.filter((range) => parseRange(range)?.family === "ipv4"),
    clientsIpv6: clients.filter((range) => parseRange(range)?.family === "ipv6"),
    clientsInVpc: internal,
    dualStack: spec.dualStack ?? false,
    idleTimeoutSeconds: spec.idleTimeoutSeconds ?? 960,
    deletionProtection: context.dataProtection !== "disposable",
  };
  return {
    plan,
    violations: [
      ...shape,
      ...clientViolations(access, spec),
      ...dualStackViolations(plan),
      ...idleTimeoutViolations(plan),
    ],
  };
}

function clientViolations(access: Access, { privateClients }: FrontDoorSpec): Violation[] {
  if (access === "internal") {
    return (privateClients ?? []).flatMap((range, index) =>
      privateViolations(`frontDoor.privateClients[${index}]`, range),
    );
  }
  const unused: Violation[] =
    privateClients === undefined
      ? []
      : [
          {
            path: "frontDoor.privateClients",
            problem: "has no use when access lists ranges of the internet",
            remedy: 'remove it, or set access to "internal"',
          },
        ];
  return [
    ...unused,
    ...countViolations(access),
    ...access.flatMap((range, index) => publicViolations(`access[${index}]`, range)),
  ];
}

function privateViolations(path: string, range: string): Violation[] {
  const malformed = rangeProblem(range);
  if (malformed !== undefined) return [{ path, ...malformed }];
  if (isPrivate(range)) return [];
  return [
    {
      path,
      problem: `${range} is not private, so it never reaches an internal load balancer`,
      remedy: `use a range in ${PRIVATE_RANGES.join(", ")}, or list it in access instead`,
    },
  ];
}

function publicViolations(path: string, range: string): Violation[] {
  const malformed = rangeProblem(range);
  if (malformed !== undefined) return [{ path, ...malformed }];
  if (!isPrivate(range)) return [];
  return [
    {
      path,
      problem: `${range} is private, so it never reaches a load balancer on the internet`,
      remedy: 'list the public addresses of these users, or set access to "internal"',
    },
  ];
}

function isPrivate(range: string): boolean {
  const ipv4 = parseIpv4(range);
  return ipv4 !== undefined && PRIVATE_RANGES.some((outer) => within(outer, ipv4));
}

function within(outer: string, inner: NonNullable<ReturnType<typeof parseIpv4>>): boolean {
  const range = parseIpv4(outer);
  return range !== undefined && contains(range, inner);
}

function countViolations(access: readonly string[]): Violation[] {
  const repeated = access
    .filter((range, index) => access.indexOf(range) < index)
    .map((range) => ({ path: "access", problem: `${range} is listed twice`, remedy: "list it once" }));
  if (access.length <= MOST_RANGES) return repeated;
  return [
    ...repeated,
    {
      path: "access",
      problem: `lists ${access.length} ranges, more than a security group can hold`,
      remedy: `merge them into at most ${MOST_RANGES}`,
    },
  ];
}

function dualStackViolations({ dualStack, internal, clientsIpv6 }: FrontDoorPlan): Violation[] {
  if (!dualStack)
    return clientsIpv6.map((range) => ({
      path: internal ? "frontDoor.privateClients" : "access",
      problem: `${range} is an IPv6 range, and the load balancer has no IPv6 address`,
      remedy: "set frontDoor.dualStack to true, or remove the range",
    }));
  if (internal)
    return [
      {
        path: "frontDoor.dualStack",
        problem: "an internal load balancer has no IPv6 address here",
        remedy: "remove it: private subnets are IPv4 only",
      },
    ];
  if (clientsIpv6.length > 0) return [];
  return [
    {
      path: "frontDoor.dualStack",
      problem: "access lists no IPv6 range, so browsers that prefer IPv6 would wait in vain",
      remedy: "list the IPv6 ranges of your users, or remove it",
    },
  ];
}

function idleTimeoutViolations({ idleTimeoutSeconds: seconds }: FrontDoorPlan): Violation[] {
  const fits = seconds >= SHORTEST_IDLE_TIMEOUT_SECONDS && seconds <= LONGEST_IDLE_TIMEOUT_SECONDS;
  if (Number.isInteger(seconds) && fits) return [];
  return [
    {
      path: "frontDoor.idleTimeoutSeconds",
      problem: `${seconds} s is out of range`,
      remedy: `use a whole number from ${SHORTEST_IDLE_TIMEOUT_SECONDS}, which the sandbox proxy may take, to ${LONGEST_IDLE_TIMEOUT_SECONDS}, the most of AWS`,
    },
  ];
}
