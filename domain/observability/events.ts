import type { EventPlan } from "./alarm";

/** What events are about. */
export interface EventSources {
  /** Identifiers of the RDS instances. */
  readonly databases: readonly string[];
  /** Name of the vault that holds the daily copies. */
  readonly vaultName: string;
  /** Names of the secrets without which Retool does not start. */
  readonly secretNames: readonly string[];
  /** Name of the cluster; undefined where it belongs to other people. */
  readonly clusterName: string | undefined;
  /** Whether each copy is copied again into a second region. */
  readonly copiesAgain: boolean;
}

/**
 * What AWS tells as it happens.
 *
 * Calls by people reach EventBridge only where a trail of CloudTrail records management events, as most accounts have.
 * Sources: https://docs.aws.amazon.com/aws-backup/latest/devguide/eventbridge.html,
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-cloud-watch-events.html,
 * https://docs.aws.amazon.com/health/latest/ug/aws-health-events-eventbridge-schema.html,
 * https://docs.aws.amazon.com/kms/latest/developerguide/ct-schedule-key-deletion.html,
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/retrieve-ct-entries.html
 */
export function eventsOf(sources: EventSources): EventPlan[] {
  const { databases, secretNames, clusterName } = sources;
  const announced = [...(clusterName === undefined ? [] : [clusterName]), ...databases];
  return [
    ...backupEvents(sources),
    ...(databases.length === 0 ? [] : [databaseEvent(databases)]),
    {
      name: "key-going",
      runbook: "key-going",
      says: "Somebody disabled a KMS key of Retool or scheduled its deletion",
      source: "aws.kms",
      detailType: CALL,
      detail: { eventSource: ["kms.amazonaws.com"], eventName: ["DisableKey", "ScheduleKeyDeletion"] },
      aboutKeys: true,
    },
    ...(secretNames.length === 0 ? [] : [secretEvent(secretNames)]),
    ...(announced.length === 0 ? [] : [announcement(announced)]),
  ];
}

function backupEvents({ vaultName, copiesAgain }: EventSources): EventPlan[] {
  const shared = { runbook: "backup-failed", source: "aws.backup" };
  const again: EventPlan = {
    ...shared,
    name: "backup-copy-failed",
    says: "A daily copy did not reach the second region",
    detailType: "Copy Job State Change",
    detail: { sourceBackupVaultArn: [{ suffix: `:backup-vault:${vaultName}` }], state: ["FAILED"] },
  };
  return [
    {
      ...shared,
      name: "backup-failed",
      says: "A daily copy was not made",
      detailType: "Backup Job State Change",
      detail: { backupVaultName: [vaultName], state: ["FAILED", "EXPIRED", "ABORTED"] },
    },
    ...(copiesAgain ? [again] : []),
  ];
}

/** Health names a thing by its name or by its ARN, which ends with the name. */
function entity(name: string): (string | { readonly wildcard: string })[] {
  return [name, { wildcard: `*/${name}` }, { wildcard: `*:${name}` }];
}

/** What AWS announces ahead: the end of a version, a forced upgrade, maintenance. Health tells it without CloudTrail. */
function announcement(names: readonly string[]): EventPlan {
  return {
    name: "announced-change",
    runbook: "support-end",
    says: "AWS announced a change of the cluster or a database, such as the end of a version's support",
    source: "aws.health",
    detailType: "AWS Health Event",
    detail: {
      service: ["EKS", "RDS"],
      eventTypeCategory: ["scheduledChange"],
      affectedEntities: { entityValue: [...new Set(names)].flatMap(entity) },
    },
  };
}

const CALL = "AWS API Call via CloudTrail";

/** What RDS tells of its instances. */
export function databaseEvent(databases: readonly string[]): EventPlan {
  return {
    name: "database-event",
    runbook: "database",
    says: "A database failed over to its standby, failed, or runs out of storage",
    source: "aws.rds",
    detailType: "RDS DB Instance Event",
    detail: { SourceIdentifier: databases, EventCategories: ["failover", "failure", "low storage"] },
  };
}

/** A caller names a secret by its name or by its ARN, which ends with the name and six random characters. */
function secretEvent(secretNames: readonly string[]): EventPlan {
  return {
    name: "secret-going",
    runbook: "secret-going",
    says: "Somebody scheduled the deletion of a secret of Retool",
    source: "aws.secretsmanager",
    detailType: CALL,
    detail: {
      eventSource: ["secretsmanager.amazonaws.com"],
      eventName: ["DeleteSecret"],
      requestParameters: { secretId: secretNames.flatMap((name) => [name, { wildcard: `*:secret:${name}-*` }]) },
    },
  };
}
