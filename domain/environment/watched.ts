import type { BackupPlan } from "../backup/backup";
import type { CapacityPlan } from "../capacity/capacity";
import { sandboxDaemonPods } from "../capacity/headroom";
import { CATALOG } from "../catalog/catalog";
import type { RetoolComponent } from "../catalog/row";
import { serviceName } from "../catalog/services";
import type { EnvironmentContext } from "../common/context";
import type { Planned } from "../common/violation";
import { instanceMemoryGiB } from "../database/instance-classes";
import type { FrontDoorPlan } from "../front-door/front-door";
import { type ObservabilityPlan, planObservability } from "../observability/observability";
import type { ObservabilitySpec } from "../observability/spec";
import type { KnownEnd } from "../observability/reminders";
import { releaseLoads } from "../retool/loads";
import { installedServices, type RetoolPlan } from "../retool/retool";
import type { SecretsPlan } from "../secrets/secrets";
import type { TemporalPlan } from "../temporal/temporal";
import { versions } from "../versions/pins";
import { lineOf } from "../versions/retool";
import { supportedUntil } from "../versions/retool-releases";
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
    copiesAgain: backup.copyTo !== undefined,
    ends: knownEnds(parts),
    secretNames: secretNames(parts.secrets),
    cluster: {
      exists: cluster.kind === "existing",
      clusterName: cluster.name,
      kubernetesVersion: cluster.kubernetesVersion,
      addonVersion: cluster.kind === "new" ? cluster.addons.versions["amazon-cloudwatch-observability"] : undefined,
      namespace: context.namespace,
      basePods: [...baseLoad, ...companions].reduce((sum, { replicas }) => sum + replicas, 0),
      maxTotalJobs: capacity.maxTotalJobs,
      daemonPods: (sandboxes) => sandboxDaemonPods(capacity, sandboxes),
      withoutTargets: withoutTargets(retool, frontDoor),
    },
    hasAuditEvents: retool.auditEvents === "stdout",
  });
}

/** Services without a load balancer health check. */
function withoutTargets(retool: RetoolPlan, { targets }: FrontDoorPlan): RetoolComponent[] {
  const checked = new Set(targets.map(({ serviceName: name }) => name));
  return installedServices(retool)
    .map(({ id }) => serviceName(id))
    .filter((service) => !checked.has(CATALOG[service].deployment));
}

/** A line without a published date ends on the earliest day that fits what is known. */
function knownEnds({ retool, cluster, temporal }: Watched): KnownEnd[] {
  const line = lineOf(retool.version);
  const patches = retool.version.channel === "stable" ? supportedUntil(line) : undefined;
  const certificate = temporal.frontend?.certificateEnd;
  const runbook = "support-end";
  const ends: readonly (Omit<KnownEnd, "lastDay"> & { readonly lastDay: string | undefined })[] = [
    {
      name: "retool-support",
      runbook,
      what: `Retool's support of ${line}`,
      lastDay: patches?.earliest,
      mayBeLater: patches?.earliest !== patches?.latest,
    },
    ...kubernetesEnds(cluster),
    {
      name: "temporal-certificate",
      runbook: "temporal-certificate",
      what: `The client certificate of the Temporal namespace ${temporal.frontend?.namespace ?? ""}`,
      lastDay: certificate,
    },
  ];
  return ends.flatMap(({ lastDay, ...end }) => (lastDay === undefined ? [] : [{ ...end, lastDay }]));
}

function kubernetesEnds(cluster: SiteClusterPlan): KnownEnd[] {
  const { kubernetesVersion: version } = cluster;
  const known = versions.kubernetes.supported.find((supported) => supported.version === version);
  if (cluster.kind === "existing" || known === undefined) return [];
  const end = (kind: "standard" | "extended", lastDay: string): KnownEnd => ({
    name: `kubernetes-${kind}`,
    runbook: "support-end",
    what: `Amazon EKS's ${kind} support of Kubernetes ${version}`,
    lastDay,
  });
  return [
    end("standard", known.standardSupportUntil),
    ...(cluster.supportType === "EXTENDED" ? [end("extended", known.extendedSupportUntil)] : []),
  ];
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
