import { type Feature, FEATURES } from "../../domain/catalog/row";
import type { EgressFeatures } from "../../domain/egress/egress";
import type { NetworkPolicyReferences } from "../../domain/network-policies/peers";
import type { Cluster, Pod, Service } from "./network-policy-evaluator";

function switched(on: boolean): Record<Feature, boolean> {
  return Object.fromEntries(FEATURES.map((feature) => [feature, on])) as Record<Feature, boolean>;
}

/** Every optional part switched off, as by default. */
export const features: EgressFeatures = {
  ...switched(false),
  telemetry: false,
  gitServer: false,
  identity: "pod-identity",
  sandboxProxyHost: true,
};

/** Every optional part switched on. */
export const everything: EgressFeatures = {
  ...switched(true),
  telemetry: true,
  gitServer: true,
  identity: "pod-identity",
  sandboxProxyHost: true,
};

/** Addresses of an environment with two zones. */
export const references: NetworkPolicyReferences = {
  namespace: "retool",
  vpcCidrs: ["10.0.0.0/16"],
  podCidrs: ["10.0.0.0/19", "10.0.64.0/19"],
  serviceCidr: "172.20.0.0/16",
  kubernetesServiceIp: "172.20.0.1",
  controlPlaneCidrs: ["10.0.0.0/19", "10.0.64.0/19"],
  endpointCidrs: ["10.0.0.0/19", "10.0.64.0/19"],
  databaseCidrs: ["10.0.40.0/22", "10.0.104.0/22"],
  frontDoorCidrs: ["10.0.32.0/21", "10.0.96.0/21"],
};

const named = (name: string): Record<string, string> => ({
  "app.kubernetes.io/instance": "retool",
  "app.kubernetes.io/managed-by": "Helm",
  "app.kubernetes.io/name": name,
  "helm.sh/chart": "retool-6.11.21",
});
const service = (name: string): Record<string, string> => ({
  ...named(name),
  retoolService: name,
  "telemetry.retool.com/service-name": name.replace("retool-", ""),
});
const temporal = (component: string): Record<string, string> => ({
  ...named("retool-wf-temporal"),
  "app.kubernetes.io/component": component,
});

/** Name in these tests, labels and ports of every pod that the chart makes, written down from its rendering. */
const PODS: Readonly<Record<string, { labels: Record<string, string>; ports: Pod["ports"] }>> = {
  api: { labels: named("retool"), ports: [{ name: "http-server", port: 3000, protocol: "TCP" }] },
  "jobs-runner": { labels: named("retool-jobs-runner"), ports: [] },
  "workflow-worker": { labels: service("retool-workflow-worker"), ports: metrics(3005) },
  "workflow-backend": { labels: service("retool-workflow-backend"), ports: http(3000) },
  "code-executor": { labels: service("retool-code-executor"), ports: http(3004) },
  "js-executor": { labels: service("retool-js-executor"), ports: http(3000) },
  "sandbox-controller": {
    labels: service("retool-agent-sandbox-controller"),
    ports: [{ name: "http", port: 3018, protocol: "TCP" }],
  },
  "sandbox-proxy": {
    labels: service("retool-agent-sandbox-proxy"),
    ports: [{ name: "http", port: 3019, protocol: "TCP" }],
  },
  sandbox: {
    labels: { "app.kubernetes.io/name": "retool-agent-sandbox", retoolService: "retool-agent-sandbox" },
    ports: [{ port: 3017, protocol: "TCP" }],
  },
  "r2-agent-worker": { labels: service("retool-r2-agent-worker"), ports: metrics(3016) },
  dbconnector: { labels: service("retool-dbconnector"), ports: [] },
  "agent-worker": { labels: service("retool-agent-worker"), ports: metrics(3005) },
  "agent-eval-worker": { labels: service("retool-agent-eval-worker"), ports: metrics(3012) },
  multiplayer: { labels: { retoolService: "retool-multiplayer-ws" }, ports: http(3001) },
  mcp: { labels: { retoolService: "retool-mcp" }, ports: http(4010) },
  telemetry: { labels: named("telemetry"), ports: [{ name: "udp-statsd", port: 9125, protocol: "UDP" }] },
  "git-server": { labels: { retoolService: "retool-git-server" }, ports: http(3010) },
  "temporal-frontend": { labels: temporal("frontend"), ports: rpc(7233, 6933) },
  "temporal-history": { labels: temporal("history"), ports: rpc(7234, 6934) },
  "temporal-matching": { labels: temporal("matching"), ports: rpc(7235, 6935) },
  "temporal-worker": { labels: temporal("worker"), ports: rpc(7239, 6939) },
};

