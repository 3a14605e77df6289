import { App, Testing } from "cdktf";

import { LAYERS } from "../../domain/environment/layers";
import type { EnvironmentSpec } from "../../domain/environment/spec";
import { defineEnvironment, RetoolLayers, RetoolStack } from "../../stacks";
import { prod } from "../support/environments/prod";
import { Graph } from "../support/graph";
import { expectReleasedAddresses } from "../support/released-addresses";
import { secondInstance } from "../support/second-instance";
import { type Block, Synthesized } from "../support/synthesize";

type Json = Synthesized["json"];

const layered = (spec: EnvironmentSpec): RetoolLayers =>
  new RetoolLayers(new App({ skipValidation: true }), { ...spec, layers: true });
const synth = (stack: Parameters<typeof Testing.synth>[0]): Synthesized =>
  new Synthesized(JSON.parse(Testing.synth(stack)) as Json);
const whole = (spec: EnvironmentSpec): Synthesized => synth(new RetoolStack(new App({ skipValidation: true }), spec));

/** A resource as it is where the account has nothing of its name: without what stops a layer from making it a second time. */
function unguarded(block: Block): Block {
  const { ignore_changes, postcondition, ...others } = (block["lifecycle"] ?? {}) as Block;
  if (!JSON.stringify(postcondition ?? "").includes("not in the state of this layer")) return block;
  const ignored = [...(ignore_changes as string[])];
  const guard = ignored.pop() ?? "";
  const otherwise = JSON.parse(String(block[guard]).replace(/^.* : (.*)\}$/, "$1")) as unknown;
  const lifecycle = { ...(ignored.length > 0 && { ignore_changes: ignored }), ...others };
  return { ...block, [guard]: isSet(otherwise) ? otherwise : undefined, lifecycle: filled(lifecycle) };
}

const isSet = (value: unknown): boolean => value !== "default" && value !== null;
const filled = (block: Block): Block | undefined => (Object.keys(block).length === 0 ? undefined : block);

/** Arguments of a resource, by what they refer to: a resource, what finds it, or the name of a cluster that exists. */
function meaning(block: Block = {}): string {
  const sorted = Object.fromEntries(Object.entries(unguarded(block)).sort(([one], [other]) => (one < other ? -1 : 1)));
  return JSON.stringify(sorted, (key, value: unknown) => (key === "depends_on" ? undefined : value))
    .replace(/\$\{(data\.)?[a-z0-9_]+\.[\w-]+[.[][^}]*\}/g, "<reference>")
    .replace('"cluster_name":"retool-prod"', '"cluster_name":"<reference>"');
}

const prodLayers = layered(prod);
const stacks = LAYERS.map((layer) => synth(prodLayers[layer]));
/** The layers of production, with and without every option, and of a guest in its cluster. */
const partsOf: Record<string, readonly Synthesized[]> = { prod: stacks };
const everything: EnvironmentSpec = {
  ...prod,
  network: { sandboxCidr: "100.64.0.0/14" },
  egress: { level: "firewall" },
  dns: { kind: "create" },
  backup: { copyTo: { region: "us-west-2" } },
  database: { generation: 2, restore: { kind: "point-in-time", instance: "retool-prod" } },
  retoolVersion: "4.34.1-stable",
  retool: { upgrades: [{ from: "4.0.9-stable", to: "4.34.1-stable", permissionsMigration: "complete" }] },
};

