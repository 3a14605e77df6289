import fc from "fast-check";

import { type EgressFeatures, planEgress } from "../../../domain/egress/egress";
import type { TemporalEgress } from "../../../domain/egress/rules";
import type { NetworkPolicy } from "../../../domain/common/kubernetes";
import { formatViolation } from "../../../domain/common/violation";
import type { EgressResource } from "../../../domain/egress/resources";
import { networkPolicies } from "../../../domain/network-policies/network-policies";
import { portViolations } from "../../../domain/network-policies/ports";
import { context } from "../../support/fakes";
import { NetworkPolicyEvaluator, type Semantics } from "../../support/network-policy-evaluator";
import { addressNamed, cluster, everything, features, NODES, podNamed, references } from "../../support/retool-cluster";

const MANAGED: TemporalEgress = { kind: "retool-managed" };
const LOCAL: TemporalEgress = { kind: "local" };
const SEMANTICS: readonly Semantics[] = ["kubernetes", "vpc-cni"];

function render(temporal: TemporalEgress = MANAGED, chosen: EgressFeatures = features): NetworkPolicy[] {
  return networkPolicies(planEgress({ level: "open" }, context, { temporal, features: chosen }).plan, references);
}

function evaluator(temporal?: TemporalEgress, chosen?: EgressFeatures): NetworkPolicyEvaluator {
  return new NetworkPolicyEvaluator(cluster, render(temporal, chosen));
}

/** Both ways of reading the policies, which must agree. */
function verdict(subject: NetworkPolicyEvaluator, from: string, to: string, protocol: "TCP" | "UDP" = "TCP"): string {
  const colon = to.lastIndexOf(":");
  const target = { address: addressNamed(to.slice(0, colon)), port: Number(to.slice(colon + 1)), protocol };
  const source = /^\d/.test(from) ? from : podNamed(from);
  const answers = SEMANTICS.map((semantics) => subject.allows(source, target, semantics));
  if (answers[0] !== answers[1]) return `kubernetes ${String(answers[0])}, vpc-cni ${String(answers[1])}`;
  return answers[0] === true ? "allowed" : "denied";
}

/** Who may connect to which Service, written by hand from the chart's environment variables and Retool's documents. */
const RUNNERS = ["api", "workflow-worker", "workflow-backend", "r2-agent-worker", "agent-worker", "agent-eval-worker"];
const BACKENDS = [...RUNNERS, "jobs-runner"];
const TEMPORAL = ["temporal-frontend", "temporal-history", "temporal-matching", "temporal-worker"];
const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  "svc/retool:3000": ["sandbox-proxy", "mcp"],
  "svc/workflow-backend:80": [...RUNNERS, "code-executor", "dbconnector"],
  "svc/code-executor:80": RUNNERS,
  "svc/js-executor:80": RUNNERS,
  "svc/sandbox-controller:3018": RUNNERS,
  "svc/sandbox-proxy:3019": [...RUNNERS, "sandbox", "mcp"],
  "pod/sandbox:3017": ["api", "sandbox-controller", "sandbox-proxy"],
  "svc/dbconnector:3002": RUNNERS,
  "svc/dbconnector:3007": RUNNERS,
  "svc/mcp:4010": ["api"],
  "svc/multiplayer:80": [],
  "svc/git-server:3010": ["api", "mcp"],
  "svc/workflow-worker:3005": [],
  "svc/workflow-worker:9090": ["telemetry"],
  "pod/api:3000": ["sandbox-proxy", "mcp"],
  "pod/api:3001": [],
  "pod/jobs-runner:3003": [],
  "pod/r2-agent-worker:3016": [],
  "pod/r2-agent-worker:9090": ["telemetry"],
  "pod/agent-worker:9090": ["telemetry"],
  "pod/agent-eval-worker:9090": ["telemetry"],
  "pod/unknown:80": [],
  "svc/temporal-frontend:7233": [...BACKENDS, ...TEMPORAL],
  "svc/temporal-frontend:6933": TEMPORAL,
  "pod/temporal-history:7234": TEMPORAL,
  "pod/temporal-matching:6935": TEMPORAL,
  "pod/temporal-worker:6939": TEMPORAL,
  "pod/temporal-worker:9090": [],
};

