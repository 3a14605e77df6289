import { loadBalancerController } from "../cluster/load-balancer-controller";
import { KARPENTER } from "../cluster/pool-names";
import { headroomName } from "../nodes/headroom-manifests";
import { KARPENTER_TIMEOUT_SECONDS } from "../nodes/karpenter";
import { longestGraceMinutes } from "../nodes/node-pools";
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
