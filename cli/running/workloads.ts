import type { ContainerEnd, DeploymentState, PodState, Workloads } from "../../domain/status/observed";
import type { KubernetesApi } from "../kubernetes-api";

type Labels = Readonly<Record<string, string>>;

interface List<Item> {
  readonly items: readonly Item[];
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly lastTransitionTime?: string;
  readonly reason?: string;
  readonly message?: string;
}

/** Parts of a Deployment that are read. */
interface Deployment {
  readonly metadata: { readonly name: string; readonly generation?: number };
  readonly spec: {
    readonly replicas?: number;
    readonly selector: { readonly matchLabels?: Labels };
    readonly template: { readonly spec: { readonly containers: readonly { readonly image?: string }[] } };
  };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly replicas?: number;
    readonly updatedReplicas?: number;
    readonly readyReplicas?: number;
    readonly conditions?: readonly Condition[];
  };
}

interface Stop {
  readonly reason?: string;
  readonly message?: string;
  readonly exitCode: number;
  readonly finishedAt?: string | null;
}

interface Container {
  readonly restartCount?: number;
  readonly state?: {
    readonly running?: { readonly startedAt?: string };
    readonly waiting?: { readonly reason?: string; readonly message?: string };
    readonly terminated?: Stop;
  };
  readonly lastState?: { readonly terminated?: Stop };
}

/** Parts of a pod that are read; its variables are not among them. */
interface Pod {
  readonly metadata: {
    readonly name: string;
    readonly labels?: Labels;
    readonly creationTimestamp: string;
    readonly deletionTimestamp?: string;
  };
  readonly status?: {
    readonly phase?: string;
    readonly conditions?: readonly Condition[];
    readonly containerStatuses?: readonly Container[];
    readonly initContainerStatuses?: readonly Container[];
  };
}

/** Reads what runs in a namespace, and the controllers of the cluster. */
export async function workloadsOf(api: KubernetesApi, namespace: string): Promise<Workloads> {
  const deployments = (where: string): Promise<List<Deployment>> =>
    api.call<List<Deployment>>("GET", `/apis/apps/v1/namespaces/${where}/deployments`);
  const [own, pods, controllers] = await Promise.all([
    deployments(namespace),
    api.call<List<Pod>>("GET", `/api/v1/namespaces/${namespace}/pods`),
    deployments("kube-system"),
  ]);
  return {
    deployments: own.items.map(deploymentState),
    pods: pods.items.map(podState),
    controllers: controllers.items.map(deploymentState),
  };
}

/** Counts of a Deployment that its controller has not seen. */
const UNSEEN = { observedGeneration: 0, replicas: 0, updatedReplicas: 0, readyReplicas: 0 };

function deploymentState({ metadata, spec, status }: Deployment): DeploymentState {
  const { observedGeneration, replicas, updatedReplicas, readyReplicas } = { ...UNSEEN, ...status };
  return {
    name: metadata.name,
    wanted: spec.replicas ?? 1,
    // Until the controller has seen the newest template, its counts are of the one before.
    updated: observedGeneration >= (metadata.generation ?? 0) ? updatedReplicas : 0,
    ready: readyReplicas,
    existing: replicas,
    selector: spec.selector.matchLabels ?? {},
    image: spec.template.spec.containers[0]?.image ?? "",
    refused: whyRefused(status?.conditions),
  };
}

function whyRefused(conditions: readonly Condition[] = []): string | undefined {
  return conditions.find(({ type, status }) => type === "ReplicaFailure" && status === "True")?.message;
}

function podState({ metadata, status = {} }: Pod): PodState {
  const { phase = "Unknown", conditions = [], containerStatuses = [], initContainerStatuses = [] } = status;
  const containers = [...initContainerStatuses, ...containerStatuses];
  const notReadySince = sinceUnready(conditions);
  return {
    name: metadata.name,
    labels: metadata.labels ?? {},
    phase,
    ready: conditions.some(({ type, status: value }) => type === "Ready" && value === "True"),
    notReadySince,
    lostReadiness: isAfterStart(notReadySince, containerStatuses),
    ending: metadata.deletionTimestamp !== undefined,
    created: metadata.creationTimestamp,
    restarts: containers.reduce((sum, { restartCount = 0 }) => sum + restartCount, 0),
    unschedulable: whyNoNode(conditions),
    waiting: whyWaiting(containers),
    stopped: lastStop(containers),
  };
}

function sinceUnready(conditions: readonly Condition[]): string | undefined {
  return conditions.find(({ type, status }) => type === "Ready" && status !== "True")?.lastTransitionTime;
}

/** The kubelet calls a new pod unready before its containers start, so what comes after their start is a loss. */
function isAfterStart(notReadySince: string | undefined, containers: readonly Container[]): boolean {
  const starts = containers.map(({ state }) => state?.running?.startedAt);
  return (
    notReadySince !== undefined &&
    starts.length > 0 &&
    starts.every((startedAt) => startedAt !== undefined && Date.parse(startedAt) < Date.parse(notReadySince))
  );
}

function whyNoNode(conditions: readonly Condition[]): string | undefined {
  const found = conditions.find(({ type, status }) => type === "PodScheduled" && status === "False");
  return found && (found.message ?? found.reason ?? "no reason is given");
}

/** Words for a container that only starts. */
const STARTING: readonly (string | undefined)[] = ["ContainerCreating", "PodInitializing", undefined];

function whyWaiting(containers: readonly Container[]): ContainerEnd | undefined {
  const found = containers.map(({ state }) => state?.waiting).find((each) => !STARTING.includes(each?.reason));
  return found && { reason: found.reason ?? "", message: found.message ?? "" };
}

/** The newest end of a container that did not end well. */
function lastStop(containers: readonly Container[]): (ContainerEnd & { readonly at: string }) | undefined {
  return containers
    .flatMap(({ state, lastState }) => [state?.terminated, lastState?.terminated])
    .filter((stop) => stop !== undefined)
    .filter(({ exitCode }) => exitCode !== 0)
    .map(({ reason = "Error", message = "", exitCode, finishedAt }) => ({
      reason: reason === "Error" ? `exit code ${String(exitCode)}` : reason,
      message,
      at: finishedAt ?? new Date(0).toISOString(),
    }))
    .sort((one, other) => other.at.localeCompare(one.at))[0];
}