const PODS = cluster.pods.filter(({ namespace, hostNetwork }) => namespace === "retool" && hostNetwork !== true);

describe("between components", () => {
  const subject = evaluator(LOCAL, everything);

  test.each(Object.entries(EXPECTED))("%s is open to exactly those that need it", (target, allowed) => {
    const verdicts = PODS.map(({ name }) => `${name} ${verdict(subject, name, target)}`);

    expect(verdicts).toEqual(PODS.map(({ name }) => `${name} ${allowed.includes(name) ? "allowed" : "denied"}`));
  });

  test("metrics reach the collector from everything that reports, and from nothing else", () => {
    const open = PODS.filter(({ name }) => verdict(subject, name, "svc/telemetry:9125", "UDP") === "allowed");

    expect(open.map(({ name }) => name).sort()).toEqual(
      [...BACKENDS, "code-executor", "js-executor", "dbconnector", "git-server"].sort(),
    );
  });

  test.each(["stranger", "kube-other", "coredns", "unknown", "temporal-server"])("%s reaches nothing", (name) => {
    const targets = Object.keys(EXPECTED).filter((target) => target !== "pod/unknown:80");

    expect(targets.filter((target) => verdict(subject, name, target) !== "denied")).toEqual([]);
  });
});

describe("optional parts", () => {
  test("are neither selected nor reached while they are off", () => {
    const subject = evaluator();

    expect(verdict(subject, "api", "svc/dbconnector:3002")).toBe("denied");
    expect(verdict(subject, "api", "svc/mcp:4010")).toBe("denied");
    expect(verdict(subject, "mcp", "svc/retool:3000")).toBe("denied");
    expect(verdict(subject, "dbconnector", "203.0.113.7:5432")).toBe("denied");
    expect(verdict(subject, "api", "pod/temporal-frontend:7233")).toBe("denied");
  });

  test.each([
    ["dbconnector", "retool-dbconnector"],
    ["agents", "retool-agent-worker"],
    ["multiplayer", "retool-multiplayer"],
    ["mcp", "retool-mcp"],
    ["telemetry", "retool-telemetry"],
    ["gitServer", "retool-git-server"],
  ] as const)("%s adds a policy when it is on", (feature, name) => {
    const names = (chosen: EgressFeatures): string[] => render(MANAGED, chosen).map(({ metadata }) => metadata.name);

    expect(names(features)).not.toContain(name);
    expect(names({ ...features, [feature]: true })).toContain(name);
  });
});

type Row = readonly [from: string, to: string, expected: "allowed" | "denied", protocol?: "UDP"];

