import { CATALOG } from "../catalog/catalog";
import type { ComponentPort, RetoolComponent } from "../catalog/row";
import { closedAround, holesIn, NAMED_ONLY, type OwnRanges, partsAfter, runsUserCode } from "../egress/closed-ranges";
import type { EgressDestination, EgressRule, EgressSource, Platform } from "../egress/rules";
import type { NetworkPolicyPeer, NetworkPolicyPort } from "../common/kubernetes";

/** Addresses and names of the environment that policies need, as plain text. */
export interface NetworkPolicyReferences extends OwnRanges {
  /** Namespace of Retool. */
  readonly namespace: string;
  /** Address of the Service `kubernetes`: the first one of {@link serviceCidr}. */
  readonly kubernetesServiceIp: string;
  /** Ranges of the subnets in which EKS places the network interfaces of the control plane. */
  readonly controlPlaneCidrs: readonly string[];
  /** Ranges of the subnets that hold interface endpoints. */
  readonly endpointCidrs: readonly string[];
  /** Ranges of the subnets that hold the load balancer. */
  readonly frontDoorCidrs: readonly string[];
}

/** One peer and one port on which it may be reached; no port means every port of TCP. */
export interface Permission {
  /** Who is reached, or who reaches. */
  readonly peer: NetworkPolicyPeer;
  /** Where. */
  readonly port: NetworkPolicyPort;
}

const ANYWHERE = "0.0.0.0/0";

/**
 * Addresses of the Pod Identity agent on every node.
 *
 * Source: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-how-it-works.html
 */
const POD_IDENTITY_ADDRESSES = ["169.254.170.23/32", "fd00:ec2::23/128"];

/**
 * Address that NodeLocal DNSCache has on every node, where it is installed.
 *
 * Source: https://kubernetes.io/docs/tasks/administer-cluster/nodelocaldns/
 */
export const NODE_LOCAL_DNS = "169.254.20.10/32";

/** Pods of CoreDNS, which are those of the Service `kube-dns`. */
export const CORE_DNS: NetworkPolicyPeer = {
  namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
  podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
};

/** The pods of a component. */
export function componentPeer(component: RetoolComponent): NetworkPolicyPeer {
  return { podSelector: { matchLabels: CATALOG[component].labels } };
}

/** A range of addresses. */
export function rangePeer(cidr: string, except: readonly string[] = []): NetworkPolicyPeer {
  return { ipBlock: except.length === 0 ? { cidr } : { cidr, except } };
}

/** A component's port as a policy names it: by name exactly where its Service does. */
export function componentPort({ number, name, protocol }: ComponentPort): NetworkPolicyPort {
  return { port: name ?? number, protocol };
}

/** Peers that stand for a destination of a rule, as seen from a component. */
export function destinationPeers(
  destination: EgressDestination,
  rule: Pick<EgressRule, "route" | "mayBePrivate">,
  source: RetoolComponent,
  references: NetworkPolicyReferences,
): NetworkPolicyPeer[] {
  switch (destination.kind) {
    case "platform":
      return platformPeers(destination.platform, references);
    case "namespace":
      return [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": destination.namespace } } }];
    case "range":
      // A server that the settings name by its address, such as the proxy, may stand in the VPC.
      return rangePeers([destination.cidr], rule.mayBePrivate === true ? "nodes" : source, references);
    case "host":
    case "subdomains":
    case "anywhere":
      return rangePeers(rangesOf(rule, source, references), source, references);
  }
}

/** Where a name may lead: a policy knows none. Code of users gets to no private address by a name. */
function rangesOf(
  { route, mayBePrivate }: Pick<EgressRule, "route" | "mayBePrivate">,
  source: RetoolComponent,
  { endpointCidrs }: NetworkPolicyReferences,
): string[] {
  if (route === "private-link") return [...endpointCidrs];
  return mayBePrivate === true && CATALOG[source].runsUserCode !== true ? [ANYWHERE, ...NAMED_ONLY] : [ANYWHERE];
}

/**
 * Ranges without what is never open in them; a range that is closed as a whole is not a peer.
 *
 * What is closed in `0.0.0.0/0` is the same for all rules of a component: the VPC CNI merges rules for the same range, and
 * what one of them leaves out would be left out of all.
 */
function rangePeers(
  cidrs: readonly string[],
  source: EgressSource,
  references: NetworkPolicyReferences,
): NetworkPolicyPeer[] {
  const known = KNOWN.get(references) ?? new Map<string, NetworkPolicyPeer[]>();
  KNOWN.set(references, known);
  return cidrs.flatMap((cidr) => {
    const key = `${cidr} ${runsUserCode(source) ? "code" : "others"}`;
    const peers = known.get(key) ?? openPeers(cidr, source, references);
    known.set(key, peers);
    return peers;
  });
}

/** What is open in a range to containers with and without users' code: asked for again by every rule, and slow to find out. */
const KNOWN = new WeakMap<NetworkPolicyReferences, Map<string, NetworkPolicyPeer[]>>();

/**
 * What is open in a range.
 *
 * The agent gives a range the ports of a wider one only if its first address lies in no hole of the wider one, so a range
 * that begins with a hole is written as the parts after the hole.
 * Source: aws/aws-network-policy-agent, pkg/fwruleprocessor/fw_rule_processor.go, `checkAndDeriveL4InfoFromAnyMatchingCIDRs`.
 */
export function openPeers(cidr: string, source: EgressSource, own: OwnRanges | undefined): NetworkPolicyPeer[] {
  if (closedAround(cidr, source, own) !== undefined) return [];
  const holes = holesIn(cidr, source, own);
  const parts = cidr === ANYWHERE ? undefined : partsAfter(cidr, holes);
  return parts?.flatMap((part) => openPeers(part, source, own)) ?? [rangePeer(cidr, holes)];
}

function platformPeers(platform: Platform, references: NetworkPolicyReferences): NetworkPolicyPeer[] {
  switch (platform) {
    case "dns":
      return [CORE_DNS, rangePeer(NODE_LOCAL_DNS)];
    case "database":
      return references.databaseCidrs.map((cidr) => rangePeer(cidr));
    case "kubernetes-api":
      // The Service has no selector, so only addresses lead to it: its own and those of the control plane behind it.
      return [`${references.kubernetesServiceIp}/32`, ...references.controlPlaneCidrs].map((cidr) => rangePeer(cidr));
    case "kubelet":
      return references.podCidrs.map((cidr) => rangePeer(cidr));
    case "pod-identity":
      return POD_IDENTITY_ADDRESSES.map((cidr) => rangePeer(cidr));
  }
}
