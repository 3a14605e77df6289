import type { Access } from "./access";
import {
  intendedRange,
  isWithin,
  parseIpv4,
  PRIVATE_RANGES,
  rangeProblem,
  SHARED_RANGE,
} from "../common/address-range";
import type { FrontDoorPlan } from "./spec";
import type { Violation } from "../common/violation";

/** Each range takes a rule for HTTPS and one for HTTP of the 60 that a security group may have. */
const MOST_RANGES = 25;

/** Ranges that only a private network has. */
const NOT_PUBLIC = [...PRIVATE_RANGES, SHARED_RANGE];

/**
 * Finds everything about the load balancer that cannot work.
 *
 * @param plan - What would be made.
 * @param privateClients - Ranges that the configuration gives for an internal load balancer.
 * @param access - Who may reach Retool.
 */
export function frontDoorViolations(
  plan: FrontDoorPlan,
  privateClients: readonly string[] | undefined,
  access: Access,
): Violation[] {
  return [
    ...(access === "internal" ? internalViolations(privateClients ?? []) : openViolations(access, privateClients)),
    ...dualStackViolations(plan),
    ...accessLogsViolations(plan),
  ];
}

function internalViolations(privateClients: readonly string[]): Violation[] {
  return [
    ...listViolations("frontDoor.privateClients", privateClients),
    ...privateClients.flatMap((range, index) => privateViolations(`frontDoor.privateClients[${index}]`, range)),
  ];
}

function openViolations(access: readonly string[], privateClients: readonly string[] | undefined): Violation[] {
  const unused: Violation[] =
    privateClients === undefined
      ? []
      : [
          {
            path: "frontDoor.privateClients",
            problem: "has no effect when access lists internet ranges",
            remedy: 'remove it, or set access to "internal"',
          },
        ];
  return [
    ...unused,
    ...listViolations("access", access),
    ...access.flatMap((range, index) => publicViolations(`access[${index}]`, range)),
  ];
}

function privateViolations(path: string, range: string): Violation[] {
  const malformed = rangeProblem(range);
  if (malformed !== undefined) return [{ path, ...malformed }];
  // What is wrong with IPv6 is said once for all, by the check of dual stack.
  if (isWithin(range, NOT_PUBLIC) || parseIpv4(range) === undefined) return [];
  return [
    {
      path,
      problem: `${range} is not private, so it cannot reach an internal load balancer`,
      remedy: `use a range in ${NOT_PUBLIC.join(", ")}, or list it in access instead`,
    },
  ];
}

function publicViolations(path: string, range: string): Violation[] {
  const malformed = rangeProblem(range);
  if (malformed !== undefined) return [{ path, ...malformed, ...meantRange(path, range) }];
  if (isWithin(range, NOT_ROUTED))
    return [{ path, problem: `${range} is not on the internet`, remedy: "list the public addresses of these users" }];
  if (!isWithin(range, NOT_PUBLIC)) return [];
  return [
    {
      path,
      problem: `${range} is private, so it cannot reach an internet-facing load balancer`,
      remedy: 'list the public addresses of these users, or set access to "internal"',
    },
  ];
}

/** Ranges from which nobody comes over the internet. */
const NOT_ROUTED = ["127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "240.0.0.0/4"];

/** What is wrong with the range that was meant, in place of the advice to use it. */
function meantRange(path: string, text: string): Partial<Violation> {
  const meant = intendedRange(text);
  return meant === undefined || meant === text ? {} : (publicViolations(path, meant)[0] ?? {});
}

function listViolations(path: string, ranges: readonly string[]): Violation[] {
  const repeated = ranges
    .filter((range, index) => ranges.indexOf(range) < index)
    .map((range) => ({ path, problem: `${range} is listed twice`, remedy: "list it once" }));
  if (ranges.length <= MOST_RANGES) return repeated;
  return [
    ...repeated,
    {
      path,
      problem: `lists ${ranges.length} ranges, more than a security group can hold`,
      remedy: `merge them into at most ${MOST_RANGES}`,
    },
  ];
}

function dualStackViolations({ dualStack, internal, clientsIpv6 }: FrontDoorPlan): Violation[] {
  if (!dualStack) {
    return clientsIpv6.map((range) => ({
      path: internal ? "frontDoor.privateClients" : "access",
      problem: `${range} is an IPv6 range, and the load balancer has no IPv6 address`,
      remedy: internal ? "remove it" : "set frontDoor.dualStack to true, or remove it",
    }));
  }
  const path = "frontDoor.dualStack";
  if (internal) return [{ path, problem: "an internal load balancer is in subnets without IPv6", remedy: "remove it" }];
  if (clientsIpv6.length > 0) return [];
  return [
    {
      path,
      problem: "access lists no IPv6 range, so browsers that prefer IPv6 would time out",
      remedy: "list the IPv6 ranges of your users, or remove it",
    },
  ];
}

function accessLogsViolations({ accessLogs, logBucket }: FrontDoorPlan): Violation[] {
  if (accessLogs === undefined || logBucket === undefined) return [];
  return [
    {
      path: "frontDoor.accessLogs",
      problem: "has no effect when logBucket is set: that bucket gets the access logs",
      remedy: "remove it",
    },
  ];
}