/** Flows at level `open` with Retool-managed Temporal and every optional part but local Temporal. */
const FLOWS: readonly Row[] = [
  // Names: CoreDNS and its Service, NodeLocal DNSCache, no other resolver.
  ["api", "svc/kube-dns:53", "allowed", "UDP"],
  ["api", "svc/kube-dns:53", "allowed"],
  ["sandbox", "svc/kube-dns:53", "allowed", "UDP"],
  ["sandbox", "169.254.20.10:53", "allowed", "UDP"],
  ["code-executor", "pod/coredns:53", "allowed", "UDP"],
  ["code-executor", "8.8.8.8:53", "denied", "UDP"],
  ["code-executor", "10.0.0.2:53", "denied", "UDP"],
  ["unknown", "svc/kube-dns:53", "denied", "UDP"],
  ["mcp", "pod/kube-other:53", "denied", "UDP"],
  // The database.
  ["api", "10.0.40.9:5432", "allowed"],
  ["jobs-runner", "10.0.104.9:5432", "allowed"],
  ["jobs-runner", "10.0.44.0:5432", "denied"],
  ["jobs-runner", "10.0.40.9:5433", "denied"],
  ["workflow-worker", "10.0.40.9:5432", "allowed"],
  ["workflow-backend", "10.0.40.9:5432", "allowed"],
  ["r2-agent-worker", "10.0.40.9:5432", "allowed"],
  ["sandbox-controller", "10.0.40.9:5432", "allowed"],
  ["sandbox-proxy", "10.0.40.9:5432", "allowed"],
  ["multiplayer", "10.0.40.9:5432", "allowed"],
  ["git-server", "10.0.40.9:5432", "allowed"],
  ["code-executor", "10.0.40.9:5432", "denied"],
  ["js-executor", "10.0.40.9:5432", "denied"],
  ["sandbox", "10.0.40.9:5432", "denied"],
  ["mcp", "10.0.40.9:5432", "denied"],
  ["telemetry", "10.0.40.9:5432", "denied"],
  // The Kubernetes API, by the address of its Service and by those behind it.
  ["sandbox-controller", "svc/kubernetes:443", "allowed"],
  ["sandbox-controller", "10.0.3.7:443", "allowed"],
  ["telemetry", "svc/kubernetes:443", "allowed"],
  ["telemetry", "10.0.3.7:10250", "allowed"],
  ["sandbox-controller", "10.0.3.7:6443", "denied"],
  ["sandbox-controller", "10.0.3.7:10250", "denied"],
  ["workflow-worker", "10.0.3.7:443", "denied"],
  ["code-executor", "svc/kubernetes:443", "denied"],
  ["code-executor", "10.0.3.7:443", "denied"],
  ["sandbox-proxy", "svc/kubernetes:443", "denied"],
  ["sandbox", "svc/kubernetes:443", "denied"],
  // Credentials, only for those that read the bucket.
  ["api", "169.254.170.23:80", "allowed"],
  ["jobs-runner", "169.254.170.23:80", "allowed"],
  ["workflow-worker", "169.254.170.23:80", "allowed"],
  ["r2-agent-worker", "169.254.170.23:80", "allowed"],
  ["agent-worker", "169.254.170.23:80", "allowed"],
  ["agent-eval-worker", "169.254.170.23:80", "allowed"],
  ["git-server", "169.254.170.23:80", "allowed"],
  ["api", "169.254.170.23:443", "denied"],
  ["api", "169.254.170.24:80", "denied"],
  ["workflow-backend", "169.254.170.23:80", "denied"],
  ["dbconnector", "169.254.170.23:80", "denied"],
  ["code-executor", "169.254.170.23:80", "denied"],
  ["js-executor", "169.254.170.23:80", "denied"],
  ["sandbox", "169.254.170.23:80", "denied"],
  ["sandbox-proxy", "169.254.170.23:80", "denied"],
  ["sandbox-controller", "169.254.170.23:80", "denied"],
  ["multiplayer", "169.254.170.23:80", "denied"],
  ["mcp", "169.254.170.23:80", "denied"],
  // Instance metadata, for nobody.
  ["api", "169.254.169.254:80", "denied"],
  ["workflow-worker", "169.254.169.254:80", "denied"],
  ["workflow-backend", "169.254.169.254:80", "denied"],
  ["dbconnector", "169.254.169.254:80", "denied"],
  ["code-executor", "169.254.169.254:80", "denied"],
  ["js-executor", "169.254.169.254:80", "denied"],
  ["sandbox", "169.254.169.254:80", "denied"],
  ["sandbox-proxy", "169.254.169.254:80", "denied"],
  // Data sources for the containers that run queries: public ones here, private ones where they are listed.
  ["api", "203.0.113.7:5432", "allowed"],
  ["api", "10.0.200.9:3306", "denied"],
  ["api", "192.168.7.7:1433", "denied"],
  ["api", "10.0.3.7:10250", "denied"],
  ["api", "172.16.0.1:443", "denied"],
  ["api", "100.64.0.1:443", "denied"],
  ["api", "127.0.0.1:443", "denied"],
  ["jobs-runner", "10.0.200.9:7233", "denied"],
  ["workflow-worker", "203.0.113.7:22", "allowed"],
  ["workflow-backend", "203.0.113.7:27017", "allowed"],
  ["dbconnector", "10.99.0.7:1521", "denied"],
  ["dbconnector", "203.0.113.7:53", "denied", "UDP"],
  // Code of users: the internet, and nothing private.
  ["code-executor", "203.0.113.7:443", "allowed"],
  ["code-executor", "203.0.113.7:8443", "allowed"],
  ["js-executor", "203.0.113.7:443", "allowed"],
  ["code-executor", "10.0.200.9:443", "denied"],
  ["code-executor", "10.99.0.7:443", "denied"],
  ["code-executor", "172.16.0.1:443", "denied"],
  ["code-executor", "172.31.255.255:443", "denied"],
  ["code-executor", "172.32.0.0:443", "allowed"],
  ["code-executor", "192.168.0.1:443", "denied"],
  ["code-executor", "100.64.0.1:443", "denied"],
  ["code-executor", "100.128.0.1:443", "allowed"],
  ["code-executor", "127.0.0.1:443", "denied"],
  ["js-executor", "10.0.200.9:443", "denied"],
  ["js-executor", "svc/dbconnector:3002", "denied"],
  // A sandbox leaves only through its proxy.
  ["sandbox", "203.0.113.7:443", "denied"],
  ["sandbox", "svc/retool:3000", "denied"],
  ["sandbox", "svc/sandbox-proxy:3019", "allowed"],
  ["sandbox-proxy", "203.0.113.7:443", "allowed"],
  ["sandbox-proxy", "203.0.113.7:22", "denied"],
  ["sandbox-proxy", "10.0.200.9:443", "denied"],
  // Temporal Cloud: seven containers, one port.
  ["api", "203.0.113.7:7233", "allowed"],
  ["jobs-runner", "203.0.113.7:7233", "allowed"],
  ["workflow-worker", "203.0.113.7:7233", "allowed"],
  ["workflow-backend", "203.0.113.7:7233", "allowed"],
  ["r2-agent-worker", "203.0.113.7:7233", "allowed"],
  ["agent-worker", "203.0.113.7:7233", "allowed"],
  ["agent-eval-worker", "203.0.113.7:7233", "allowed"],
  ["jobs-runner", "203.0.113.7:7234", "denied"],
  ["r2-agent-worker", "203.0.113.7:7232", "denied"],
  ["sandbox-proxy", "203.0.113.7:7233", "denied"],
  ["sandbox-controller", "203.0.113.7:7233", "denied"],
  ["mcp", "203.0.113.7:7233", "denied"],
  ["multiplayer", "203.0.113.7:7233", "denied"],
  ["git-server", "203.0.113.7:7233", "denied"],
  // License, Git hosts, model providers, the bucket.
  ["jobs-runner", "35.92.202.168:443", "allowed"],
  ["jobs-runner", "35.92.202.168:80", "denied"],
  ["agent-worker", "203.0.113.7:443", "allowed"],
  ["r2-agent-worker", "203.0.113.7:443", "allowed"],
  ["git-server", "52.216.0.1:443", "allowed"],
  ["telemetry", "203.0.113.7:443", "allowed"],
  ["telemetry", "203.0.113.7:8080", "denied"],
  ["sandbox-controller", "203.0.113.7:443", "denied"],
  ["mcp", "203.0.113.7:443", "denied"],
  ["multiplayer", "203.0.113.7:443", "denied"],
  // The load balancer: public subnets to Retool, the sandbox proxy and multiplayer.
  ["10.0.32.9", "pod/api:3000", "allowed"],
  ["10.0.96.9", "pod/api:3000", "allowed"],
  ["10.0.32.9", "pod/sandbox-proxy:3019", "allowed"],
  ["10.0.32.9", "pod/multiplayer:3001", "allowed"],
  ["10.0.32.9", "pod/api:3001", "denied"],
  ["10.0.32.9", "pod/sandbox:3017", "denied"],
  ["10.0.32.9", "pod/sandbox-controller:3018", "denied"],
  ["10.0.32.9", "pod/workflow-backend:3000", "denied"],
  ["10.0.31.255", "pod/api:3000", "denied"],
  ["10.0.40.0", "pod/api:3000", "denied"],
  ["203.0.113.7", "pod/api:3000", "denied"],
  ["10.0.40.9", "pod/dbconnector:3002", "denied"],
];

