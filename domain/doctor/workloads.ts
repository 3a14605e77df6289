import { RELEASE } from "../catalog/blocks";
import type { EnvironmentPlan } from "../environment/environment";
import { deployCommand } from "../environment/layers";
import { headroomName } from "../nodes/headroom-manifests";
import type { DeploymentState, Workloads } from "../status/observed";
import {
  isSettled,
  runsAnotherTag,
  type ServiceStatus,
  serviceStatuses,
  unplannedDeployments,
} from "../status/services";
import { type Fault, type Finding, good, problem, warning } from "./finding";
import { POD_RUNBOOK, podFindings } from "./pods";

const CHECK = "services";

/** Judges the pods of every service against the plan. */
export function serviceFindings(plan: EnvironmentPlan, workloads: Workloads, at: string): Finding[] {
  const { namespace } = plan.context;
  const deploy = deployCommand(plan);
  const services = serviceStatuses(plan, workloads, at).filter(({ service }) => service !== "jobs-runner");
  const found = [
    ...unsettledFindings(namespace, services.filter(isUnexplained)),
    ...services.flatMap((service) => deploymentFindings(deploy, namespace, service)),
    ...podFindings(namespace, services),
    ...unplannedDeployments(plan, workloads).map((deployment) =>
      warning(CHECK, {
        what: `Deployment ${deployment} runs and is not in the plan`,
        why: "it was made by hand, or the last deployment did not finish; it takes room and connections",
        remedy: `${deploy}; if it is still there, kubectl -n ${namespace} delete deployment ${deployment}`,
        link: "docs/guides/interrupted-apply.md",
      }),
    ),
  ];
  const pods = services.reduce((sum, { ready }) => sum + ready, 0);
  return found.length > 0 ? found : [good(CHECK, `${services.length} services with ${pods} pods, all ready`)];
}

/**
 * What is wrong with the number, the version and the pods of a service.
 *
 * @param deploy - The command that deploys the environment.
 */
export function faultsOf(deploy: string, namespace: string, service: ServiceStatus): Finding[] {
  return [...deploymentFindings(deploy, namespace, service), ...podFindings(namespace, [service])];
}

function deploymentFindings(deploy: string, namespace: string, service: ServiceStatus): Finding[] {
  const { wanted, stops } = service;
  if (wanted === undefined) return [problem(CHECK, missing(deploy, namespace, service))];
  return [
    ...countFindings(namespace, service),
    ...(runsAnotherTag(service) ? [warning(CHECK, otherVersion(deploy, service))] : []),
    ...refusedPods(namespace, service),
    ...(stops.length > 0 ? [warning(CHECK, restarted(namespace, service))] : []),
  ];
}

/** Terraform compares a release by its values, and does not notice what somebody deleted from it; Helm writes it again. */
function restored(deploy: string, namespace: string, release: string): string {
  return `${deploy}; if that changes nothing, somebody deleted it: helm -n ${namespace} rollback ${release} <revision>, the one that helm -n ${namespace} history ${release} calls deployed`;
}

function missing(deploy: string, namespace: string, { service, deployment }: ServiceStatus): Fault {
  return {
    what: `${service}: there is no Deployment ${deployment}`,
    why: "the plan has it; what it does for users does not work",
    remedy: restored(deploy, namespace, RELEASE),
    link: "docs/guides/interrupted-apply.md",
  };
}

function countFindings(namespace: string, { service, deployment, wanted, fewest, most }: ServiceStatus): Finding[] {
  if (wanted === undefined || (wanted >= fewest && wanted <= most)) return [];
  const planned = fewest === most ? `${fewest}` : `${fewest} to ${most}`;
  const fault: Fault = {
    what: `${service}: the Deployment asks for ${wanted} pods, the plan says ${planned}`,
    why:
      wanted < fewest
        ? "it has less room than its users need: somebody scaled it, or the configuration is not deployed"
        : "nodes and the database's connections are planned for fewer: somebody scaled it, or the configuration is not deployed",
    remedy: `kubectl -n ${namespace} scale deployment/${deployment} --replicas=${wanted < fewest ? fewest : most}`,
    link: "docs/settings.md",
  };
  return [wanted === 0 ? problem(CHECK, fault) : warning(CHECK, fault)];
}

function otherVersion(deploy: string, { service, tag = "", plannedTag = "" }: ServiceStatus): Fault {
  return {
    what: `${service}: ${tag} runs, the configuration says ${plannedTag}`,
    why: "the configuration was changed and not deployed, or the deployment did not finish",
    remedy: deploy,
    link: "docs/guides/upgrades.md",
  };
}

function refusedPods(namespace: string, { service, deployment, ready, wanted = 0, refused }: ServiceStatus): Finding[] {
  if (refused === undefined) return [];
  return [
    problem(CHECK, {
      what: `${service}: ${ready} of ${wanted} pods are ready, and the API server refuses new ones: ${refused}`,
      why: "a quota, a policy or a webhook of the cluster stops them; waiting does not help",
      remedy: `kubectl -n ${namespace} describe deployment ${deployment}; ask the people who run the cluster to admit them`,
      link: POD_RUNBOOK,
    }),
  ];
}

