import {
  backend,
  NODE_HEAP_MINIMUM,
  ON_BEHALF,
  POOL,
  scaled,
  service,
  single,
  size,
  tcp,
  worker,
  workerSize,
} from "./blocks";
import type { RetoolComponent, ServiceRow } from "./row";

/** The services that a team switches on below `retool.features`, as chart 6.11.21 renders them. */
export const FEATURE_SERVICES = {
  dbconnector: {
    ...service("dbconnector"),
    image: "backend",
    serviceTypes: ["DB_CONNECTOR", "DB_SSH_CONNECTOR"],
    ports: { http: tcp(3002), java: tcp(3007) },
    serves: "Runs queries against data sources",
    calls: ["workflow-backend", "telemetry"],
    needs: ["retool", "data-sources"],
    part: "dbconnector",
    sizing: {
      ...scaled,
      setting: "dbconnector",
      chartKeys: { replicas: "replicas" },
      sourceConnections: 100,
      resources: size(2048, 4096, 4096, 8192),
      minimumMemory: NODE_HEAP_MINIMUM,
    },
  },
  "agent-worker": {
    ...worker("agent-worker", "WORKFLOW_TEMPORAL_WORKER", "agentWorker", "agents"),
    sizing: { ...workerSize("agentWorker"), chartKeys: { values: "worker" } },
  },
  "agent-eval-worker": {
    ...worker("agent-eval-worker", "AGENT_EVAL_TEMPORAL_WORKER", "agentEvalWorker", "agents"),
    sizing: { ...workerSize("agentEvalWorker"), chartKeys: { values: "evalWorker" } },
  },
  multiplayer: {
    ...service("multiplayer-ws"),
    ...backend,
    serviceTypes: ["MULTIPLAYER_SERVICE"],
    ports: { http: tcp(3001) },
    serves: "Shares the changes of editors",
    calls: [],
    needs: ["platform-database"],
    part: "multiplayer",
    sizing: {
      ...scaled,
      ...POOL,
      setting: "multiplayer",
      autoscales: false,
      resources: size(200, 256, undefined, 2048),
      minimumMemory: { request: 256, limit: 512 },
    },
  },
  mcp: {
    ...service("mcp"),
    ...backend,
    serviceTypes: ["MCP_SERVER"],
    ports: { http: tcp(4010) },
    serves: "Relays requests of MCP clients",
    calls: [ON_BEHALF, "sandbox-proxy", "git-server"],
    needs: [],
    part: "mcp",
    sizing: {
      ...single,
      setting: "mcp",
      whyNotMore: "it keeps its sessions in memory",
      resources: size(200, 256, undefined, 4096),
      minimumMemory: { request: 256, limit: 512 },
    },
  },
} satisfies Partial<Record<RetoolComponent, ServiceRow>>;
