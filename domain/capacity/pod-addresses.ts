/** Nodes of one pool, and the pods with their own address that each may run. */
export interface AddressDemand {
  /** Addresses of one network interface; where several are possible, the worst of them counts. */
  readonly interfaceAddresses: readonly number[];
  /** Number of nodes. */
  readonly nodes: number;
  /** Pods a node that are not in the host's network. */
  readonly podsPerNode: number;
}

/** Addresses that the VPC CNI takes from a subnet for one prefix. */
const PREFIX_ADDRESSES = 16;

/** Nodes of the system node group. */
export interface SystemNodeCount {
  /** Between replacements. */
  readonly count: number;
  /** While nodes are replaced. */
  readonly maximum: number;
}

/** Nodes besides the group's largest size that may still be on their way out. */
const LEAVING_NODES = 1;

/** Addresses of a system node with 2 or 4 CPUs, full. */
const SYSTEM_NODE_ADDRESSES = 60;

/** Addresses by the way in which nodes take them. */
export interface AddressesByMode {
  /** One by one, by the network interface. */
  readonly interfaces: number;
  /** In blocks of 16. */
  readonly prefixes: number;
}

/** Addresses that a zone must have free. */
export interface ZoneAddresses {
  /** For the sandboxes' nodes and their pods. */
  readonly sandboxes: AddressesByMode;
  /** For all other nodes and pods. */
  readonly others: AddressesByMode;
}

/**
 * Addresses that nodes and pods take from their subnets at most.
 *
 * The VPC CNI takes whole network interfaces, or whole prefixes of 16 on one interface after the other, and keeps one more in
 * reserve on each node; with a warm target it takes single addresses, and keeps as many in reserve as the target says.
 * Source: https://docs.aws.amazon.com/eks/latest/best-practices/ip-opt.html
 */
export function podAddresses(demands: readonly AddressDemand[], warmIpTarget?: number): AddressesByMode {
  const single =
    warmIpTarget === undefined
      ? singleAddresses
      : (perInterface: number, pods: number) => targetAddresses(perInterface, pods + warmIpTarget);
  return { interfaces: sumOf(demands, single), prefixes: sumOf(demands, prefixAddresses) };
}

/** Each interface has its own address besides those of pods. */
function targetAddresses(perInterface: number, addresses: number): number {
  return addresses + Math.ceil(addresses / (perInterface - 1));
}

/** Interfaces with an address for each pod, and one more in reserve. */
function singleAddresses(perInterface: number, pods: number): number {
  return (Math.ceil(pods / (perInterface - 1)) + 1) * perInterface;
}

/** Each interface has its own address besides its prefixes. */
function prefixAddresses(perInterface: number, pods: number): number {
  const prefixes = Math.ceil(pods / PREFIX_ADDRESSES) + 1;
  return prefixes * PREFIX_ADDRESSES + Math.ceil(prefixes / (perInterface - 1));
}

/** Pods with an address of their node's network on a system node: DNS, Karpenter, the load balancer controller, metrics, the storage driver. */
const SYSTEM_PODS = 8;

/** Addresses of one interface of a system node of 2 CPUs. */
const SYSTEM_INTERFACE = 10;

/** Addresses of the system nodes between replacements. */
export function systemAddresses(nodes: number, warmIpTarget?: number): AddressesByMode {
  return podAddresses([{ interfaceAddresses: [SYSTEM_INTERFACE], nodes, podsPerNode: SYSTEM_PODS }], warmIpTarget);
}

/** Addresses of the system nodes at their most. */
export function mostSystemAddresses({ maximum }: SystemNodeCount): AddressesByMode {
  const addresses = (maximum + LEAVING_NODES) * SYSTEM_NODE_ADDRESSES;
  return { interfaces: addresses, prefixes: addresses };
}

/** Addresses that one zone must have so that all others together could lose one zone. */
export function addressesPerZone({ interfaces, prefixes }: AddressesByMode, zones: number): AddressesByMode {
  return { interfaces: Math.ceil(interfaces / (zones - 1)), prefixes: Math.ceil(prefixes / (zones - 1)) };
}

/** Adds addresses up, mode by mode. */
export function plusAddresses(left: AddressesByMode, right: AddressesByMode): AddressesByMode {
  return { interfaces: left.interfaces + right.interfaces, prefixes: left.prefixes + right.prefixes };
}

function sumOf(demands: readonly AddressDemand[], perNode: (perInterface: number, pods: number) => number): number {
  return demands.reduce((sum, { interfaceAddresses, nodes, podsPerNode }) => {
    const worst = Math.max(0, ...interfaceAddresses.map((perInterface) => perNode(perInterface, podsPerNode)));
    return sum + nodes * worst;
  }, 0);
}
