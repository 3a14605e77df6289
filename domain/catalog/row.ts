/** A service of Retool: the name that its Deployment or Job has in the chart, without the release's name. */
export type RetoolComponent =
  | "api"
  | "jobs-runner"
  | "workflow-worker"
  | "workflow-backend"
  | "code-executor"
  | "js-executor"
  | "sandbox-controller"
  | "sandbox-proxy"
  | "sandbox"
  | "r2-agent-worker"
  | "dbconnector"
  | "agent-worker"
  | "agent-eval-worker"
  | "multiplayer"
  | "mcp"
  | "telemetry"
  | "git-server"
  | "temporal-frontend"
  | "temporal-history"
  | "temporal-matching"
  | "temporal-worker";

/** A service whose pods a team can size, by its field below `retool`; the documentation spells these names. */
export type ServiceId =
  | "api"
  | "jobsRunner"
  | "workflowsWorker"
  | "workflowsBackend"
  | "codeExecutor"
  | "jsExecutor"
  | "sandboxController"
  | "sandboxProxy"
  | "r2Worker"
  | "dbconnector"
  | "agentWorker"
  | "agentEvalWorker"
  | "multiplayer"
  | "mcp";

/** A port on which a service's pods listen. */
export interface ComponentPort {
  /** Number of the container's port. */
  readonly number: number;
  /**
   * Name of the container's port, where the Service names its target instead of numbering it. Policies must then use the
   * name too: a number does not lead to the address of the Service.
   *
   * @default - the Service targets the number
   */
  readonly name?: string;
  /** Protocol. */
  readonly protocol: "TCP" | "UDP";
}

/** Parts of Retool with a switch below `retool.features`, by their names there and among the values of the chart. */
export const FEATURES = ["dbconnector", "agents", "multiplayer", "mcp"] as const;

/** A part of Retool with a switch below `retool.features`. */
export type Feature = (typeof FEATURES)[number];

/** A part of Retool that the chart installs only where it is asked for. */
export type OptionalPart = Feature | "telemetry" | "git-server" | "temporal";

/** An image of the release. `init` starts the sandboxes' pods, `devicePlugin` hands out `/dev/net/tun`. */
export type ImageId =
  "backend" | "codeExecutor" | "jsExecutor" | "agentSandbox" | "telemetry" | "devicePlugin" | "init";

/**
 * Something outside its own pods that a service reaches.
 *
 * `platform-database`: the chart writes its address into the container. `bucket`: the chart writes the bucket's name into it.
 * `temporal`: likewise the frontend's address. `kubernetes-api` and `kubelet`: the chart gives it a Role. `retool`: it checks
 * the license and reports usage. The others are what Retool's documents say it calls: data sources, Git hosts, model
 * providers, identity providers, registries of packages for users' code and for apps.
 */
export type Need =
  | "platform-database"
  | "bucket"
  | "temporal"
  | "kubernetes-api"
  | "kubelet"
  | "retool"
  | "data-sources"
  | "git"
  | "models"
  | "identity"
  | "packages"
  | "app-packages"
  | "telemetry-host";

/** A call that differs from what others ask of the same service. */
export interface Call {
  /** Service that is called. */
  readonly to: RetoolComponent;
  /** What it is for. */
  readonly reason: string;
  /**
   * Its ports, by their short names.
   *
   * @default - all
   */
  readonly ports?: readonly string[];
  /**
   * Whether Retool's documents and the chart leave it open, so that it is our conclusion.
   *
   * @default false
   */
  readonly inferred?: boolean;
}

/** Requests and limits of each pod of a service. */
export interface Resources {
  /** CPU request of the pod, in millicores. */
  readonly cpuMillicores: number;
  /** Memory request of the pod, in MiB. */
  readonly memoryMiB: number;
  /** CPU limit of the pod, in millicores; undefined where nothing limits it. */
  readonly cpuLimitMillicores: number | undefined;
  /** Memory limit of the pod, in MiB: above it the container is killed. */
  readonly memoryLimitMiB: number;
}

/** People at the busiest moment. */
export interface People {
  /** Who build. */
  readonly builders: number;
  /** Who use apps. */
  readonly users: number;
}