describe("out of and into the namespace", () => {
  const subject = evaluator(MANAGED, everything);

  const flows = FLOWS.map(([from, to, expected, protocol]) => [from, to, protocol ?? "TCP", expected] as const);

  test.each(flows)("%s to %s (%s) is %s", (from, to, protocol, expected) => {
    expect(verdict(subject, from, to, protocol)).toBe(expected);
  });

  test("the address of no Service is part of anywhere", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...PODS),
        fc.integer({ min: 0, max: 65535 }),
        fc.integer({ min: 1, max: 65535 }),
        (pod, host, port) => {
          const address = `172.20.${Math.floor(host / 256)}.${host % 256}`;
          fc.pre(!cluster.services.some(({ clusterIp }) => clusterIp === address));

          expect(verdict(subject, pod.name, `${address}:${port}`)).toBe("denied");
        },
      ),
    );
  });

  test("a pod's own node is open on every port, as Amazon's agent has it, and no other node is", () => {
    for (const pod of PODS.filter(({ nodeIp }) => nodeIp !== undefined)) {
      const other = pod.nodeIp === NODES.first ? NODES.second : NODES.first;
      const reaches = (address = "", semantics: Semantics = "vpc-cni"): boolean =>
        subject.allows(pod, { address, port: 22, protocol: "TCP" }, semantics);

      expect([pod.name, reaches(pod.nodeIp), reaches(other)]).toEqual([pod.name, true, false]);
      expect(reaches(pod.nodeIp, "kubernetes")).toBe(false);
    }
  });

  test.each([
    ["0.0.0.0/1", "93.184.216.34", "10.1.0.1"],
    ["10.0.0.0/7", "11.1.2.3", "10.1.0.1"],
    ["172.20.0.0/14", "172.21.0.9", "172.20.0.9"],
    ["10.0.0.0/15", "10.1.0.9", "10.0.0.9"],
  ])(
    "both agree that %s, which begins with a closed range, opens %s next to wider ranges and not %s",
    (to, open, closed) => {
      const resources: EgressResource[] = [
        { to, port: 25, reason: "wide", containers: ["code-executor"] },
        { to: "0.0.0.0/0", port: 26, reason: "wider", containers: ["code-executor"] },
        { to: "10.0.0.0/8", port: 27, containers: ["code-executor"] },
      ];
      const { plan } = planEgress({ resources }, context, { temporal: MANAGED, features, ranges: references });
      const subject = new NetworkPolicyEvaluator(cluster, networkPolicies(plan, references));
      const isPublic = !/^(10|172)\./.test(open);

      expect(verdict(subject, "code-executor", `${open}:25`)).toBe("allowed");
      expect(verdict(subject, "code-executor", `${open}:26`)).toBe(isPublic ? "allowed" : "denied");
      expect(verdict(subject, "code-executor", `${open}:27`)).toBe(open.startsWith("10.") ? "allowed" : "denied");
      expect(verdict(subject, "code-executor", `${closed}:25`)).toBe("denied");
    },
  );

  test("a data source in another namespace is reached by the address of its Service, and not by code of users", () => {
    const resources: EgressResource[] = [{ to: "temporal-server.temporal.svc.cluster.local", port: 7233 }];
    const { plan } = planEgress({ resources }, context, { temporal: MANAGED, features, ranges: references });
    const subject = new NetworkPolicyEvaluator(cluster, networkPolicies(plan, references));

    expect(verdict(subject, "workflow-backend", "svc/temporal-server:7233")).toBe("allowed");
    expect(verdict(subject, "code-executor", "svc/temporal-server:7233")).toBe("denied");
  });

  test("both readings of the policies agree on any address but the pod's own node", () => {
    const address = fc
      .tuple(fc.constantFrom(10, 100, 169, 172, 192, 203), fc.nat(255), fc.nat(255), fc.nat(255))
      .map((parts) => parts.join("."));
    fc.assert(
      fc.property(fc.constantFrom(...PODS), address, fc.integer({ min: 1, max: 65535 }), (pod, to, port) => {
        fc.pre(to !== pod.nodeIp);
        expect(["allowed", "denied"]).toContain(verdict(subject, pod.name, `${to}:${port}`));
      }),
      { numRuns: 300 },
    );
  });
});

