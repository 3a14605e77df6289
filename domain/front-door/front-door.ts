import type { Access } from "./access";
import { parseRange } from "../common/address-range";
import { checkedSpec, withShape } from "../common/checked-spec";
import type { EnvironmentContext } from "../common/context";
import {
  type AccessLogsPlan,
  type AccessLogsSpec,
  type FrontDoorPlan,
  type FrontDoorSpec,
  frontDoorSchema,
  type WafPlan,
  type WafSpec,
} from "./spec";
import { frontDoorViolations, topicViolations } from "./violations";
import { planHostnames } from "./hostnames";
import { planRouting, type RoutedFeatures } from "./routing";
import type { Planned } from "../common/violation";

export type * from "./spec";
export { frontDoorSchema } from "./spec";

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
  features: RoutedFeatures = {},
): Planned<FrontDoorPlan> {
  const { spec, shape } = checkedSpec(frontDoorSchema, given, {}, "frontDoor");
  const plan: FrontDoorPlan = {
    ...planRouting(planHostnames(spec, context).plan, features),
    ...clientPlan(spec, access),
    prefix: context.prefix,
    account: context.account,
    dualStack: spec.dualStack ?? false,
    idleTimeoutSeconds: spec.idleTimeoutSeconds ?? 960,
    deletionProtection: context.dataProtection === "protected",
    waf: wafPlan(spec.waf ?? { kind: isOpen(access) ? "count" : "off" }),
    accessLogs: accessLogsPlan(spec.accessLogs ?? { kind: "off" }, context),
    certificateAlarmTopicArn: spec.certificateAlarmTopicArn,
  };
  return {
    plan,
    violations: withShape(shape, [
      ...frontDoorViolations(plan, spec.privateClients, access),
      ...topicViolations(spec, context),
    ]),
  };
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

function wafPlan(spec: WafSpec): WafPlan | undefined {
  if (spec.kind === "off") return undefined;
  return { blocks: spec.kind === "block", requestsPerFiveMinutes: spec.requestsPerFiveMinutes ?? 10_000 };
}

function accessLogsPlan(
  spec: AccessLogsSpec,
  { prefix, account, region, dataProtection }: EnvironmentContext,
): AccessLogsPlan | undefined {
  if (spec.kind === "off") return undefined;
  return {
    bucketName: `${prefix}-access-logs-${account}-${region}`,
    retentionDays: spec.retentionDays ?? 7,
    readerRoleArns: spec.readerRoleArns ?? [],
    emptyOnDestroy: dataProtection === "disposable",
  };
}
