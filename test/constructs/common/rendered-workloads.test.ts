import { RENDERED_OUTPUT, RenderedWorkloads } from "../../../constructs/common/rendered-workloads";
import { managedSecret } from "../../support/fakes";
import { synthesize } from "../../support/synthesize";

test("collects values and objects in one output and no resource", () => {
  const manifest = { apiVersion: "v1", kind: "Namespace", metadata: { name: "retool" } } as const;
  const template = synthesize((stack) => {
    const workloads = new RenderedWorkloads(stack);
    workloads.helmRelease(stack, "Release", {
      name: "retool",
      namespace: "retool",
      chart: { kind: "repository", name: "retool", repository: "https://charts.example", version: "6.11.21" },
      values: { a: 1 },
      timeoutSeconds: 60,
      hasPods: true,
      after: [],
    });
    workloads.namespace(stack, "Namespace", { manifest, after: [] });
    workloads.secret(stack, "Secret", {
      name: "db",
      namespace: "retool",
      data: { password: { secret: managedSecret } },
      revision: 1,
      after: [],
    });
    workloads.customResources(stack, "Pools", {
      name: "pools",
      namespace: "kube-system",
      manifests: [{ ...manifest, kind: "NodePool" }],
      timeoutSeconds: 60,
      after: [],
    });
  });
  const output = (template.json["output"] as unknown as Record<string, { value: string }>)[RENDERED_OUTPUT];

  expect(template.addresses()).toEqual([]);
  expect(JSON.parse(output?.value ?? "")).toEqual({
    releases: [{ name: "retool", namespace: "retool", chart: "retool", version: "6.11.21", values: { a: 1 } }],
    objects: [
      manifest,
      { apiVersion: "v1", kind: "Secret", metadata: { name: "db", namespace: "retool" }, keys: ["password"] },
      { ...manifest, kind: "NodePool" },
    ],
  });
});
