import { App, Testing } from "cdktf";

import { prod } from "../support/environments/prod";
import type { EnvironmentSpec } from "../../domain/environment/spec";
import type { Manifest } from "../../domain/common/kubernetes";
import { formatViolation } from "../../domain/common/violation";
import { RetoolStack, environmentSpecs } from "../../stacks";
import { secondInstance } from "../support/second-instance";
import { Synthesized } from "../support/synthesize";

const second = secondInstance(prod);
const define = (spec: EnvironmentSpec): Synthesized =>
  new Synthesized(JSON.parse(Testing.synth(new RetoolStack(new App(), spec))) as Synthesized["json"]);
const [ours, theirs] = [define(second), define(prod)];

interface Release {
  readonly name: string;
  readonly namespace: string;
  readonly values?: readonly string[];
}

const releasesOf = (stack: Synthesized): Release[] => stack.all("helm_release") as unknown as Release[];

/** Custom resources of a stack that belong to no namespace. */
function clusterWide(stack: Synthesized): string[] {
  const manifests = releasesOf(stack).flatMap(({ values = [] }) =>
    values.flatMap((text) => (JSON.parse(text) as { manifests?: Manifest[] }).manifests ?? []),
  );
  const kinds = ["NodePool", "EC2NodeClass", "NodeOverlay"];
  return [
    ...manifests.filter(({ kind }) => kinds.includes(kind)).map(({ kind, metadata }) => `${kind} ${metadata.name}`),
    ...stack.all("kubernetes_priority_class_v1").map(({ metadata }) => `PriorityClass ${nameOf(metadata)}`),
    ...stack.all("kubernetes_namespace_v1").map(({ metadata }) => `Namespace ${nameOf(metadata)}`),
  ];
}

const nameOf = (metadata: unknown): string => (metadata as { name: string }).name;

/** Names that AWS takes only once in an account and region, by their type. */
function accountWide(stack: Synthesized): string[] {
  const keys = { aws_iam_role: "name", aws_db_instance: "identifier", aws_s3_bucket: "bucket", aws_lb: "name" };
  const more = { aws_kms_alias: "name", aws_secretsmanager_secret: "name" };
  return Object.entries({ ...keys, ...more }).flatMap(([type, key]) =>
    stack
      .all(type)
      .filter((resource) => resource[key] !== undefined)
      .map((resource) => `${type} ${String(resource[key])}`),
  );
}

const shared = (left: readonly string[], right: readonly string[]): string[] =>
  left.filter((one) => right.includes(one));

describe("a second instance in the cluster of another environment", () => {
  test("has nodes even where the other has a zone more: Karpenter would wait for that zone, and tries each of the region", () => {
    const [release] = ours.all("helm_release").filter(({ name }) => name === "retool");
    const { args } = release!["postrender"] as { readonly args: readonly string[] };
    const patches = JSON.parse(args[2]!) as readonly { deployment: string; nodeRequirements?: readonly object[] }[];

    expect(patches.find(({ deployment }) => deployment === "retool")?.nodeRequirements?.slice(0, 2)).toEqual([
      { key: "topology.kubernetes.io/zone", operator: "Exists" },
      { key: "topology.kubernetes.io/zone", operator: "In", values: ["us-east-1a"] },
    ]);
  });

  test("is accepted next to it", () => {
    const app = new App();

    const { specs, violations } = environmentSpecs(app, { prod, tools: second });

    expect(violations).toEqual([]);
    expect(specs.map(({ name }) => name)).toEqual(["prod", "tools"]);
    // Prod lists what the other one calls.
    expect(specs[0]).toMatchObject({
      network: { s3Buckets: [expect.stringContaining("retool-tools-"), expect.anything()] },
    });
  });

  test("is left out where it would take the other's namespace", () => {
    const { specs, violations } = environmentSpecs(new App(), { prod, tools: { ...second, namespace: "retool" } });

    expect(specs).toEqual([prod]);
    expect(violations.map(formatViolation)).toEqual([
      'tools.namespace: "retool" is also the namespace of prod in cluster retool-prod; use a different one, such as "retool-tools"',
    ]);
  });

  test("brings no controller, no CRD and no cluster of its own", () => {
    expect(ours.all("aws_eks_cluster")).toEqual([]);
    expect(ours.all("aws_eks_node_group")).toEqual([]);
    expect(ours.all("aws_eks_addon")).toEqual([]);
    expect(
      releasesOf(ours)
        .map(({ name }) => name)
        .sort(),
    ).toEqual([
      "retool",
      "retool-tools-node-classes",
      "retool-tools-node-pools",
      "retool-tools-sandbox-headroom",
      "target-group-bindings",
    ]);
  });

  test("has no object of the cluster, no release and no AWS name that the first one has", () => {
    const key = ({ name, namespace }: Release): string => `${namespace}/${name}`;

    expect(clusterWide(ours).length).toBeGreaterThanOrEqual(7);
    expect(shared(clusterWide(ours), clusterWide(theirs))).toEqual([]);
    expect(shared(releasesOf(ours).map(key), releasesOf(theirs).map(key))).toEqual([]);
    expect(accountWide(ours).length).toBeGreaterThanOrEqual(10);
    expect(shared(accountWide(ours), accountWide(theirs))).toEqual([]);
  });

  test("has names within their limits that no cut makes equal", () => {
    const names = ["abcdefghij-abcdefgh-1", "abcdefghij-abcdefgh-2"].map((name) => name.slice(0, 20));
    const stacks = names.map((name, index) =>
      define({ ...secondInstance(prod), name: `${name.slice(0, 19)}${index}` }),
    );

    expect(shared(clusterWide(stacks[0]!), clusterWide(stacks[1]!))).toEqual([]);
    for (const name of clusterWide(stacks[0]!)) expect(name.split(" ")[1]!.length).toBeLessThanOrEqual(63);
  });
});
