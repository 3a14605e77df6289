import { type AlarmPlan, FIVE_MINUTES } from "./alarm";
import { METRICS } from "./metrics";

const GIB = 1024 ** 3;

/** What alarms need to know of a database instance. */
export interface DatabaseSource {
  /** Identifier of the RDS instance. */
  readonly identifier: string;
  /** Memory of its class in GiB; undefined where the class is not known. */
  readonly memoryGiB: number | undefined;
  /** Storage in GiB. */
  readonly storageGiB: number;
  /** Connections that its clients may open at once, during an upgrade. */
  readonly connections: number;
}

/** Alarms of a database instance. */
export function databaseAlarms(name: string, source: DatabaseSource): AlarmPlan[] {
  const { memoryGiB, connections } = source;
  const shared = {
    runbook: "database",
    dimensions: { DBInstanceIdentifier: source.identifier },
    periodSeconds: FIVE_MINUTES,
    periods: 3,
  } as const;
  return [
    {
      ...shared,
      name: `${name}-cpu`,
      says: `The CPU of the database ${source.identifier} has been over 80 % for 15 minutes`,
      metric: METRICS.databaseCpu,
      statistic: "Average",
      wrong: "GreaterThanThreshold",
      threshold: 80,
    },
    ...(memoryGiB === undefined ? [] : [{ ...shared, ...memoryAlarm(name, source.identifier, memoryGiB) }]),
    { ...shared, ...storageAlarm(name, source) },
    {
      ...shared,
      name: `${name}-connections`,
      runbook: "database-connections",
      says: `The database ${source.identifier} has more than the ${connections} connections that its clients are planned to open`,
      metric: METRICS.databaseConnections,
      statistic: "Maximum",
      wrong: "GreaterThanThreshold",
      threshold: connections,
    },
  ];
}

type Particular = Pick<AlarmPlan, "name" | "says" | "metric" | "statistic" | "wrong" | "threshold">;

function memoryAlarm(name: string, identifier: string, memoryGiB: number): Particular {
  return {
    name: `${name}-memory`,
    says: `The database ${identifier} has had less than 5 % of its ${memoryGiB} GiB of memory left for 15 minutes`,
    metric: METRICS.databaseMemory,
    statistic: "Average",
    wrong: "LessThanThreshold",
    threshold: Math.round(0.05 * memoryGiB * GIB),
  };
}

/**
 * RDS grows a volume of which 10 % or less are free, so less than half of that means that it could not. Only the initial size is known
 * here: on a volume that has grown this is a smaller part, and RDS's own event of low storage comes first.
 */
function storageAlarm(name: string, { identifier, storageGiB }: DatabaseSource): Particular {
  return {
    name: `${name}-storage`,
    says: `The database ${identifier} has less than 5 % of its initial ${storageGiB} GiB of storage left; once RDS has grown it, database-event comes first`,
    metric: METRICS.databaseStorage,
    statistic: "Minimum",
    wrong: "LessThanThreshold",
    threshold: Math.round(0.05 * storageGiB * GIB),
  };
}
