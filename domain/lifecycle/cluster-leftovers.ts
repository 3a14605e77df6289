import { FINDERS } from "./import-ids";
import type { PlannedResource } from "./adoption";

/** A Kubernetes object that the next deployment would make. */
export interface PlannedObject {
  /** Address in Terraform. */
  readonly address: string;
  /** Id that `terraform import` takes. */
  readonly id: string;
  /** Path of the object in the Kubernetes API. */
  readonly path: string;
  /** Whether it is a Secret: its values must not get into state, so it is deleted and made once more. */
  readonly isSecret: boolean;
}

/** Where the Kubernetes API has objects of each type: the path of the group, and the kind in the plural. */
const PATHS: Readonly<Record<string, readonly [string, string]>> = {
  kubernetes_horizontal_pod_autoscaler_v2: ["apis/autoscaling/v2", "horizontalpodautoscalers"],
  kubernetes_namespace_v1: ["api/v1", "namespaces"],
  kubernetes_network_policy_v1: ["apis/networking.k8s.io/v1", "networkpolicies"],
  kubernetes_priority_class_v1: ["apis/scheduling.k8s.io/v1", "priorityclasses"],
  kubernetes_secret_v1: ["api/v1", "secrets"],
  kubernetes_storage_class_v1: ["apis/storage.k8s.io/v1", "storageclasses"],
};

/** The Kubernetes objects among what a deployment would make; a namespace that is not there yet has none. */
export function plannedObjects(creates: readonly PlannedResource[]): PlannedObject[] {
  return creates.flatMap(({ address, type, values }) => {
    const finder = FINDERS[type];
    const id = finder?.by === "cluster" ? finder.id(values) : undefined;
    const place = PATHS[type];
    if (id === undefined || place === undefined) return [];
    return [{ address, id, path: pathOf(id, place), isSecret: type === "kubernetes_secret_v1" }];
  });
}

function pathOf(id: string, [group, kind]: readonly [string, string]): string {
  const [first = "", name] = id.split("/");
  return name === undefined ? `/${group}/${kind}/${first}` : `/${group}/namespaces/${first}/${kind}/${name}`;
}

/** Says how to go on with a Kubernetes object that exists and that the state of the stack in a folder does not know. */
export function objectAdvice({ address, id, isSecret }: PlannedObject, folder: string): string {
  if (!isSecret) return `${address}: exists; run terraform -chdir=${folder} import '${address}' '${id}'`;
  const [namespace = "", name = ""] = id.split("/");
  return `${address}: exists; run kubectl -n ${namespace} delete secret ${name}, and the next deployment writes it again from Secrets Manager`;
}