/** Whether nothing else says why a service is not as planned. */
function isUnexplained(service: ServiceStatus): boolean {
  const { faults, refused } = service;
  return faults.length === 0 && refused === undefined && !isSettled(service) && !runsAnotherTag(service);
}

/** Many services that only start have one cause. */
function unsettledFindings(namespace: string, services: readonly ServiceStatus[]): Finding[] {
  const poor = services.filter(({ wanted = 0, ready, rolling }) => wanted > 0 && (ready < wanted || rolling));
  if (poor.length <= 2) return poor.map((service) => unsettled(service, watching(namespace, service)));
  const counts = poor.map(({ service, ready, wanted = 0 }) => `${service} ${ready} of ${wanted}`).join(", ");
  return [
    warning(CHECK, {
      what: `${poor.length} services have fewer ready pods than they ask for: ${counts}`,
      why: "a deployment is going on, or what they all need is not there: nodes, the database, the jobs-runner",
      remedy: `wait, and watch them: kubectl -n ${namespace} get deployments --watch`,
      link: POD_RUNBOOK,
    }),
  ];
}

function watching(namespace: string, { deployment }: ServiceStatus): string {
  return `wait, and watch it: kubectl -n ${namespace} rollout status deployment/${deployment}`;
}

function unsettled({ service, ready, wanted = 0, rolling }: ServiceStatus, remedy: string): Finding {
  return warning(CHECK, {
    what: `${service}: ${ready} of ${wanted} pods are ready${rolling ? ", and old pods are being replaced" : ""}`,
    why: "a rollout or a start is going on; until it ends, fewer pods serve",
    remedy,
    link: POD_RUNBOOK,
  });
}

function restarted(namespace: string, { service, deployment, stops }: ServiceStatus): Fault {
  return {
    what: `${service}: a container stopped within the last hour (${stops.join("; ")})`,
    why: "it runs again; if it stops often, requests are lost",
    remedy: `kubectl -n ${namespace} logs deployment/${deployment} --previous --tail=50`,
    link: POD_RUNBOOK,
  };
}

/** Judges the controllers of the cluster: DNS, Karpenter, the load balancer's. */
export function controllerFindings(plan: EnvironmentPlan, { controllers }: Workloads): Finding[] {
  const { cluster } = plan;
  // The people who run an existing cluster may have other ones.
  const expected = cluster.kind === "new" ? Object.keys(WORK) : [];
  const missing = expected.filter((name) => !controllers.some((each) => each.name === name));
  const found = [
    ...controllers
      .filter(({ ready, wanted }) => ready < wanted)
      .map((each) => (each.name === headroomName(cluster.pools) ? headroomFinding(each) : controllerFinding(each))),
    ...missing.map((name) =>
      problem("controllers", {
        what: `there is no Deployment ${name} in kube-system`,
        why: WORK[name] ?? "",
        remedy: RELEASED.includes(name) ? restored(deployCommand(plan), "kube-system", name) : deployCommand(plan),
        link: "docs/guides/interrupted-apply.md",
      }),
    ),
  ];
  return found.length > 0 ? found : [good("controllers", `${controllers.length} in kube-system, all ready`)];
}

/** Placeholders give way to sandboxes on purpose, and come back with the next node. */
function headroomFinding({ name, ready, wanted }: DeploymentState): Finding {
  return warning("controllers", {
    what: `${name}: ${ready} of ${wanted} placeholders have room`,
    why: "the next sandboxes wait for a node; where Karpenter launches one, the placeholders are back within minutes",
    remedy: "kubectl get nodeclaims -o wide",
    link: "docs/runbooks/pods-pending.md",
  });
}

function controllerFinding({ name, ready, wanted }: DeploymentState): Finding {
  const fault = {
    what: `${name}: ${ready} of ${wanted} pods are ready`,
    why:
      ready === 0 ? (WORK[name] ?? "what it does for the cluster is not done") : "the next failure stops it altogether",
    remedy: `kubectl -n kube-system get pods; kubectl -n kube-system logs deployment/${name} --tail=50`,
    link: POD_RUNBOOK,
  };
  return ready === 0 ? problem("controllers", fault) : warning("controllers", fault);
}

/** Controllers that a Helm release of the same name installs; the others are add-ons of EKS. */
const RELEASED: readonly string[] = ["karpenter", "aws-load-balancer-controller"];

/** What stops without a controller. */
const WORK: Readonly<Record<string, string>> = {
  coredns: "no name is resolved in the cluster",
  karpenter: "no node is launched, and none is taken away",
  "aws-load-balancer-controller": "new pods are not registered behind the load balancer",
};