/**
 * People for whom one pod more is there, and where the figure is from.
 *
 * Retool's pages name the services that each kind of load reaches, and no figures
 * (https://docs.retool.com/self-hosted/self-managed/concepts/best-practices/capacity-planning): those here are estimates. Measure, and
 * set `replicas` where yours differ.
 */
export interface Growth {
  /** People who build at the same time. */
  readonly buildersPerPod: number;
  /** People who use apps at the same time. */
  readonly usersPerPod: number;
}

/** How many pods a service has, and how large they are. */
export interface Sizing {
  /** Field below `retool` that sets it. */
  readonly setting: ServiceId;
  /** Pods in production. */
  readonly replicas: number;
  /** Most pods. */
  readonly maxReplicas: number;
  /**
   * Why there are never more.
   *
   * @default - there may be as many as anybody asks for
   */
  readonly whyNotMore?: string;
  /**
   * People for whom there is one pod more in production.
   *
   * @default - the number of pods does not follow the people
   */
  readonly growth?: Growth;
  /** Whether its CPU shows its load, so that an autoscaler can decide. */
  readonly autoscales: boolean;
  /** Requests and limits of each pod. */
  readonly resources: Resources;
  /**
   * Requests and limits of the only pod of an evaluation.
   *
   * @default - those of production
   */
  readonly evaluation?: Resources;
  /** Smallest memory request and limit with which the process starts, in MiB. */
  readonly minimumMemory: { readonly request: number; readonly limit: number };
  /**
   * Keys among the values of the feature that brings the service: `values` holds its own, `replicas` the number of its pods.
   *
   * @default - its own values are those of the feature, and `replicaCount` is the number of its pods
   */
  readonly chartKeys?: { readonly values?: string; readonly replicas?: string };
  /** Nodes that the chart selects. The post-renderer moves the pods of `sandbox` to the nodes of `retool`. */
  readonly chartNodes: "retool" | "sandbox";
  /**
   * Connections of one pod to the platform database at most.
   *
   * @default 0
   */
  readonly databaseConnections?: number;
  /**
   * Connections of one pod to one data source, such as Retool Database: the chart's numbers.
   *
   * @default 0
   */
  readonly sourceConnections?: number;
}

/** Everything that this package knows about a service of Retool. */
export interface ServiceRow {
  /** Name of its Deployment; the sandboxes are Jobs that the controller names. */
  readonly deployment: string;
  /**
   * Labels that select its pods: exactly the keys of its Service's selector.
   *
   * The network policy controller of the VPC CNI lets a peer reach the address of a Service only if the peer's selector
   * matches the selector of that Service. More or other keys reach the pods and are dropped at the Service.
   * Source: aws/amazon-network-policy-controller-k8s, pkg/resolvers/endpoints.go, `getMatchingServiceClusterIPs`.
   */
  readonly labels: Readonly<Record<string, string>>;
  /** Image; undefined where a subchart brings it. */
  readonly image: ImageId | undefined;
  /**
   * Values of `SERVICE_TYPE`, which tell the backend image what to be. The chart sets it; this is a copy of what it renders,
   * which test/contracts/catalog.test.ts compares.
   *
   * @default - it has none
   */
  readonly serviceTypes?: readonly string[];
  /** Ports, by short names that only this package uses. */
  readonly ports: Readonly<Record<string, ComponentPort>>;
  /** Why others call it. */
  readonly serves: string;
  /** Services that it calls. */
  readonly calls: readonly (RetoolComponent | Call)[];
  /** What it reaches outside. */
  readonly needs: readonly Need[];
  /**
   * Which part of Retool brings it.
   *
   * @default - it is always there
   */
  readonly part?: OptionalPart;
  /**
   * Whether code that users write runs in it, or leaves the cluster through it.
   *
   * @default false
   */
  readonly runsUserCode?: boolean;
  /**
   * Whether its pods run as Retool's service account, to which the bucket's role is bound.
   *
   * @default false
   */
  readonly sharesServiceAccount?: boolean;
  /**
   * Number and size of its pods.
   *
   * @default - the chart decides
   */
  readonly sizing?: Sizing;
}
