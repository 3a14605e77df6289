import { loadBalancerController } from "../cluster/load-balancer-controller";
import { KARPENTER } from "../cluster/pool-names";
import type { Fact } from "../common/fact";
import type { EnvironmentPlan } from "../environment/environment";
import { headroomName } from "../nodes/headroom-manifests";
import { KARPENTER_TIMEOUT_SECONDS } from "../nodes/karpenter";
import { longestGraceMinutes } from "../nodes/node-pools";
import { minuteOf, minutesBetween, type UnfinishedOperation } from "../status/observed";
import { type Finding, good, judged, problem, warning } from "./finding";

const CHECK = "releases";

/** A Helm release of an environment. */
export interface InstalledRelease {
  /** Its namespace. */
  readonly namespace: string;
  /** Its name. */
  readonly name: string;
  /** Seconds after which Helm gives up an operation on it. */
  readonly timeoutSeconds: number;
}

/** The Helm releases that an environment installs; others in the same namespaces are somebody else's. */
export function installedReleases(plan: EnvironmentPlan): InstalledRelease[] {
  const { namespace } = plan.context;
  return [
    { namespace, name: "retool", timeoutSeconds: plan.retool.timeoutSeconds },
    { namespace, name: "target-group-bindings", timeoutSeconds: 600 },
    ...(plan.secretDelivery.kind === "external-secrets"
      ? [{ namespace, name: "retool-secrets", timeoutSeconds: 300 }]
      : []),
    ...poolReleases(plan),
    ...controllerReleases(plan.cluster),
  ];
}

function poolReleases({ cluster, capacity }: EnvironmentPlan): InstalledRelease[] {
  const { nodesNamespace: namespace, pools } = cluster;
  return [
    // Uninstalling waits until the nodes are gone.
    {
      namespace,
      name: `${pools.releases}-node-classes`,
      timeoutSeconds: (longestGraceMinutes(capacity) + 20) * 60,
    },
    { namespace, name: `${pools.releases}-node-pools`, timeoutSeconds: 300 },
    ...(capacity.headroom.pods === 0 ? [] : [{ namespace, name: headroomName(pools), timeoutSeconds: 300 }]),
  ];
}

function controllerReleases(cluster: EnvironmentPlan["cluster"]): InstalledRelease[] {
  const isNew = cluster.kind === "new";
  return [
    ...(isNew || cluster.karpenter === undefined
      ? ["karpenter-crd", "karpenter"].map((name) => ({
          namespace: KARPENTER.namespace,
          name,
          timeoutSeconds: KARPENTER_TIMEOUT_SECONDS,
        }))
      : []),
    ...(isNew || cluster.loadBalancerController === undefined
      ? [{ namespace: loadBalancerController.namespace, name: loadBalancerController.name, timeoutSeconds: 600 }]
      : []),
  ];
}

/** Judges whether an operation of Helm was begun and has not ended: a deployment is at work, or one was killed. */
export function releaseFindings(
  plan: EnvironmentPlan,
  operations: Fact<readonly UnfinishedOperation[]>,
  at: string,
): Finding[] {
  return judged(
    CHECK,
    operations,
    (known) => {
      const found = installedReleases(plan).flatMap((ours) =>
        known
          .filter(({ release }) => release === `${ours.namespace}/${ours.name}`)
          .map((each) => unfinished(plan.context.name, ours.timeoutSeconds / 60, each, at)),
      );
      return found.length === 0 ? good(CHECK, "no Helm operation is unfinished") : found;
    },
    "after",
  );
}

function unfinished(
  environment: string,
  mostMinutes: number,
  { release, status, since }: UnfinishedOperation,
  at: string,
): Finding {
  const mend = `npx cdktf-retool helm-records ${environment} --mend`;
  const link = "docs/guides/interrupted-apply.md";
  const isDated = !Number.isNaN(Date.parse(since));
  const what = `the Helm release ${release} has been ${status} ${isDated ? `since ${minuteOf(since)}` : "for an unknown time"}`;
  if (isDated && minutesBetween(since, at) > mostMinutes)
    return problem(CHECK, {
      what,
      why: `its operation was probably killed: Helm gives up after ${mostMinutes} minutes, and every deployment is refused until the record is gone`,
      remedy: `check that no deployment runs, and take the record away: ${mend}`,
      link,
    });
  // Without a date nobody can tell that it was killed, and to take the record of one at work away would do harm.
  return warning(CHECK, {
    what,
    why: "a deployment is at work, or one was killed; then every other one is refused until the record is gone",
    remedy: `see who holds the state's lock (check state) and wait; if nobody does: ${mend}`,
    link,
  });
}
