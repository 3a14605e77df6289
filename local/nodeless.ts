import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { parse, stringify } from "yaml";

import { Failure } from "../cli/failure";
import type { KubernetesApi } from "../cli/kubernetes-api";
import { paths } from "./paths";

interface NodeList {
  readonly items: readonly unknown[];
}
interface NamespaceList {
  readonly items: readonly {
    readonly metadata: { readonly name: string };
    readonly status?: { readonly phase?: string };
  }[];
}

interface GroupList {
  readonly groups: readonly { readonly preferredVersion: { readonly groupVersion: string } }[];
}
interface ApiServiceList {
  readonly items: readonly {
    readonly spec: { readonly group: string; readonly version: string; readonly service?: object };
    readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
  }[];
}
interface ResourceList {
  readonly resources: readonly {
    readonly name: string;
    readonly namespaced: boolean;
    readonly verbs: readonly string[];
  }[];
}

const LOAD_BALANCER_CONTROLLER = "aws-load-balancer-controller";

/** Whether the API server has nodes that run pods. */
export async function hasNodes(api: KubernetesApi): Promise<boolean> {
  return (await api.call<NodeList>("GET", "/api/v1/nodes?limit=1")).items.length > 0;
}

/**
 * Copies the given charts next to a chart that holds only the load balancer controller's CRDs.
 *
 * Without a node its admission webhooks, which fail closed, would refuse every TargetGroupBinding.
 *
 * @returns The folder to install charts from.
 */
export function chartsWithoutNodes(charts: string): string {
  const source = join(charts, LOAD_BALANCER_CONTROLLER, "crds");
  if (!existsSync(source)) {
    throw new Failure(`--charts: ${charts} holds no ${LOAD_BALANCER_CONTROLLER}/crds; put the unpacked chart there`);
  }
  rmSync(paths.charts, { recursive: true, force: true });
  cpSync(charts, paths.charts, { recursive: true });
  const target = join(paths.charts, `${LOAD_BALANCER_CONTROLLER}-crds`);
  mkdirSync(target, { recursive: true });
  cpSync(source, join(target, "templates"), {
    recursive: true,
    filter: (file) => file === source || isDefinition(file),
  });
  // The same version, so that Terraform sees the chart it planned.
  const { version } = parse(readFileSync(join(charts, LOAD_BALANCER_CONTROLLER, "Chart.yaml"), "utf8")) as {
    version: string;
  };
  writeFileSync(
    join(target, "Chart.yaml"),
    stringify({ apiVersion: "v2", name: `${LOAD_BALANCER_CONTROLLER}-crds`, version }),
  );
  return paths.charts;
}

/** Whether a file holds CRDs; a chart may keep other files next to them. */
function isDefinition(file: string): boolean {
  return readFileSync(file, "utf8").includes("\nkind: CustomResourceDefinition");
}

/**
 * Finishes the deletion of namespaces, which a namespace controller does where there is one. A request that fails is tried again:
 * what Terraform itself cannot do without the API server, it reports.
 *
 * @param signal - Ends the watch.
 * @param say - Called once with each failure that does not pass at the next try.
 */
export async function finalizeNamespaces(
  api: KubernetesApi,
  signal: AbortSignal,
  say: (text: string) => void,
): Promise<void> {
  const met = new Map<string, number>();
  while (!signal.aborted) {
    for (const failure of await finalizeOnce(api)) {
      const times = (met.get(failure) ?? 0) + 1;
      met.set(failure, times);
      if (times === 2) say(failure);
    }
    await sleep(1000, undefined, { signal }).catch(() => undefined);
  }
}

/** Finalizes each namespace that ends; why some could not be. */
async function finalizeOnce(api: KubernetesApi): Promise<string[]> {
  const failures: string[] = [];
  const attempt = (body: () => Promise<unknown>): Promise<unknown> =>
    body().catch((error: unknown) => failures.push(`namespaces are not finalized yet: ${(error as Error).message}`));
  await attempt(async () => {
    const { items } = await api.call<NamespaceList>("GET", "/api/v1/namespaces");
    for (const { metadata } of items.filter(({ status }) => status?.phase === "Terminating"))
      await attempt(() => finalizeNamespace(api, metadata));
  });
  return failures;
}

async function finalizeNamespace(api: KubernetesApi, metadata: { readonly name: string }): Promise<void> {
  await emptyNamespace(api, metadata.name);
  await api.call("PUT", `/api/v1/namespaces/${metadata.name}/finalize`, {
    apiVersion: "v1",
    kind: "Namespace",
    metadata,
    spec: { finalizers: [] },
  });
}

/** Deletes everything in a namespace that ends; without this it would be there again in the next namespace of that name. */
async function emptyNamespace(api: KubernetesApi, namespace: string): Promise<void> {
  const { groups } = await api.call<GroupList>("GET", "/apis");
  const unavailable = await unavailableApis(api);
  const preferred = groups.map(({ preferredVersion }) => preferredVersion.groupVersion);
  const available = preferred.filter((version) => !unavailable.includes(version));
  for (const version of ["api/v1", ...available.map((each) => `apis/${each}`)]) {
    const { resources } = await api.call<ResourceList>("GET", `/${version}`);
    for (const { name } of resources.filter(
      ({ namespaced, verbs }) => namespaced && verbs.includes("deletecollection"),
    ))
      await api.call("DELETE", `/${version}/namespaces/${namespace}/${name}`);
  }
}

/** Versions of the aggregated APIs whose server does not run, as without nodes: they keep nothing in the cluster's etcd. */
async function unavailableApis(api: KubernetesApi): Promise<string[]> {
  const { items } = await api.call<ApiServiceList>("GET", "/apis/apiregistration.k8s.io/v1/apiservices");
  const isAvailable = ({ status }: ApiServiceList["items"][number]): boolean =>
    status?.conditions?.some((condition) => condition.type === "Available" && condition.status === "True") === true;
  return items
    .filter((item) => item.spec.service !== undefined && !isAvailable(item))
    .map(({ spec }) => `${spec.group}/${spec.version}`);
}
