import { awsPartition } from "../common/aws-partition";
import { checkedSpec, withShape } from "../common/checked-spec";
import { LOG_DAYS } from "../common/log-retention";
import type { EnvironmentContext } from "../common/context";
import type { EgressMetrics } from "../egress/metrics";
import type { Planned, Violation } from "../common/violation";
import type { AlarmPlan, EventPlan } from "./alarm";
import { type ClusterSource, clusterAlarms } from "./cluster-alarms";
import { type DashboardPlan, planDashboard } from "./dashboard";
import { databaseAlarms, type DatabaseSource } from "./database-alarms";
import { planAuditBucket } from "./audit-bucket";
import { egressAlarms } from "./egress-alarms";
import { entranceAlarms } from "./entrance-alarms";
import { eventsOf } from "./events";
import { type KnownEnd, type ReminderPlan, remindersOf } from "./reminders";
import { type LogsPlan, planLogs } from "./logs";
import { type ObservabilitySettings, observabilitySchema, type ObservabilitySpec } from "./spec";

/** The alarms of an environment, and who hears of them. */
export interface AlarmsPlan {
  /** The topic: one that is made, or one that exists. */
  readonly topic: TopicPlan;
  /** The alarms. */
  readonly alarms: readonly AlarmPlan[];
  /** Events that are passed on as they happen. */
  readonly events: readonly EventPlan[];
  /** Messages before what ends on a known day. */
  readonly reminders: readonly ReminderPlan[];
}

/** The SNS topic of alarms. */
export type TopicPlan =
  | { readonly kind: "new"; readonly name: string; readonly addresses: readonly string[] }
  | { readonly kind: "existing"; readonly arn: string };

/** How an environment is watched. */
export interface ObservabilityPlan {
  /** Prefix of the names of alarms. */
  readonly prefix: string;
  /** Logs of pods and nodes; absent where nobody collects them. */
  readonly logs: LogsPlan | undefined;
  /** Alarms; absent where there are none. */
  readonly alarms: AlarmsPlan | undefined;
  /** The dashboard; absent where there is none. */
  readonly dashboard: DashboardPlan | undefined;
}

/** The cluster, as its logs need to know it. */
export interface WatchedCluster extends ClusterSource {
  /** Whether it was there before. */
  readonly exists: boolean;
  /** Its Kubernetes minor version. */
  readonly kubernetesVersion: string;
  /** Exact version of the add-on that collects logs; undefined for the one that EKS recommends. */
  readonly addonVersion: string | undefined;
}

/** What an environment is watched by, from the plans of its parts. */
export interface WatchedParts {
  /** Short names of the load balancer's target groups. */
  readonly targets: readonly string[];
  /** Database instances that are made here, by what they hold. */
  readonly databases: Readonly<Record<string, DatabaseSource>>;
  /** Name of the vault with the daily copies. */
  readonly vaultName: string;
  /** Whether each copy is copied again into a second region. */
  readonly copiesAgain: boolean;
  /** What ends on a day that is known now; the license key is added from the configuration. */
  readonly ends: readonly KnownEnd[];
  /** Names of the secrets without which Retool does not start. */
  readonly secretNames: readonly string[];
  /** The cluster. */
  readonly cluster: WatchedCluster;
  /** Whether Retool writes its audit events into its logs. */
  readonly hasAuditEvents: boolean;
}

/**
 * Resolves logs, alarms and dashboard.
 *
 * @param spec - What the configuration says.
 * @param context - The environment.
 * @param parts - What is watched.
 */
export function planObservability(
  spec: ObservabilitySpec | undefined,
  context: EnvironmentContext,
  parts: WatchedParts,
): Planned<ObservabilityPlan> {
  const { spec: settings, shape } = checkedSpec(observabilitySchema, spec, {}, "observability");
  const logs = settings.logs ?? { kind: parts.cluster.exists ? "off" : "cloudwatch" };
  const collected = collectedLogs(logs, context, parts);
  const cluster = collected === undefined ? undefined : parts.cluster;
  const { prefix } = context;
  return {
    plan: {
      prefix,
      logs: collected,
      alarms: planAlarms(settings, prefix, { ...parts, collected: cluster }),
      dashboard: settings.dashboard ? planDashboard({ ...parts, prefix, cluster }) : undefined,
    },
    violations: withShape(shape, [
      ...silentAuditViolations(logs, parts),
      ...foreignLogsViolations(logs, parts),
      ...topicViolations(settings.alarms, context, "observability.alarms.topicArn"),
    ]),
  };
}