function http(port: number): Pod["ports"] {
  return [{ name: "http-server", port, protocol: "TCP" }];
}
function metrics(port: number): Pod["ports"] {
  return [...http(port), { name: "http-metrics", port: 9090, protocol: "TCP" }];
}
function rpc(port: number, membership: number): Pod["ports"] {
  return [
    { name: "rpc", port, protocol: "TCP" },
    { name: "membership", port: membership, protocol: "TCP" },
    { name: "http-metrics", port: 9090, protocol: "TCP" },
  ];
}

const tcp = (port: number, target: number | string): Service["ports"][number] => ({ port, target, protocol: "TCP" });
const selecting = (retoolService: string): Record<string, string> => ({ retoolService });

const SERVICES: readonly (Omit<Service, "namespace" | "clusterIp"> & { clusterIp?: string })[] = [
  {
    name: "retool",
    clusterIp: "172.20.1.1",
    selector: { "app.kubernetes.io/instance": "retool", "app.kubernetes.io/name": "retool" },
    ports: [tcp(3000, 3000)],
  },
  {
    name: "workflow-backend",
    clusterIp: "172.20.1.2",
    selector: selecting("retool-workflow-backend"),
    ports: [tcp(80, 3000)],
  },
  {
    name: "code-executor",
    clusterIp: "172.20.1.3",
    selector: selecting("retool-code-executor"),
    ports: [tcp(80, 3004)],
  },
  { name: "js-executor", clusterIp: "172.20.1.4", selector: selecting("retool-js-executor"), ports: [tcp(80, 3000)] },
  {
    name: "sandbox-controller",
    clusterIp: "172.20.1.5",
    selector: selecting("retool-agent-sandbox-controller"),
    ports: [tcp(3018, "http")],
  },
  {
    name: "sandbox-proxy",
    clusterIp: "172.20.1.6",
    selector: selecting("retool-agent-sandbox-proxy"),
    ports: [tcp(3019, "http")],
  },
  { name: "sandbox-pods", selector: selecting("retool-agent-sandbox"), ports: [tcp(3017, 3017)] },
  {
    name: "dbconnector",
    clusterIp: "172.20.1.7",
    selector: selecting("retool-dbconnector"),
    ports: [tcp(3002, 3002), tcp(3007, 3007)],
  },
  { name: "mcp", clusterIp: "172.20.1.8", selector: selecting("retool-mcp"), ports: [tcp(4010, 4010)] },
  {
    name: "multiplayer",
    clusterIp: "172.20.1.9",
    selector: selecting("retool-multiplayer-ws"),
    ports: [tcp(80, 3001)],
  },
  { name: "git-server", clusterIp: "172.20.1.10", selector: selecting("retool-git-server"), ports: [tcp(3010, 3010)] },
  {
    name: "telemetry",
    clusterIp: "172.20.1.11",
    selector: { "app.kubernetes.io/instance": "retool", "app.kubernetes.io/name": "telemetry" },
    ports: [{ port: 9125, target: 9125, protocol: "UDP" }],
  },
  {
    name: "temporal-frontend",
    clusterIp: "172.20.1.12",
    selector: {
      "app.kubernetes.io/component": "frontend",
      "app.kubernetes.io/instance": "retool",
      "app.kubernetes.io/name": "retool-wf-temporal",
    },
    ports: [tcp(7233, "rpc"), tcp(6933, "membership")],
  },
  {
    name: "workflow-worker",
    clusterIp: "172.20.1.13",
    selector: selecting("retool-workflow-worker"),
    ports: [tcp(3005, 3005), tcp(9090, "http-metrics")],
  },
];

