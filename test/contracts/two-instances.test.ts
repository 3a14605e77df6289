import { prod } from "../support/environments/prod";
import { planEnvironment } from "../../domain/environment/environment";
import type { EnvironmentSpec } from "../../domain/environment/spec";
import { releaseValues } from "../../domain/environment/release-values";
import { type Rendered, type Workload, describeWithChart, render } from "../support/helm-template";
import { EVERYTHING } from "../support/release-choices";
import { references } from "../support/retool-release";
import { secondInstance } from "../support/second-instance";

const rendered = (spec: EnvironmentSpec): readonly Rendered[] => {
  const plan = planEnvironment({ ...spec, retool: EVERYTHING });
  const { objects, error } = render(releaseValues(plan, references), "1.35.0", plan.context.namespace);
  expect(error).toBe("");
  return objects;
};

const CLUSTER_WIDE = ["ClusterRole", "ClusterRoleBinding", "PriorityClass", "CustomResourceDefinition", "StorageClass"];

describeWithChart("two instances in a cluster, with everything on", () => {
  let first: readonly Rendered[] = [];
  let second: readonly Rendered[] = [];
  beforeAll(() => {
    first = rendered(prod);
    second = rendered(secondInstance(prod));
  });
  const clusterWide = (objects: readonly Rendered[]): string[] =>
    objects.filter(({ kind }) => CLUSTER_WIDE.includes(kind)).map(({ kind, metadata }) => `${kind} ${metadata.name}`);

  test("make no object that belongs to no namespace under the same name", () => {
    expect(clusterWide(first)).toEqual(["ClusterRole retool-telemetry", "ClusterRoleBinding retool-telemetry"]);
    expect(clusterWide(second)).toEqual([
      "ClusterRole retool-tools-telemetry",
      "ClusterRoleBinding retool-tools-telemetry",
    ]);
  });

  test("give the telemetry pod the same rights, for its own service account", () => {
    const [role, binding] = ["ClusterRole", "ClusterRoleBinding"].map((kind) =>
      second.find((one) => one.kind === kind),
    );
    const subjects = [{ kind: "ServiceAccount", name: "retool-telemetry", namespace: "retool-tools" }];

    expect(role?.["rules"]).toEqual(first.find(({ kind }) => kind === "ClusterRole")?.["rules"]);
    expect(binding).toMatchObject({ subjects, roleRef: { kind: "ClusterRole", name: "retool-tools-telemetry" } });
    expect(second.filter(({ kind }) => kind === "ServiceAccount").map(({ metadata }) => metadata.name)).toContain(
      "retool-telemetry",
    );
  });

  // Two device plugins, or two seccomp profiles of different versions, would fight for one node.
  test("never run their DaemonSets on the same nodes", () => {
    const poolsOf = (objects: readonly Rendered[]): (string | undefined)[] =>
      (objects.filter(({ kind }) => kind === "DaemonSet") as Workload[]).map(
        ({ spec }) => spec.template.spec.nodeSelector?.["retool.com/pool"],
      );

    expect(poolsOf(first)).toEqual(["sandbox", "sandbox", "sandbox"]);
    expect(poolsOf(second)).toEqual(["retool-tools-sandbox", "retool-tools-sandbox", "retool-tools-sandbox"]);
  });

  test("name no namespace but their own", () => {
    const named = (objects: readonly Rendered[]): string[] =>
      JSON.stringify(objects).match(/"namespace":"[^"]+"/g) ?? [];

    expect(new Set(named(second))).toEqual(new Set(['"namespace":"retool-tools"']));
  });
});
