import { planEnvironment } from "../../../domain/environment/environment";
import { plannedServices, tagOf } from "../../../domain/status/services";
import { prod } from "../../support/environments/prod";

const names = (change: object): string[] =>
  plannedServices(planEnvironment({ ...prod, ...change })).map(({ service }) => service);

test("optional parts are planned where they are asked for", () => {
  expect(names({})).toEqual([
    "api",
    "jobs-runner",
    "workflow-worker",
    "workflow-backend",
    "code-executor",
    "js-executor",
    "sandbox-controller",
    "sandbox-proxy",
    "r2-agent-worker",
  ]);
  expect(names({ retool: { features: { mcp: true } }, temporal: { kind: "local" } })).toEqual(
    expect.arrayContaining(["mcp", "temporal-frontend", "temporal-history", "temporal-matching", "temporal-worker"]),
  );
});

test("an autoscaler may have more pods", () => {
  const plan = planEnvironment({ ...prod, retool: { api: { replicas: 3, autoscaling: { maxReplicas: 6 } } } });

  expect(plannedServices(plan)[0]).toEqual({ service: "api", fewest: 3, most: 6 });
});

test.each([
  ["tryretool/backend:4.0.9-stable", "4.0.9-stable"],
  ["registry.example.com:5000/a/backend:4.0.9-stable@sha256:0a", "4.0.9-stable@sha256:0a"],
  ["registry.example.com:5000/backend", ""],
  ["", ""],
])("the tag of %s", (image, tag) => {
  expect(tagOf(image)).toBe(tag);
});
