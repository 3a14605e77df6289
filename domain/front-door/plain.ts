import { z } from "zod";

import type { Access } from "./access";
import { checkedSpec, withShape } from "../common/checked-spec";
import type { EnvironmentContext } from "../common/context";
import { partNameViolations } from "../common/names";
import { planFrontDoor } from "./front-door";
import { HEALTH_CHECK, type RulePlan, type TargetPlan } from "./routing";
import { integer } from "../common/setting";
import type { AccessLogsSpec, FrontDoorPlan, WafSpec } from "./spec";
import type { Planned, Violation } from "../common/violation";

/** A Kubernetes Service behind a load balancer. */
export interface ServiceTarget {
  /** Name of the Service. */
  readonly service: string;
  /** Port of the Service. */
  readonly port: number;
  /**
   * Port of the containers, to which the load balancer connects.
   *
   * @default - `port`
   */
  readonly containerPort?: number;
  /**
   * Port of the containers that answers when asked for their health.
   *
   * @default - `containerPort`
   */
  readonly healthPort?: number;
  /**
   * Path that answers 200 while a pod is healthy.
   *
   * @default "/"
   */
  readonly healthPath?: string;
  /**
   * Hosts whose requests go there, any of them.
   *
   * @default [] - every host
   */
  readonly hosts?: readonly string[];
  /**
   * Patterns of paths whose requests go there, any of them: `/api/*`.
   *
   * @default [] - every path
   */
  readonly paths?: readonly string[];
  /**
   * Seconds that requests in flight have once a pod is asked to stop.
   *
   * @default 30
   */
  readonly drainSeconds?: number;
}

/** A load balancer that knows nothing of what is behind it. */
export interface PlainFrontDoorSpec {
  /** Services by short names; requests that no other one claims go to the first. */
  readonly targets: Readonly<Record<string, ServiceTarget>>;
  /**
   * Who may reach it: ranges of the internet, or only the VPC.
   *
   * @default "internal"
   */
  readonly access?: Access;
  /**
   * Seconds that a connection may be silent.
   *
   * @default 60
   */
  readonly idleTimeoutSeconds?: number;
  /**
   * Web application firewall.
   *
   * @default - `count` where access is open to the world, `off` elsewhere
   */
  readonly waf?: WafSpec;
  /**
   * Log of every request.
   *
   * @default - off
   */
  readonly accessLogs?: AccessLogsSpec;
}

const port = (): z.ZodNumber => integer({ min: 1, max: 65_535 });

const plainSchema = z.object({
  targets: z.record(
    z.string(),
    z.strictObject({
      service: z.string().min(1, "is empty; name the Service"),
      port: port(),
      containerPort: port().optional(),
      healthPort: port().optional(),
      healthPath: z
        .string()
        .startsWith("/", 'does not begin with a slash; use "/", or the path of your health check')
        .default("/"),
      hosts: z.array(z.string()).readonly().default([]),
      paths: z.array(z.string()).readonly().default([]),
      drainSeconds: integer({ min: 0, max: 3600, unit: "seconds" }).default(30),
    }),
  ),
  idleTimeoutSeconds: integer({ min: 1, max: 4000, unit: "seconds" }).default(60),
});

type Target = z.output<typeof plainSchema>["targets"][string];

/** Longest prefix of a target group's name that AWS takes. */
const NAME_PREFIX_LIMIT = 6;

/** Plans a load balancer for Services of any kind; paths of violations begin at the spec. */
export function planPlainFrontDoor(given: PlainFrontDoorSpec, context: EnvironmentContext): Planned<FrontDoorPlan> {
  const { waf, accessLogs, access = "internal", ...rest } = given;
  const { spec, shape } = checkedSpec(plainSchema, rest, { targets: {} }, "");
  const { plan, violations } = planFrontDoor({ waf, accessLogs }, context, access);
  const targets = Object.entries(spec.targets);
  return {
    plan: {
      ...plan,
      idleTimeoutSeconds: spec.idleTimeoutSeconds,
      targets: targets.map(([name, target]) => targetPlan(name, target)),
      rules: targets.flatMap(([name, target], index) => rule(name, target, index)),
    },
    violations: withShape(shape, [
      ...(Object.keys(given.targets).length === 0 ? [NO_TARGET] : targetViolations(targets)),
      ...violations.map((violation) => ({ ...violation, path: violation.path.replace(/^frontDoor\./, "") })),
    ]),
  };
}

function targetPlan(
  name: string,
  { service, port: servicePort, containerPort = servicePort, ...rest }: Target,
): TargetPlan {
  return {
    name,
    serviceName: service,
    servicePort,
    containerPort,
    healthPort: rest.healthPort ?? containerPort,
    healthPath: rest.healthPath,
    healthCheck: HEALTH_CHECK,
    deregistrationDelaySeconds: rest.drainSeconds,
    namePrefix: name.slice(0, NAME_PREFIX_LIMIT),
  };
}

/** The first target needs no rule: it gets what nothing else claims. */
function rule(target: string, { hosts, paths }: Target, index: number): RulePlan[] {
  return index === 0 ? [] : [{ priority: index * 10, hosts, paths, target }];
}

/** Values that one rule of a listener may compare. Source: quotas of Application Load Balancers. */
const MOST_VALUES = 5;

const NO_TARGET: Violation = {
  path: "targets",
  problem: "names no Service",
  remedy: 'add one: { app: { service: "app", port: 80 } }',
};

function targetViolations(targets: readonly (readonly [string, Target])[]): Violation[] {
  return targets.flatMap(([name, { hosts, paths }], index) => {
    const path = `targets.${name}`;
    const values = hosts.length + paths.length;
    return [
      ...partNameViolations("targets", name, "a target"),
      ...(index > 0 && values === 0
        ? [{ path, problem: "matches no request", remedy: "add hosts or paths; the first target gets the rest" }]
        : []),
      ...(index === 0 && values > 0
        ? [
            {
              path,
              problem: "is the first target, which gets every request that no other claims",
              remedy: "remove its hosts and paths",
            },
          ]
        : []),
      ...(values > MOST_VALUES
        ? [{ path, problem: `has ${values} hosts and paths`, remedy: `use at most ${MOST_VALUES}, or a second target` }]
        : []),
    ];
  });
}
