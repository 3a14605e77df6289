import { App, Testing } from "cdktf";

import { LAYERS } from "../../../domain/environment/layers";
import { divideState, holdsAlready, type LayerJson, managedIn } from "../../../domain/lifecycle/layered-state";
import type { StateResource, TerraformState } from "../../../domain/lifecycle/state-file";
import { RetoolLayers } from "../../../stacks";
import { prod } from "../../support/environments/prod";

function resource(
  address: string,
  more: { readonly mode?: string; readonly dependencies?: string[] } = {},
): StateResource {
  const [type = "", name = ""] = address.split(".");
  const { mode = "managed", dependencies = [] } = more;
  const instance = { schema_version: 0, attributes: { id: `id of ${name}` }, dependencies };
  return { mode, type, name, provider: 'provider["registry.terraform.io/hashicorp/aws"]', instances: [instance] };
}

const stateOf = (...resources: StateResource[]): TerraformState => ({
  version: 4,
  serial: 7,
  lineage: "one",
  outputs: { url: { value: "https://retool.example.com", type: "string" }, gone: { value: 1, type: "number" } },
  resources,
});

const layers: LayerJson[] = [
  { name: "prod-foundation", json: { resource: { aws_vpc: { main: {} } } } },
  { name: "prod-cluster", json: { resource: { aws_eks_cluster: { main: {} } } } },
  {
    name: "prod-retool",
    json: {
      resource: { aws_db_instance: { main: {} }, aws_security_group: { main: {} } },
      removed: [{ from: "aws_s3_bucket.former" }],
      moved: [{ from: "aws_s3_bucket.numbered", to: "aws_s3_bucket.named" }],
      output: { url: {} },
    },
  },
];

describe("divideState", () => {
  test("gives every resource to the layer that has its address, also one that the layer forgets or moves", () => {
    const state = stateOf(
      resource("aws_vpc.main"),
      resource("aws_eks_cluster.main", { dependencies: ["aws_vpc.main"] }),
      resource("aws_security_group.main", { dependencies: ["aws_vpc.main"] }),
      resource("aws_db_instance.main", { dependencies: ["aws_security_group.main", "aws_vpc.main"] }),
      resource("aws_s3_bucket.former"),
      resource("aws_s3_bucket.numbered"),
      resource("aws_region.current", { mode: "data" }),
    );
    const { parts, homeless } = divideState(state, layers);

    expect(homeless).toEqual([]);
    expect(parts.map(({ resources }) => resources.map(({ type }) => type))).toEqual([
      ["aws_vpc"],
      ["aws_eks_cluster"],
      ["aws_security_group", "aws_db_instance", "aws_s3_bucket", "aws_s3_bucket"],
    ]);
    expect(parts[2]?.resources.map(({ instances }) => instances[0]?.["dependencies"])).toEqual([
      [],
      ["aws_security_group.main"],
      [],
      [],
    ]);
    expect(parts.map(({ outputs }) => outputs)).toEqual([
      {},
      {},
      { url: { value: "https://retool.example.com", type: "string" } },
    ]);
  });

  test("names what would be in no state", () => {
    expect(divideState(stateOf(resource("aws_instance.bastion")), layers).homeless).toEqual(["aws_instance.bastion"]);
  });

  test("leaves nothing of production behind, Kubernetes objects and Helm releases included", () => {
    const synthesized = new RetoolLayers(new App({ skipValidation: true }), { ...prod, layers: true });
    const production = LAYERS.map((layer) => ({
      name: `prod-${layer}`,
      json: JSON.parse(Testing.synth(synthesized[layer])) as LayerJson["json"],
    }));
    const addresses = production.flatMap(({ json }) =>
      Object.entries(json.resource ?? {}).flatMap(([type, byName]) =>
        Object.keys(byName).map((name) => `${type}.${name}`),
      ),
    );
    const { parts, homeless } = divideState(stateOf(...addresses.map((address) => resource(address))), production);

    expect(homeless).toEqual([]);
    expect(parts.map(managedIn).reduce((sum, count) => sum + count)).toBe(addresses.length);
    const typesIn = (index: number): string[] => [...new Set(parts[index]?.resources.map(({ type }) => type))];
    expect(typesIn(0)).not.toContain("helm_release");
    for (const index of [1, 2]) {
      expect(typesIn(index)).toEqual(expect.arrayContaining(["helm_release", "kubernetes_namespace_v1"]));
    }
  });
});

describe("holdsAlready", () => {
  const part = { resources: [resource("aws_vpc.main")] };

  test("knows the resources that were moved, by address and id", () => {
    expect(holdsAlready(stateOf(resource("aws_vpc.main"), resource("aws_region.a", { mode: "data" })), part)).toBe(
      true,
    );
    expect(holdsAlready(stateOf(resource("aws_vpc.other")), part)).toBe(false);
    expect(holdsAlready(stateOf(resource("aws_vpc.main"), resource("aws_vpc.other")), part)).toBe(false);
    const [one] = part.resources[0]?.instances ?? [];
    const another = { ...resource("aws_vpc.main"), instances: [{ ...one!, attributes: { id: "vpc-2" } }] };
    expect(holdsAlready(stateOf(another), part)).toBe(false);
  });
});
