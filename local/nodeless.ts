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
 */
export async function finalizeNamespaces(api: KubernetesApi, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await finalizeOnce(api).catch(() => undefined);
    await sleep(1000, undefined, { signal }).catch(() => undefined);
  }
}

async function finalizeOnce(api: KubernetesApi): Promise<void> {
  const { items } = await api.call<NamespaceList>("GET", "/api/v1/namespaces");
  for (const item of items.filter(({ status }) => status?.phase === "Terminating")) {
    await emptyNamespace(api, item.metadata.name);
    await api.call("PUT", `/api/v1/namespaces/${item.metadata.name}/finalize`, {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: item.metadata,
      spec: { finalizers: [] },
    });
  }
}

/** Deletes everything in a namespace that ends; without this it would be there again in the next namespace of that name. */
async function emptyNamespace(api: KubernetesApi, namespace: string): Promise<void> {
  const { groups } = await api.call<GroupList>("GET", "/apis");
  const versions = ["api/v1", ...groups.map(({ preferredVersion }) => `apis/${preferredVersion.groupVersion}`)];
  for (const version of versions) {
    const { resources } = await api.call<ResourceList>("GET", `/${version}`);
    for (const { name } of resources.filter(
      ({ namespaced, verbs }) => namespaced && verbs.includes("deletecollection"),
    ))
      await api.call("DELETE", `/${version}/namespaces/${namespace}/${name}`);
  }
}