describe("Temporal", () => {
  test("of the team on Temporal Cloud is reached like Retool's", () => {
    const subject = evaluator({ kind: "temporal-cloud", host: "acme.a1b2c.tmprl.cloud" });

    expect(verdict(subject, "jobs-runner", "203.0.113.7:7233")).toBe("allowed");
    expect(verdict(subject, "sandbox-proxy", "203.0.113.7:7233")).toBe("denied");
  });

  test.each([
    ["10.9.0.7", "10.9.0.7:7243", "allowed"],
    ["10.9.0.7", "10.9.0.8:7243", "denied"],
    ["temporal.corp.example.com", "10.9.0.8:7243", "allowed"],
    ["temporal.corp.example.com", "10.9.0.8:7244", "denied"],
    ["temporal-server.temporal.svc.cluster.local", "10.9.0.8:7243", "denied"],
  ] as const)("at %s: jobs-runner to %s is %s", (host, to, expected) => {
    expect(verdict(evaluator({ kind: "self-hosted", host, port: 7243 }), "jobs-runner", to)).toBe(expected);
  });

  test("in another namespace is reached by the address of its Service", () => {
    const subject = evaluator({ kind: "self-hosted", host: "temporal-server.temporal.svc", port: 7233 });

    expect(verdict(subject, "jobs-runner", "svc/temporal-server:7233")).toBe("allowed");
    expect(verdict(subject, "sandbox-controller", "svc/temporal-server:7233")).toBe("denied");
  });

  test("next to Retool needs no way out on its port", () => {
    expect(verdict(evaluator(LOCAL), "jobs-runner", "203.0.113.7:7233")).toBe("denied");
  });
});

