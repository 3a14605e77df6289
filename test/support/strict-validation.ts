import type { JsonObject } from "../../domain/common/kubernetes";
import { readKubeconfig } from "../../cli/kubeconfig";
import { KubernetesApi } from "../../cli/kubernetes-api";
import type { Rendered } from "./helm-template";

const kubeconfig = process.env["RETOOL_TEST_KUBECONFIG"] ?? "";

if (kubeconfig === "") {
  process.stdout.write(
    "validation by a Kubernetes API server is skipped: set RETOOL_TEST_KUBECONFIG to the kubeconfig of a test cluster; nothing is stored there\n",
  );
}

/** `describe` where an API server validates, `describe.skip` elsewhere. */
export const describeWithApiServer: jest.Describe = kubeconfig === "" ? describe.skip : describe;

/** Namespace that every API server makes by itself. */
const NAMESPACE = "default";

const MAKERS = ["Deployment", "DaemonSet", "StatefulSet", "Job"];

/** Asks an API server whether it would take objects exactly as they are; nothing is stored. */
export class StrictValidation {
  private readonly api = new KubernetesApi(readKubeconfig(kubeconfig));
  private readonly plurals = new Map<string, Promise<ReadonlyMap<string, Resource>>>();

  /** Lists what the server says against the objects, unknown and duplicate fields included; equal objects are sent once. */
  public async complaints(objects: readonly Rendered[]): Promise<string[]> {
    const distinct = [...new Map(objects.map((object) => [JSON.stringify(object), object])).values()];
    const found: string[] = [];
    for (const object of distinct) found.push(...(await this.complaintsOf(object)));
    return found;
  }

  /**
   * Lists what the server says against the pods that Deployments, DaemonSets and Jobs ask for, templates of Jobs in a ConfigMap included: it takes the objects without
   * looking at most rules for pods. Service accounts need not exist here.
   */
  public async complaintsOfPods(objects: readonly Rendered[]): Promise<string[]> {
    const makers = [...objects, ...objects.flatMap(jobsInside)].filter(({ kind }) => MAKERS.includes(kind));
    return this.complaints(makers.map(podOf));
  }

  private async complaintsOf(object: Rendered): Promise<string[]> {
    const { apiVersion, kind, metadata } = object as Rendered & { readonly apiVersion: string };
    const group = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const resource = (await this.resourcesOf(group)).get(kind);
    if (resource === undefined) return [`${kind}/${metadata.name}: the server has no ${apiVersion} ${kind}`];
    const place = resource.namespaced ? `${group}/namespaces/${NAMESPACE}` : group;
    const body: JsonObject = {
      ...(object as unknown as JsonObject),
      metadata: { ...metadata, ...(resource.namespaced ? { namespace: NAMESPACE } : {}) },
    };
    try {
      await this.api.call("POST", `${place}/${resource.name}?dryRun=All&fieldValidation=Strict`, body);
      return [];
    } catch (error) {
      return [`${kind}/${metadata.name}: ${(error as Error).message}`];
    }
  }

  /** Names under which the server takes the kinds of a group. */
  private async resourcesOf(group: string): Promise<ReadonlyMap<string, Resource>> {
    const known = this.plurals.get(group);
    if (known !== undefined) return known;
    const asked = this.api
      .call<{ resources: readonly Resource[] }>("GET", group)
      .then(({ resources }) => resources.filter(({ name }) => !name.includes("/")))
      .then((resources) => new Map(resources.map((resource) => [resource.kind, resource])));
    this.plurals.set(group, asked);
    return asked;
  }
}

/** The Jobs that the sandboxes' controller would make from the templates in a ConfigMap. */
function jobsInside({ kind, metadata, ...object }: Rendered): Rendered[] {
  if (kind !== "ConfigMap") return [];
  const texts = Object.values((object["data"] as Readonly<Record<string, string>> | undefined) ?? {});
  return texts
    .filter((text) => text.includes('"kind": "Job"'))
    .map((text) => ({ ...(JSON.parse(text.replaceAll("__IMAGE_TAG__", "1.0.0")) as Rendered), metadata }));
}

/** The pod that a controller would make, with the label that a Deployment adds. */
function podOf({ metadata, spec }: Rendered): Rendered {
  const { template } = spec as { readonly template: { readonly metadata: object; readonly spec: JsonObject } };
  const { labels = {} } = template.metadata as { readonly labels?: Readonly<Record<string, string>> };
  const pod = Object.entries(template.spec).filter(([field]) => !field.startsWith("serviceAccount"));
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: metadata.name, labels: { ...labels, "pod-template-hash": "5d4f8c7b6" } },
    spec: Object.fromEntries(pod),
  };
}

interface Resource {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
}
