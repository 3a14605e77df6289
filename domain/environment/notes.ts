import { foreignRoleWarnings } from "../cluster/access";
import { counted } from "../common/counted";
import { databaseWarnings } from "../database/platform";
import { entranceNotes } from "../front-door/report";
import type { EnvironmentPlan } from "./environment";
import type { Deviation } from "../retool/notes";
import { placeholderRefusal } from "./placeholders";
import { supportWarnings } from "../versions/retool-releases";
import { organizationKeyWarnings } from "./organization-keys";
import { certificateWarnings } from "../temporal/tls";
import { platformWarnings } from "./platform";

/** What a person should know about an environment besides its settings. */
export interface EnvironmentNotes {
  /** Warnings: what works and still needs attention. */
  readonly warnings: readonly string[];
  /** What differs from Retool's documents on purpose. */
  readonly deviations: readonly Deviation[];
  /** What only a person can do after the deployment, in order. */
  readonly steps: readonly string[];
}

/**
 * Collects what a person should know about an environment.
 *
 * @param plan - The environment.
 * @param today - The day as `YYYY-MM-DD`, by which support windows are judged.
 */
export function environmentNotes(plan: EnvironmentPlan, today: string): EnvironmentNotes {
  const { retool, temporal, capacity, cluster, egress } = plan;
  return {
    warnings: [
      ...placeholderWarnings(plan),
      ...supportWarnings(retool.version, today),
      ...platformWarnings(plan, today),
      ...databaseWarnings(plan.database, plan.context.region),
      ...retool.warnings,
      ...temporal.warnings,
      ...enrolmentWarnings(plan),
      ...certificateWarnings(temporal.frontend, today),
      ...capacity.warnings,
      ...networkWarnings(plan),
      ...egress.notes,
      ...(cluster.kind === "existing" ? cluster.unseen : foreignRoleWarnings(cluster, plan.context)),
      ...entranceNotes(plan),
      ...watchNotes(plan),
      ...protectionNotes(plan),
      ...organizationKeyWarnings(plan),
    ],
    deviations: [...retool.deviations, TEMPORAL_CLIENTS],
    steps: stepsAfterDeployment(plan),
  };
}

const TEMPORAL_CLIENTS: Deviation = {
  subject: "Containers that may connect to Temporal",
  documented: "api and workflow-worker",
  here: "every container to which the chart gives Temporal's address",
  reason: "what else a version of Retool connects with that address is not documented",
};

function networkWarnings({ network, context: { prefix } }: EnvironmentPlan): string[] {
  if (network.kind === "existing") return [...network.warnings];
  if (network.natZones.length > 0) return [];
  return [
    `Nothing leads out of the VPC until you route 0.0.0.0/0 of the tables ${prefix}-private-<zone>: before that no image is pulled from a public registry, and Retool cannot check its license (docs/guides/private-deployment.md#outbound-traffic).`,
  ];
}

/** An environment that keeps its state on this machine is for trying only. */
export function placeholderWarnings(plan: EnvironmentPlan): string[] {
  const refusal = plan.state.kind === "s3" ? placeholderRefusal(plan) : undefined;
  return refusal === undefined ? [] : [`${refusal}.`];
}

/** What only a person can do after the deployment, in order. */
export function stepsAfterDeployment({ context, hostnames, dns, secrets, temporal }: EnvironmentPlan): string[] {
  const records = dns.recordsToMake;
  return [
    ...(records.length === 0 ? [] : [`Create the records ${records.join(", ")}, pointing to the load balancer.`]),
    `Sign up at https://${hostnames.appHost} first, as its administrator.`,
    ...(secrets.license === undefined ? [`Give Retool its license key: set license to the name of its secret.`] : []),
    ...temporal.steps,
    `Keep a copy of the secret ${secrets.encryptionKey.name} outside the account ${context.account}: without it stored credentials cannot be read.`,
  ];
}

function watchNotes(plan: EnvironmentPlan): string[] {
  const { observability, cluster } = plan;
  return [
    ...alarmNotes(observability.alarms),
    ...logNotes(plan),
    ...(cluster.kind === "new" && !cluster.logs.types.includes("audit")
      ? ['Requests to the Kubernetes API are not audited; add "audit" to cluster.logTypes.']
      : []),
  ];
}

function logNotes({ observability: { logs }, retool: { telemetryTarget }, cluster }: EnvironmentPlan): string[] {
  if (logs !== undefined || telemetryTarget !== undefined) return [];
  return cluster.kind === "existing"
    ? ["This package collects no logs in an existing cluster; check that its owner does."]
    : ["Pod logs, audit events included, are lost with the pod."];
}

function alarmNotes(alarms: EnvironmentPlan["observability"]["alarms"]): string[] {
  if (alarms === undefined) return ["There are no alarms: nobody is told when Retool fails."];
  const { topic } = alarms;
  return topic.kind === "existing" || topic.addresses.length > 0
    ? []
    : [
        `Nobody hears the alarms yet: write addresses into observability.alarms, or subscribe to the topic ${topic.name}.`,
      ];
}

/** Days of backups that AWS asks for; source: Security Hub's control RDS.11. */
const LEAST_BACKUP_DAYS = 7;

function protectionNotes({ context, database }: EnvironmentPlan): string[] {
  if (context.dataProtection === "disposable")
    return ['dataProtection is "disposable": a destroy deletes the database, files and secrets for good.'];
  if (database.kind !== "new" || database.backupRetentionDays >= LEAST_BACKUP_DAYS) return [];
  const days = counted(database.backupRetentionDays, "day");
  return [`Backups of the database go back ${days}; set database.backupRetentionDays to 7 or more.`];
}

/** Source: https://docs.retool.com/self-hosted/self-managed/quickstart, on the agent sandbox's lifecycle. */
function enrolmentWarnings({ retool, temporal }: EnvironmentPlan): string[] {
  if (temporal.kind !== "retool-managed" || retool.appOrchestration !== "temporal") return [];
  return ["Until an administrator enrolls in Temporal, neither workflows nor agent sandboxes start."];
}
