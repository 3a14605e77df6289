import { CATALOG } from "../catalog/catalog";

/** A connection between the nodes of sandboxes and all other nodes, which share their security group with the control plane. */
export interface NodeConnection {
  /** Part of the rule's id; changing it replaces the rule. */
  readonly id: string;
  /** Who opens it. */
  readonly from: "sandbox-nodes" | "cluster";
  /** Port of the accepting side. */
  readonly port: number;
  /** Protocol, as EC2 writes it. */
  readonly protocol: "tcp" | "udp";
  /** What it is for. */
  readonly description: string;
}

/**
 * Everything that passes between the nodes of sandboxes and the rest of the cluster.
 *
 * Code that escapes from a sandbox has the network of its node: what is not here (the database, the kubelets of other nodes, other
 * containers of Retool) is out of its reach, whether NetworkPolicies close it or not.
 */
export const SANDBOX_NODE_CONNECTIONS: readonly NodeConnection[] = [
  { id: "Api", from: "sandbox-nodes", port: 443, protocol: "tcp", description: "Kubernetes API" },
  { id: "Dns", from: "sandbox-nodes", port: 53, protocol: "udp", description: "DNS of the cluster" },
  { id: "DnsTcp", from: "sandbox-nodes", port: 53, protocol: "tcp", description: "DNS of the cluster" },
  {
    id: "Proxy",
    from: "sandbox-nodes",
    port: portOf("sandbox-proxy"),
    protocol: "tcp",
    description: "The outbound proxy of a sandbox",
  },
  { id: "Kubelet", from: "cluster", port: 10_250, protocol: "tcp", description: "Kubelet: logs, exec and metrics" },
  { id: "Sandbox", from: "cluster", port: portOf("sandbox"), protocol: "tcp", description: "Drives a sandbox" },
];

function portOf(component: "sandbox" | "sandbox-proxy"): number {
  const port = CATALOG[component].ports["http"];
  if (port === undefined) throw new Error(`${component} has no port in the catalog`);
  return port.number;
}
