/** A value that can be written as JSON: what Helm values and manifests are made of. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined };

/** A JSON object. Keys whose value is `undefined` are left out when it is rendered. */
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

/** A Kubernetes object as its API takes it. */
export interface Manifest extends JsonObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
}

/** Name and labels of a Kubernetes object. */
export interface ObjectMeta extends JsonObject {
  readonly name: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** A `networking.k8s.io/v1` NetworkPolicy. */
export interface NetworkPolicy extends Manifest {
  readonly apiVersion: "networking.k8s.io/v1";
  readonly kind: "NetworkPolicy";
  readonly spec: NetworkPolicySpec;
}

/** What a NetworkPolicy selects and allows. */
export interface NetworkPolicySpec extends JsonObject {
  readonly podSelector: LabelSelector;
  readonly policyTypes: readonly ("Ingress" | "Egress")[];
  readonly ingress?: readonly NetworkPolicyIngressRule[];
  readonly egress?: readonly NetworkPolicyEgressRule[];
}

/** Peers that may reach the selected pods. */
export interface NetworkPolicyIngressRule extends JsonObject {
  readonly from?: readonly NetworkPolicyPeer[];
  readonly ports?: readonly NetworkPolicyPort[];
}

/** Peers that the selected pods may reach. */
export interface NetworkPolicyEgressRule extends JsonObject {
  readonly to?: readonly NetworkPolicyPeer[];
  readonly ports?: readonly NetworkPolicyPort[];
}

/** One peer: pods by label, or an address range. */
export interface NetworkPolicyPeer extends JsonObject {
  readonly podSelector?: LabelSelector;
  readonly namespaceSelector?: LabelSelector;
  readonly ipBlock?: IpBlock;
}

/** An address range with holes. */
export interface IpBlock extends JsonObject {
  readonly cidr: string;
  readonly except?: readonly string[];
}

/** A port by number or by the name it has on the pod. */
export interface NetworkPolicyPort extends JsonObject {
  readonly port?: number | string;
  readonly endPort?: number;
  readonly protocol: "TCP" | "UDP";
}

/** Selects objects by their labels; an empty selector selects all. */
export interface LabelSelector extends JsonObject {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly LabelSelectorRequirement[];
}

/** One condition of a label selector. */
export interface LabelSelectorRequirement extends JsonObject {
  readonly key: string;
  readonly operator: "In" | "NotIn" | "Exists" | "DoesNotExist";
  readonly values?: readonly string[];
}

/** A `v1` Namespace. */
export interface Namespace extends Manifest {
  readonly apiVersion: "v1";
  readonly kind: "Namespace";
}

/** A `storage.k8s.io/v1` StorageClass. */
export interface StorageClass extends Manifest {
  readonly apiVersion: "storage.k8s.io/v1";
  readonly kind: "StorageClass";
  readonly provisioner: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly reclaimPolicy: "Delete" | "Retain";
  readonly volumeBindingMode: "Immediate" | "WaitForFirstConsumer";
  readonly allowVolumeExpansion: boolean;
}

/** A `scheduling.k8s.io/v1` PriorityClass. */
export interface PriorityClass extends Manifest {
  readonly apiVersion: "scheduling.k8s.io/v1";
  readonly kind: "PriorityClass";
  readonly value: number;
  readonly description: string;
  readonly preemptionPolicy: "Never" | "PreemptLowerPriority";
}

/** An `autoscaling/v2` HorizontalPodAutoscaler that follows resource use. */
export interface HorizontalPodAutoscaler extends Manifest {
  readonly apiVersion: "autoscaling/v2";
  readonly kind: "HorizontalPodAutoscaler";
  readonly spec: {
    readonly minReplicas: number;
    readonly maxReplicas: number;
    readonly scaleTargetRef: { readonly apiVersion: string; readonly kind: string; readonly name: string };
    readonly metrics: readonly {
      readonly type: "Resource";
      readonly resource: {
        readonly name: "cpu" | "memory";
        readonly target: { readonly type: "Utilization"; readonly averageUtilization: number };
      };
    }[];
  };
}

/** The value of a variable: a text, or a key of a Kubernetes Secret. */
export type EnvironmentValue =
  string | { readonly valueFrom: { readonly secretKeyRef: { readonly name: string; readonly key: string } } };
