import { z } from "zod";

import { LOG_DAYS, logRetention } from "../common/log-retention";
import { quote } from "../common/quote";
import { checked, integer } from "../common/setting";
import type { Problem } from "../common/violation";
import { dayProblem } from "../common/days";

/** How an environment is watched. */
export interface ObservabilitySpec {
  /**
   * Logs of pods and nodes. Those of the control plane are `cluster.logTypes`, those of what leaves are `egress`.
   *
   * @default - CloudWatch, and `off` in a cluster that exists, whose logs are managed by its owners
   */
  readonly logs?: LogsSpec;

  /**
   * Alarms, each with a runbook in docs/runbooks. Nobody hears them until `addresses` or a topic are given.
   *
   * @default { kind: "mail", addresses: [] }
   */
  readonly alarms?: AlarmsSpec;

  /**
   * Whether a CloudWatch dashboard is made.
   *
   * @default true
   */
  readonly dashboard?: boolean;

  /**
   * Last day of Retool's license key, as `YYYY-MM-DD`: reminders are sent to the topic of alarms 60 and 14 days before, and on the
   * same days of later years until it is changed. `doctor` reads the day from keys that name it.
   *
   * @default - nobody is reminded
   */
  readonly licenseEnds?: string;
}

/** Where logs of pods and nodes go. */
export type LogsSpec =
  | {
      /** They stay on the nodes and go with them. */
      readonly kind: "off";
    }
  | {
      /** CloudWatch, with the metrics of Container Insights, by the EKS add-on `amazon-cloudwatch-observability`. */
      readonly kind: "cloudwatch";
      /**
       * Days that logs of pods and nodes are kept: a number that CloudWatch Logs knows.
       *
       * @default 30
       */
      readonly retentionDays?: number;
      /**
       * Days that Retool's audit events are kept, in a separate log group; they reach it where `retool.auditEvents` is
       * `stdout`.
       *
       * @default 365
       */
      readonly auditRetentionDays?: number;
      /**
       * Days that a bucket keeps the audit events as well, for auditors who want years: gzipped JSON, a file every five minutes.
       * The version of a file that expired or was written over stays as many days again, and is deleted then.
       *
       * @default - no bucket
       */
      readonly auditBucketDays?: number;
    };

/** Who hears of alarms. */
export type AlarmsSpec =
  | {
      /** No alarms. */
      readonly kind: "off";
    }
  | {
      /** A new SNS topic that sends mail. */
      readonly kind: "mail";
      /**
       * Mail addresses; each gets a mail with a link to confirm, and nothing before that.
       *
       * @default []
       */
      readonly addresses?: readonly string[];
    }
  | {
      /** An SNS topic that exists. */
      readonly kind: "topic";
      /** ARN of the topic, in the environment's region. Its policy must let CloudWatch and EventBridge publish. */
      readonly topicArn: string;
    };

/** An address is checked by the mail that SNS sends; here only what can never be one is refused. */
function addressProblem(address: string): Problem | undefined {
  if (/^[^\s@,;]+@[^\s@,;]+\.[^\s@,;]+$/.test(address)) return undefined;
  return { problem: `${quote(address)} is not a mail address`, remedy: 'use one such as "operators@example.com"' };
}

const TOPIC_ARN = /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/;

function topicProblem(arn: string): Problem | undefined {
  if (TOPIC_ARN.test(arn)) return undefined;
  const remedy = 'use one such as "arn:aws:sns:us-east-1:111122223333:operators"; a FIFO topic takes no alarms';
  return { problem: `${quote(arn)} is not the ARN of an SNS topic`, remedy };
}

/** Shape of an {@link ObservabilitySpec}. */
export const observabilitySchema = z.strictObject({
  logs: z
    .discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("off") }),
      z.strictObject({
        kind: z.literal("cloudwatch"),
        retentionDays: logRetention().default(LOG_DAYS.cluster),
        auditRetentionDays: logRetention().default(LOG_DAYS.auditEvents),
        auditBucketDays: integer({ min: 1, max: 3650, unit: "days" }).optional(),
      }),
    ])
    .optional(),
  alarms: z
    .discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("off") }),
      z.strictObject({
        kind: z.literal("mail"),
        addresses: z
          .array(checked(z.string(), addressProblem, { form: "a mail address" }))
          .readonly()
          .default([]),
      }),
      z.strictObject({
        kind: z.literal("topic"),
        topicArn: checked(z.string(), topicProblem, { form: "the ARN of an SNS topic" }),
      }),
    ])
    .default({ kind: "mail", addresses: [] }),
  dashboard: z.boolean().default(true),
  licenseEnds: checked(z.string(), dayProblem, { form: "a day as YYYY-MM-DD" }).optional(),
});

/** An {@link ObservabilitySpec} with every default filled in. */
export type ObservabilitySettings = z.output<typeof observabilitySchema>;
