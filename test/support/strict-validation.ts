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

interface Resource {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
}