describe("choices", () => {
  test("without Pod Identity nobody reaches its address", () => {
    const subject = evaluator(MANAGED, { ...everything, identity: undefined });

    expect(PODS.filter(({ name }) => verdict(subject, name, "169.254.170.23:80") !== "denied")).toEqual([]);
  });

  test("without its own host name the sandbox proxy is closed to the load balancer", () => {
    const subject = evaluator(MANAGED, { ...everything, sandboxProxyHost: false });

    expect(verdict(subject, "10.0.32.9", "pod/sandbox-proxy:3019")).toBe("denied");
    expect(verdict(subject, "10.0.32.9", "pod/api:3000")).toBe("allowed");
  });

  test("the database's port is the one given", () => {
    const { plan } = planEgress(undefined, context, {
      temporal: MANAGED,
      features,
      databases: { platform: { port: 6432 } },
    });
    const subject = new NetworkPolicyEvaluator(cluster, networkPolicies(plan, references));

    expect(verdict(subject, "jobs-runner", "10.0.40.9:6432")).toBe("allowed");
    expect(verdict(subject, "jobs-runner", "10.0.40.9:5432")).toBe("denied");
  });

  test("a pod range outside the private ranges is closed to code of users, too", () => {
    const { plan } = planEgress(undefined, context, { temporal: MANAGED, features });
    const policies = networkPolicies(plan, { ...references, vpcCidrs: ["10.0.0.0/16", "198.18.0.0/16"] });
    const subject = new NetworkPolicyEvaluator(cluster, policies);

    expect(verdict(subject, "code-executor", "198.18.7.7:443")).toBe("denied");
    expect(verdict(subject, "code-executor", "198.19.7.7:443")).toBe("denied");
  });
});

