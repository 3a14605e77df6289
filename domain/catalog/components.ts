/** A container of Retool by the name its Deployment or Job has in the chart, without the release's name. */
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

/** A part of Retool that the chart installs only where it is asked for. */
export type OptionalPart = "dbconnector" | "agents" | "multiplayer" | "mcp" | "telemetry" | "git-server" | "temporal";

/** A port on which a component's pods listen. */
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

/** What the network needs to know of a component. */
export interface ComponentFacts {
  /**
   * Labels that select the component's pods: exactly the keys of its Service's selector.
   *
   * The network policy controller of the VPC CNI lets a peer reach the address of a Service only if the peer's selector
   * matches the selector of that Service. More or other keys reach the pods and are dropped at the Service.
   * Source: aws/amazon-network-policy-controller-k8s, pkg/resolvers/endpoints.go, `getMatchingServiceClusterIPs`.
   */
  readonly labels: Readonly<Record<string, string>>;
  /** Ports, by a short name of ours. */
  readonly ports: Readonly<Record<string, ComponentPort>>;
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
}

/** Name of the Helm release: the chart puts it into every label and name below. */
const RELEASE = "retool";

const byService = (retoolService: string): Record<string, string> => ({ retoolService });
const byName = (name: string): Record<string, string> => ({
  "app.kubernetes.io/instance": RELEASE,
  "app.kubernetes.io/name": name,
});
const temporal = (component: string): Record<string, string> => ({
  "app.kubernetes.io/component": component,
  ...byName("retool-wf-temporal"),
});
const tcp = (number: number, name?: string): ComponentPort => ({ number, name, protocol: "TCP" });
const worker = (name: string): Pick<ComponentFacts, "labels" | "ports"> => ({
  labels: byService(name),
  ports: { metrics: tcp(9090, "http-metrics") },
});
const temporalService = (component: string, rpc: number, membership: number): ComponentFacts => ({
  labels: temporal(component),
  ports: { rpc: tcp(rpc, "rpc"), membership: tcp(membership, "membership") },
  part: "temporal",
});

/**
 * Every component that the chart can install, as chart 6.11.21 renders it.
 *
 * Left out are the DaemonSets of the agent sandbox (device plugin, node installer, image prepuller): they share the network
 * of their node, which no NetworkPolicy covers, and open no port.
 */
export const COMPONENTS: Readonly<Record<RetoolComponent, ComponentFacts>> = {
  api: { labels: byName("retool"), ports: { http: tcp(3000) } },
  "jobs-runner": { labels: byName("retool-jobs-runner"), ports: {} },
  "workflow-worker": worker("retool-workflow-worker"),
  "workflow-backend": { labels: byService("retool-workflow-backend"), ports: { http: tcp(3000) } },
  "code-executor": {
    labels: byService("retool-code-executor"),
    ports: { http: tcp(3004) },
    runsUserCode: true,
  },
  "js-executor": { labels: byService("retool-js-executor"), ports: { http: tcp(3000) }, runsUserCode: true },
  "sandbox-controller": {
    labels: byService("retool-agent-sandbox-controller"),
    ports: { http: tcp(3018, "http") },
  },
  "sandbox-proxy": {
    labels: byService("retool-agent-sandbox-proxy"),
    ports: { http: tcp(3019, "http") },
    runsUserCode: true,
  },
  sandbox: { labels: byService("retool-agent-sandbox"), ports: { http: tcp(3017) }, runsUserCode: true },
  "r2-agent-worker": worker("retool-r2-agent-worker"),
  dbconnector: {
    labels: byService("retool-dbconnector"),
    ports: { http: tcp(3002), java: tcp(3007) },
    part: "dbconnector",
  },
  "agent-worker": { ...worker("retool-agent-worker"), part: "agents" },
  "agent-eval-worker": { ...worker("retool-agent-eval-worker"), part: "agents" },
  multiplayer: { labels: byService("retool-multiplayer-ws"), ports: { http: tcp(3001) }, part: "multiplayer" },
  mcp: { labels: byService("retool-mcp"), ports: { http: tcp(4010) }, part: "mcp" },
  telemetry: {
    labels: byName("telemetry"),
    ports: { statsd: { number: 9125, protocol: "UDP" } },
    part: "telemetry",
  },
  "git-server": { labels: byService("retool-git-server"), ports: { http: tcp(3010) }, part: "git-server" },
  "temporal-frontend": temporalService("frontend", 7233, 6933),
  "temporal-history": temporalService("history", 7234, 6934),
  "temporal-matching": temporalService("matching", 7235, 6935),
  "temporal-worker": temporalService("worker", 7239, 6939),
};

/** Every component, in the order of the table. */
export const RETOOL_COMPONENTS = Object.keys(COMPONENTS) as readonly RetoolComponent[];

/** Components that run where exactly these optional parts are installed. */
export function installedComponents(parts: readonly OptionalPart[]): RetoolComponent[] {
  return RETOOL_COMPONENTS.filter((name) => {
    const { part } = COMPONENTS[name];
    return part === undefined || parts.includes(part);
  });
}
