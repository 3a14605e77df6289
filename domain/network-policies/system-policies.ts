import { INSTANCE_METADATA } from "../common/address-range";
import type { NetworkPolicy } from "../common/kubernetes";

/**
 * TCP ports on which something in `kube-system` is called, and by whom.
 *
 * From the kubelet a pod is always reached: the agent adds the node's own address to every policy.
 */
const TCP_PORTS = [
  // CoreDNS, by every pod; its metrics.
  53, 9153,
  // Metrics of Karpenter and of the load balancer controller.
  8080,
  // Webhooks of the load balancer controller, by the control plane.
  9443,
  // metrics-server, by the control plane.
  10251,
] as const;

/**
 * Policies of `kube-system`, without which nothing there could talk.
 *
 * The network plugin enforces in `strict` mode: a pod that no policy selects can neither send nor receive, even if its
 * namespace; only pods on the host's network are exempt. CoreDNS, metrics-server, the EBS driver, Karpenter and the load
 * balancer controller are not on it, so one policy selects every pod there is or will be. It must exist before them: EKS
 * waits for CoreDNS to answer.
 *
 * @param clusterCidrs - Ranges of pods, nodes and the control plane's interfaces: those of the VPC.
 */
export function systemPolicies(clusterCidrs: readonly string[]): NetworkPolicy[] {
  return [
    {
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: { name: "system-pods", namespace: "kube-system" },
      spec: {
        podSelector: {},
        policyTypes: ["Ingress", "Egress"],
        ingress: [
          {
            from: clusterCidrs.map((cidr) => ({ ipBlock: { cidr } })),
            ports: [{ port: 53, protocol: "UDP" }, ...TCP_PORTS.map((port) => ({ port, protocol: "TCP" as const }))],
          },
        ],
        egress: [{ to: [{ ipBlock: { cidr: "0.0.0.0/0", except: [INSTANCE_METADATA] } }] }],
      },
    },
  ];
}
