import type { DeploymentState, PodState, Workloads } from "../../domain/status/observed";
import { isOf } from "../../domain/status/services";
import type { KubernetesApi } from "../kubernetes-api";

/** Lines of a log that are read. */
const LINES = 300;

/** The end of the log of a Deployment's newest pod; empty where none has started. */
export async function newestLog(
  api: KubernetesApi,
  namespace: string,
  deployment: string,
  { deployments, pods }: Workloads,
): Promise<string> {
  const found = deployments.find(({ name }) => name === deployment);
  const pod = found && newestPod(found, pods);
  if (pod === undefined) return "";
  const restarted = pod.restarts > 0 && !pod.ready;
  const query = `tailLines=${String(LINES)}${restarted ? "&previous=true" : ""}`;
  return api.read(`/api/v1/namespaces/${namespace}/pods/${pod.name}/log?${query}`);
}

/** A pod without a node has no log. */
function newestPod(deployment: DeploymentState, pods: readonly PodState[]): PodState | undefined {
  return pods
    .filter((pod) => isOf(pod, deployment) && !pod.ending && pod.phase !== "Pending")
    .sort((one, other) => other.created.localeCompare(one.created))[0];
}
