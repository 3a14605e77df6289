import type { MigrationStatus } from "./migration";
import { isServing } from "./observed";
import { isSettled, runsAnotherTag, type ServiceStatus } from "./services";
import type { RunningRetool, Status } from "./status";

/** How far a deployment is: the first thing that is not as planned, in the order in which a deployment makes them. */
export interface Phase {
  /** `settled` where everything is as planned, `working` where something is not, `unknown` where nobody can tell. */
  readonly state: "settled" | "working" | "unknown";
  /** What is so, in one sentence without a full stop. */
  readonly says: string;
}

/** Says how far a deployment is. */
export function phaseOf(status: Status): Phase {
  return (
    clusterPhase(status) ??
    databasePhase(status) ??
    retoolPhase(status.retool) ??
    entrancePhase(status) ??
    upgradePhase(status) ??
    SETTLED
  );
}

const SETTLED: Phase = { state: "settled", says: "runs as planned" };

const working = (says: string): Phase => ({ state: "working", says });

function clusterPhase({ cluster }: Status): Phase | undefined {
  if ("unknown" in cluster) return { state: "unknown", says: `could not read the control plane: ${cluster.unknown}` };
  const { status } = cluster.known;
  if (status === undefined) return working("not deployed yet: there is no cluster");
  return status === "ACTIVE" || status === "UPDATING" ? undefined : working(`the control plane is ${status}`);
}

/** Retool runs while the control plane is upgraded, so this comes last. EKS names the old version until the upgrade has ended. */
function upgradePhase({ cluster, kubernetesVersion, ownCluster }: Status): Phase | undefined {
  if ("unknown" in cluster) return undefined;
  const { status, version } = cluster.known;
  if (version === undefined)
    return { state: "unknown", says: "the Kubernetes version of the control plane is not known" };
  // Only its owner upgrades an existing cluster, and no deployment changes its version.
  if (version !== kubernetesVersion && ownCluster)
    return working(`the control plane runs Kubernetes ${version}, the configuration says ${kubernetesVersion}`);
  if (status === "UPDATING") return working("the control plane is UPDATING");
  return version === kubernetesVersion
    ? undefined
    : { state: "settled", says: otherVersionText(kubernetesVersion, version) };
}

/** What to correct where the owner of an existing cluster has upgraded it. */
export function otherVersionText(configured: string, found: string): string {
  return `cluster.kubernetesVersion: says ${configured}, the cluster has ${found}; correct it`;
}

/** A database whose state AWS does not tell is passed over: pods show whether it serves. */
function databasePhase({ databases }: Status): Phase | undefined {
  for (const { identifier, state } of databases) {
    if ("unknown" in state) continue;
    const { status } = state.known;
    if (status === undefined) return working(`there is no database ${identifier}`);
    if (!isServing(status)) return working(`the database ${identifier} is ${status}`);
  }
  return undefined;
}

function retoolPhase(retool: Status["retool"]): Phase | undefined {
  if ("unknown" in retool) return { state: "unknown", says: `could not read the workloads: ${retool.unknown}` };
  const { services, migration } = retool.known;
  if (services.every(({ wanted }) => wanted === undefined))
    return working("the cluster is there, and Retool's release has not begun");
  return migrationPhase(migration) ?? servicesPhase(retool.known);
}

function migrationPhase(migration: MigrationStatus | undefined): Phase | undefined {
  switch (migration?.state) {
    case "waiting":
      return working("the jobs-runner waits for a node; everything else waits for it");
    case "running":
      return working(
        `the jobs-runner is starting, or is migrating the database${migrationText(migration)}; all new pods wait for it`,
      );
    case "failed":
      return working(`the jobs-runner fails to start${migration.error === undefined ? "" : `: ${migration.error}`}`);
    case "missing":
      return working("there is no jobs-runner, and only it migrates the database");
    default:
      return undefined;
  }
}

/** The migration that runs and the number of those before it, as far as the log names them. */
export function migrationText({ current, done }: MigrationStatus): string {
  const parts = [...(current === undefined ? [] : [current]), ...(done === 0 ? [] : [`${done} done`])];
  return parts.length === 0 ? "" : ` (${parts.join(", ")})`;
}

function servicesPhase({ services }: RunningRetool): Phase | undefined {
  const poor = services.filter((service) => !isSettled(service));
  if (poor.length === 0) return undefined;
  const are = poor.length === 1 ? "is" : "are";
  return working(
    `${poor.length} of ${services.length} services ${are} not as planned: ${poor.map(countText).join(", ")}`,
  );
}

/** A service with its pods, such as `api 1 of 2`. */
export function countText(service: ServiceStatus): string {
  const { service: name, ready, wanted, fewest, most } = service;
  if (wanted === undefined) return `${name} is missing`;
  if (wanted > most) return `${name} ${wanted} of ${most} planned`;
  const version = runsAnotherTag(service) ? ` on ${service.tag ?? ""}` : "";
  return `${name} ${ready} of ${Math.max(wanted, fewest)}${version}`;
}

function entrancePhase({ entrance }: Status): Phase | undefined {
  if ("unknown" in entrance) return { state: "unknown", says: `the load balancer is not known: ${entrance.unknown}` };
  const { exists, targets } = entrance.known;
  if (!exists) return working("there is no load balancer");
  const poor = targets.filter(({ healthy, registered }) => healthy === 0 || healthy < registered);
  if (poor.length === 0) return undefined;
  const counts = poor.map(({ name, healthy, registered }) =>
    registered === 0 ? `${name} has none` : `${name} ${healthy} of ${registered}`,
  );
  return working(`the load balancer waits for healthy pods: ${counts.join(", ")}`);
}
