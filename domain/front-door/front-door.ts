import type { z } from "zod";

import type { Access } from "./access";
import { parseRange } from "../common/address-range";
import { checkedSpec, withShape } from "../common/checked-spec";
import type { EnvironmentContext } from "../common/context";
import { BUCKET_NAME_LIMIT, boundedName } from "../common/names";
import { DEFAULT_NAME_PREFIX } from "../landing-zone/name-prefix";
import {
  type AccessLogsPlan,
  type AccessLogsSpec,
  type FrontDoorPlan,
  type FrontDoorSpec,
  frontDoorSchema,
  type FrontDoorSettings,
  type WafPlan,
  wafSchema,
} from "./spec";
import { frontDoorViolations } from "./violations";
import { planHostnames } from "./hostnames";
import { planRouting, type RoutedFeatures, type TargetPlan } from "./routing";
import { TLS_POLICY } from "./tls";
import type { LogBucketPlan } from "../landing-zone/log-bucket";
import type { Planned } from "../common/violation";

export type * from "./spec";
export { frontDoorSchema } from "./spec";

/** What else decides how the load balancer is made. */
export interface FrontDoorFeatures extends RoutedFeatures {
  /**
   * Bucket in which the organization keeps access logs.
   *
   * @default - there is none
   */
  readonly logBucket?: LogBucketPlan;
}

/** The ranges that mean the whole internet. */
export const EVERYWHERE: readonly string[] = ["0.0.0.0/0", "::/0"];

/**
 * Fills in defaults, derives targets and rules, and reports what cannot work.
 *
 * @param given - What the configuration says.
 * @param context - The environment.
 * @param access - Who may reach Retool.
 * @param features - Parts of Retool that have their own paths.
 */
export function planFrontDoor(
  given: FrontDoorSpec | undefined,
  context: EnvironmentContext,
  access: Access,
  features: FrontDoorFeatures = {},
): Planned<FrontDoorPlan> {
  const { spec, shape } = checkedSpec(frontDoorSchema, given, {}, "frontDoor");
  const routing = planRouting(planHostnames(spec, context).plan, features);
  const plan: FrontDoorPlan = {
    ...routing,
    targets: routing.targets.map((target) => named(target, context)),
    ...clientPlan(spec, access),
    prefix: context.prefix,
    account: context.account,
    dualStack: spec.dualStack,
    tlsPolicy: TLS_POLICY,
    idleTimeoutSeconds: spec.idleTimeoutSeconds,
    deletionProtection: context.dataProtection === "protected",
    waf: wafPlan(spec.waf ?? wafSchema.parse({ kind: isOpen(access) ? "count" : "off" })),
    accessLogs: accessLogsPlan(spec.accessLogs, context),
    logBucket: isOff(spec.accessLogs) ? undefined : features.logBucket,
  };
  return {
    plan,
    violations: withShape(shape, [...frontDoorViolations(plan, spec.privateClients, access)]),
  };
}

/** Longest name of a target group. */
const TARGET_NAME_LIMIT = 32;

/** With the port in its name, a target group can be replaced by one that stands first: nothing else of it ever changes. */
function named(target: TargetPlan, { name, prefix }: EnvironmentContext): TargetPlan {
  if (prefix === `${DEFAULT_NAME_PREFIX}-${name}`) return target;
  const groupName = boundedName(`${prefix}-${target.namePrefix}-${target.containerPort}`, TARGET_NAME_LIMIT);
  return { ...target, groupName };
}

type ClientPlan = Pick<FrontDoorPlan, "internal" | "clientsIpv4" | "clientsIpv6" | "clientsInVpc">;

function clientPlan({ privateClients = [] }: FrontDoorSpec, access: Access): ClientPlan {
  const internal = access === "internal";
  const clients = internal ? privateClients : access;
  return {
    internal,
    clientsIpv4: clients.filter((range) => parseRange(range)?.family === "ipv4"),
    clientsIpv6: clients.filter((range) => parseRange(range)?.family === "ipv6"),
    clientsInVpc: internal,
  };
}

function isOpen(access: Access): boolean {
  return access !== "internal" && access.some((range) => EVERYWHERE.includes(range));
}

function isOff(logs: AccessLogsSpec | undefined): boolean {
  return logs?.kind === "off";
}

function wafPlan(spec: z.output<typeof wafSchema>): WafPlan | undefined {
  if (spec.kind === "off") return undefined;
  return { blocks: spec.kind === "block", requestsPerFiveMinutes: spec.requestsPerFiveMinutes };
}

function accessLogsPlan(
  spec: FrontDoorSettings["accessLogs"],
  { prefix, account, region, dataProtection }: EnvironmentContext,
): AccessLogsPlan | undefined {
  if (spec === undefined || spec.kind === "off") return undefined;
  return {
    bucketName: boundedName(`${prefix}-access-logs-${account}-${region}`, BUCKET_NAME_LIMIT),
    retentionDays: spec.retentionDays,
    readerRoleArns: spec.readerRoleArns,
    emptyOnDestroy: dataProtection === "disposable",
  };
}
