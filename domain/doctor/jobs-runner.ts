import type { EnvironmentPlan } from "../environment/environment";
import { deployCommand } from "../environment/layers";
import { type MigrationStatus, migrationStatus } from "../status/migration";
import { isOf, type ServiceStatus, serviceStatuses } from "../status/services";
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
  const migration = migrationFinding(namespace, service, migrationStatus(service, log));
  // A rollout has two for a moment, and says so itself.
  const others = faultsOf(deployCommand(plan), namespace, service).filter(({ grade }) => grade === "problem");
  const found: Finding[] = [
    ...twice,
    ...others.map((finding) => ({ ...finding, check: CHECK }) as const),
    ...migration,
  ];
  return found.length > 0
    ? found
    : [good(CHECK, "exactly one runs"), good("migrations", "complete: the jobs-runner is ready")];
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

function migrationFinding(
  namespace: string,
  { deployment }: ServiceStatus,
  { state, current, done, error }: MigrationStatus,
): Finding[] {
  const log = `kubectl -n ${namespace} logs deployment/${deployment} --tail=50`;
  if (state === "failed")
    return [
      problem("migrations", {
        what: `the jobs-runner fails to start${error === undefined ? "" : `: ${error}`}`,
        why: "new pods of every service wait for it",
        remedy: `${log}; do not restart it more than once, and do not go back to an older version`,
        link: LINK,
      }),
    ];
  if (state === "running")
    return [
      warning("migrations", {
        what: `the jobs-runner migrates the database${current === undefined ? "" : `: ${current}`}${done === 0 ? "" : `, ${done} done`}`,
        why: "new pods of every service wait for it, while the old ones serve",
        remedy: `wait, and watch it: ${log} -f`,
        link: LINK,
      }),
    ];
  return [];
}
