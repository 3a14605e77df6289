import { planEgress } from "../../../domain/egress/egress";
import type { DatabaseServers } from "../../../domain/egress/databases";
import { planFirewall } from "../../../domain/egress/firewall";
import { CATALOG } from "../../../domain/catalog/catalog";
import type { RetoolComponent } from "../../../domain/catalog/row";
import { networkPolicies } from "../../../domain/network-policies/network-policies";
import type { NetworkPolicyReferences } from "../../../domain/network-policies/peers";
import { context } from "../../support/fakes";
import { features as off } from "../../support/retool-cluster";
import { NetworkPolicyEvaluator } from "../../support/network-policy-evaluator";

const features = { ...off, dbconnector: true };

const references: NetworkPolicyReferences = {
  namespace: "retool",
  vpcCidrs: ["10.0.0.0/16"],
  podCidrs: ["10.0.0.0/19"],
  serviceCidr: "172.20.0.0/16",
  kubernetesServiceIp: "172.20.0.1",
  controlPlaneCidrs: ["10.0.0.0/19"],
  endpointCidrs: ["10.0.0.0/19"],
  databaseCidrs: ["10.0.40.0/24"],
  frontDoorCidrs: ["10.0.32.0/24"],
};

const planOf = (databases: DatabaseServers) =>
  planEgress(undefined, context, { temporal: { kind: "local" }, features, databases }).plan;

/** Installed components that reach an address and port only by rules of databases, so without those for the internet. */
function reaching(databases: DatabaseServers, address: string, port: number): readonly RetoolComponent[] {
  const plan = planOf(databases);
  const rules = plan.rules.filter(({ id }) => /^platform\/[a-z-]*database\//.test(id));
  const policies = networkPolicies({ ...plan, rules }, references);
  return plan.components.filter((component) => {
    const { labels } = CATALOG[component];
    const pod = { name: component, namespace: "retool", labels, ports: [], ip: "10.0.1.1" };
    const subject = new NetworkPolicyEvaluator({ namespaces: {}, pods: [pod], services: [] }, policies);
    return subject.allows(pod, { address, port, protocol: "TCP" }, "vpc-cni");
  });
}

const PLATFORM = [
  "api",
  "jobs-runner",
  "workflow-worker",
  "workflow-backend",
  "r2-agent-worker",
  "sandbox-controller",
  "sandbox-proxy",
];
const QUERIES = ["api", "workflow-worker", "workflow-backend", "dbconnector"];
const TEMPORAL = ["temporal-frontend", "temporal-history", "temporal-matching", "temporal-worker"];

const sorted = (names: readonly string[]): string[] => [...names].sort();

describe("the ways to PostgreSQL", () => {
  const own: DatabaseServers = {
    platform: { port: 5432 },
    retoolDatabase: { port: 5433 },
    temporal: { port: 5434 },
  };

  test.each<[string, number, readonly string[]]>([
    ["the platform database", 5432, PLATFORM],
    ["Retool Database", 5433, QUERIES],
    ["Temporal's database", 5434, TEMPORAL],
    ["none of them", 5435, []],
  ])("lead to %s only from its own clients", (_, port, clients) => {
    expect(sorted(reaching(own, "10.0.40.9", port))).toEqual(sorted(clients));
    expect(reaching(own, "10.0.41.9", port)).toEqual([]);
  });

  test("lead nowhere where there is no such database", () => {
    const one: DatabaseServers = { platform: { port: 5432 } };

    expect(reaching(one, "10.0.40.9", 5433)).toEqual([]);
    expect(sorted(reaching(one, "10.0.40.9", 5432))).toEqual(sorted(PLATFORM));
  });

  test("lead to an existing server only by its addresses, even where users' code leaves", () => {
    const existing = { host: "db.corp.example.com", port: 6432, addresses: ["10.20.0.0/24", "203.0.113.7/32"] };
    const databases: DatabaseServers = { platform: existing };

    expect(sorted(reaching(databases, "10.20.0.9", 6432))).toEqual(sorted(PLATFORM));
    expect(sorted(reaching(databases, "203.0.113.7", 6432))).toEqual(sorted(PLATFORM));
    expect(reaching(databases, "10.21.0.9", 6432)).toEqual([]);
    expect(reaching(databases, "203.0.113.8", 6432)).toEqual([]);
    expect(reaching(databases, "10.0.40.9", 6432)).toEqual([]);
  });

  test("lead to a server that is named by its address, without a list", () => {
    const databases: DatabaseServers = { platform: { host: "10.20.0.9", port: 5432 } };

    expect(sorted(reaching(databases, "10.20.0.9", 5432))).toEqual(sorted(PLATFORM));
    expect(reaching(databases, "10.20.0.10", 5432)).toEqual([]);
  });

  test("pass the firewall where they leave the private ranges", () => {
    const plan = planOf({
      platform: { host: "db.example.com", port: 6432, addresses: ["203.0.113.7/32"] },
      temporal: { port: 5434 },
    });
    const { rules } = planFirewall(plan, { cidrs: ["10.0.0.0/16"] });

    expect(rules.filter((rule) => rule.startsWith("pass ") && rule.includes("6432"))).toEqual([
      expect.stringMatching(/^pass tcp \$HOME_NET any -> 203\.0\.113\.7\/32 6432 /),
    ]);
    expect(rules.filter((rule) => rule.includes("5434"))).toEqual([]);
  });
});