describe("RetoolLayers", () => {
  test("are deployed in order, one at a time or by a pattern", () => {
    const { foundation, cluster, retool } = prodLayers;

    expect([foundation, cluster, retool].map(({ node }) => node.id)).toEqual([
      "prod-foundation",
      "prod-cluster",
      "prod-retool",
    ]);
    expect(retool.dependencies).toEqual([foundation, cluster]);
    expect(cluster.dependencies).toEqual([foundation]);
  });

  beforeAll(() => {
    for (const [name, spec] of Object.entries({ options: everything, guest: secondInstance(prod) })) {
      const layers = layered(spec);
      partsOf[name] = LAYERS.map((layer) => synth(layers[layer]));
    }
  });

  test.each([
    ["prod", "production", prod],
    ["options", "production with every guard, its own zone and a second region, upgraded and restored", everything],
    ["guest", "a second instance in an existing cluster", secondInstance(prod)],
  ])("hold every resource of the one stack, once, with the same arguments: %s, %s", (name, _, spec) => {
    const one = whole(spec);
    const parts = partsOf[name] ?? [];
    const resources = parts.flatMap(({ json }) =>
      Object.entries(json["resource"] ?? {}).flatMap(([type, byName]) =>
        Object.entries(byName).map(([block, content]) => [`${type}.${block}`, meaning(content)] as const),
      ),
    );

    expect(resources.map(([address]) => address).sort()).toEqual(one.addresses());
    const forgotten = ({ json }: Synthesized): string[] =>
      ((json["removed"] ?? []) as unknown[]).map((block) => JSON.stringify(block));
    expect(parts.flatMap(forgotten).sort()).toEqual(forgotten(one).sort());
    for (const [address, text] of resources) {
      const [type = "", name = ""] = address.split(".");
      expect([address, text]).toEqual([address, meaning(one.json["resource"]?.[type]?.[name])]);
    }
  });

  test("have every address of the last release in the same layer, or say where it went", () => {
    const labelled = Object.entries(partsOf).flatMap(([name, parts]) =>
      LAYERS.map((layer, index) => [`${name}-${layer}`, parts[index]?.json ?? {}] as const),
    );

    expectReleasedAddresses("addresses.released.txt", Object.fromEntries(labelled));
  });

  test("refuse, while Terraform plans, to make what the account has and their state does not", () => {
    const [foundation, cluster] = stacks;
    const refusal =
      /^(prod|tools): the account has .*, which is not in the state of this layer; move the state .* --move, or import/;
    const guard = (argument: string) => ({
      lifecycle: {
        ignore_changes: expect.arrayContaining([argument]) as unknown,
        postcondition: [{ error_message: expect.stringMatching(refusal) as unknown }],
      },
    });

    expect(foundation?.only("aws_vpc")).toMatchObject({
      instance_tenancy: expect.stringMatching(
        /^\$\{length\(data\.aws_vpcs\.\w+\.ids\) > 0 \? "dedicated" : "default"\}$/,
      ) as unknown,
      ...guard("instance_tenancy"),
    });
    expect(foundation?.onlyData("aws_vpcs")).toMatchObject({ tags: { Name: "retool-prod" } });
    const role = cluster?.all("aws_iam_role").find(({ name }) => name === "retool-prod-cluster");
    expect(role).toMatchObject(guard("description"));
    expect(cluster?.onlyData("aws_security_groups")).toMatchObject({
      filter: [{ name: "tag:aws:eks:cluster-name", values: ["retool-prod"] }],
    });
    const [guest] = partsOf["guest"] ?? [];
    const key = guest?.all("aws_kms_key").find((block) => JSON.stringify(block).includes("not in the state"));
    expect(key).toMatchObject(guard("bypass_policy_lockout_safety_check"));
    expect(JSON.stringify(guest?.onlyData("aws_secretsmanager_secrets"))).toContain("/encryption-key");
  });

  test("read the state of no other stack, and hand over no secret", () => {
    for (const stack of stacks) expect(stack.text()).not.toContain("terraform_remote_state");
    const [foundation, cluster] = stacks;
    for (const lower of [foundation, cluster]) {
      expect(Object.keys(lower?.json["output"] ?? {})).toEqual(["placeholders"]);
      expect(lower?.text()).not.toMatch(/aws_secretsmanager_secret\b|random_password|"ephemeral"/);
    }
  });

  test("keep data in the layers where it is expected", () => {
    const typesOf = (stack: Synthesized | undefined): string[] => Object.keys(stack?.json["resource"] ?? {});
    const [foundation, cluster, retool] = stacks.map(typesOf);

    expect(foundation).toEqual(expect.arrayContaining(["aws_vpc", "aws_kms_key", "aws_nat_gateway"]));
    expect(cluster).toEqual(expect.arrayContaining(["aws_eks_cluster", "aws_eks_node_group", "helm_release"]));
    expect(retool).toEqual(
      expect.arrayContaining(["aws_db_instance", "aws_s3_bucket", "aws_secretsmanager_secret", "aws_lb"]),
    );
    for (const type of ["aws_db_instance", "aws_s3_bucket", "aws_secretsmanager_secret"]) {
      expect(foundation).not.toContain(type);
      expect(cluster).not.toContain(type);
    }
  });

  test("keep all of the foundation where data is to stay: its keys and its network are what the data needs", () => {
    const retained = layered({ ...prod, dataProtection: "retain" });

    expect(synth(retained.foundation).json["resource"]).toEqual(stacks[0]?.json["resource"]);
    expect(JSON.stringify(synth(retained.cluster).json["resource"])).not.toContain("prevent_destroy");
  });

  test("give the outputs of the one stack", () => {
    expect(Object.keys(stacks[2]?.json["output"] ?? {})).toEqual(Object.keys(whole(prod).json["output"] ?? {}));
  });

  test("install nothing into a cluster whose API does not answer", () => {
    const json = stacks[2]?.json ?? {};
    const graph = new Graph(json);
    const releases = Object.entries(json["resource"]?.["helm_release"] ?? {});
    const before = releases.map(([name, { depends_on }]) =>
      [...graph.ancestors(`helm_release.${name}`), JSON.stringify(depends_on)].join(),
    );

    expect(releases.length).toBeGreaterThan(1);
    for (const text of before) expect(text).toMatch(/kubernetes_namespace_v1\./);
    expect(before.join()).toContain("data.kubernetes_namespace_v1.");
  });

  test("are made where `layers` says so, and refused where it says otherwise", () => {
    const app = (): App => new App({ skipValidation: true });

    expect(defineEnvironment(app(), { ...prod, layers: true })).toBeInstanceOf(RetoolLayers);
    expect(defineEnvironment(app(), prod)).toBeInstanceOf(RetoolStack);
    expect(() => new RetoolStack(app(), { ...prod, layers: true })).toThrow(
      "layers: is true, and RetoolStack is one stack; use RetoolLayers, or remove layers",
    );
    expect(() => new RetoolLayers(app(), prod)).toThrow("layers: is false, and RetoolLayers are three stacks;");
  });
});
