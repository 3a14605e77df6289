import type { AddressesByMode } from "../capacity/pod-addresses";
import { neededIn, type ZoneRoom } from "./addresses";
import type { NetworkDemand } from "./spec";
import type { Violation } from "../common/violation";

type Mode = keyof AddressesByMode;

/** A list of subnets that nodes and pods may fill up. */
interface Filled {
  readonly list: "privateSubnets" | "sandboxSubnets";
  /** Addresses of a zone. */
  readonly has: number;
  /** Which of the addresses that are needed count. */
  readonly part: keyof ZoneRoom;
}

function filled({ own, sandboxes }: ZoneRoom): Filled[] {
  return [
    { list: "privateSubnets", has: own, part: "own" },
    ...(sandboxes === undefined ? [] : [{ list: "sandboxSubnets", has: sandboxes, part: "sandboxes" } as const]),
  ];
}

/** Refuses subnets in which the planned peak cannot start. */
export function roomViolations(demand: NetworkDemand, room: ZoneRoom, mode: Mode): Violation[] {
  const expected = neededIn(demand.expectedAddresses ?? demand.addressesPerZone, room, mode);
  return filled(room).flatMap(({ list, has, part }) => {
    const needs = expected[part] ?? 0;
    if (needs <= has) return [];
    return [
      {
        path: `network.${list}`,
        problem: `a zone has ${Math.max(0, has)} free addresses, even if nothing else uses them, but the planned peak needs ${needs}`,
        remedy: levers(demand, room, mode, { part, has }).join(", or "),
      },
    ];
  });
}

/** Says where the pools at their limits, with one zone lost, would need more addresses than there are. */
export function roomWarnings(demand: NetworkDemand, room: ZoneRoom, mode: Mode): string[] {
  const { addressesPerZone, expectedAddresses = addressesPerZone } = demand;
  const most = neededIn(addressesPerZone, room, mode);
  const expected = neededIn(expectedAddresses, room, mode);
  return filled(room).flatMap(({ list, has, part }) => {
    const [needs, usual] = [most[part] ?? 0, expected[part] ?? 0];
    if (needs <= has || usual > has) return [];
    return [
      `network.${list}: a zone has ${has} addresses, the planned peak needs ${usual}, and up to ${needs} while every node is replaced and another zone is lost: pods then wait for an address. To make room, ${levers(demand, room, mode, { part, has }).join(", or ")}.`,
    ];
  });
}

/** What makes room, with the addresses that the planned peak needs then; the first ones are enough by themselves. */
function levers(
  { addressesPerZone, expectedAddresses = addressesPerZone, leanAddresses = expectedAddresses }: NetworkDemand,
  room: ZoneRoom,
  mode: Mode,
  { part, has }: Pick<Filled, "part" | "has">,
): string[] {
  const needs = (addresses: typeof expectedAddresses, how: Mode): number => neededIn(addresses, room, how)[part] ?? 0;
  const now = needs(expectedAddresses, mode);
  const lean = needs(leanAddresses, "interfaces");
  const blocks = needs(expectedAddresses, "prefixes");
  const helps = (count: number): boolean => count < now && count <= has;
  return [
    ...(helps(lean) ? [`set cluster.warmIpTarget to 2 in a new cluster (${lean} addresses)`] : []),
    ...(mode === "interfaces" && helps(blocks) ? [`set cluster.prefixDelegation to true (${blocks} addresses)`] : []),
    ...(room.sandboxes === undefined
      ? [
          `give the sandboxes separate subnets, for instance in 100.64.0.0/10 (network.sandboxSubnets; ${expectedAddresses.others[mode]} addresses are left here)`,
        ]
      : []),
    "use larger subnets",
    "use fewer builders",
  ];
}
