import { counted } from "../common/counted";
import type { Fact } from "../common/fact";
import type { EnvironmentPlan } from "../environment/environment";
import { deployCommand } from "../environment/layers";
import type { ClusterState } from "../status/observed";
import { type Fault, type Finding, good, judged, problem, warning } from "./finding";

/** Judges the control plane; where there is none, nothing is deployed yet. */
export function clusterFindings(plan: EnvironmentPlan, fact: Fact<ClusterState>): Finding[] {
  const { cluster, context } = plan;
  return judged(
    "cluster",
    fact,
    ({ status, version }) => {
      if (status === undefined)
        return cluster.kind === "new"
          ? good("cluster", `${cluster.name} is not made yet; what runs is looked at after the first deployment`)
          : problem("cluster", {
              what: `there is no cluster ${cluster.name}`,
              why: "the configuration says that it exists",
              remedy: "correct cluster.name, or use the account and the region that have it",
              link: "docs/guides/existing-cluster.md",
            });
      const broken = BROKEN[status];
      if (broken !== undefined)
        return problem("cluster", {
          what: `${cluster.name} is ${status}`,
          ...broken(cluster.name, context.region),
          link: LINK,
        });
      if (status !== "ACTIVE")
        return warning("cluster", {
          what: `${cluster.name} is ${status}`,
          why: "a deployment is at work, or an upgrade of the control plane",
          remedy: `wait: aws eks wait cluster-active --region ${context.region} --name ${cluster.name}`,
          link: "docs/guides/deploy.md",
        });
      if (version !== cluster.kubernetesVersion) return otherVersion(plan, version);
      return good("cluster", `${cluster.name} is active on Kubernetes ${version}`);
    },
    "after",
  );
}

function otherVersion({ cluster, context }: EnvironmentPlan, version = "of an unknown version"): Finding {
  return warning("cluster", {
    what: `${cluster.name} runs Kubernetes ${version}, the configuration says ${cluster.kubernetesVersion}`,
    ...(cluster.kind === "new"
      ? {
          why: "the configuration was changed and not deployed, or somebody upgraded it",
          remedy: `npx cdktf-retool upgrade ${context.name} --platform shows the steps`,
        }
      : {
          why: "its owner upgraded it, or the configuration is wrong; new nodes get the image for the configured version",
          remedy: "set cluster.kubernetesVersion to the version that it runs, and deploy",
        }),
    link: "docs/guides/upgrades.md",
  });
}

const LINK = "docs/guides/interrupted-apply.md";

/** States of a control plane that no waiting ends. Source: https://docs.aws.amazon.com/eks/latest/APIReference/API_Cluster.html */
const BROKEN: Readonly<Record<string, (name: string, region: string) => Pick<Fault, "why" | "remedy">>> = {
  FAILED: (name, region) => ({
    why: "EKS could not make it, and nothing can run in it",
    remedy: `aws eks describe-cluster --region ${region} --name ${name} --query cluster.health.issues says why; mend that, delete the cluster and deploy again`,
  }),
  DELETING: () => ({
    why: "somebody deletes it, or a destroy is at work; with it goes everything that runs",
    remedy: "CloudTrail names who called eks:DeleteCluster; once it is gone, deploy again: database and bucket stay",
  }),
};

/** A cluster that is missing while other parts are there: nothing runs. */
export function lostCluster(plan: EnvironmentPlan, parts: readonly string[]): Finding {
  return problem("cluster", {
    what: `there is no cluster ${plan.cluster.name}, but ${parts.join(" and ")} exist${parts.length === 1 ? "s" : ""}`,
    why: "nobody is served: somebody deleted the cluster, or the first deployment is at work or stopped halfway",
    remedy: `see who holds the state's lock (check state); if nobody does: ${deployCommand(plan)}`,
    link: LINK,
  });
}

/** A cluster without Retool: a deployment runs, or one has stopped. */
export function halfMade(plan: EnvironmentPlan): Finding {
  const { context } = plan;
  return warning("services", {
    what: `the namespace ${context.namespace} has no Deployment of Retool yet`,
    why: "a deployment is at work, or one stopped halfway",
    remedy: `npx cdktf-retool status ${context.name} --watch; if nothing runs: ${deployCommand(plan)}`,
    link: "docs/guides/interrupted-apply.md",
  });
}

/** What a plan of Terraform would change. */
export interface Drift {
  /** Addresses with what happens to them, such as `aws_lb.FrontDoor will be updated in-place`. */
  readonly changes: readonly string[];
}

/** Changes that are listed; more do not fit on a screen. */
const SHOWN = 5;

/** Judges whether what exists of a stack is what the configuration says. */
export function driftFindings(
  plan: Pick<EnvironmentPlan, "context" | "layers">,
  stack: string,
  fact: Fact<Drift>,
): Finding[] {
  return judged(
    "drift",
    fact,
    ({ changes }) => {
      if (changes.length === 0) return good("drift", "a plan of Terraform changes nothing");
      const more = changes.length > SHOWN ? ` and ${changes.length - SHOWN} more` : "";
      return warning("drift", {
        what: `a plan of Terraform changes ${counted(changes.length, "resource")}: ${changes.slice(0, SHOWN).join(", ")}${more}`,
        why: "somebody changed them by hand, or the configuration was changed and not deployed",
        remedy: `npx cdktf diff ${stack} shows each change; ${deployCommand(plan)} makes it`,
        link: "docs/guides/deploy.md",
      });
    },
    "after",
  );
}
