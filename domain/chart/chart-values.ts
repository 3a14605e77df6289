import type { Feature } from "../catalog/row";
import type { EnvironmentValue, JsonObject } from "../common/kubernetes";

/** CPU and memory of a pod as Kubernetes takes them. */
export interface ResourceValues extends JsonObject {
  /** What the pod requests. */
  readonly requests: { readonly cpu: string; readonly memory: string };
  /** What the pod may use at most. */
  readonly limits: { readonly cpu?: string; readonly memory: string };
}

/** A service with a number of pods and a size. */
export interface ScaledValues extends JsonObject {
  /** Pods. Default 1. */
  readonly replicaCount: number;
  /** Size of each. */
  readonly resources: ResourceValues;
  /** Where its pods prefer to run. Default: the chart's top-level `affinity`. */
  readonly affinity?: JsonObject;
}

/** A part of Retool with a switch; where it is on, its services have their number of pods and size here or one key below. */
export interface FeatureValues extends JsonObject {
  /** Whether it is installed. Default false. */
  readonly enabled: boolean;
}

/** The platform database, `config.postgresql`; the chart has no default for it. Page: self-hosted/guides/storage-database. */
export interface PostgresqlValues extends JsonObject {
  /** Host name. */
  readonly host: string;
  /** Port. */
  readonly port: number;
  /** Database. */
  readonly db: string;
  /** User. */
  readonly user: string;
  /** Whether connections are encrypted; certificates are not verified. Default false. */
  readonly ssl_enabled: true;
  /** Kubernetes Secret that holds the password. */
  readonly passwordSecretName: string;
  /** Key of the password in it. Default `postgresql-password`. */
  readonly passwordSecretKey: string;
}

/** `config`: what all backend pods share. Page: self-hosted/tutorials/kubernetes/kubernetes-helm. */
export interface ConfigValues extends JsonObject {
  /** Kubernetes Secret of the license key. Default: none, and `licenseKey` is `EXPIRED-LICENSE-KEY-TRIAL`. */
  readonly licenseKeySecretName?: string;
  /** Key in that Secret. Default `license-key`. */
  readonly licenseKeySecretKey?: string;
  /** Kubernetes Secret of the encryption key; required one way or the other. */
  readonly encryptionKeySecretName: string;
  /** Key in that Secret. Default `encryption-key`. */
  readonly encryptionKeySecretKey: string;
  /** Kubernetes Secret of the session secret. Default: drawn at random at each rendering. */
  readonly jwtSecretSecretName: string;
  /** Key in that Secret. Default `jwt-secret`. */
  readonly jwtSecretSecretKey: string;
  /** Google sign-in; on by default, with an empty client id. */
  readonly auth: { readonly google: { readonly enabled: boolean } & JsonObject };
  /** Whether cookies travel without TLS. Default false; sign-in by SAML breaks with true. */
  readonly useInsecureCookies: false;
  /** The platform database. */
  readonly postgresql: PostgresqlValues;
}

/** An image. */
export interface ImageValues extends JsonObject {
  /** Repository. Default: Retool's on Docker Hub. */
  readonly repository?: string;
  /** Tag. Default: the top-level `image.tag`. */
  readonly tag?: string;
  /** Digest, for the sandboxes' helper only; elsewhere it follows the tag after an `@`. */
  readonly digest?: string;
}

/** `rr.agentSandbox.sandbox`: each editing session's pod. Page: self-hosted/concepts/scaling. */
export interface SandboxPodValues extends JsonObject {
  /** Size. Default 1 CPU and 2Gi, limits twice that. */
  readonly resources: ResourceValues;
  /** Milliseconds after which an unassigned pod ends. Default 600000. */
  readonly sandboxIdleTimeoutMs: string;
  /** Milliseconds after which any pod ends. Default 9000000. */
  readonly sandboxGlobalLifetimeMs: string;
  /** Milliseconds that a pod may take to become ready. Default 20000. */
  readonly sandboxReadyTimeoutMs: string;
  /** Size of `/tmp`. Default 20Gi. */
  readonly tmpDirSizeLimit: string;
  /** Size of the root file system. Default 2Gi. */
  readonly rootfsSizeLimit: string;
  /** Annotations of the pod; the chart's own `karpenter.sh/do-not-disrupt: "true"` gives way to one given here. */
  readonly annotations: Readonly<Record<string, string>>;
}

