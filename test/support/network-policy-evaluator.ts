/**
 * Answers whether a connection is allowed by NetworkPolicy objects, in two ways that must agree for our policies:
 *
 * - `kubernetes`: as the API defines it. Rules add up; the address of a Service stands for the pods behind it.
 * - `vpc-cni`: as Amazon's agent does it. Selectors become addresses beforehand, the address of a Service counts on its own,
 *   and of all addresses only the longest prefix that matches is looked at, holes included. A pod's own node is open both ways, on every port, against all policies: the agent writes its address into
 *   the maps of each pod, so that the kubelet can probe it.
 *   (aws/amazon-network-policy-controller-k8s pkg/resolvers/endpoints.go, aws/aws-network-policy-agent
 *   pkg/fwruleprocessor/fw_rule_processor.go)
 *
 * It reads the objects as a cluster would and shares no code with what renders them.
 */
export type Semantics = "kubernetes" | "vpc-cni";

export interface Pod {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly ip: string;
  readonly ports: readonly { readonly name?: string; readonly port: number; readonly protocol: string }[];
  readonly hostNetwork?: boolean;
  /** Address of the node that it runs on. */
  readonly nodeIp?: string;
}

export interface Service {
  readonly name: string;
  readonly namespace: string;
  readonly clusterIp?: string;
  /** Without a selector the endpoints are given. */
  readonly selector?: Readonly<Record<string, string>>;
  readonly endpoints?: readonly string[];
  readonly ports: readonly { readonly port: number; readonly target: number | string; readonly protocol: string }[];
}

export interface Cluster {
  readonly namespaces: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly pods: readonly Pod[];
  readonly services: readonly Service[];
}

export interface Target {
  readonly address: string;
  readonly port: number;
  readonly protocol: "TCP" | "UDP";
}

interface Selector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}
interface Peer {
  readonly podSelector?: Selector;
  readonly namespaceSelector?: Selector;
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
}
interface PolicyPort {
  readonly port?: number | string;
  readonly endPort?: number;
  readonly protocol: string;
}
interface Rule {
  readonly from?: readonly Peer[];
  readonly to?: readonly Peer[];
  readonly ports?: readonly PolicyPort[];
}
export interface Policy {
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec: {
    readonly podSelector: Selector;
    readonly policyTypes: readonly string[];
    readonly ingress?: readonly Rule[];
    readonly egress?: readonly Rule[];
  };
}

type Direction = "Ingress" | "Egress";

export class NetworkPolicyEvaluator {
  private readonly resolved = new Map<string, readonly Entry[]>();

  public constructor(
    private readonly cluster: Cluster,
    private readonly policies: readonly Policy[],
  ) {}

  /** Policies that select a pod. */
  public selecting(pod: Pod): Policy[] {
    return this.policies.filter(
      ({ metadata, spec }) => metadata.namespace === pod.namespace && matches(spec.podSelector, pod.labels),
    );
  }

  /** Whether a pod, or an address outside the cluster, can open a connection. */
  public allows(from: Pod | string, to: Target, semantics: Semantics): boolean {
    const service = this.cluster.services.find(({ clusterIp }) => clusterIp === to.address);
    if (service === undefined) return this.leaves(from, to, semantics) && this.enters(from, to, semantics);
    const backends = this.backendsOf(service, to);
    const leaves =
      semantics === "vpc-cni"
        ? this.leaves(from, to, semantics)
        : backends.some((backend) => this.leaves(from, backend, semantics));
    return leaves && backends.some((backend) => this.enters(from, backend, semantics));
  }

  private leaves(from: Pod | string, to: Target, semantics: Semantics): boolean {
    if (typeof from === "string" || from.hostNetwork === true) return true;
    if (semantics === "vpc-cni" && to.address === from.nodeIp) return true;
    const policies = this.selecting(from).filter(({ spec }) => spec.policyTypes.includes("Egress"));
    if (policies.length === 0) return true;
    return semantics === "kubernetes"
      ? policies.some((policy) => this.ruleMatches(policy, policy.spec.egress, "Egress", to, to))
      : this.longestPrefix(this.entries(policies, "Egress", from), to.address, to);
  }

  private enters(from: Pod | string, to: Target, semantics: Semantics): boolean {
    const pod = this.cluster.pods.find(({ ip }) => ip === to.address);
    if (pod === undefined || pod.hostNetwork === true) return true;
    if (semantics === "vpc-cni" && from === pod.nodeIp) return true;
    const policies = this.selecting(pod).filter(({ spec }) => spec.policyTypes.includes("Ingress"));
    if (policies.length === 0) return true;
    const source = typeof from === "string" ? from : from.ip;
    return semantics === "kubernetes"
      ? policies.some((policy) =>
          this.ruleMatches(policy, policy.spec.ingress, "Ingress", { ...to, address: source }, to),
        )
      : this.longestPrefix(this.entries(policies, "Ingress", pod), source, to);
  }

