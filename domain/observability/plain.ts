import { z } from "zod";

import { checkedSpec, withShape } from "../common/checked-spec";
import type { EnvironmentContext } from "../common/context";
import { LOG_DAYS, logRetention } from "../common/log-retention";
import type { Planned } from "../common/violation";
import { nodeAlarms } from "./cluster-alarms";
import { databaseGraphs, entranceGraphs, nodeGraphs } from "./dashboard";
import { databaseAlarms, type DatabaseSource } from "./database-alarms";
import { certificateAlarm, loadBalancerAlarms } from "./entrance-alarms";
import { databaseEvent } from "./events";
import { planLogs } from "./logs";
import { type AlarmsPlan, type ObservabilityPlan, topicViolations } from "./observability";
import { observabilitySchema } from "./spec";

/** How anything is watched that runs in AWS. */
export interface PlainObservabilitySpec {
  /**
   * Mail addresses that hear of alarms; each gets a mail with a link to confirm, and nothing before that.
   *
   * @default [] - nobody hears of them
   */
  readonly addresses?: readonly string[];
  /**
   * ARN of an SNS topic that takes the alarms; its policy must let CloudWatch and EventBridge publish.
   *
   * @default - a new topic
   */
  readonly topicArn?: string;
  /**
   * Days that logs of pods and nodes are kept.
   *
   * @default 30
   */
  readonly logRetentionDays?: number;
  /**
   * Whether a dashboard is made.
   *
   * @default true
   */
  readonly dashboard?: boolean;
}

/** How it is watched: there are always alarms. */
export type PlainObservabilityPlan = ObservabilityPlan & { readonly alarms: AlarmsPlan };

/** What is watched; what is left out is not. */
export interface PlainWatched {
  /** The cluster. */
  readonly cluster?: { readonly name: string; readonly kubernetesVersion: string } | undefined;
  /** The database. */
  readonly database?: DatabaseSource | undefined;
  /** Short names of the load balancer's target groups. */
  readonly targets?: readonly string[] | undefined;
  /** Whether there is a certificate. */
  readonly certificate: boolean;
}

const plainSchema = z.strictObject({
  logRetentionDays: logRetention().default(LOG_DAYS.cluster),
  dashboard: z.boolean().default(true),
});

/** Plans logs, alarms and dashboard; paths of violations begin at the spec. */
export function planPlainObservability(
  { addresses = [], topicArn, ...rest }: PlainObservabilitySpec,
  context: EnvironmentContext,
  watched: PlainWatched,
): Planned<PlainObservabilityPlan> {
  const alarms =
    topicArn === undefined ? ({ kind: "mail", addresses } as const) : ({ kind: "topic", topicArn } as const);
  const settings = checkedSpec(plainSchema, rest, {}, "");
  const receivers = checkedSpec(observabilitySchema, { alarms }, {}, "");
  const { prefix } = context;
  const { cluster } = watched;
  const { logRetentionDays: retentionDays, dashboard } = settings.spec;
  return {
    plan: {
      prefix,
      logs: cluster && logsOf(cluster, retentionDays),
      alarms: { ...alarmsOf(watched), topic: topicOf({ addresses, topicArn }, prefix) },
      dashboard: dashboard ? { name: prefix, graphs: graphsOf(watched) } : undefined,
    },
    violations: withShape(
      [...settings.shape, ...receivers.shape.map((one) => ({ ...one, path: one.path.replace(/^alarms\./, "") }))],
      receivers.shape.length > 0 ? [] : topicViolations(receivers.spec.alarms, context, "topicArn"),
    ),
  };
}

function logsOf(
  { name, kubernetesVersion }: NonNullable<PlainWatched["cluster"]>,
  retentionDays: number,
): ObservabilityPlan["logs"] {
  return planLogs({
    clusterName: name,
    kubernetesVersion,
    addonVersion: undefined,
    basePods: 0,
    hasSandboxes: false,
    retentionDays,
    auditRetentionDays: undefined,
  });
}

/** The runbooks of this package are about Retool. */
function alarmsOf({ cluster, database, targets, certificate }: PlainWatched): Omit<AlarmsPlan, "topic"> {
  const alarms = [
    ...(targets === undefined ? [] : loadBalancerAlarms({ targets })),
    ...(certificate ? [certificateAlarm()] : []),
    ...(database === undefined ? [] : databaseAlarms("database", database)),
    ...(cluster === undefined ? [] : nodeAlarms({ clusterName: cluster.name })),
  ];
  const events = database === undefined ? [] : [databaseEvent([database.identifier])];
  return {
    alarms: alarms.map((alarm) => ({ ...alarm, runbook: undefined })),
    events: events.map((event) => ({ ...event, runbook: undefined })),
    reminders: [],
  };
}

function topicOf(
  { addresses = [], topicArn }: Pick<PlainObservabilitySpec, "addresses" | "topicArn">,
  prefix: string,
): AlarmsPlan["topic"] {
  return topicArn === undefined
    ? { kind: "new", name: `${prefix}-alarms`, addresses }
    : { kind: "existing", arn: topicArn };
}

function graphsOf({ cluster, database, targets }: PlainWatched): ReturnType<typeof entranceGraphs> {
  return [
    ...(targets === undefined ? [] : entranceGraphs(targets)),
    ...(database === undefined ? [] : databaseGraphs({ database })),
    ...(cluster === undefined ? [] : nodeGraphs(cluster.name)),
  ];
}