describe("the objects", () => {
  const policies = render(LOCAL, everything);

  test("carry unique names within what Kubernetes accepts, all in Retool's namespace", () => {
    const names = policies.map(({ metadata }) => metadata.name);

    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => !/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(name))).toEqual([]);
    expect(new Set(policies.map(({ metadata }) => metadata.namespace))).toEqual(new Set(["retool"]));
  });

  test("close both directions for every pod", () => {
    expect(policies[0]).toMatchObject({
      metadata: { name: "retool-default-deny" },
      spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
    });
    expect(policies[0]?.spec).not.toHaveProperty("ingress");
    expect(policies[0]?.spec).not.toHaveProperty("egress");
  });

  test("never open everything: each peer is a selector or a range, and no list is empty", () => {
    const rules = policies.flatMap(({ spec }) => [
      ...(spec.ingress ?? []).map(({ from, ports }) => ({ peers: from, ports })),
      ...(spec.egress ?? []).map(({ to, ports }) => ({ peers: to, ports })),
    ]);

    expect(rules.filter(({ peers, ports }) => (peers?.length ?? 0) === 0 || (ports?.length ?? 0) === 0)).toEqual([]);
    expect(rules.flatMap(({ peers }) => peers ?? []).filter((peer) => Object.keys(peer).length === 0)).toEqual([]);
  });

  const policiesFor = (resources: readonly EgressResource[]): NetworkPolicy[] =>
    networkPolicies(planEgress({ resources }, context, { temporal: MANAGED, features }).plan, references);
  const onPorts = (count: number, step: number): EgressResource[] =>
    Array.from({ length: count }, (_, index) => ({ to: "db.example.net", port: 6000 + index * step }));

  test("join ports that follow each other where they are more than the network plugin keeps", () => {
    const subject = new NetworkPolicyEvaluator(cluster, policiesFor(onPorts(30, 1)));

    expect(portViolations(policiesFor(onPorts(30, 1)))).toEqual([]);
    for (const port of [6000, 6015, 6029]) expect(verdict(subject, "api", `203.0.113.7:${port}`)).toBe("allowed");
    for (const port of [5999, 6030]) expect(verdict(subject, "api", `203.0.113.7:${port}`)).toBe("denied");
  });

  test("are refused where the plugin would drop a port", () => {
    expect(portViolations(policiesFor(onPorts(21, 2)))).toEqual([]);
    expect(portViolations(policiesFor(onPorts(23, 2))).map(formatViolation)).toEqual(
      ["api", "workflow-worker", "workflow-backend"].map(
        (name) =>
          `egress.resources: retool-${name} would open 25 ports to 0.0.0.0/0, but the network plugin supports only 24; ` +
          "use fewer or consecutive ports, or spread them over containers",
      ),
    );
  });
});

/** Who gets credentials from Pod Identity, by the platform's own rule. */
const POD_IDENTITY_USERS = [
  "api",
  "jobs-runner",
  "workflow-worker",
  "agent-worker",
  "agent-eval-worker",
  "r2-agent-worker",
  "git-server",
];

