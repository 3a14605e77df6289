import { COMPONENTS, type ComponentPort, type RetoolComponent } from "./components";

/** One connection inside the cluster that Retool needs: who opens it, to whom, on which port, and why. */
export interface Arrow {
  /** Component whose pods open the connection. */
  readonly from: RetoolComponent;
  /** Component whose pods accept it. */
  readonly to: RetoolComponent;
  /** Port of the accepting pods. */
  readonly port: ComponentPort;
  /** What it is for. */
  readonly reason: string;
  /** Whether Retool's documents and the chart leave it open, so that it is our conclusion. */
  readonly inferred: boolean;
}

/** Who starts connections to what, before it is spread over single arrows. */
interface ArrowRow {
  readonly from: readonly RetoolComponent[];
  readonly to: RetoolComponent;
  readonly ports: readonly string[];
  readonly reason: string;
  readonly inferred?: boolean;
}

/** Components that run workflows, queries or agents, and so hand code to the executors and open sandboxes. */
const RUNNERS: readonly RetoolComponent[] = [
  "api",
  "workflow-worker",
  "workflow-backend",
  "agent-worker",
  "agent-eval-worker",
  "r2-agent-worker",
];

const TEMPORAL_SERVERS: readonly RetoolComponent[] = [
  "temporal-frontend",
  "temporal-history",
  "temporal-matching",
  "temporal-worker",
];

/** Components into which the chart writes the address of Temporal; Retool's documents name `api` and `workflow-worker`. */
export const TEMPORAL_CLIENTS: readonly RetoolComponent[] = [
  "api",
  "jobs-runner",
  "workflow-worker",
  "workflow-backend",
  "agent-worker",
  "agent-eval-worker",
  "r2-agent-worker",
];

const REPORTS_METRICS: readonly RetoolComponent[] = [
  ...RUNNERS,
  "jobs-runner",
  "code-executor",
  "js-executor",
  "dbconnector",
  "git-server",
];

/**
 * The port table, as the addresses that the chart writes into each container's environment and Retool's architecture page.
 *
 * Sources: chart 6.11.21 as rendered; https://docs.retool.com/self-hosted/self-managed/quickstart (containers and
 * services).
 */
const ROWS: readonly ArrowRow[] = [
  { from: RUNNERS, to: "code-executor", ports: ["http"], reason: "Runs JavaScript and Python of workflows" },
  { from: RUNNERS, to: "js-executor", ports: ["http"], reason: "Runs backend functions of apps" },
  {
    from: [...RUNNERS, "code-executor", "dbconnector"],
    to: "workflow-backend",
    ports: ["http"],
    reason: "Runs queries of workflow blocks and takes their results",
  },
  { from: RUNNERS, to: "dbconnector", ports: ["http", "java"], reason: "Runs queries against data sources" },
  { from: RUNNERS, to: "sandbox-controller", ports: ["http"], reason: "Opens and closes builder sessions" },
  { from: [...RUNNERS, "mcp"], to: "sandbox-proxy", ports: ["http"], reason: "Talks to the sandbox of a session" },
  {
    from: ["api", "sandbox-controller", "sandbox-proxy"],
    to: "sandbox",
    ports: ["http"],
    reason: "Drives the sandbox of a session",
  },
  { from: ["sandbox"], to: "sandbox-proxy", ports: ["http"], reason: "The only way out of a sandbox" },
  { from: ["sandbox-proxy", "mcp"], to: "api", ports: ["http"], reason: "Calls Retool on behalf of a session" },
  { from: ["api"], to: "mcp", ports: ["http"], reason: "Relays requests of MCP clients" },
  { from: ["api", "mcp"], to: "git-server", ports: ["http"], reason: "Reads and writes the repositories of apps" },
  { from: REPORTS_METRICS, to: "telemetry", ports: ["statsd"], reason: "Reports metrics" },
  ...(["workflow-worker", "agent-worker", "agent-eval-worker", "r2-agent-worker"] as const).map((to): ArrowRow => ({
    from: ["telemetry"],
    to,
    ports: ["metrics"],
    reason: "Reads the worker's Prometheus metrics",
    inferred: true,
  })),
  {
    from: TEMPORAL_CLIENTS,
    to: "temporal-frontend",
    ports: ["rpc"],
    reason: "Starts workflows and takes their tasks",
  },
  ...TEMPORAL_SERVERS.map((to): ArrowRow => ({
    from: TEMPORAL_SERVERS,
    to,
    ports: ["rpc", "membership"],
    reason: "Temporal's services find and call each other",
  })),
];

/** Every connection inside the cluster between components that are installed. */
export function arrowsBetween(components: readonly RetoolComponent[]): Arrow[] {
  const installed = new Set(components);
  return ROWS.flatMap(spread).filter(({ from, to }) => installed.has(from) && installed.has(to));
}

function spread({ from, to, ports, reason, inferred = false }: ArrowRow): Arrow[] {
  const known = COMPONENTS[to].ports;
  return from.flatMap((source) =>
    ports.flatMap((name) => {
      const port = known[name];
      return port === undefined ? [] : [{ from: source, to, port, reason, inferred }];
    }),
  );
}