/** `rr.agentSandbox.controller`. Page: self-hosted/concepts/scaling, which writes its keys without `rr`. */
export interface SandboxControllerValues extends JsonObject {
  /** Pods; one leads. Default 1. */
  readonly replicaCount: number;
  /** Size of each. Default limit 500m, too little to start in time (tryretool/retool-helm pull request 362). */
  readonly resources: ResourceValues;
  /** Limits of the pool. */
  readonly scaling: {
    /** Pods that wait idle. Default 5. */
    readonly prewarmPoolSize: number;
    /** Most pods in all; beyond it the pool stops growing in silence. Default 50. */
    readonly maxTotalJobs: number;
    /** Pods that are made at the same time. Default 3. */
    readonly maxConcurrentCreates: number;
    /** Seconds for which a pod is kept for its user. Default 3600. */
    readonly assignedSandboxTtlSeconds: number;
    /** Pods that one user may hold. Default 5. */
    readonly perUserSandboxLimit: number;
  };
}

/** `rr.agentSandbox`: the pods in which apps are edited. Pages: self-hosted/quickstart and self-hosted/concepts/scaling. */
export interface AgentSandboxValues extends JsonObject {
  /** Whether its DaemonSets share the network of their node. */
  readonly hostNetwork: boolean;
  /** Image. Default `tryretool/agent-sandbox-service`. */
  readonly image?: ImageValues;
  /** Image of its helpers. Default `busybox:1.37.0`. */
  readonly initImage?: ImageValues;
  /** Kubernetes Secret with the keys `jwt-public-key`, `jwt-private-key` and `encryption-key`. Default: inline values. */
  readonly externalSecret: { readonly name: string };
  /** Database of controller and proxy. Default: Retool's, without a check of its certificate. */
  readonly postgres?: { readonly url: string };
  /** The controller. */
  readonly controller: SandboxControllerValues;
  /** Each session's pod. */
  readonly sandbox: SandboxPodValues;
  /** The proxy. */
  readonly proxy: {
    /** Pods. Default 1. */
    readonly replicaCount: number;
    /** Size of each. */
    readonly resources: ResourceValues;
    /** Hosts whose pages may open a session. Default: any. */
    readonly backendDomainSuffixes: string;
  } & JsonObject;
  /** Public address of the proxy. Default empty: below `/sandbox/` of Retool's own host. */
  readonly frontendWsProxyDomain?: string;
  /** How a pod gets `/dev/net/tun`: from the device plugin, or mounted from the host. Default: device plugin. */
  readonly sandboxNetwork: { readonly devicePlugin: boolean; readonly deployDaemonSet: boolean };
  /** The device plugin. */
  readonly devicePlugin: {
    /** Devices on each node. Default 130. */
    readonly maxDevices: number;
  } & JsonObject;
  /** Nodes of controller, proxy, pods and DaemonSets; it replaces the top-level selector. Default: that one. */
  readonly nodeSelector: Readonly<Record<string, string>>;
  /** Taints that these pods accept; they replace the top-level ones. Default: those. */
  readonly tolerations: readonly JsonObject[];
  /** Where controller and proxy prefer to run. Default: anywhere. */
  readonly affinity: JsonObject;
  /** The chart's own policies, which break on EKS. Default off. */
  readonly networkPolicy: { readonly enabled: false };
}

/** `rr`: everything that came with Retool 4.0. Page: self-hosted/guides/upgrade/upgrade-helm. */
export interface RrValues extends JsonObject {
  /** Master switch of js-executor, r2 worker, agent sandbox and Git server. Default false. */
  readonly enabled: true;
  /** Object storage; exactly one provider. Without keys the pods' own identity is used. */
  readonly blobStorage: JsonObject;
  /** Functions. */
  readonly jsExecutor: ScaledValues & {
    readonly image?: ImageValues;
    /** Its variables; it gets none of the top-level ones. Default none. */
    readonly env?: Readonly<Record<string, string>>;
  };
  /** The worker that coordinates sandboxes. */
  readonly agent: { readonly worker: ScaledValues };
  /** The sandboxes. */
  readonly agentSandbox: AgentSandboxValues;
}