/** The same with alarms of what is refused on the way out, which is planned after the logs that it lets out. */
export function withEgress(plan: ObservabilityPlan, metrics: EgressMetrics): ObservabilityPlan {
  const { alarms } = plan;
  if (alarms === undefined) return plan;
  return { ...plan, alarms: { ...alarms, alarms: [...alarms.alarms, ...egressAlarms(metrics)] } };
}

interface LogsChoice {
  readonly kind: "off" | "cloudwatch";
  readonly retentionDays?: number;
  readonly auditRetentionDays?: number;
  readonly auditBucketDays?: number | undefined;
}

function collectedLogs(
  { kind, retentionDays = LOG_DAYS.cluster, auditRetentionDays = LOG_DAYS.auditEvents, auditBucketDays }: LogsChoice,
  context: EnvironmentContext,
  { cluster, hasAuditEvents }: WatchedParts,
): LogsPlan | undefined {
  if (kind === "off" || cluster.exists) return undefined;
  return planLogs({
    clusterName: cluster.clusterName,
    kubernetesVersion: cluster.kubernetesVersion,
    addonVersion: cluster.addonVersion,
    basePods: cluster.basePods,
    hasSandboxes: true,
    retentionDays,
    auditRetentionDays: hasAuditEvents ? auditRetentionDays : undefined,
    ...(hasAuditEvents && auditBucketDays !== undefined
      ? { auditBucket: planAuditBucket(auditBucketDays, context) }
      : {}),
  });
}

function planAlarms(
  { alarms, licenseEnds }: ObservabilitySettings,
  prefix: string,
  parts: WatchedParts & { readonly collected: ClusterSource | undefined },
): AlarmsPlan | undefined {
  if (alarms.kind === "off") return undefined;
  const { targets, databases, vaultName, copiesAgain, secretNames, cluster, collected, ends } = parts;
  return {
    topic:
      alarms.kind === "topic"
        ? { kind: "existing", arn: alarms.topicArn }
        : { kind: "new", name: `${prefix}-alarms`, addresses: alarms.addresses },
    alarms: [
      ...entranceAlarms({ targets }),
      ...Object.entries(databases).flatMap(([name, source]) => databaseAlarms(name, source)),
      ...(collected === undefined ? [] : clusterAlarms(collected)),
    ],
    events: eventsOf({
      databases: Object.values(databases).map(({ identifier }) => identifier),
      vaultName,
      copiesAgain,
      secretNames,
      clusterName: cluster.exists ? undefined : cluster.clusterName,
    }),
    reminders: remindersOf([...(licenseEnds === undefined ? [] : [licenseEnd(licenseEnds)]), ...ends]),
  };
}

function licenseEnd(lastDay: string): KnownEnd {
  return { name: "license", runbook: "license", what: "The license key of Retool", lastDay };
}

function silentAuditViolations({ auditBucketDays }: LogsChoice, parts: WatchedParts): Violation[] {
  if (auditBucketDays === undefined || parts.hasAuditEvents) return [];
  return [
    {
      path: "observability.logs.auditBucketDays",
      problem: "Retool writes no audit events into its logs, so none reach the bucket",
      remedy: 'set retool.auditEvents to "stdout", or remove auditBucketDays',
    },
  ];
}

function foreignLogsViolations({ kind }: LogsChoice, { cluster }: WatchedParts): Violation[] {
  if (kind === "off" || !cluster.exists) return [];
  return [
    {
      path: "observability.logs",
      problem: "the cluster exists, and its add-ons are managed by its owners",
      remedy: 'use { kind: "off" }, and ask them for the logs of the namespace',
    },
  ];
}

/** An alarm reaches no topic of another region. */
export function topicViolations(
  alarms: ObservabilitySettings["alarms"],
  { account, region }: EnvironmentContext,
  path: string,
): Violation[] {
  if (alarms.kind !== "topic") return [];
  const itsRegion = alarms.topicArn.split(":")[3] ?? "";
  if (itsRegion === region) return [];
  return [
    {
      path,
      problem: `the topic is in ${itsRegion}, where an alarm of ${region} does not reach it`,
      remedy: `use one such as "arn:${awsPartition(region)}:sns:${region}:${account}:operators"`,
    },
  ];
}
