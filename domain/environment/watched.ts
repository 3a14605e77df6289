import type { BackupPlan } from "../backup/backup";
import type { CapacityPlan } from "../capacity/capacity";
import type { EnvironmentContext } from "../common/context";
import type { Planned } from "../common/violation";
import { instanceMemoryGiB } from "../database/instance-classes";
import type { FrontDoorPlan } from "../front-door/front-door";
import { type ObservabilityPlan, planObservability } from "../observability/observability";
import type { ObservabilitySpec } from "../observability/spec";
import { releaseLoads } from "../retool/loads";
import type { RetoolPlan } from "../retool/retool";
import type { SecretsPlan } from "../secrets/secrets";
import type { TemporalPlan } from "../temporal/temporal";
import { type DatabasesPlan, madeInstances } from "./databases";
import type { SiteClusterPlan } from "./site";

/** The parts of an environment that are watched. */
export interface Watched extends DatabasesPlan {
  /** The load balancer. */
  readonly frontDoor: FrontDoorPlan;
  /** The daily copies. */
  readonly backup: BackupPlan;
  /** Keys and passwords. */
  readonly secrets: SecretsPlan;
  /** The cluster. */
  readonly cluster: SiteClusterPlan;
  /** The sandboxes. */
  readonly capacity: CapacityPlan;
  /** The release. */
  readonly retool: RetoolPlan;
  /** Temporal. */
  readonly temporal: TemporalPlan;
}

/** Plans logs, alarms and dashboard from what they are about. */
export function planWatched(
  spec: ObservabilitySpec | undefined,
  context: EnvironmentContext,
  parts: Watched,
): Planned<ObservabilityPlan> {
  const { frontDoor, backup, cluster, capacity, retool, temporal } = parts;
  const { baseLoad, companions } = releaseLoads(retool, temporal);
  const instances = Object.entries(madeInstances(parts)).map(([path, plan]) => {
    const { identifier, instanceClass, storageGiB, connections } = plan;
    const memoryGiB = instanceMemoryGiB(instanceClass);
    return [NAMES[path] ?? path, { identifier, memoryGiB, storageGiB, connections }] as const;
  });
  return planObservability(spec, context, {
    targets: frontDoor.targets.map(({ name }) => name),
    databases: Object.fromEntries(instances),
    vaultName: backup.vaultName,
    secretNames: secretNames(parts.secrets),
    cluster: {
      exists: cluster.kind === "existing",
      clusterName: cluster.name,
      kubernetesVersion: cluster.kubernetesVersion,
      addonVersion: cluster.kind === "new" ? cluster.addons.versions["amazon-cloudwatch-observability"] : undefined,
      namespace: context.namespace,
      basePods: [...baseLoad, ...companions].reduce((sum, { replicas }) => sum + replicas, 0),
      maxTotalJobs: capacity.maxTotalJobs,
    },
    hasAuditEvents: retool.auditEvents === "stdout",
  });
}

/** Names of the database instances in alarms, by the path of their configuration. */
const NAMES: Readonly<Record<string, string>> = {
  database: "database",
  retoolDatabase: "retool-database",
  "temporal.database": "temporal-database",
};

/** Every secret: a rotated encryption key's predecessors too, which older backups need. */
export function secretNames(secrets: SecretsPlan): string[] {
  const { encryptionKeys, jwtSecret, databasePassword, retoolDatabasePassword, temporalDatabasePassword } = secrets;
  const passwords = [databasePassword, retoolDatabasePassword, temporalDatabasePassword];
  return [...encryptionKeys.keys, jwtSecret, ...passwords, secrets.sandboxKeys, secrets.license]
    .filter((secret) => secret !== undefined)
    .map(({ name }) => name);
}
