import { alarmFindings } from "../../domain/doctor/alarms";
import { copyFindings } from "../../domain/doctor/copies";
import { databaseFindings } from "../../domain/doctor/databases";
import { clusterFindings, halfMade, lostCluster } from "../../domain/doctor/deployment";
import { entranceFindings } from "../../domain/doctor/entrance";
import { type Finding, good, judged } from "../../domain/doctor/finding";
import { jobsRunnerFindings } from "../../domain/doctor/jobs-runner";
import { nodeFindings } from "../../domain/doctor/nodes";
import { receiverFindings } from "../../domain/doctor/receivers";
import { releaseFindings } from "../../domain/doctor/releases";
import { sandboxFindings } from "../../domain/doctor/sandboxes";
import { temporalFindings } from "../../domain/doctor/temporal";
import { controllerFindings, serviceFindings } from "../../domain/doctor/workloads";
import { madeInstances } from "../../domain/environment/databases";
import type { EnvironmentPlan } from "../../domain/environment/environment";
import type { Observed } from "../../domain/status/observed";

/** What is wrong with a deployed environment. */
export function runningFindings(plan: EnvironmentPlan, observed: Observed, inThirtyDays: string): Finding[] {
  const { cluster, databases, entrance, copies, alarms, receivers, at } = observed;
  const control = clusterFindings(plan, cluster);
  if (isEmpty(observed) && plan.cluster.kind === "existing") return control;
  return [
    ...control,
    ...kubernetesFindings(plan, observed),
    ...entranceFindings(plan, entrance, inThirtyDays),
    ...databaseFindings(plan, databases, at),
    ...copyFindings(plan, copies, at),
    ...alarmFindings(plan, alarms),
    ...receiverFindings(plan, receivers),
  ];
}

/** Where the cluster is missing, the parts of the environment that are there all the same make the difference. */
export function absentFindings(plan: EnvironmentPlan, facts: Pick<Observed, "databases" | "entrance">): Finding[] {
  const { databases, entrance } = facts;
  const instances = Object.entries(madeInstances(plan)).flatMap(([path, { identifier }]) => {
    const state = databases[path];
    return state !== undefined && "known" in state && state.known.status !== undefined
      ? [`the database ${identifier}`]
      : [];
  });
  const balancer = "known" in entrance && entrance.known.exists ? [`the load balancer ${plan.frontDoor.prefix}`] : [];
  const parts = [...instances, ...balancer];
  return parts.length > 0
    ? [lostCluster(plan, parts)]
    : clusterFindings(plan, { known: { status: undefined, version: undefined } });
}

/** Whether the namespace has nothing of Retool. */
function isEmpty({ workloads }: Observed): boolean {
  return "known" in workloads && workloads.known.deployments.length === 0;
}

function kubernetesFindings(plan: EnvironmentPlan, observed: Observed): Finding[] {
  const { workloads, nodes, operations, migrationLog, temporalLog, at } = observed;
  if ("unknown" in workloads) return judged("kubernetes", workloads, () => [], "after");
  const { known } = workloads;
  const log = "known" in migrationLog ? migrationLog.known : undefined;
  return [
    good(
      "kubernetes",
      `the API answers: ${known.deployments.length} Deployments and ${known.pods.length} pods in ${plan.context.namespace}`,
    ),
    ...(isEmpty(observed)
      ? [halfMade(plan)]
      : [
          ...jobsRunnerFindings(plan, known, log, at),
          ...serviceFindings(plan, known, at),
          ...sandboxFindings(plan, known),
          ...temporalFindings(plan, known, temporalLog, at),
        ]),
    ...controllerFindings(plan, known),
    ...judged("nodes", nodes, (found) => nodeFindings(plan, found), "after"),
    ...releaseFindings(plan, operations, at),
  ];
}
