import type { EventPlan } from "./alarm";

/** What events are about. */
export interface EventSources {
  /** Identifiers of the RDS instances. */
  readonly databases: readonly string[];
  /** Name of the vault that holds the daily copies. */
  readonly vaultName: string;
  /** Names of the secrets without which Retool does not start. */
  readonly secretNames: readonly string[];
}

/**
 * What AWS tells as it happens.
 *
 * Calls by people reach EventBridge only where a trail of CloudTrail records management events, as most accounts have.
 * Sources: https://docs.aws.amazon.com/aws-backup/latest/devguide/eventbridge.html,
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-cloud-watch-events.html,
 * https://docs.aws.amazon.com/kms/latest/developerguide/ct-schedule-key-deletion.html,
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/retrieve-ct-entries.html
 */
export function eventsOf({ databases, vaultName, secretNames }: EventSources): EventPlan[] {
  return [
    {
      name: "backup-failed",
      runbook: "backup-failed",
      says: "A daily copy was not made",
      source: "aws.backup",
      detailType: "Backup Job State Change",
      detail: { backupVaultName: [vaultName], state: ["FAILED", "EXPIRED", "ABORTED"] },
    },
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
  ];
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
