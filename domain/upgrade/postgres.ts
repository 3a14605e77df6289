import { NEWEST_POSTGRES } from "../common/postgres-version";
import type { UpgradeStep } from "./plan";

/** An instance of PostgreSQL as it is now. */
export interface PostgresState {
  /** Name of the instance. */
  readonly identifier: string;
  /** Major version. */
  readonly engineVersion: string;
}

/**
 * Lists the steps to the newest major version of PostgreSQL, in order; none where it runs.
 *
 * @param state - The instance.
 * @param region - Its region, which a shell need not have as its own.
 *
 * Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_UpgradeDBInstance.PostgreSQL.html
 */
export function postgresSteps(state: PostgresState, region: string): UpgradeStep[] {
  const { identifier, engineVersion } = state;
  if (Number(engineVersion) >= NEWEST_POSTGRES) return [];
  const target = String(NEWEST_POSTGRES);
  return [
    { by: "operator", what: `upgrade a staging environment to PostgreSQL ${target} and use it` },
    {
      by: "operator",
      what: `read the release notes, update extensions that ${target} needs (SELECT extname, extversion FROM pg_extension), and drop logical replication slots`,
    },
    {
      by: "operator",
      what: `take a snapshot: aws rds create-db-snapshot --region ${region} --db-instance-identifier ${identifier} --db-snapshot-identifier ${identifier}-before-${target}`,
    },
    {
      by: "operator",
      what: `announce 10 to 30 minutes without Retool, set database to { engineVersion: "${target}", allowMajorVersionUpgrade: true, applyImmediately: true }, and deploy`,
    },
    { by: "terraform", what: `makes a parameter group of ${target}, upgrades the instance and deletes the old group` },
    {
      by: "operator",
      what: `watch aws rds describe-events --region ${region} --source-type db-instance --source-identifier ${identifier} --duration 120; if RDS refuses, the reason is there, and ${engineVersion} keeps running`,
    },
    {
      by: "operator",
      what: "run ANALYZE, open an app, and remove allowMajorVersionUpgrade and applyImmediately; there is no way back except the snapshot",
    },
  ];
}
