import { nearest } from "../common/nearest";
import type { Violation } from "../common/violation";
import type { NatStrategy, NetworkPlan } from "./spec";

/**
 * Endpoints of an environment with NAT.
 *
 * An interface endpoint costs $7.30 a month and zone and $0.01 a GB, NAT $0.045 a GB: below 208 GB a month and zone an
 * endpoint costs more than it saves, and no AWS API that this stack calls moves that much. What does, S3 and the image
 * layers it holds, goes through the gateway endpoint, which is free. Only `eks-auth` is worth its price: it hands pods
 * their credentials, so a Retool that runs keeps its database and its bucket while the way out is down.
 */
export const ENDPOINTS_WITH_NAT = ["eks-auth"];

/** Endpoints of an environment without NAT: nodes cannot join, scale, pull images, log or be reached by people without them. */
export const ENDPOINTS_WITHOUT_NAT = [
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

/** Finds endpoints that there are not, that are free anyway, and those without which nothing is reached. */
export function endpointViolations({
  nat,
  interfaceEndpoints,
}: Pick<NetworkPlan, "nat" | "interfaceEndpoints">): Violation[] {
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
  return [...malformed, ...gateway, ...misspelt, ...repeated, ...missingViolations(nat, interfaceEndpoints, path)];
}

function missingViolations(nat: NatStrategy, given: readonly string[], path: string): Violation[] {
  const missing = nat === "none" ? ENDPOINTS_WITHOUT_NAT.filter((service) => !given.includes(service)) : [];
  if (missing.length === 0) return [];
  const names = missing.map((service) => `"${service}"`).join(", ");
  return [
    {
      path,
      problem: `${names} ${missing.length === 1 ? "is" : "are"} missing, and without NAT not reachable otherwise`,
      remedy: `add ${names}, or set network.nat to "per-zone"`,
    },
  ];
}
