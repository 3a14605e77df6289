import type { EnvironmentPlan } from "../environment/environment";
import { deployCommand } from "../environment/layers";
import { type MigrationStatus, migrationStatus } from "../status/migration";
import { migrationText } from "../status/phase";
import { type FaultKind, isOf, type ServiceStatus, serviceStatuses } from "../status/services";
import type { Workloads } from "../status/observed";
import { type Finding, good, problem, warning } from "./finding";
import { faultsOf } from "./workloads";

const CHECK = "jobs-runner";
const LINK = "docs/runbooks/jobs-runner.md";

/** Judges whether there is exactly one jobs-runner, and how far its migration is. */
export function jobsRunnerFindings(
  plan: EnvironmentPlan,
  workloads: Workloads,
  log: string | undefined,
  at: string,
): Finding[] {
  const service = serviceStatuses(plan, workloads, at).find((each) => each.service === "jobs-runner");
  if (service === undefined) return [];
  const { namespace } = plan.context;
  const twice = tooMany(namespace, service, workloads);
  const status = migrationStatus(service, log);
  const others = faultsOf(deployCommand(plan), namespace, {
    ...service,
    faults: service.faults.filter(({ kind }) => !saidByMigration(kind, status)),
  });
  const found: Finding[] = [
    ...(service.lostReadiness && service.faults.length === 0 ? [unreadyFinding(namespace, service)] : []),
    ...twice,
    // How many there are is said once.
    ...others
      .filter(({ grade }) => twice.length === 0 || grade === "problem")
      .map((finding) => ({ ...finding, check: CHECK }) as const),
    ...migrationFinding(namespace, service, status),
  ];
  return found.length > 0
    ? found
    : [good(CHECK, "exactly one runs"), good("migrations", "complete: the jobs-runner is ready")];
}

/** One that lost its readiness a few minutes ago, which does not count as a fault yet. */
function unreadyFinding(namespace: string, { deployment }: ServiceStatus): Finding {
  return warning(CHECK, {
    what: "it was ready, and is not any more",
    why: "nothing scheduled runs, and no upgrade migrates the database",
    remedy: `wait ten minutes; if it stays so: kubectl -n ${namespace} logs deployment/${deployment} --tail=50`,
    link: LINK,
  });
}

/** Whether what is wrong with a pod is what the finding about migrations says. */
function saidByMigration(kind: FaultKind, { state, current, done }: MigrationStatus): boolean {
  if (kind === "crash") return state === "failed";
  return kind === "unready" && state === "running" && (current !== undefined || done > 0);
}

function tooMany(
  namespace: string,
  { deployment, wanted = 0, rolling }: ServiceStatus,
  workloads: Workloads,
): Finding[] {
  const found = workloads.deployments.find(({ name }) => name === deployment);
  if (found === undefined) return [];
  const ready = workloads.pods.filter((pod) => isOf(pod, found) && pod.ready && !pod.ending).length;
  if (wanted <= 1 && (ready <= 1 || rolling)) return [];
  return [
    problem(CHECK, {
      what: `${Math.max(wanted, ready)} of them run`,
      why: "scheduled work runs twice, and two migrations at once break the database",
      remedy: `kubectl -n ${namespace} scale deployment/${deployment} --replicas=1`,
      link: LINK,
    }),
  ];
}

/** Minutes after which a migration more likely waits for a lock than works. */
const LONG_MINUTES = 30;

function migrationFinding(
  namespace: string,
  { deployment, faults }: ServiceStatus,
  status: MigrationStatus,
): Finding[] {
  const { state, error } = status;
  const log = `kubectl -n ${namespace} logs deployment/${deployment} --tail=50`;
  const crash = faults.find(({ kind }) => kind === "crash");
  if (state === "failed" && crash !== undefined)
    return [
      problem("migrations", {
        what: `the jobs-runner fails to start (${crash.text})${error === undefined ? "" : `: ${error}`}`,
        why: "new pods of every service wait for it",
        remedy: `${log}; do not restart it more than once, and do not go back to an older version`,
        link: LINK,
      }),
    ];
  return state === "running"
    ? [runningFinding(log, status, faults.find(({ kind }) => kind === "unready")?.minutes)]
    : [];
}

/** A migration that is at work, or that hangs; the minutes are those for which its pod has not been ready, if they are many. */
function runningFinding(log: string, status: MigrationStatus, minutes = 0): Finding {
  const names = migrationText(status);
  const what =
    names === ""
      ? "the jobs-runner is starting, or is migrating the database"
      : `the jobs-runner is migrating the database${names}`;
  const since = minutes === 0 ? "" : `, for ${minutes} minutes so far`;
  if (names !== "" && minutes >= LONG_MINUTES)
    return problem("migrations", {
      what: `${what}${since}`,
      why: "new pods of every service wait for it; a migration that takes so long often waits for a lock that somebody holds",
      remedy: `${log} shows whether it goes on; if the same migration stands there, find who holds its lock with the query of the runbook; do not restart it`,
      link: LINK,
    });
  return warning("migrations", {
    what: `${what}${since}`,
    why: "new pods of every service wait for it, while the old ones serve",
    remedy: `wait, and watch it: ${log} -f`,
    link: LINK,
  });
}
