import { join } from "node:path";

import {
  HorizontalPodAutoscalerV2,
  type HorizontalPodAutoscalerV2Spec,
} from "@cdktf/provider-kubernetes/lib/horizontal-pod-autoscaler-v2";
import { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import { NetworkPolicyV1, type NetworkPolicyV1Spec } from "@cdktf/provider-kubernetes/lib/network-policy-v1";
import { PriorityClassV1 } from "@cdktf/provider-kubernetes/lib/priority-class-v1";
import { SecretV1 } from "@cdktf/provider-kubernetes/lib/secret-v1";
import { StorageClassV1 } from "@cdktf/provider-kubernetes/lib/storage-class-v1";
import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";

import type {
  HorizontalPodAutoscaler,
  Namespace,
  NetworkPolicy,
  NetworkPolicyPort,
  ObjectMeta,
  PriorityClass,
  StorageClass,
} from "../../domain/common/kubernetes";
import type {
  CustomResourcesProps,
  HelmReleaseProps,
  IWorkloads,
  KubernetesObjectProps,
  KubernetesSecretProps,
} from "./contracts";
import { storedExpression } from "./ephemeral";
import { HelmRelease, type HelmSettings } from "./helm-release";
import { renderMap } from "./render";

/** The local chart that installs custom resources. */
const MANIFESTS_CHART = {
  kind: "asset",
  path: join(__dirname, "..", "assets", "manifests"),
  version: "1.0.0",
} as const;

/** Kubernetes objects and Helm releases in a real cluster. */
export class ClusterWorkloads implements IWorkloads {
  public constructor(private readonly settings: HelmSettings) {}

  /** {@inheritDoc IWorkloads.helmRelease} */
  public helmRelease(scope: Construct, id: string, props: HelmReleaseProps): ITerraformDependable[] {
    return [new HelmRelease(scope, id, { ...props, settings: this.settings }).release];
  }

  /** {@inheritDoc IWorkloads.customResources} */
  public customResources(scope: Construct, id: string, props: CustomResourcesProps): ITerraformDependable[] {
    return this.helmRelease(scope, id, {
      name: props.name,
      namespace: props.namespace,
      chart: MANIFESTS_CHART,
      values: { manifests: props.manifests },
      timeoutSeconds: props.timeoutSeconds,
      hasPods: false,
      after: props.after,
    });
  }

  /** Takes a namespace and makes it in the cluster. */
  public namespace(scope: Construct, id: string, props: KubernetesObjectProps<Namespace>): ITerraformDependable[] {
    const { metadata } = props.manifest;
    return [new NamespaceV1(scope, id, { metadata: objectMeta(metadata), dependsOn: [...props.after] })];
  }

  /** {@inheritDoc IWorkloads.networkPolicy} */
  public networkPolicy(
    scope: Construct,
    id: string,
    props: KubernetesObjectProps<NetworkPolicy>,
  ): ITerraformDependable[] {
    const { metadata, spec } = props.manifest;
    const arguments_ = {
      podSelector: spec.podSelector,
      policyTypes: [...spec.policyTypes],
      ingress: spec.ingress?.map(({ from, ports }) => ({ from, ports: ports?.map(policyPort) })),
      egress: spec.egress?.map(({ to, ports }) => ({ to, ports: ports?.map(policyPort) })),
    } as NetworkPolicyV1Spec;
    return [
      new NetworkPolicyV1(scope, id, { metadata: objectMeta(metadata), spec: arguments_, dependsOn: [...props.after] }),
    ];
  }

  /** Takes a Secret and makes it in the cluster; no value passes through state. */
  public secret(scope: Construct, id: string, props: KubernetesSecretProps): ITerraformDependable[] {
    return [
      new SecretV1(scope, id, {
        metadata: { name: props.name, namespace: props.namespace },
        type: "Opaque",
        dataWo: Object.fromEntries(Object.entries(props.data).map(([key, value]) => [key, storedExpression(value)])),
        dataWoRevision: props.revision,
        dependsOn: [...props.after],
      }),
    ];
  }

  /** {@inheritDoc IWorkloads.storageClass} */
  public storageClass(
    scope: Construct,
    id: string,
    props: KubernetesObjectProps<StorageClass>,
  ): ITerraformDependable[] {
    const { metadata, provisioner, parameters, ...rest } = props.manifest;
    return [
      new StorageClassV1(scope, id, {
        metadata: objectMeta(metadata),
        storageProvisioner: provisioner,
        parameters: renderMap(parameters),
        reclaimPolicy: rest.reclaimPolicy,
        volumeBindingMode: rest.volumeBindingMode,
        allowVolumeExpansion: rest.allowVolumeExpansion,
        dependsOn: [...props.after],
      }),
    ];
  }

  /** {@inheritDoc IWorkloads.priorityClass} */
  public priorityClass(
    scope: Construct,
    id: string,
    props: KubernetesObjectProps<PriorityClass>,
  ): ITerraformDependable[] {
    const { metadata, value, description, preemptionPolicy } = props.manifest;
    return [
      new PriorityClassV1(scope, id, {
        metadata: objectMeta(metadata),
        value,
        description,
        preemptionPolicy,
        dependsOn: [...props.after],
      }),
    ];
  }

  /** {@inheritDoc IWorkloads.horizontalPodAutoscaler} */
  public horizontalPodAutoscaler(
    scope: Construct,
    id: string,
    props: KubernetesObjectProps<HorizontalPodAutoscaler>,
  ): ITerraformDependable[] {
    const { metadata, spec } = props.manifest;
    const { metrics, ...rest } = spec;
    const arguments_ = { ...rest, metric: metrics } as unknown as HorizontalPodAutoscalerV2Spec;
    return [
      new HorizontalPodAutoscalerV2(scope, id, {
        metadata: objectMeta(metadata),
        spec: arguments_,
        dependsOn: [...props.after],
      }),
    ];
  }
}

function objectMeta({ name, namespace, labels, annotations }: ObjectMeta): {
  name: string;
  namespace?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
} {
  return {
    name,
    namespace,
    labels: labels && renderMap(labels),
    annotations: annotations && renderMap(annotations),
  };
}

function policyPort({ port, endPort, protocol }: NetworkPolicyPort): {
  port?: string;
  endPort?: number;
  protocol: string;
} {
  return { port: port === undefined ? undefined : String(port), endPort, protocol };
}
