import type { ITerraformDependable } from "cdktf";

import type {
  CustomResourcesProps,
  HelmReleaseProps,
  IWorkloads,
  KubernetesObjectProps,
  KubernetesSecretProps,
} from "../../constructs/common/contracts";

/** One call of a construct, under the name of the method. */
export type RecordedCall =
  | { readonly method: "helmRelease"; readonly props: HelmReleaseProps }
  | { readonly method: "customResources"; readonly props: CustomResourcesProps }
  | { readonly method: "secret"; readonly props: KubernetesSecretProps }
  | { readonly method: "object"; readonly props: KubernetesObjectProps };

/** Workloads that make nothing, remember what they were asked for, and give one dependable for each call. */
export class RecordingWorkloads implements IWorkloads {
  public readonly calls: RecordedCall[] = [];

  /** The one Helm release. */
  public get onlyRelease(): HelmReleaseProps {
    const found = this.calls.flatMap((call) => (call.method === "helmRelease" ? [call.props] : []));
    if (found.length !== 1) throw new Error(`expected one release, found ${found.length}`);
    return found[0]!;
  }

  /** The one release of custom resources. */
  public get onlyCustomResources(): CustomResourcesProps {
    const found = this.calls.flatMap((call) => (call.method === "customResources" ? [call.props] : []));
    if (found.length !== 1) throw new Error(`expected one release of custom resources, found ${found.length}`);
    return found[0]!;
  }

  /** All built-in objects. */
  public get objects(): KubernetesObjectProps[] {
    return this.calls.flatMap((call) => (call.method === "object" ? [call.props] : []));
  }

  public helmRelease(_scope: unknown, _id: string, props: HelmReleaseProps): ITerraformDependable[] {
    return this.record({ method: "helmRelease", props }, props.name);
  }

  public customResources(_scope: unknown, _id: string, props: CustomResourcesProps): ITerraformDependable[] {
    return this.record({ method: "customResources", props }, props.name);
  }

  public secret(_scope: unknown, _id: string, props: KubernetesSecretProps): ITerraformDependable[] {
    return this.record({ method: "secret", props }, props.name);
  }

  public namespace(_scope: unknown, _id: string, props: KubernetesObjectProps): ITerraformDependable[] {
    return this.object(props);
  }

  public networkPolicy(_scope: unknown, _id: string, props: KubernetesObjectProps): ITerraformDependable[] {
    return this.object(props);
  }

  public storageClass(_scope: unknown, _id: string, props: KubernetesObjectProps): ITerraformDependable[] {
    return this.object(props);
  }

  public priorityClass(_scope: unknown, _id: string, props: KubernetesObjectProps): ITerraformDependable[] {
    return this.object(props);
  }

  public horizontalPodAutoscaler(_scope: unknown, _id: string, props: KubernetesObjectProps): ITerraformDependable[] {
    return this.object(props);
  }

  private object(props: KubernetesObjectProps): ITerraformDependable[] {
    return this.record({ method: "object", props }, `${props.manifest.kind}-${props.manifest.metadata.name}`);
  }

  private record(call: RecordedCall, name: string): ITerraformDependable[] {
    this.calls.push(call);
    return [{ fqn: `recorded.${name}` }];
  }
}
