import { Lazy, TerraformOutput, type TerraformStack } from "cdktf";
import type { Construct } from "constructs";

import type { Json, JsonObject } from "../../domain/common/kubernetes";
import type {
  CustomResourcesProps,
  HelmReleaseProps,
  IWorkloads,
  KubernetesObjectProps,
  KubernetesSecretProps,
} from "./contracts";
import { renderJson } from "./render";

/** Name of the Terraform output that holds what was rendered. */
export const RENDERED_OUTPUT = "workloads";

/**
 * Kubernetes objects and Helm values as one Terraform output instead of resources.
 *
 * A stack without a cluster needs no Kubernetes or Helm provider this way, and shows exactly the values and manifests that
 * a cluster would get. Secrets appear by the names of their keys only.
 */
export class RenderedWorkloads implements IWorkloads {
  private readonly releases: JsonObject[] = [];
  private readonly objects: Json[] = [];

  public constructor(stack: TerraformStack) {
    new TerraformOutput(stack, "Workloads", {
      staticId: true,
      description: "Helm values and Kubernetes objects that a cluster would get",
      value: Lazy.stringValue({ produce: () => renderJson({ releases: this.releases, objects: this.objects }) }),
    }).overrideLogicalId(RENDERED_OUTPUT);
  }

  /** {@inheritDoc IWorkloads.helmRelease} */
  public helmRelease(
    _scope: Construct,
    _id: string,
    { name, namespace, chart, values, patches }: HelmReleaseProps,
  ): [] {
    const source = chart.kind === "repository" ? { chart: chart.name, version: chart.version } : {};
    this.releases.push({ name, namespace, ...source, values, ...(patches && { patches }) });
    return [];
  }

  /** {@inheritDoc IWorkloads.customResources} */
  public customResources(_scope: Construct, _id: string, props: CustomResourcesProps): [] {
    this.objects.push(...props.manifests);
    return [];
  }

  /** Takes a namespace and writes it down. */
  public namespace(_scope: Construct, _id: string, props: KubernetesObjectProps): [] {
    return this.add(props);
  }

  /** {@inheritDoc IWorkloads.networkPolicy} */
  public networkPolicy(_scope: Construct, _id: string, props: KubernetesObjectProps): [] {
    return this.add(props);
  }

  /** Takes a Secret and writes it down; no value passes through state. */
  public secret(_scope: Construct, _id: string, { name, namespace, data }: KubernetesSecretProps): [] {
    this.objects.push({ apiVersion: "v1", kind: "Secret", metadata: { name, namespace }, keys: Object.keys(data) });
    return [];
  }

  /** {@inheritDoc IWorkloads.storageClass} */
  public storageClass(_scope: Construct, _id: string, props: KubernetesObjectProps): [] {
    return this.add(props);
  }

  /** {@inheritDoc IWorkloads.priorityClass} */
  public priorityClass(_scope: Construct, _id: string, props: KubernetesObjectProps): [] {
    return this.add(props);
  }

  /** {@inheritDoc IWorkloads.horizontalPodAutoscaler} */
  public horizontalPodAutoscaler(_scope: Construct, _id: string, props: KubernetesObjectProps): [] {
    return this.add(props);
  }

  private add({ manifest }: KubernetesObjectProps): [] {
    this.objects.push(manifest);
    return [];
  }
}
