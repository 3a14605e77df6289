import { NetworkPolicies } from "../../../constructs/network-policies/network-policies";
import { RenderedWorkloads } from "../../../constructs/common/rendered-workloads";
import { ClusterWorkloads } from "../../../constructs/common/workloads";
import { planEgress } from "../../../domain/egress/egress";
import { networkPolicies } from "../../../domain/network-policies/network-policies";
import { context } from "../../support/fakes";
import { features, references } from "../../support/retool-cluster";
import { synthesize } from "../../support/synthesize";

const { plan } = planEgress(undefined, context, { temporal: { kind: "retool-managed" }, features });

describe("NetworkPolicies", () => {
  test("makes each policy its own resource, ready when all of them are", () => {
    let ready = 0;
    const template = synthesize((stack) => {
      const workloads = new ClusterWorkloads({ hasNodes: true });
      ready = new NetworkPolicies(stack, "Policies", { plan, references, workloads, after: [] }).ready.length;
    });
    const made = template.all("kubernetes_network_policy_v1");

    expect(made).toHaveLength(11);
    expect(ready).toBe(made.length);
    expect(template.addresses().filter((address) => address.includes("RetoolDefaultDeny"))).toHaveLength(1);
  });

  test("renders them unchanged where there is no cluster", () => {
    const template = synthesize((stack) => {
      new NetworkPolicies(stack, "Policies", { plan, references, workloads: new RenderedWorkloads(stack), after: [] });
    });
    const output = template.json["output"]?.["workloads"]?.["value"] as unknown as string;

    expect((JSON.parse(output) as { objects: unknown }).objects).toEqual(networkPolicies(plan, references));
  });

  test("waits for what must exist before", () => {
    const template = synthesize((stack) => {
      const workloads = new ClusterWorkloads({ hasNodes: true });
      const after = workloads.namespace(stack, "Namespace", {
        manifest: { apiVersion: "v1", kind: "Namespace", metadata: { name: "retool" } },
        after: [],
      });
      new NetworkPolicies(stack, "Policies", { plan, references, workloads, after });
    });

    const waiting = template.all("kubernetes_network_policy_v1").map((block) => block["depends_on"]);
    expect(new Set(waiting.map((value) => JSON.stringify(value)))).toEqual(
      new Set(['["kubernetes_namespace_v1.Namespace"]']),
    );
  });
});
