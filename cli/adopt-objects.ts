import type { PlannedResource } from "../domain/lifecycle/adoption";
import { type PlannedObject, plannedObjects } from "../domain/lifecycle/cluster-leftovers";
import type { EnvironmentPlan } from "../domain/environment/environment";
import { logIn } from "./cluster-login";
import { KubernetesApi } from "./kubernetes-api";

/** The Kubernetes objects that exist although the next deployment would make them. */
export async function objectsOf(plan: EnvironmentPlan, creates: readonly PlannedResource[]): Promise<PlannedObject[]> {
  const objects = plannedObjects(creates);
  const hasCluster = plan.workloads !== "render" && !creates.some(({ type }) => type === "aws_eks_cluster");
  if (objects.length === 0 || !hasCluster) return [];
  return objectsLeft(objects, new KubernetesApi(await logIn(plan)));
}

/** The objects that an API server has. */
export async function objectsLeft(
  objects: readonly PlannedObject[],
  api: Pick<KubernetesApi, "has">,
): Promise<PlannedObject[]> {
  const left: PlannedObject[] = [];
  for (const one of objects) if (await api.has(one.path)) left.push(one);
  return left;
}