/** Addresses of the two nodes that Retool's pods run on. */
export const NODES = { first: "10.0.1.4", second: "10.0.65.4" } as const;

/** A cluster with every pod the chart can make, CoreDNS, the API server and a stranger in another namespace. */
export const cluster: Cluster = {
  namespaces: {
    retool: { "kubernetes.io/metadata.name": "retool" },
    "kube-system": { "kubernetes.io/metadata.name": "kube-system" },
    temporal: { "kubernetes.io/metadata.name": "temporal" },
    other: { "kubernetes.io/metadata.name": "other" },
  },
  pods: [
    ...Object.entries(PODS).map(([name, { labels, ports }], index) => ({
      name,
      namespace: "retool",
      labels,
      ports,
      ip: `10.0.${index < 10 ? 1 : 65}.${index + 10}`,
      nodeIp: index < 10 ? NODES.first : NODES.second,
    })),
    {
      name: "device-plugin",
      namespace: "retool",
      labels: { retoolService: "retool-agent-sandbox-device-plugin" },
      ports: [],
      ip: "10.0.2.1",
      hostNetwork: true,
    },
    { name: "unknown", namespace: "retool", labels: { app: "unknown" }, ports: [], ip: "10.0.2.2" },
    {
      name: "coredns",
      namespace: "kube-system",
      labels: { "k8s-app": "kube-dns" },
      ports: [{ name: "dns", port: 53, protocol: "UDP" }],
      ip: "10.0.2.3",
    },
    { name: "kube-other", namespace: "kube-system", labels: { app: "other" }, ports: [], ip: "10.0.2.4" },
    { name: "temporal-server", namespace: "temporal", labels: { app: "temporal" }, ports: [], ip: "10.0.2.5" },
    {
      name: "stranger",
      namespace: "other",
      labels: { ...named("retool"), retoolService: "retool-code-executor" },
      ports: [],
      ip: "10.0.2.6",
    },
  ],
  services: [
    ...SERVICES.map((entry) => ({ ...entry, namespace: "retool" })),
    {
      name: "kube-dns",
      namespace: "kube-system",
      clusterIp: "172.20.0.10",
      selector: { "k8s-app": "kube-dns" },
      ports: [
        { port: 53, target: 53, protocol: "UDP" },
        { port: 53, target: 53, protocol: "TCP" },
      ],
    },
    {
      name: "kubernetes",
      namespace: "default",
      clusterIp: "172.20.0.1",
      endpoints: ["10.0.3.7"],
      ports: [tcp(443, 443)],
    },
    {
      name: "temporal-server",
      namespace: "temporal",
      clusterIp: "172.20.1.20",
      selector: { app: "temporal" },
      ports: [tcp(7233, 7233)],
    },
  ],
};

/** The pod of that name in {@link cluster}. */
export function podNamed(name: string): Pod {
  const pod = cluster.pods.find((candidate) => candidate.name === name);
  if (pod === undefined) throw new Error(`there is no pod ${name}`);
  return pod;
}

/** The address behind a name in the tables: `svc/<name>`, `pod/<name>`, or an address as it is. */
export function addressNamed(name: string): string {
  if (name.startsWith("pod/")) return podNamed(name.slice(4)).ip;
  if (!name.startsWith("svc/")) return name;
  const found = cluster.services.find((candidate) => candidate.name === name.slice(4));
  if (found?.clusterIp === undefined) throw new Error(`there is no service ${name}`);
  return found.clusterIp;
}
