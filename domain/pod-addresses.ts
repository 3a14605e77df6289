import { type NodeShape } from "./instance-types";

/** Nodes of one shape, and the pods with an address of their own that each may run. */
export interface AddressDemand {
  /** Shape of the nodes. */
  readonly shape: NodeShape;
  /** Number of nodes. */
  readonly nodes: number;
  /** Pods a node that are not in the host's network. */
  readonly podsPerNode: number;
}

/** Addresses that the VPC CNI takes from a subnet for one prefix. */
const PREFIX_ADDRESSES = 16;

/** Nodes of the system node group at its largest: three, and one more while they are replaced. */
const SYSTEM_NODES = 4;

/** Addresses of a system node with 2 or 4 CPUs, full. */
const SYSTEM_NODE_ADDRESSES = 60;

/**
 * Addresses that nodes and pods take from the private subnets at most.
 *
 * The VPC CNI takes whole network interfaces, or whole prefixes of 16, and keeps one more in reserve on each node; the
 * larger of the two is counted, so either mode fits.
 * Source: https://docs.aws.amazon.com/eks/latest/best-practices/ip-opt.html
 */
export function podAddresses(demands: readonly AddressDemand[]): number {
  return demands.reduce(
    (sum, { shape, nodes, podsPerNode }) => sum + nodes * nodeAddresses(shape, podsPerNode),
    SYSTEM_NODES * SYSTEM_NODE_ADDRESSES,
  );
}

/** Addresses that one zone must have so that all others together could lose one zone. */
export function addressesPerZone(addresses: number, zones: number): number {
  return Math.ceil(addresses / (zones - 1));
}

function nodeAddresses({ addressesPerInterface }: NodeShape, pods: number): number {
  const interfaces = Math.ceil(pods / (addressesPerInterface - 1)) + 1;
  const prefixes = Math.ceil(pods / PREFIX_ADDRESSES) + 1;
  return Math.max(interfaces * addressesPerInterface, prefixes * PREFIX_ADDRESSES + interfaces);
}
