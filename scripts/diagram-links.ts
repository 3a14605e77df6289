import type { Resource, ResourceGraph } from "./diagram-graph";
import { manifestsOf } from "./diagram-manifests";

/** Resources of each box. */
type Holdings = ReadonlyMap<string, readonly Resource[]>;

/** An arrow: traffic, or one part using another. */
export interface Link {
  /** Box it starts at. */
  readonly from: string;
  /** Box it leads to. */
  readonly to: string;
  /** Traffic of users and pods, or what holds the parts together. */
  readonly kind: "traffic" | "uses";
}

/** An arrow that is drawn where one box refers to the other. */
interface Reference {
  readonly from: string;
  readonly to: string;
  readonly kind: Link["kind"];
  /** Whether the reference runs against the arrow. */
  readonly against?: true;
}

const REFERENCES: readonly Reference[] = [
  { from: "dns", to: "balancer", kind: "uses" },
  { from: "certificate", to: "balancer", kind: "uses", against: true },
  { from: "waf", to: "balancer", kind: "uses" },
  { from: "interruptions", to: "karpenter", kind: "uses", against: true },
  { from: "secrets", to: "retool", kind: "uses", against: true },
  { from: "retool", to: "database", kind: "traffic" },
  { from: "retool", to: "storage", kind: "traffic" },
  { from: "backup", to: "database", kind: "uses" },
  { from: "controller", to: "balancer", kind: "uses" },
  { from: "control-plane", to: "logs", kind: "uses" },
  { from: "database", to: "keys", kind: "uses" },
  { from: "storage", to: "keys", kind: "uses" },
  { from: "secrets", to: "keys", kind: "uses" },
];

/** Every arrow of the picture, each with something in the stack that says so. */
export function linksOf(graph: ResourceGraph, holdings: Holdings): Link[] {
  return [
    ...entranceLinks(holdings),
    ...targetLinks(graph),
    ...podLinks(holdings),
    ...exitLinks(holdings),
    ...REFERENCES.filter((reference) => isReal(graph, holdings, reference)).map(({ from, to, kind }) => ({
      from,
      to,
      kind,
    })),
  ];
}

function isReal(graph: ResourceGraph, holdings: Holdings, { from, to, against }: Reference): boolean {
  const [referring, referred] = against === true ? [to, from] : [from, to];
  return graph.refers(addresses(holdings, referring), addresses(holdings, referred), ({ managed }) => !managed);
}

function addresses(holdings: Holdings, id: string): Set<string> {
  return new Set((holdings.get(id) ?? []).map(({ address }) => address));
}

/** Who may reach the load balancer and the Kubernetes API. */
function entranceLinks(holdings: Holdings): Link[] {
  const balancer = holdings.get("balancer") ?? [];
  const isOpen = balancer.some(({ body }) => body["cidr_ipv4"] !== undefined && body["from_port"] === 443);
  const users: Link = { from: "users", to: "balancer", kind: "traffic" };
  const cluster = (holdings.get("control-plane") ?? []).find(({ type }) => type === "aws_eks_cluster");
  const operators: Link = { from: "operators", to: "control-plane", kind: "uses" };
  return [...(isOpen ? [users] : []), ...(cluster === undefined ? [] : [operators])];
}

/** Which pods the load balancer sends to. */
function targetLinks(graph: ResourceGraph): Link[] {
  return [...graph.resources.values()]
    .flatMap(manifestsOf)
    .filter(({ kind }) => kind === "TargetGroupBinding")
    .map(({ spec }) => {
      const { name } = spec["serviceRef"] as { readonly name: string };
      const to = name.endsWith("sandbox-proxy") ? "proxy" : "retool";
      return { from: "balancer", to, kind: "traffic" };
    });
}

interface PolicySpec {
  readonly pod_selector: { readonly match_labels?: Readonly<Record<string, string>> };
  readonly egress?: readonly {
    readonly ports?: readonly { readonly port?: string }[];
    readonly to?: readonly {
      readonly pod_selector?: PolicySpec["pod_selector"];
      readonly namespace_selector?: object;
      readonly ip_block?: { readonly cidr: string };
    }[];
  }[];
}

const PODS = ["retool", "code", "proxy", "sandboxes"];

function policiesOf(holdings: Holdings, id: string): PolicySpec[] {
  return (holdings.get(id) ?? [])
    .filter(({ type }) => type === "kubernetes_network_policy_v1")
    .map(({ body }: Resource) => body["spec"] as PolicySpec)
    .filter(({ pod_selector }) => pod_selector.match_labels !== undefined);
}

/** Which pods may open connections to which others. */
function podLinks(holdings: Holdings): Link[] {
  const names = new Map(
    PODS.flatMap((id) => policiesOf(holdings, id).map((spec) => [JSON.stringify(spec.pod_selector), id])),
  );
  const pairs = new Set(
    PODS.flatMap((from) =>
      policiesOf(holdings, from)
        .flatMap(({ egress = [] }) => egress.flatMap(({ to = [] }) => to))
        .flatMap(({ pod_selector }) => names.get(JSON.stringify(pod_selector)) ?? [])
        .filter((to) => to !== from)
        .map((to) => `${from} ${to}`),
    ),
  );
  // An answer in both directions is one arrow, in the direction in which users cause it.
  return [...pairs]
    .map((pair) => pair.split(" ") as [string, string])
    .filter(([from, to]) => PODS.indexOf(from) < PODS.indexOf(to) || !pairs.has(`${to} ${from}`))
    .map(([from, to]) => ({ from, to, kind: "traffic" }));
}

const TEMPORAL_PORT = "7233";

/** Which pods may leave, and what for. */
function exitLinks(holdings: Holdings): Link[] {
  const exits = PODS.map((id) => ({ id, ports: portsToInternet(holdings, id) })).filter(({ ports }) => ports.size > 0);
  if (exits.length === 0 || !holdings.has("nat")) return [];
  const temporal = exits.some(({ ports }) => ports.has(TEMPORAL_PORT));
  return [
    ...exits.map(({ id }): Link => ({ from: id, to: holdings.has("firewall") ? "firewall" : "nat", kind: "traffic" })),
    ...(holdings.has("dns-firewall") ? [{ from: "retool", to: "dns-firewall", kind: "traffic" } as const] : []),
    ...(holdings.has("firewall") ? [{ from: "firewall", to: "nat", kind: "traffic" } as const] : []),
    { from: "nat", to: "internet", kind: "traffic" },
    ...(temporal ? [{ from: "nat", to: "temporal", kind: "traffic" } as const] : []),
  ];
}

function portsToInternet(holdings: Holdings, id: string): Set<string> {
  const rules = policiesOf(holdings, id).flatMap(({ egress = [] }) => egress);
  return new Set(
    rules
      .filter(({ to = [] }) => to.some(({ ip_block }) => ip_block?.cidr === "0.0.0.0/0"))
      .flatMap(({ ports = [] }) => ports.map(({ port = "any" }) => port)),
  );
}