describe("what is never open", () => {
  const own = { ...references };
  const problems = (resource: EgressResource): string[] =>
    planEgress({ resources: [resource] }, context, {
      temporal: MANAGED,
      features: everything,
      ranges: own,
    }).violations.map(formatViolation);
  const reaches = (resource: EgressResource, address: string, port: number): string[] => {
    const input = { temporal: MANAGED, features: everything };
    const rules = networkPolicies(planEgress({ resources: [resource] }, context, input).plan, references);
    const subject = new NetworkPolicyEvaluator(cluster, rules);
    return PODS.map(({ name }) => name).filter((name) => verdict(subject, name, `${address}:${port}`) === "allowed");
  };

  test.each<[EgressResource, string, string]>([
    [
      { to: "169.254.169.254/32", port: 80 },
      "169.254.169.254",
      "169.254.0.0/16 (link-local addresses: instance metadata",
    ],
    [{ to: "169.254.0.0/16", port: 80 }, "169.254.169.254", "169.254.0.0/16 (link-local"],
    [{ to: "169.254.170.23/32", port: 80, purpose: "packages" }, "169.254.170.23", "the credentials of Pod Identity"],
    [{ to: "127.0.0.1/32", port: 80 }, "127.0.0.1", "loopback"],
    [{ to: "0.0.0.0/8", port: 80 }, "0.0.0.1", "the pod itself"],
    [{ to: "172.20.0.0/16", port: 80 }, "172.20.9.9", "the cluster's Services"],
    [{ to: "172.20.9.9/32", port: 80 }, "172.20.9.9", "the cluster's Services"],
    [
      { to: "10.0.0.0/16", port: 80, purpose: "packages" },
      "10.0.200.9",
      "10.0.0.0/16 (the VPC), which code-executor may never reach",
    ],
    [{ to: "10.0.0.0/19", port: 80, purpose: "packages" }, "10.0.3.7", "the VPC"],
    [{ to: "10.0.40.9/32", port: 5433, purpose: "packages" }, "10.0.40.9", "the VPC"],
    [{ to: "10.0.40.9/32", port: 5433, containers: ["sandbox-proxy"] }, "10.0.40.9", "the VPC"],
    [{ to: "db.example.com", port: 80, addresses: ["169.254.169.254/32"] }, "169.254.169.254", "link-local"],
    [{ to: "*.example.com", port: 80, purpose: "packages", addresses: ["10.0.9.9/32"] }, "10.0.9.9", "the VPC"],
    [{ to: "fd00:ec2::/32", port: 80 }, "169.254.169.254", "an IPv6 range"],
  ])("%j: %s is refused by name, and no policy opens it", (resource, address, name) => {
    const found = problems(resource);

    expect(found).toHaveLength(1);
    expect(found[0]).toContain(name);
    const users = address === "169.254.170.23" ? POD_IDENTITY_USERS : [];
    expect(reaches(resource, address, resource.port ?? 0).filter((pod) => !users.includes(pod))).toEqual([]);
  });

  test("is left out of a wider range", () => {
    const everywhere: EgressResource = {
      to: "0.0.0.0/0",
      port: 80,
      containers: ["api", "code-executor"],
      reason: "Test",
    };

    expect(problems(everywhere)).toEqual([]);
    for (const address of ["169.254.169.254", "127.0.0.1", "10.9.9.9", "100.64.9.9", "192.168.9.9", "172.20.9.9"])
      expect(reaches(everywhere, address, 80)).toEqual([]);
    expect(reaches(everywhere, "203.0.113.7", 80)).toEqual(["api", "code-executor"]);
  });

  test("a private range that is listed is open to those it is listed for, and the VPC only to queries", () => {
    const wide: EgressResource = { to: "10.0.0.0/8", port: 8080, containers: ["api", "code-executor"] };

    expect(problems(wide)).toEqual([]);
    expect(reaches(wide, "10.200.9.9", 8080)).toEqual(["api", "code-executor"]);
    expect(reaches(wide, "10.0.200.9", 8080)).toEqual(["api"]);
  });

  test("what is open in a range is found out once, for containers with and without users' code", () => {
    const everywhere = render().flatMap(({ spec }) =>
      (spec.egress ?? []).flatMap(({ to = [] }) => to.filter(({ ipBlock }) => ipBlock?.cidr === "0.0.0.0/0")),
    );

    expect(everywhere.length).toBeGreaterThan(4);
    expect(new Set(everywhere).size).toBe(2);
  });

  test("a name with private addresses is open at these", () => {
    const git: EgressResource = { to: "git.corp.example.com", purpose: "git", addresses: ["10.30.0.0/24"] };

    expect(reaches(git, "10.30.0.9", 443)).toEqual(["api", "jobs-runner"]);
    expect(reaches(git, "10.31.0.9", 443)).toEqual([]);
  });
});