/** `temporal`: a frontend that somebody else runs. Page: self-hosted/concepts/temporal. */
export interface TemporalValues extends JsonObject {
  /** Whether the chart tells Retool of a frontend. Default false. */
  readonly enabled: true;
  /** Host of the frontend. */
  readonly host: string;
  /** Port of the frontend. */
  readonly port: number;
  /** Temporal namespace. */
  readonly namespace: string;
  /** Whether the connection is encrypted. Default false. */
  readonly sslEnabled: boolean;
  /** Client certificate, base64 of its PEM. */
  readonly sslCert?: string;
  /** Private key in the values; never the real one, see {@link TemporalValues.sslKeySecretName}. */
  readonly sslKey?: string;
  /**
   * Kubernetes Secret of the private key. Read only where `sslKey` is not empty as well, or neither certificate nor key
   * reaches the pods (tryretool/retool-helm issue 139).
   */
  readonly sslKeySecretName?: string;
  /** Key in that Secret. Default `temporal-tls-key`. */
  readonly sslKeySecretKey?: string;
}

/** The keys of the Retool chart that this package sets. Names and defaults: chart 6.11.21. */
export interface HelmValues extends JsonObject, Readonly<Record<Feature, FeatureValues>> {
  /** The backend image, and the tag of every other image. */
  readonly image: ImageValues & {
    readonly tag: string;
    /** Secrets with which images are pulled; the chart honours the key without a default. */
    readonly pullSecrets?: readonly { readonly name: string }[];
  };
  /** What all backend pods share. */
  readonly config: ConfigValues;
  /** Variables of all backend pods and of code-executor, so never a secret. Default none. */
  readonly env: Readonly<Record<string, EnvironmentValue>>;
  /** The chart's own database, for demonstrations. Default on. */
  readonly postgresql: { readonly enabled: false };
  /** The chart's own way in. Default on. */
  readonly ingress: { readonly enabled: false };
  /** Identity of the pods, by name. Default: the release's name. */
  readonly serviceAccount: {
    readonly create: true;
    readonly name: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  /** Pods of api. Default 2. */
  readonly replicaCount: number;
  /** Size of api, and of every container without its own size. */
  readonly resources: ResourceValues;
  /** The migrations' runner: a separate pod where enabled, always one. Default: only with several api pods. */
  readonly jobRunner: {
    readonly enabled: true;
    readonly resources: ResourceValues;
    readonly annotations: Readonly<Record<string, string>>;
  };
  /** Workflows; `resources` is the worker's. Default: on from Retool 3.6.11. */
  readonly workflows: {
    readonly enabled: true;
    readonly resources: ResourceValues;
    readonly backend: ScaledValues;
    readonly worker: ScaledValues;
    readonly config?: JsonObject;
  };
  /** Users' code in workflows; privileged by default. Page: self-hosted/concepts/custom-code-execution-security. */
  readonly codeExecutor: ScaledValues & {
    readonly image?: ImageValues;
    /** Whether a seccomp profile takes the place of privilege; needs Kubernetes 1.33. Default false. */
    readonly useSeccompProfile: boolean;
    readonly securityContext?: JsonObject;
  };
  /** Everything of Retool 4.0. */
  readonly rr: RrValues;
  /** A frontend of Temporal; absent where Retool finds one by itself. */
  readonly temporal?: TemporalValues;
  /** The chart's own Temporal cluster. Default off. */
  readonly "retool-temporal-services-helm"?: JsonObject;
  /** Metrics for Retool; on by default from chart 6.13.2, so always set. */
  readonly telemetry: { readonly enabled: boolean } & JsonObject;
  /** Pods of one service that may be away at once when nodes are drained. Default: no limit. */
  readonly podDisruptionBudget: { readonly maxUnavailable: 1 };
  /** The chart's metadata policy; it opens everything else to api. Default: on with keyless storage. */
  readonly networkPolicy: { readonly blockCloudMetadataEgress: false };
  /** Nodes of all pods but the sandboxes'. Default `kubernetes.io/arch: amd64`. */
  readonly nodeSelector: Readonly<Record<string, string>>;
  /** Where pods prefer to run. Default: not on nodes of api pods. */
  readonly affinity: JsonObject;
  /** Annotations of every pod; a new value replaces all pods. Default none. */
  readonly podAnnotations: Readonly<Record<string, string>>;
  /** PriorityClass of every pod but the sandboxes'. Default none. */
  readonly priorityClassName?: string;
  /** A Secret whose keys become variables of the backend's pods, not of code-executor. Default off. */
  readonly externalSecrets?: { readonly enabled: true; readonly includeConfigSecrets: true; readonly name: string };
  /** Objects that the release holds besides its own. Default none. */
  readonly extraManifests?: readonly JsonObject[];
  /** Volumes of every pod but the sandboxes'. Default none. */
  readonly extraVolumes?: readonly JsonObject[];
  /** Where those volumes are mounted. Default none. */
  readonly extraVolumeMounts?: readonly JsonObject[];
}
