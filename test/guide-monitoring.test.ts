import { readFileSync } from "node:fs";
import { join } from "node:path";

import { parse } from "yaml";

import { planEgress } from "../domain/egress/egress";
import { networkPolicies } from "../domain/network-policies/network-policies";
import { systemPolicies } from "../domain/network-policies/system-policies";
import { context } from "./support/fakes";
import type { Rendered } from "./support/helm-template";
import { NetworkPolicyEvaluator, type Pod, type Policy } from "./support/network-policy-evaluator";
import { addressNamed, cluster, everything, podNamed, references } from "./support/retool-cluster";
import { ROOT } from "./support/run";
import { StrictValidation, describeWithApiServer } from "./support/strict-validation";

/** The policies that the guide gives for a monitoring agent, as a reader pastes them. */
function pasted(): Policy[] {
  const guide = readFileSync(join(ROOT, "docs", "guides", "existing-cluster.md"), "utf8");
  return Array.from(guide.matchAll(/^```yaml\n([\s\S]*?)^```/gm), ([, block = ""]) => parse(block) as Policy);
}

const NODE = "10.0.65.4";
const agentOn = (name: string, ip: string): Pod => ({
  name,
  namespace: "monitoring",
  labels: { app: "agent" },
  ports: [],
  ip,
  nodeIp: NODE,
});
const agent = agentOn("agent", "10.0.2.50");
const second = agentOn("agent-2", "10.0.2.51");
const addresses: Readonly<Record<string, string>> = { "pod/agent": agent.ip, "pod/agent-2": second.ip };

const guarded = {
  ...cluster,
  namespaces: { ...cluster.namespaces, monitoring: { "kubernetes.io/metadata.name": "monitoring" } },
  pods: [...cluster.pods, agent, second],
};
const own = (): Policy[] => [
  ...systemPolicies(references.vpcCidrs),
  ...networkPolicies(
    planEgress(undefined, context, { temporal: { kind: "retool-managed" }, features: everything }).plan,
    references,
  ),
];
const withGuide = new NetworkPolicyEvaluator(guarded, [...own(), ...pasted()]);
const without = new NetworkPolicyEvaluator(guarded, own());

type Case = [from: string, to: string, port: number, protocol?: "TCP" | "UDP"];

const allows = (evaluator: NetworkPolicyEvaluator, [name, to, port, protocol = "TCP"]: Case): boolean[] => {
  const from = name === agent.name ? agent : podNamed(name);
  const address = addresses[to] ?? addressNamed(to);
  return (["kubernetes", "vpc-cni"] as const).map((semantics) =>
    evaluator.allows(from, { address, port, protocol }, semantics),
  );
};

describe("the guide's policies for a monitoring agent", () => {
  test("stand in the agent's namespace and in Retool's", () => {
    expect(pasted().map(({ metadata }) => metadata.namespace)).toEqual(["monitoring", "retool"]);
    expect(withGuide.selecting(agent).flatMap(({ spec }) => spec.policyTypes)).toEqual(["Ingress", "Egress"]);
  });

  test.each<Case>([
    ["agent", "svc/kube-dns", 53, "UDP"],
    ["agent", "svc/kube-dns", 53],
    ["agent", "pod/coredns", 9153],
    ["agent", "svc/kubernetes", 443],
    ["agent", "10.0.1.4", 10_250],
    ["agent", "pod/workflow-worker", 9090],
    ["agent", "203.0.113.9", 443],
    ["agent", "pod/agent-2", 4317],
  ])("let the agent through: %s to %s, port %d", (...flow) => {
    expect(allows(withGuide, flow)).toEqual([true, true]);
  });

  test.each<Case>([
    ["agent", "169.254.169.254", 80],
    ["agent", "169.254.169.254", 443],
    ["agent", "203.0.113.9", 80],
    ["agent", "pod/api", 3000],
    ["agent", "pod/code-executor", 3004],
    ["agent", "pod/sandbox", 9090],
    ["stranger", "pod/workflow-worker", 9090],
    ["stranger", "pod/agent", 4317],
    ["sandbox", "pod/agent", 4317],
    ["sandbox", "pod/workflow-worker", 9090],
  ])("keep out: %s to %s, port %d", (...flow) => {
    expect(allows(withGuide, flow)).toEqual([false, false]);
  });

  test("are what opens Retool's metrics", () => {
    expect(allows(without, ["agent", "pod/workflow-worker", 9090])).toEqual([false, false]);
  });

  describeWithApiServer("on a Kubernetes API server", () => {
    test("are taken as they are, and not stored", async () => {
      expect(await new StrictValidation().complaints(pasted() as unknown as Rendered[])).toEqual([]);
    });
  });
});