  private backendsOf(service: Service, { port, protocol }: Target): Target[] {
    const found = service.ports.find((candidate) => candidate.port === port && candidate.protocol === protocol);
    if (found === undefined) return [];
    const { target } = found;
    if (service.selector === undefined)
      return (service.endpoints ?? []).map((address) => ({ address, port: Number(target), protocol }));
    return this.podsBehind(service).flatMap((pod) => {
      const number = typeof target === "number" ? target : pod.ports.find(({ name }) => name === target)?.port;
      return number === undefined ? [] : [{ address: pod.ip, port: number, protocol }];
    });
  }

  private podsBehind(service: Service): Pod[] {
    return this.cluster.pods.filter(
      (pod) => pod.namespace === service.namespace && matches({ matchLabels: service.selector }, pod.labels),
    );
  }

  // --- As the API defines it.

  private ruleMatches(
    policy: Policy,
    rules: readonly Rule[] | undefined,
    direction: Direction,
    other: Target,
    target: Target,
  ): boolean {
    return (rules ?? []).some((rule) => {
      const peers = direction === "Ingress" ? rule.from : rule.to;
      const peerMatches = peers === undefined || peers.some((peer) => this.peerHolds(peer, policy, other.address));
      return peerMatches && this.portMatches(rule.ports, target);
    });
  }

  private peerHolds(peer: Peer, policy: Policy, address: string): boolean {
    if (peer.ipBlock !== undefined) {
      const { cidr, except = [] } = peer.ipBlock;
      return inRange(address, cidr) && !except.some((hole) => inRange(address, hole));
    }
    return this.podsOf(peer, policy).some(({ ip }) => ip === address);
  }

  private podsOf(peer: Peer, policy: Policy): Pod[] {
    return this.cluster.pods.filter(
      (pod) =>
        this.namespacesOf(peer, policy).includes(pod.namespace) &&
        (peer.podSelector === undefined || matches(peer.podSelector, pod.labels)),
    );
  }

  private namespacesOf({ namespaceSelector }: Peer, { metadata }: Policy): string[] {
    if (namespaceSelector === undefined) return [metadata.namespace ?? "default"];
    return Object.entries(this.cluster.namespaces)
      .filter(([, labels]) => matches(namespaceSelector, labels))
      .map(([name]) => name);
  }

  private portMatches(ports: readonly PolicyPort[] | undefined, target: Target): boolean {
    if (ports === undefined) return true;
    return ports.some(({ port, endPort, protocol }) => {
      if (protocol !== target.protocol) return false;
      if (port === undefined) return true;
      if (typeof port === "number") return target.port >= port && target.port <= (endPort ?? port);
      const pod = this.cluster.pods.find(({ ip }) => ip === target.address);
      return (
        pod?.ports.some((own) => own.name === port && own.port === target.port && own.protocol === protocol) ?? false
      );
    });
  }

  // --- As Amazon's agent does it.

  private entries(policies: readonly Policy[], direction: Direction, selected: Pod): readonly Entry[] {
    const key = `${direction} ${selected.ip}`;
    const known = this.resolved.get(key) ?? this.resolve(policies, direction, selected);
    this.resolved.set(key, known);
    return known;
  }

  private resolve(policies: readonly Policy[], direction: Direction, selected: Pod): Entry[] {
    const allowed: (Entry & { readonly except: readonly string[] })[] = [];
    const holes = new Set<string>();
    for (const policy of policies)
      for (const endpoint of this.endpoints(policy, direction, selected)) {
        allowed.push(endpoint);
        for (const hole of endpoint.except) holes.add(hole);
      }
    const cidrs = [...new Set(allowed.map(({ cidr }) => cidr))].sort((a, b) => prefixOf(a) - prefixOf(b));
    const merged = cidrs.map((cidr) => {
      const own = allowed.filter((entry) => entry.cidr === cidr).flatMap(({ ports }) => ports);
      const wider = allowed.filter(
        (entry) =>
          prefixOf(entry.cidr) < prefixOf(cidr) &&
          inRange(addressOf(cidr), entry.cidr) &&
          // Holes of all rules for the same range count together.
          !allowed
            .filter((same) => same.cidr === entry.cidr)
            .some((same) => same.except.some((hole) => inRange(addressOf(cidr), hole))),
      );
      return { cidr, ports: [...own, ...wider.flatMap(({ ports }) => ports)] };
    });
    const closed = [...holes].filter((hole) => !cidrs.includes(hole)).map((cidr) => ({ cidr, ports: [] }));
    return [...merged, ...closed];
  }

