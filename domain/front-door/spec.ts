import { z } from "zod";

import { roleArnProblem } from "../common/role-arn";
import { checked, integer } from "../common/setting";

import { type HostnamesSpec, hostnamesShape } from "./hostnames";
import type { LogBucketPlan } from "../landing-zone/log-bucket";
import type { RoutingPlan } from "./routing";

/** What a team decides about the load balancer in front of its Retool. */
export interface FrontDoorSpec extends HostnamesSpec {
  /**
   * Seconds that a connection may be silent, from 180 to 4000.
   *
   * Three things are silent for long: a WebSocket while its builder thinks, a request to the sandbox proxy, which may take
   * 180 s (the chart's `sandboxProxyTimeoutMs`), and the caller of a synchronous workflow, who hears nothing for up to 15
   * minutes (https://docs.retool.com/workflows/concepts/limits). The default is the longest of them and one minute, so
   * that Retool's own answer, or its timeout, arrives before the load balancer gives up. Other silent connections are kept
   * that long at no cost.
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
   * Whether the load balancer has IPv6 addresses too. A VPC that is made here gets an IPv6 range for it, which it keeps when this is
   * switched off again: AWS takes no range away whose subnets have load balancers.
   *
   * @default false
   */
  readonly dualStack?: boolean;

  /**
   * Web application firewall.
   *
   * @default - `count` where access is open to the world, `off` elsewhere
   */
  readonly waf?: WafSpec;

  /**
   * Log of every request.
   *
   * @default - off: the addresses of requests carry tokens that open a sandbox for one hour
   */
  readonly accessLogs?: AccessLogsSpec;
}

/** AWS WAF in front of the load balancer: about $9 a month and $0.60 a million requests. */
export type WafSpec =
  | {
      /** No firewall. */
      readonly kind: "off";
    }
  | {
      /** Counts what the rules match, or refuses it. Read the counts of a week of work before blocking. */
      readonly kind: "count" | "block";
      /**
       * Requests that one address may send in five minutes; an office behind one address counts as one.
       *
       * @default 10000
       */
      readonly requestsPerFiveMinutes?: number;
    };

/** Where the log of every request goes. */
export type AccessLogsSpec =
  | {
      /** No log. */
      readonly kind: "off";
    }
  | {
      /** A bucket that only the listed roles can read, and that forgets soon. */
      readonly kind: "bucket";
      /**
       * Days that logs are kept.
       *
       * @default 7
       */
      readonly retentionDays?: number;
      /**
       * ARNs of the roles that may read the logs; nobody can until a role is listed.
       *
       * @default []
       */
      readonly readerRoleArns?: readonly string[];
    };

/** A firewall to be made. */
export interface WafPlan {
  /** Whether what the rules match is refused, not only counted. */
  readonly blocks: boolean;
  /** Requests that one address may send in five minutes. */
  readonly requestsPerFiveMinutes: number;
}

/** A bucket for access logs to be made. */
export interface AccessLogsPlan {
  /** Name of the bucket. */
  readonly bucketName: string;
  /** Days that logs are kept. */
  readonly retentionDays: number;
  /** ARNs of the roles that may read the logs; nobody can until a role is listed. */
  readonly readerRoleArns: readonly string[];
  /** Whether the bucket is emptied before it is deleted. */
  readonly emptyOnDestroy: boolean;
}

/** A {@link FrontDoorSpec} with every default filled in and every derived value computed. */
export interface FrontDoorPlan extends RoutingPlan {
  /** Name of the load balancer, and prefix of every name. */
  readonly prefix: string;
  /** Twelve-digit AWS account id. */
  readonly account: string;
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
  /** Security policy of the HTTPS listener. */
  readonly tlsPolicy: string;
  /** Seconds that a connection may be silent. */
  readonly idleTimeoutSeconds: number;
  /** Whether AWS refuses to delete it. */
  readonly deletionProtection: boolean;
  /** Web application firewall; absent where there is none. */
  readonly waf?: WafPlan;
  /** Bucket that is made for the log of every request; absent where none is. */
  readonly accessLogs?: AccessLogsPlan;
  /** Bucket of the organization for the log of every request; absent where it keeps none. */
  readonly logBucket?: LogBucketPlan;
}

/**
 * Schema of a {@link WafSpec}; the bounds are those of a rate-based rule.
 *
 * Source: https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-type-rate-based-high-level-settings.html
 */
export const wafSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("off") }),
  z.strictObject({
    kind: z.enum(["count", "block"]),
    requestsPerFiveMinutes: integer({ min: 10, max: 2_000_000_000, unit: "requests" }).default(10_000),
  }),
]);

/** Schema of a {@link FrontDoorSpec}, with bounds, units and every default that does not depend on another setting. */
export const frontDoorSchema = z.strictObject({
  ...hostnamesShape,
  // The sandbox proxy may be silent for 180 seconds; AWS allows 4000.
  idleTimeoutSeconds: integer({ min: 180, max: 4000, unit: "seconds" }).default(960),
  privateClients: z.array(z.string()).readonly().optional(),
  dualStack: z.boolean().default(false),
  waf: wafSchema.optional(),
  accessLogs: z
    .discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("off") }),
      z.strictObject({
        kind: z.literal("bucket"),
        retentionDays: integer({ min: 1, max: 30, unit: "days" }).default(7),
        readerRoleArns: z
          .array(checked(z.string(), roleArnProblem, { form: "the ARN of an IAM role" }))
          .readonly()
          .default([]),
      }),
    ])
    .optional(),
});

/** A {@link FrontDoorSpec} with every default that does not depend on another setting. */
export type FrontDoorSettings = z.output<typeof frontDoorSchema>;
