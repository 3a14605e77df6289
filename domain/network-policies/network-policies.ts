import type { EgressPlan } from "../egress/egress";
import { CATALOG } from "../catalog/catalog";
import type { RetoolComponent } from "../catalog/row";
import type { EgressDestination, EgressRule } from "../egress/rules";
import type {
  LabelSelector,
  NetworkPolicy,
  NetworkPolicyPeer,
  NetworkPolicyPort,
  NetworkPolicySpec,
} from "../common/kubernetes";
import {
  type NetworkPolicyReferences,
  type Permission,
  componentPeer,
  componentPort,
  destinationPeers,
  rangePeer,
} from "./peers";
import { policyPorts } from "./ports";

/** Name of the policy that denies everything no other policy allows. */
export const DEFAULT_DENY = "retool-default-deny";

/** Name of the policy of a component. */
export function policyName(component: RetoolComponent): string {
  return `retool-${component}`;
}

/**
 * Renders a plan as NetworkPolicies: nothing goes in or out of Retool's namespace, except what each component needs.
 *
 * Every component has one policy, so that a container's whole reach can be read in one object.
 */
export function networkPolicies(plan: EgressPlan, references: NetworkPolicyReferences): NetworkPolicy[] {
  return [
    policy(DEFAULT_DENY, references, { podSelector: {}, policyTypes: ["Ingress", "Egress"] }),
    ...plan.components.map((component) =>
      policy(policyName(component), references, {
        podSelector: selector(component),
        policyTypes: ["Ingress", "Egress"],
        ...rules("ingress", "from", ingressPermissions(component, plan, references)),
        ...rules("egress", "to", egressPermissions(component, plan, references)),
      }),
    ),
  ];
}

function policy(name: string, { namespace }: NetworkPolicyReferences, spec: NetworkPolicySpec): NetworkPolicy {
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name, namespace, labels: { "app.kubernetes.io/part-of": "retool" } },
    spec,
  };
}

function selector(component: RetoolComponent): LabelSelector {
  return { matchLabels: CATALOG[component].labels };
}

function ingressPermissions(
  component: RetoolComponent,
  { arrows, frontDoor }: EgressPlan,
  { frontDoorCidrs }: NetworkPolicyReferences,
): Permission[] {
  const fromPods = arrows
    .filter(({ to }) => to === component)
    .map(({ from, port }) => ({ peer: componentPeer(from), port: componentPort(port) }));
  const { http } = CATALOG[component].ports;
  const fromFrontDoor =
    http === undefined || !frontDoor.includes(component)
      ? []
      : frontDoorCidrs.map((cidr) => ({ peer: rangePeer(cidr), port: componentPort(http) }));
  return [...fromFrontDoor, ...fromPods];
}

function egressPermissions(
  component: RetoolComponent,
  { arrows, rules: leaving }: EgressPlan,
  references: NetworkPolicyReferences,
): Permission[] {
  const toPods = arrows
    .filter(({ from }) => from === component)
    .map(({ to, port }) => ({ peer: componentPeer(to), port: componentPort(port) }));
  const outside = leaving
    .filter(({ sources }) => sources.includes(component))
    .flatMap((rule) =>
      placesOf(rule)
        .flatMap((place) => destinationPeers(place, rule, component, references))
        .flatMap((peer) => rulePorts(rule).map((port) => ({ peer, port }))),
    );
  return [...toPods, ...outside];
}

/** A policy knows no names: a host is its addresses where they are listed. */
function placesOf({ destination, addresses = [] }: EgressRule): readonly EgressDestination[] {
  return isName(destination) && addresses.length > 0
    ? addresses.map((cidr) => ({ kind: "range", cidr }))
    : [destination];
}

function isName({ kind }: EgressDestination): boolean {
  return kind === "host" || kind === "subdomains";
}

/** Names are resolved over both protocols; everything else that leaves is TCP. */
function rulePorts({ destination, port }: EgressRule): NetworkPolicyPort[] {
  if (port === "any") return [{ protocol: "TCP" }];
  const isDns = destination.kind === "platform" && destination.platform === "dns";
  return isDns
    ? [
        { port, protocol: "UDP" },
        { port, protocol: "TCP" },
      ]
    : [{ port, protocol: "TCP" }];
}

/** One rule for each set of ports, with all the peers that have exactly these. */
function rules(
  direction: "ingress" | "egress",
  side: "from" | "to",
  permissions: readonly Permission[],
): Partial<NetworkPolicySpec> {
  if (permissions.length === 0) return {};
  const byPeer = groupBy(permissions, ({ peer }) => JSON.stringify(peer)).map((group) => ({
    peer: group[0].peer,
    ports: policyPorts(group.map(({ port }) => port)),
  }));
  const byPorts = groupBy(byPeer, ({ ports }) => JSON.stringify(ports));
  return { [direction]: byPorts.map((group) => ({ [side]: group.map(peerOf), ports: group[0].ports })) };
}

function peerOf({ peer }: { readonly peer: NetworkPolicyPeer }): NetworkPolicyPeer {
  return peer;
}

type NonEmpty<Item> = readonly [Item, ...Item[]];

/** Groups items by a key, in the order in which the keys appear. */
function groupBy<Item>(items: readonly Item[], key: (item: Item) => string): NonEmpty<Item>[] {
  const groups = new Map<string, [Item, ...Item[]]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group === undefined) groups.set(key(item), [item]);
    else group.push(item);
  }
  return [...groups.values()];
}
