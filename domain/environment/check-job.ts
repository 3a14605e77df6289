import { CATALOG } from "../catalog/catalog";
import type { Manifest } from "../common/kubernetes";
import { CODE_AFFINITY, CODE_TOLERATION, retoolNodeSelector } from "../nodes/node-pools";
import { PUBLISHED } from "../retool/images";
import type { EnvironmentPlan } from "./environment";

/** What a Job tries, and as whom. */
export interface Check {
  /** What the Job is named after. */
  readonly name: string;
  /** Program for Node.js; its exit code is the Job's. */
  readonly script: string;
  /** What the program gets. */
  readonly arguments: readonly string[];
  /**
   * Service account of the pod, whose role AWS gives it; Kubernetes gives it no token in any case.
   *
   * @default - the namespace's own, which has no role
   */
  readonly serviceAccount?: string;
}

/** Containers as which something is tried, each with the image that runs there. */
const TRIED = { api: "backend", "code-executor": "codeExecutor" } as const;

/** Label of the pods of all checks, besides those by which policies know the container. */
export const CHECK_LABEL = { "cdktf-retool/check": "egress" } as const;

/**
 * Builds a Job that runs a program as a container of the release.
 *
 * Policies know containers by labels, so its pod has those of the container. It is never ready: neither a Service nor the load
 * balancer sends it anything. It runs an image of the release, on its nodes.
 */
export function checkJob(plan: EnvironmentPlan, component: keyof typeof TRIED, check: Check): Manifest {
  const image = TRIED[component];
  const { repository = PUBLISHED[image].repository, tag = plan.retoolVersion } = plan.retool.images[image];
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name: `${check.name}-check-${component}`, namespace: plan.context.namespace, labels: CHECK_LABEL },
    spec: {
      backoffLimit: 0,
      activeDeadlineSeconds: 300,
      ttlSecondsAfterFinished: 120,
      template: {
        metadata: { labels: { ...CATALOG[component].labels, ...CHECK_LABEL } },
        spec: podSpec(plan, component, `${repository}:${tag}`, check),
      },
    },
  };
}

function podSpec(
  { cluster, capacity, retool }: EnvironmentPlan,
  component: keyof typeof TRIED,
  image: string,
  { script, arguments: given, serviceAccount }: Check,
): Manifest["spec"] {
  const isApart = capacity.codePool !== undefined && CATALOG[component].runsUserCode === true;
  return {
    restartPolicy: "Never",
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    ...(serviceAccount === undefined ? {} : { serviceAccountName: serviceAccount }),
    nodeSelector: retoolNodeSelector(cluster.pools),
    ...(isApart ? { affinity: CODE_AFFINITY, tolerations: [CODE_TOLERATION] } : {}),
    ...(retool.images.pullSecrets.length === 0
      ? {}
      : { imagePullSecrets: retool.images.pullSecrets.map((name) => ({ name })) }),
    // Tokens for AWS are files that the group may read.
    securityContext: { runAsNonRoot: true, runAsUser: 1000, fsGroup: 1000, seccompProfile: { type: "RuntimeDefault" } },
    containers: [
      {
        name: "check",
        image,
        command: ["node", "-e", script, ...given],
        // Never ready, so that nothing is sent to it.
        readinessProbe: { exec: { command: ["false"] }, periodSeconds: 60 },
        resources: { requests: { cpu: "50m", memory: "64Mi" }, limits: { memory: "256Mi" } },
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
      },
    ],
  };
}
