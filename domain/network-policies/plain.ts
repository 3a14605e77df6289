import type { NetworkPolicy, NetworkPolicyEgressRule } from "../common/kubernetes";
import { type EgressRule, formatDestination } from "../egress/rules";
import { CORE_DNS, NODE_LOCAL_DNS, openPeers, rangePeer } from "./peers";

/** Pods of a namespace, and what they may reach. */
export interface PodEgress {
  /** Name of the policy. */
  readonly name: string;
  /** Namespace of the pods. */
  readonly namespace: string;
  /**
   * Labels of the pods.
   *
   * @default {} - all pods of the namespace
   */
  readonly podLabels?: Readonly<Record<string, string>>;
}

const ANYWHERE = "0.0.0.0/0";

/**
 * Lets pods resolve names and open what an allowlist names, and nothing else outside their namespace's other policies.
 *
 * A policy knows no names: for a host it opens the port to every public address, and the firewalls check the name. Private
 * addresses stay closed, but for ranges on the list.
 */
export function podEgressPolicy(rules: readonly EgressRule[], pods: PodEgress): NetworkPolicy {
  const { name, namespace, podLabels = {} } = pods;
  const dns: NetworkPolicyEgressRule = {
    to: [CORE_DNS, rangePeer(NODE_LOCAL_DNS)],
    ports: [
      { port: 53, protocol: "UDP" },
      { port: 53, protocol: "TCP" },
    ],
  };
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name, namespace },
    spec: {
      podSelector: { matchLabels: podLabels },
      policyTypes: ["Egress"],
      egress: [dns, ...openings(rules)],
    },
  };
}

/** One rule a range, with all its ports. */
function openings(rules: readonly EgressRule[]): NetworkPolicyEgressRule[] {
  const portsOf = new Map<string, Set<EgressRule["port"]>>();
  for (const { destination, addresses = [], port } of rules) {
    const ranges = destination.kind === "range" ? [formatDestination(destination)] : addresses;
    for (const cidr of ranges.length === 0 ? [ANYWHERE] : ranges)
      portsOf.set(cidr, (portsOf.get(cidr) ?? new Set()).add(port));
  }
  return [...portsOf].map(([cidr, ports]) => ({
    to: openPeers(cidr, "nodes", undefined),
    ports: [...ports].map((port) => (port === "any" ? { protocol: "TCP" } : { port, protocol: "TCP" })),
  }));
}
