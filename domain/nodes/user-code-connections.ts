import { CATALOG } from "../catalog/catalog";
import type { RetoolComponent } from "../catalog/row";

/** Nodes that run users' code, by the name of their pool in our own cluster. */
export type UserCodeNodes = "sandbox" | "code-execution";

/** A connection between nodes that run users' code and all other nodes, which share their security group with the control plane. */
export interface NodeConnection {
  /** Part of the rule's id; changing it replaces the rule. */
  readonly id: string;
  /** Who opens it. */
  readonly from: "user-code" | "cluster";
  /** Port of the accepting side. */
  readonly port: number;
  /** Protocol, as EC2 writes it. */
  readonly protocol: "tcp" | "udp";
  /** What it is for. */
  readonly description: string;
}

/** What the security group of nodes that run users' code lets through. */
export interface UserCodeConnections {
  /**
   * Everything that passes between them and the rest of the cluster.
   *
   * Code that escapes from its container has the network of its node: what is not here (the kubelets of other nodes, other containers of
   * Retool) is out of its reach, whether NetworkPolicies close it or not. So is a database that admits security groups, as one made here
   * does, and not one that admits address ranges.
   */
  readonly cluster: readonly NodeConnection[];
  /** What they reach outside the cluster over TCP. */
  readonly outside: { readonly id: string; readonly from: number; readonly to: number; readonly description: string };
}

const EVERYWHERE: readonly NodeConnection[] = [
  { id: "Api", from: "user-code", port: 443, protocol: "tcp", description: "Kubernetes API" },
  { id: "Dns", from: "user-code", port: 53, protocol: "udp", description: "DNS of the cluster" },
  { id: "DnsTcp", from: "user-code", port: 53, protocol: "tcp", description: "DNS of the cluster" },
];

const KUBELET: NodeConnection = {
  id: "Kubelet",
  from: "cluster",
  port: 10_250,
  protocol: "tcp",
  description: "Kubelet: logs, exec and metrics",
};

/** Connections of each kind of nodes; those between containers are the calls of the catalog that leave the nodes or enter them. */
export const USER_CODE_CONNECTIONS: Readonly<Record<UserCodeNodes, UserCodeConnections>> = {
  sandbox: {
    cluster: [
      ...EVERYWHERE,
      call("Proxy", "user-code", "sandbox-proxy", "The outbound proxy of a sandbox"),
      KUBELET,
      call("Sandbox", "cluster", "sandbox", "Drives a sandbox"),
    ],
    outside: {
      id: "Https",
      from: 443,
      to: 443,
      description: "Image registries and AWS; what pods may reach of it is decided by policies and firewalls",
    },
  },
  // What this code may reach is the team's list of destinations, which may have any port.
  "code-execution": {
    cluster: [
      ...EVERYWHERE,
      call("WorkflowBackend", "user-code", "workflow-backend", "Queries of workflow blocks and their results"),
      call("Telemetry", "user-code", "telemetry", "Metrics"),
      KUBELET,
      call("CodeExecutor", "cluster", "code-executor", "Runs code of workflows"),
      call("JsExecutor", "cluster", "js-executor", "Runs backend functions of apps"),
    ],
    outside: {
      id: "Tcp",
      from: 0,
      to: 65_535,
      description: "Image registries, AWS and what code calls; policies and firewalls decide what pods may reach of it",
    },
  },
};

function call(id: string, from: NodeConnection["from"], to: RetoolComponent, description: string): NodeConnection {
  const [port, ...others] = Object.values(CATALOG[to].ports);
  if (port === undefined || others.length > 0) throw new Error(`${to} must have one port in the catalog`);
  return { id, from, port: port.number, protocol: port.protocol === "UDP" ? "udp" : "tcp", description };
}
