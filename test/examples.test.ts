import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { Synthesized } from "./support/synthesize";

const ROOT = join(__dirname, "..");
const EXAMPLES = join(ROOT, "examples");

/** Runs an example as its reader would, and gives its stacks by name. */
const synthesizeExample = async (name: string): Promise<ReadonlyMap<string, Synthesized>> => {
  const out = mkdtempSync(join(tmpdir(), "example-"));
  try {
    await promisify(execFile)(process.execPath, ["--import", "tsx", join(EXAMPLES, name, "main.ts")], {
      cwd: ROOT,
      env: { ...process.env, CDKTF_OUTDIR: out },
    });
    return new Map(
      readdirSync(join(out, "stacks")).map((stack) => [
        stack,
        new Synthesized(
          JSON.parse(readFileSync(join(out, "stacks", stack, "cdk.tf.json"), "utf8")) as Synthesized["json"],
        ),
      ]),
    );
  } finally {
    rmSync(out, { recursive: true });
  }
};

const onlyStack = async (example: string, stack: string): Promise<Synthesized> => {
  const stacks = await synthesizeExample(example);
  expect([...stacks.keys()]).toEqual([stack]);
  return stacks.get(stack)!;
};

const typesOf = (stack: Synthesized): ReadonlySet<string> =>
  new Set(stack.addresses().map((address) => address.split(".")[0] ?? ""));

describe("examples", () => {
  const tested = ["database", "existing-cluster", "gitops", "minimal", "own-stack"];

  test("are all tested below", () => {
    expect(readdirSync(EXAMPLES).sort()).toEqual(tested);
  });

  test("minimal is a whole environment under the name that is deployed", async () => {
    const stack = await onlyStack("minimal", "prod");

    expect([...typesOf(stack)]).toEqual(
      expect.arrayContaining(["aws_eks_cluster", "aws_db_instance", "aws_lb", "helm_release"]),
    );
    expect(stack.all("helm_release").map(({ name }) => name)).toContain("retool");
  });

  test("own-stack puts resources beside the platform and lets one of them into the database", async () => {
    const stack = await onlyStack("own-stack", "tools");
    const { identifier } = stack.only("aws_db_instance");

    expect(stack.json["resource"]?.["aws_cloudwatch_metric_alarm"]?.["DatabaseBusy"]).toMatchObject({
      dimensions: { DBInstanceIdentifier: identifier },
    });
    expect(stack.all("aws_vpc_security_group_ingress_rule")).toContainEqual(
      expect.objectContaining({
        description: "PostgreSQL from Reports",
        referenced_security_group_id: "${aws_security_group.Reports.id}",
      }),
    );
  });

  test("existing-cluster adds to a cluster with and without controllers, and makes neither network nor cluster", async () => {
    const stacks = await synthesizeExample("existing-cluster");
    const releases = (name: string): unknown[] =>
      stacks
        .get(name)!
        .all("helm_release")
        .map(({ name: release }) => release)
        .sort();
    const ours = (prefix: string): string[] =>
      ["", "-node-classes", "-node-pools", "-sandbox-headroom"].map((suffix) =>
        suffix === "" ? "retool" : `${prefix}${suffix}`,
      );

    expect([...stacks.keys()].sort()).toEqual(["bare", "tools"]);
    for (const stack of stacks.values()) {
      const made = [...typesOf(stack)];
      for (const type of ["aws_vpc", "aws_subnet", "aws_eks_cluster", "aws_route"]) expect(made).not.toContain(type);
      expect(made).toEqual(expect.arrayContaining(["aws_db_instance", "aws_lb", "kubernetes_namespace_v1"]));
    }
    expect(releases("tools")).toEqual(expect.arrayContaining(ours("retool-tools")));
    expect(releases("tools")).not.toContain("karpenter");
    expect(releases("tools")).not.toContain("aws-load-balancer-controller");
    expect(stacks.get("tools")!.all("aws_eks_node_group")).toEqual([]);
    expect(releases("bare")).toEqual(
      expect.arrayContaining([...ours("retool-bare"), "karpenter", "karpenter-crd", "aws-load-balancer-controller"]),
    );
    expect(stacks.get("bare")!.only("aws_eks_node_group")).toMatchObject({
      cluster_name: "empty",
      node_group_name: "retool-bare-system",
    });
  });

  test("gitops needs no provider of Kubernetes and hands out values and manifests", async () => {
    const stack = await onlyStack("gitops", "gitops");

    expect(Object.keys(stack.json["provider"] ?? {}).sort()).toEqual(["aws", "tls"]);
    expect(stack.json["output"]?.["workloads"]?.["value"]).toContain('"name":"retool"');
  });

  test("database uses a network it does not own, and a stored password", async () => {
    const stack = await onlyStack("database", "database");

    expect([...typesOf(stack)]).not.toContain("aws_vpc");
    expect(stack.only("aws_db_subnet_group")).toMatchObject({
      subnet_ids: ["subnet-0a1b2c3d4e5f60713", "subnet-0a1b2c3d4e5f60714"],
    });
    expect(stack.onlyData("aws_secretsmanager_secret")).toMatchObject({ name: "retool/prod/database-password" });
    expect(stack.only("aws_db_instance")["password_wo"]).toMatch(/^\$\{ephemeral\.aws_secretsmanager_secret_version\./);
  });
});
