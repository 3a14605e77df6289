import { isWithin } from "../common/address-range";
import type { NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort } from "../common/kubernetes";
import type { Violation } from "../common/violation";

/**
 * Ports that the agent of the VPC CNI keeps for one range; it drops all others with a line in the node's log.
 *
 * Source: aws/aws-network-policy-agent, pkg/utils/utils.go, `ComputeTrieValue` (the value of the map has room for 24).
 */
export const MOST_PORTS = 24;

/** Distinct ports; where they are more than the agent keeps, neighbouring ones become ranges, which open nothing more. */
export function policyPorts(ports: readonly NetworkPolicyPort[]): NetworkPolicyPort[] {
  const distinct = distinctPorts(ports);
  return distinct.length <= MOST_PORTS ? distinct : joined(distinct);
}

/** Every port of a protocol includes each of them. */
function distinctPorts(ports: readonly NetworkPolicyPort[]): NetworkPolicyPort[] {
  const unlimited = new Set(ports.filter(({ port }) => port === undefined).map(({ protocol }) => protocol));
  const byKey = new Map(ports.map((port) => [JSON.stringify(port), port]));
  return [...byKey.values()].filter(({ port, protocol }) => port === undefined || !unlimited.has(protocol));
}

function joined(ports: readonly NetworkPolicyPort[]): NetworkPolicyPort[] {
  const numbered = ports.filter(({ port }) => typeof port === "number") as (NetworkPolicyPort & { port: number })[];
  const others = ports.filter(({ port }) => typeof port !== "number");
  const ranges: { protocol: NetworkPolicyPort["protocol"]; port: number; endPort?: number }[] = [];
  for (const { port, protocol } of [...numbered].sort((a, b) => a.port - b.port)) {
    const last = ranges.find((range) => range.protocol === protocol && (range.endPort ?? range.port) === port - 1);
    if (last === undefined) ranges.push({ port, protocol });
    else last.endPort = port;
  }
  return [...ranges, ...others];
}

/** Finds ranges at which a container may use more ports than the agent keeps, with those that wider ranges add to them. */
export function portViolations(policies: readonly NetworkPolicy[]): Violation[] {
  return policies.flatMap(({ metadata, spec }) => {
    const opened = (spec.egress ?? []).flatMap(({ to = [], ports = [] }) =>
      to.flatMap(({ ipBlock }) => (ipBlock === undefined ? [] : [{ ipBlock, ports }])),
    );
    if (distinct(opened) <= MOST_PORTS) return [];
    const [worst] = opened
      .map(({ ipBlock: { cidr } }) => ({ cidr, count: portsAt(cidr, opened) }))
      .sort((left, right) => right.count - left.count);
    if (worst === undefined || worst.count <= MOST_PORTS) return [];
    return [
      {
        path: "egress.resources",
        problem: `${metadata.name} would open ${worst.count} ports to ${worst.cidr}, but the network plugin supports only ${MOST_PORTS}`,
        remedy: "use fewer or consecutive ports, or spread them over containers",
      },
    ];
  });
}

interface Opened {
  readonly ipBlock: NonNullable<NetworkPolicyPeer["ipBlock"]>;
  readonly ports: readonly NetworkPolicyPort[];
}

/** The agent gives a range the ports of every wider one that does not leave it out. */
function portsAt(cidr: string, opened: readonly Opened[]): number {
  return distinct(
    opened.filter(({ ipBlock }) => isWithin(cidr, [ipBlock.cidr]) && !isWithin(cidr, ipBlock.except ?? [])),
  );
}

function distinct(opened: readonly Opened[]): number {
  return new Set(opened.flatMap(({ ports }) => ports.map((port) => JSON.stringify(port)))).size;
}
