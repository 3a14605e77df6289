import { type Ipv4Range, contains, parseIpv4 } from "../common/address-range";
import { COMPONENTS, type ComponentPort, type RetoolComponent } from "../catalog/components";
import type { EgressDestination, Platform } from "../egress/rules";
import type { NetworkPolicyPeer, NetworkPolicyPort } from "../common/kubernetes";

/** Addresses and names of the environment that policies need, as plain text. */
export interface NetworkPolicyReferences {
  /** Namespace of Retool. */
  readonly namespace: string;
  /** Every range of the VPC, secondary ones too. */
  readonly vpcCidrs: readonly string[];
  /** Ranges of nodes and pods. */
  readonly podCidrs: readonly string[];
  /** Range of the cluster's Services. */
  readonly serviceCidr: string;
  /** Address of the Service `kubernetes`: the first one of {@link serviceCidr}. */
  readonly kubernetesServiceIp: string;
  /** Ranges of the subnets in which EKS places the network interfaces of the control plane. */
  readonly controlPlaneCidrs: readonly string[];
  /** Ranges of the subnets that hold the database. */
  readonly databaseCidrs: readonly string[];
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

/** Instance metadata, the credentials of Pod Identity and every other address that means the node itself. */
const LINK_LOCAL = "169.254.0.0/16";

/** Addresses that are never on the internet; what the chart's own policy keeps from sandboxes, too. */
const NOT_PUBLIC: readonly string[] = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  LINK_LOCAL,
  "172.16.0.0/12",
  "192.168.0.0/16",
];

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
const NODE_LOCAL_DNS = "169.254.20.10/32";

/** Pods of CoreDNS, which are those of the Service `kube-dns`. */
const CORE_DNS: NetworkPolicyPeer = {
  namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
  podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
};

/** The pods of a component. */
export function componentPeer(component: RetoolComponent): NetworkPolicyPeer {
  return { podSelector: { matchLabels: COMPONENTS[component].labels } };
}

/** A range of addresses. */
export function rangePeer(cidr: string, except: readonly string[] = []): NetworkPolicyPeer {
  return { ipBlock: except.length === 0 ? { cidr } : { cidr, except } };
}

/** A component's port as a policy names it: by name exactly where its Service does. */
export function componentPort({ number, name, protocol }: ComponentPort): NetworkPolicyPort {
  return { port: name ?? number, protocol };
}

/** Peers that stand for a destination, as seen from a component. */
export function destinationPeers(
  destination: EgressDestination,
  source: RetoolComponent,
  references: NetworkPolicyReferences,
): NetworkPolicyPeer[] {
  switch (destination.kind) {
    case "platform":
      return platformPeers(destination.platform, references);
    case "namespace":
      return [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": destination.namespace } } }];
    case "range":
      return [
        rangePeer(destination.cidr, strictlyInside(destination.cidr, holesOf(destination.cidr, source, references))),
      ];
    case "host":
    case "subdomains":
    case "anywhere":
      return [rangePeer(ANYWHERE, closedRanges(source, references))];
  }
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

/**
 * Ranges that "anywhere" never includes.
 *
 * Code that users write must not reach the node, the VPC, other pods or networks behind the VPC. Queries may reach private
 * data sources, but neither the node nor the cluster's Services.
 *
 * The list is the same for all rules of a component: the VPC CNI merges rules for the same range, and the holes of one would
 * be holes of all.
 */
export function closedRanges(source: RetoolComponent, references: NetworkPolicyReferences): string[] {
  const { vpcCidrs, podCidrs, serviceCidr } = references;
  return COMPONENTS[source].runsUserCode === true
    ? outermost([...NOT_PUBLIC, ...vpcCidrs, ...podCidrs, serviceCidr])
    : outermost([LINK_LOCAL, serviceCidr]);
}

/** A range that is given by name opens private addresses, but those of the environment itself only to queries. */
function holesOf(cidr: string, source: RetoolComponent, references: NetworkPolicyReferences): string[] {
  const { vpcCidrs, podCidrs, serviceCidr } = references;
  if (cidr === ANYWHERE || COMPONENTS[source].runsUserCode !== true) return closedRanges(source, references);
  return outermost([LINK_LOCAL, ...vpcCidrs, ...podCidrs, serviceCidr]);
}

/** Drops ranges that lie in others, and sorts the rest. */
function outermost(cidrs: readonly string[]): string[] {
  const ranges = [...new Set(cidrs)].flatMap((cidr) => parsed(cidr));
  return ranges
    .filter(({ range }) => !ranges.some((other) => other.range !== range && contains(other.range, range)))
    .sort((left, right) => left.range.first - right.range.first)
    .map(({ cidr }) => cidr);
}

/** The API accepts as holes only ranges that are smaller than the range they are in. */
function strictlyInside(cidr: string, holes: readonly string[]): string[] {
  return parsed(cidr).flatMap(({ range }) =>
    holes
      .flatMap((hole) => parsed(hole))
      .filter((hole) => contains(range, hole.range) && hole.range.prefixLength > range.prefixLength)
      .map((hole) => hole.cidr),
  );
}

function parsed(cidr: string): { readonly cidr: string; readonly range: Ipv4Range }[] {
  const range = parseIpv4(cidr);
  return range === undefined ? [] : [{ cidr, range }];
}
