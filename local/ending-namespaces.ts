import type { KubernetesApi } from "../cli/kubernetes-api";
import { objectsOfStack, untilGone } from "./leftovers";

interface NamespaceList {
  readonly items: readonly {
    readonly metadata: { readonly name: string };
    readonly status?: { readonly phase?: string };
  }[];
}

/** Paths of the stack's namespaces that are being deleted, as after a destroy that was killed: nothing can be made in them. */
export async function endingNamespaces(
  api: Pick<KubernetesApi, "call">,
  ours: readonly string[] = objectsOfStack().map(({ path }) => path),
): Promise<string[]> {
  const { items } = await api.call<NamespaceList>("GET", "/api/v1/namespaces");
  return items
    .filter(({ status }) => status?.phase === "Terminating")
    .map(({ metadata }) => `/api/v1/namespaces/${metadata.name}`)
    .filter((path) => ours.includes(path));
}

/** Waits for namespaces that are being deleted. */
export async function untilEnded(api: Pick<KubernetesApi, "has">, ending: readonly string[]): Promise<void> {
  for (const path of ending) await untilGone(api, path);
}