  private endpoints(
    policy: Policy,
    direction: Direction,
    selected: Pod,
  ): (Entry & { readonly except: readonly string[] })[] {
    const rules = (direction === "Ingress" ? policy.spec.ingress : policy.spec.egress) ?? [];
    return rules.flatMap((rule) => {
      const peers = direction === "Ingress" ? rule.from : rule.to;
      const plain = numbered(rule.ports);
      if (peers === undefined) return plain === undefined ? [] : [{ cidr: "0.0.0.0/0", except: [], ports: plain }];
      return peers.flatMap((peer) => {
        if (peer.ipBlock !== undefined) {
          const ports = direction === "Ingress" ? namedOn(rule.ports, selected) : plain;
          return ports === undefined ? [] : [{ cidr: peer.ipBlock.cidr, except: peer.ipBlock.except ?? [], ports }];
        }
        const pods = this.podsOf(peer, policy).flatMap((pod) => {
          const ports = namedOn(rule.ports, direction === "Ingress" ? selected : pod);
          return ports === undefined ? [] : [{ cidr: `${pod.ip}/32`, except: [], ports }];
        });
        return direction === "Ingress" ? pods : [...pods, ...this.serviceEndpoints(peer, policy, rule.ports)];
      });
    });
  }

  /** Services whose selector the peer's selector matches, with the ports that lead to the ports of the rule. */
  private serviceEndpoints(
    peer: Peer,
    policy: Policy,
    ports: readonly PolicyPort[] | undefined,
  ): (Entry & { readonly except: readonly string[] })[] {
    const namespaces = this.namespacesOf(peer, policy);
    return this.cluster.services
      .filter(
        ({ namespace, selector, clusterIp }) =>
          clusterIp !== undefined && namespaces.includes(namespace) && matches(peer.podSelector ?? {}, selector ?? {}),
      )
      .flatMap((service) => {
        if (ports === undefined) return [{ cidr: `${service.clusterIp ?? ""}/32`, except: [], ports: [ALL] }];
        const leading = ports.flatMap(({ port, protocol }) => this.listening(service, port, protocol));
        return leading.length === 0 ? [] : [{ cidr: `${service.clusterIp ?? ""}/32`, except: [], ports: leading }];
      });
  }

  private listening(service: Service, port: number | string | undefined, protocol: string): Open[] {
    if (port === undefined) return [{ protocol }];
    const exact = service.ports.find((own) => own.target === port && own.protocol === protocol);
    return exact === undefined ? [] : [{ protocol, port: exact.port }];
  }

  private longestPrefix(entries: readonly Entry[], address: string, target: Target): boolean {
    const [best] = entries
      .filter(({ cidr }) => inRange(address, cidr))
      .sort((a, b) => prefixOf(b.cidr) - prefixOf(a.cidr));
    return (
      best?.ports.some(
        ({ protocol, port, endPort }) =>
          (protocol === "ANY" || protocol === target.protocol) &&
          (port === undefined || (target.port >= port && target.port <= (endPort ?? port))),
      ) ?? false
    );
  }
}

interface Open {
  readonly protocol: string;
  readonly port?: number;
  readonly endPort?: number;
}
interface Entry {
  readonly cidr: string;
  readonly ports: readonly Open[];
}
const ALL: Open = { protocol: "ANY" };

/** Ports without those that have a name: an address has no names. `undefined` where nothing is left. */
function numbered(ports: readonly PolicyPort[] | undefined): Open[] | undefined {
  if (ports === undefined) return [ALL];
  const open = ports.flatMap(({ port, endPort, protocol }) =>
    typeof port === "string" ? [] : [{ protocol, port, endPort }],
  );
  return open.length === 0 ? undefined : open;
}

/** Ports with names looked up on a pod. */
function namedOn(ports: readonly PolicyPort[] | undefined, pod: Pod): Open[] | undefined {
  if (ports === undefined) return [ALL];
  const open = ports.flatMap(({ port, endPort, protocol }): Open[] => {
    if (typeof port !== "string") return [{ protocol, port, endPort }];
    const found = pod.ports.find((own) => own.name === port && own.protocol === protocol);
    return found === undefined ? [] : [{ protocol, port: found.port }];
  });
  return open.length === 0 ? undefined : open;
}

function matches(
  { matchLabels = {}, matchExpressions = [] }: Selector,
  labels: Readonly<Record<string, string>>,
): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      const value = labels[key];
      switch (operator) {
        case "In":
          return value !== undefined && values.includes(value);
        case "NotIn":
          return value === undefined || !values.includes(value);
        case "Exists":
          return value !== undefined;
        default:
          return value === undefined;
      }
    })
  );
}

function addressOf(cidr: string): string {
  return cidr.split("/")[0] ?? "";
}

function prefixOf(cidr: string): number {
  return Number(cidr.split("/")[1] ?? 32);
}

/** Whether an IPv4 address lies in an IPv4 range; ranges of IPv6 hold none. */
function inRange(address: string, cidr: string): boolean {
  if (cidr.includes(":") || address.includes(":")) return address === addressOf(cidr);
  const size = 2 ** (32 - prefixOf(cidr));
  return Math.floor(toInteger(address) / size) === Math.floor(toInteger(addressOf(cidr)) / size);
}

function toInteger(address: string): number {
  return address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}
