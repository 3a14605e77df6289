import { Network } from "../../../constructs/network/network";
import { SandboxSubnets } from "../../../constructs/network/sandbox-subnets";
import { VpcEndpoints } from "../../../constructs/network/vpc-endpoints";
import { planNetwork } from "../../../domain/network/network";
import { resourceTypes } from "../../support/dependables";
import { addressesInZone, context, network as existing } from "../../support/fakes";
import { Graph } from "../../support/graph";
import { synthesize } from "../../support/synthesize";

const { plan } = planNetwork({ sandboxCidr: "100.64.0.0/14", zones: 2 }, context, {
  addressesPerZone: { ...addressesInZone(100), sandboxes: { interfaces: 20_000, prefixes: 20_000 } },
});
let sandboxes: SandboxSubnets | undefined;
const stack = synthesize((scope) => {
  const network = new Network(scope, "Network", { plan });
  sandboxes = new SandboxSubnets(scope, "Sandboxes", { plan, network });
  const { vpcId, vpcCidr, privateSubnetIds } = network;
  new VpcEndpoints(scope, "Endpoints", {
    plan,
    network: { ...existing, vpcId, vpcCidr, privateSubnetIds, secondaryCidrs: sandboxes.cidrs },
  });
});
const graph = new Graph(stack.json);
const named = (type: string) => Object.entries(stack.json["resource"]?.[type] ?? {});

describe("sandboxes in their own range", () => {
  test("have a block a zone and subnets in it, made after the block", () => {
    expect(named("aws_vpc_ipv4_cidr_block_association").map(([, { cidr_block }]) => cidr_block)).toEqual([
      "100.64.0.0/16",
      "100.65.0.0/16",
    ]);
    const subnets = named("aws_subnet").filter(([name]) => name.startsWith("Sandboxes"));
    expect(subnets.map(([, { cidr_block }]) => cidr_block)).toEqual([
      "100.64.0.0/18",
      "100.64.64.0/18",
      "100.65.0.0/18",
      "100.65.64.0/18",
    ]);
    expect(sandboxes!.subnetIds).toHaveLength(4);
    for (const [name] of subnets)
      expect([...graph.ancestors(`aws_subnet.${name}`)].some((one) => one.includes("Sandboxes_Block"))).toBe(true);
  });

  test("leave by their zone's own way, and nodes wait for it", () => {
    const tables = named("aws_route_table_association")
      .filter(([name]) => name.startsWith("Sandboxes"))
      .map(([, { route_table_id }]) => String(route_table_id).replace(/_[0-9A-F]{8}\.id}$/, ""));

    expect(tables.map((table) => table.slice(-1))).toEqual(["0", "0", "1", "1"]);
    expect(resourceTypes(sandboxes!.ready)).toEqual(Array.from({ length: 4 }, () => "aws_route_table_association"));
  });

  test("reach the endpoints of AWS", () => {
    const ranges = named("aws_vpc_security_group_ingress_rule").map(([, { cidr_ipv4 }]) => cidr_ipv4);

    expect(ranges.sort()).toEqual(["10.0.0.0/16", "100.64.0.0/16", "100.65.0.0/16"]);
  });
});

test("sandboxes without their own range change nothing", () => {
  let none: SandboxSubnets | undefined;
  const empty = synthesize((scope) => {
    const network = { vpcId: "vpc-1", privateRouteTableIds: [], zoneName: () => "a" };
    none = new SandboxSubnets(scope, "Sandboxes", { plan: { prefix: "retool-prod", sandboxZones: [] }, network });
  });

  expect(empty.addresses()).toEqual([]);
  expect(none).toMatchObject({ cidrs: [], ready: [] });
  expect(none!.subnetIds).toBeUndefined();
});
