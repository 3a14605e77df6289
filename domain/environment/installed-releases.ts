import { loadBalancerController } from "../cluster/load-balancer-controller";
import { KARPENTER } from "../cluster/pool-names";
import { targetGroupBindings } from "../front-door/routing";
import { headroomName } from "../nodes/headroom-manifests";
import { KARPENTER_TIMEOUT_SECONDS } from "../nodes/karpenter";
import { longestGraceMinutes, POOLS_TIMEOUT_SECONDS, REMOVAL_MARGIN_SECONDS } from "../nodes/node-pools";
import { externalSecretsRelease } from "../secrets/delivery";
import type { EnvironmentPlan } from "./environment";

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
    { namespace, ...targetGroupBindings },
    ...(plan.secretDelivery.kind === "external-secrets" ? [{ namespace, ...externalSecretsRelease }] : []),
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
      timeoutSeconds: longestGraceMinutes(capacity) * 60 + REMOVAL_MARGIN_SECONDS,
    },
    { namespace, name: `${pools.releases}-node-pools`, timeoutSeconds: POOLS_TIMEOUT_SECONDS },
    ...(capacity.headroom.pods === 0
      ? []
      : [{ namespace, name: headroomName(pools), timeoutSeconds: POOLS_TIMEOUT_SECONDS }]),
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
    ...(isNew || cluster.loadBalancerController === undefined ? [loadBalancerController] : []),
  ];
}
