/** A value that can be written as JSON: what Helm values and manifests are made of. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined };

/** A JSON object. Keys whose value is `undefined` are left out when it is rendered. */
export interface JsonObject {
  /** Members by name. */
  readonly [key: string]: Json | undefined;
}

/** A Kubernetes object as its API takes it. */
export interface Manifest extends JsonObject {
  /** Group and version of the API. */
  readonly apiVersion: string;
  /** Kind of the object. */
  readonly kind: string;
  /** Name and labels. */
  readonly metadata: ObjectMeta;
}

/** Name and labels of a Kubernetes object. */
export interface ObjectMeta extends JsonObject {
  /** Name of the object. */
  readonly name: string;
  /**
   * Namespace of the object.
   *
   * @default - none: the kind has no namespace, or the tool decides
   */
  readonly namespace?: string;
  /**
   * Labels by key.
   *
   * @default - none
   */
  readonly labels?: Readonly<Record<string, string>>;
  /**
   * Annotations by key.
   *
   * @default - none
   */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** A `networking.k8s.io/v1` NetworkPolicy. */
export interface NetworkPolicy extends Manifest {
  /** Group and version of the API. */
  readonly apiVersion: "networking.k8s.io/v1";
  /** Kind of the object. */
  readonly kind: "NetworkPolicy";
  /** What is asked for. */
  readonly spec: NetworkPolicySpec;
}

/** What a NetworkPolicy selects and allows. */
export interface NetworkPolicySpec extends JsonObject {
  /** Pods that the policy is for. */
  readonly podSelector: LabelSelector;
  /** Directions that the policy closes. */
  readonly policyTypes: readonly ("Ingress" | "Egress")[];
  /**
   * What may reach the pods.
   *
   * @default - nothing
   */
  readonly ingress?: readonly NetworkPolicyIngressRule[];
  /**
   * What the pods may reach.
   *
   * @default - nothing
   */
  readonly egress?: readonly NetworkPolicyEgressRule[];
}

/** Peers that may reach the selected pods. */
export interface NetworkPolicyIngressRule extends JsonObject {
  /**
   * Peers.
   *
   * @default - all
   */
  readonly from?: readonly NetworkPolicyPeer[];
  /**
   * Ports.
   *
   * @default - all
   */
  readonly ports?: readonly NetworkPolicyPort[];
}

/** Peers that the selected pods may reach. */
export interface NetworkPolicyEgressRule extends JsonObject {
  /**
   * Peers.
   *
   * @default - all
   */
  readonly to?: readonly NetworkPolicyPeer[];
  /**
   * Ports.
   *
   * @default - all
   */
  readonly ports?: readonly NetworkPolicyPort[];
}

/** One peer: pods by label, or an address range. */
export interface NetworkPolicyPeer extends JsonObject {
  /**
   * Pods by their labels.
   *
   * @default - every pod of the namespaces
   */
  readonly podSelector?: LabelSelector;
  /**
   * Namespaces by their labels.
   *
   * @default - the namespace of the policy
   */
  readonly namespaceSelector?: LabelSelector;
  /**
   * An address range instead of pods.
   *
   * @default - none
   */
  readonly ipBlock?: IpBlock;
}

/** An address range with holes. */
export interface IpBlock extends JsonObject {
  /** The range. */
  readonly cidr: string;
  /**
   * Ranges inside it that are left out.
   *
   * @default - none
   */
  readonly except?: readonly string[];
}

/** A port by number or by the name it has on the pod. */
export interface NetworkPolicyPort extends JsonObject {
  /**
   * Port by number or name.
   *
   * @default - every port
   */
  readonly port?: number | string;
  /**
   * Last port of a range.
   *
   * @default - `port` only
   */
  readonly endPort?: number;
  /** Protocol. */
  readonly protocol: "TCP" | "UDP";
}

/** Selects objects by their labels; an empty selector selects all. */
export interface LabelSelector extends JsonObject {
  /**
   * Labels that must be there.
   *
   * @default - none
   */
  readonly matchLabels?: Readonly<Record<string, string>>;
  /**
   * Conditions that must hold.
   *
   * @default - none
   */
  readonly matchExpressions?: readonly LabelSelectorRequirement[];
}

/** One condition of a label selector. */
export interface LabelSelectorRequirement extends JsonObject {
  /** Key of the label. */
  readonly key: string;
  /** How it is compared. */
  readonly operator: "In" | "NotIn" | "Exists" | "DoesNotExist";
  /**
   * Values that it is compared with.
   *
   * @default - none
   */
  readonly values?: readonly string[];
}

/** A `v1` Namespace. */
export interface Namespace extends Manifest {
  /** Group and version of the API. */
  readonly apiVersion: "v1";
  /** Kind of the object. */
  readonly kind: "Namespace";
}

/** A `storage.k8s.io/v1` StorageClass. */
export interface StorageClass extends Manifest {
  /** Group and version of the API. */
  readonly apiVersion: "storage.k8s.io/v1";
  /** Kind of the object. */
  readonly kind: "StorageClass";
  /** Driver that makes the volumes. */
  readonly provisioner: string;
  /** Parameters of the driver. */
  readonly parameters: Readonly<Record<string, string>>;
  /** What happens to a volume that nobody claims. */
  readonly reclaimPolicy: "Delete" | "Retain";
  /** When a volume is made. */
  readonly volumeBindingMode: "Immediate" | "WaitForFirstConsumer";
  /** Whether a volume can grow. */
  readonly allowVolumeExpansion: boolean;
}

/** A `scheduling.k8s.io/v1` PriorityClass. */
export interface PriorityClass extends Manifest {
  /** Group and version of the API. */
  readonly apiVersion: "scheduling.k8s.io/v1";
  /** Kind of the object. */
  readonly kind: "PriorityClass";
  /** The priority; a larger number goes first. */
  readonly value: number;
  /** What the class is for. */
  readonly description: string;
  /** Whether its pods push out others. */
  readonly preemptionPolicy: "Never" | "PreemptLowerPriority";
}

/** An `autoscaling/v2` HorizontalPodAutoscaler that follows resource use. */
export interface HorizontalPodAutoscaler extends Manifest {
  /** Group and version of the API. */
  readonly apiVersion: "autoscaling/v2";
  /** Kind of the object. */
  readonly kind: "HorizontalPodAutoscaler";
  /** What is asked for. */
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
