import { Eip } from "@cdktf/provider-aws/lib/eip";
import { TerraformOutput } from "cdktf";

import { Network, type NetworkProps } from "../../../constructs/network/network";
import { type NetworkDemand, type NetworkSpec, planNetwork } from "../../../domain/network/network";
import { dependencies } from "../../support/dependables";
import { addressesInZone, context } from "../../support/fakes";
import { type Block, type Synthesized, synthesize } from "../../support/synthesize";

const planOf = (spec: NetworkSpec, demand: Partial<NetworkDemand> = {}): NetworkProps["plan"] =>
  planNetwork(spec, context, { addressesPerZone: addressesInZone(100), ...demand }).plan;

const define = (
  spec: NetworkSpec = {},
  demand: Partial<NetworkDemand> = {},
  more: Partial<NetworkProps> = {},
): { readonly template: Synthesized; readonly network: Network } => {
  let network: Network | undefined;
  const template = synthesize((stack) => {
    network = new Network(stack, "Network", { plan: planOf(spec, demand), ...more });
  });
  return { template, network: network! };
};

/** Resources of a type, by their Terraform name. */
const named = (template: Synthesized, type: string): Record<string, Block> => template.json["resource"]?.[type] ?? {};
const subnetsOf = (template: Synthesized, tier: string): Block[] =>
  Object.entries(named(template, "aws_subnet"))
    .filter(([name]) => name.startsWith(`Network_${tier}`))
    .map(([, subnet]) => subnet);
const nameOf = (reference: unknown): string =>
  String(reference)
    .replace(/^\$\{|\}$/g, "")
    .split(".")[1] ?? "";

/** Follows a subnet's route table to what its default route leads to. */
const wayOut = (template: Synthesized, subnetName: string): string[] => {
  const table = template
    .all("aws_route_table_association")
    .filter(({ subnet_id }) => nameOf(subnet_id) === subnetName)
    .map(({ route_table_id }) => nameOf(route_table_id));
  return template
    .all("aws_route")
    .filter(({ route_table_id }) => table.includes(nameOf(route_table_id)))
    .map(({ destination_cidr_block, destination_ipv6_cidr_block, gateway_id, nat_gateway_id }) =>
      [destination_cidr_block ?? destination_ipv6_cidr_block, nameOf(gateway_id ?? nat_gateway_id)].join(" -> "),
    );
};
const waysOut = (template: Synthesized, tier: string): string[][] =>
  Object.keys(named(template, "aws_subnet"))
    .filter((name) => name.startsWith(`Network_${tier}`))
    .map((name) => wayOut(template, name).map((way) => way.replace(/_[0-9A-F]{8}$/, "")));

describe("Network", () => {
  test("resolves names of hosts in its own VPC", () => {
    expect(define().template.only("aws_vpc")).toMatchObject({
      cidr_block: "10.0.0.0/16",
      enable_dns_hostnames: true,
      enable_dns_support: true,
    });
  });

  test("closes the default security group", () => {
    const group = define().template.only("aws_default_security_group");

    expect(group["ingress"]).toBeUndefined();
    expect(group["egress"]).toBeUndefined();
  });

  test("takes zones from AWS, without local zones and zones that EKS does not serve", () => {
    expect(define({ zones: 4 }).template.onlyData("aws_availability_zones")).toMatchObject({
      exclude_zone_ids: ["use1-az3", "usw1-az2", "cac1-az3"],
      filter: [{ name: "opt-in-status", values: ["opt-in-not-required"] }],
      lifecycle: {
        postcondition: [
          {
            condition: "${length(self.names) >= 4}",
            error_message: "network.zones: us-east-1 offers this account fewer than 4 zones; use a smaller number",
          },
        ],
      },
    });
  });

  test.each([2, 3, 4])("has a subnet of each kind in each of %i zones", (zones) => {
    const { template } = define({ zones });

    for (const tier of ["Public", "Private"]) {
      expect(subnetsOf(template, tier).map((subnet) => subnet["availability_zone"])).toEqual(
        Array.from({ length: zones }, (_, zone): unknown =>
          expect.stringMatching(new RegExp(`^\\$\\{aws_subnet\\.Network_Database${zone}_\\w+\\.availability_zone\\}$`)),
        ),
      );
    }
  });

  test("puts each database subnet into the first zone that those before it are not in", () => {
    const inZone = subnetsOf(define({ zones: 3 }).template, "Database").map(({ availability_zone: zone }) =>
      String(zone)
        .replaceAll(/aws_subnet\.Network_(Database\d)_\w+\.availability_zone/g, "$1")
        .replaceAll(/data\.aws_availability_zones\.\w+\.names/g, "names"),
    );

    expect(inZone).toEqual([
      "${element(names, 0)}",
      "${element(sort(setsubtract(names, [Database0])), 0)}",
      "${element(sort(setsubtract(names, [Database0, Database1])), 0)}",
    ]);
  });

  test("never replaces a subnet because AWS lists a new zone", () => {
    const lifecycles = define()
      .template.all("aws_subnet")
      .map(({ lifecycle }) => lifecycle);

    for (const lifecycle of lifecycles)
      expect(lifecycle).toEqual({ ignore_changes: expect.arrayContaining(["availability_zone"]) as unknown });
  });

  test("tags subnets for load balancers", () => {
    const { template } = define();

    for (const { tags } of subnetsOf(template, "Public")) expect(tags).toMatchObject({ "kubernetes.io/role/elb": "1" });
    for (const { tags } of subnetsOf(template, "Private"))
      expect(tags).toMatchObject({ "kubernetes.io/role/internal-elb": "1" });
    for (const { tags } of subnetsOf(template, "Database")) expect(Object.keys(tags as object)).toEqual(["Name"]);
  });

  test("each zone leaves through its own NAT gateway", () => {
    const { template } = define();

    expect(waysOut(template, "Private")).toEqual([
      ["0.0.0.0/0 -> Network_Nat0"],
      ["0.0.0.0/0 -> Network_Nat1"],
      ["0.0.0.0/0 -> Network_Nat2"],
    ]);
    expect(waysOut(template, "Public")).toEqual(Array(3).fill(["0.0.0.0/0 -> Network_InternetGateway"]));
  });

  test("databases have no way out, and no gateway endpoint either", () => {
    const { template } = define();
    const tables = template.only("aws_vpc_endpoint")["route_table_ids"] as string[];

    expect(waysOut(template, "Database")).toEqual([[], [], []]);
    expect(tables.map(nameOf).filter((name) => name.includes("Database"))).toEqual([]);
  });

  test("a single NAT gateway serves all zones", () => {
    const { template, network } = define({ nat: "single" });

    expect(template.all("aws_eip")).toHaveLength(1);
    expect(waysOut(template, "Private")).toEqual(Array(3).fill(["0.0.0.0/0 -> Network_Nat0"]));
    expect(network.natAddresses).toHaveLength(1);
  });

  test("without NAT private subnets have no way out", () => {
    const { template, network } = define({ nat: "none" });

    expect(template.all("aws_nat_gateway")).toEqual([]);
    expect(template.all("aws_eip")).toEqual([]);
    expect(waysOut(template, "Private")).toEqual([[], [], []]);
    expect(network.natAddresses).toEqual([]);
    expect(network.publicSubnetIds).toHaveLength(3);
  });

  test("NAT gateways stand apart from the load balancer, each with its own route table", () => {
    const { template } = define();
    const subnets = template.all("aws_nat_gateway").map(({ subnet_id }) => nameOf(subnet_id));

    expect(subnets).toEqual([0, 1, 2].map((zone): unknown => expect.stringMatching(`^Network_NatSubnet${zone}_`)));
    expect(waysOut(template, "NatSubnet")).toEqual(Array(3).fill(["0.0.0.0/0 -> Network_InternetGateway"]));
    expect(new Set(subnetsOf(template, "NatSubnet").map(({ cidr_block }) => cidr_block)).size).toBe(3);
    const tables = template.all("aws_route_table_association").map(({ route_table_id }) => nameOf(route_table_id));
    expect(tables.filter((name) => name.startsWith("Network_NatRoutes")).sort()).toEqual(
      [0, 1, 2].map((zone): unknown => expect.stringMatching(`^Network_NatRoutes${zone}_`)),
    );
  });

  test("a private network leaves through NAT without a subnet for a load balancer", () => {
    const { template, network } = define({}, { internetFacing: false });

    expect(subnetsOf(template, "Public")).toEqual([]);
    expect(network.publicSubnetIds).toEqual([]);
    expect(template.all("aws_nat_gateway")).toHaveLength(3);
    expect(waysOut(template, "NatSubnet")[0]).toEqual(["0.0.0.0/0 -> Network_InternetGateway"]);
  });

  test.each(["per-zone", "single"] as const)("with NAT %s leads each zone to a firewall in place of NAT", (nat) => {
    let zones: Network["zones"] = [];
    const through = synthesize((stack) => {
      const network = new Network(stack, "Network", { plan: planOf({ nat }) });
      zones = network.zones;
      new TerraformOutput(stack, "zones", { staticId: true, value: zones });
      network.leaveThrough(zones.map((_, zone) => ({ endpointId: `vpce-${zone}`, ready: [] })));
    });
    const plain = define({ nat }).template;
    const routesOf = (template: Synthesized): [string, Block][] =>
      Object.entries(named(template, "aws_route")).filter(([name]) => name.startsWith("Network_PrivateRoute"));

    expect(routesOf(through).map(([, route]) => [route["vpc_endpoint_id"], route["nat_gateway_id"]])).toEqual([
      ["vpce-0", undefined],
      ["vpce-1", undefined],
      ["vpce-2", undefined],
    ]);
    expect(through.addresses()).toEqual(plain.addresses());
    const output = through.json["output"]?.["zones"] as unknown as {
      value: { firewallCidr: string; privateCidrs: string[] }[];
    };
    expect(output.value.map(({ firewallCidr }) => firewallCidr)).toEqual(
      planOf({ nat }).subnets.map(({ firewallCidr }) => firewallCidr),
    );
    expect(output.value.map(({ privateCidrs }) => privateCidrs)).toEqual(
      [0, 1, 2].map((zone): unknown => [
        expect.stringMatching(new RegExp(`^\\$\\{aws_subnet\\.Network_Private${zone}_\\w+\\.cidr_block\\}$`)),
      ]),
    );
  });

  test("a route waits for what the firewall needs", () => {
    const template = synthesize((stack) => {
      const network = new Network(stack, "Network", { plan: planOf({ zones: 2 }) });
      const ready = [new Eip(stack, "Firewall", {})];
      network.leaveThrough([0, 1].map((zone) => ({ endpointId: `vpce-${zone}`, ready })));
    });
    const [route] = Object.entries(named(template, "aws_route")).filter(([name]) => name.includes("PrivateRoute0"));

    expect(route?.[1]["depends_on"]).toEqual(["aws_eip.Firewall"]);
  });

  test("refuses fewer endpoints than zones", () => {
    synthesize((stack) => {
      const network = new Network(stack, "Network", { plan: planOf({}) });

      expect(() => {
        network.leaveThrough([{ endpointId: "vpce-0", ready: [] }]);
      }).toThrow("names zone 1, which it has no subnets for");
    });
  });

  test("a private network without NAT has nothing public at all", () => {
    const { template, network } = define({ nat: "none" }, { internetFacing: false });

    expect(template.all("aws_internet_gateway")).toEqual([]);
    expect(subnetsOf(template, "Public")).toEqual([]);
    expect(network.publicSubnetIds).toEqual([]);
    expect(network.privateSubnetIds).toHaveLength(3);
  });

  test("a NAT gateway waits for the way to the internet", () => {
    const gateways = define().template.all("aws_nat_gateway");

    expect(gateways).toHaveLength(3);
    gateways.forEach(({ depends_on }, zone) => {
      expect(depends_on).toEqual([
        expect.stringMatching(new RegExp(`^aws_route\\.Network_NatRoute${zone}_`)),
        expect.stringMatching(new RegExp(`^aws_route_table_association\\.Network_NatSubnet${zone}Association_`)),
      ]);
    });
  });

  test("public subnets wait for the internet gateway, which a public load balancer needs", () => {
    for (const { depends_on } of subnetsOf(define().template, "Public"))
      expect(depends_on).toEqual([expect.stringMatching(/^aws_internet_gateway\./)]);
  });

  test("egress is ready with the routes of every private subnet and the S3 endpoint", () => {
    const ready = dependencies((stack) => new Network(stack, "Network", { plan: planOf({}) }).egressReady);

    expect(ready).toEqual([
      "aws_route.Network_PrivateRoute0",
      "aws_route.Network_PrivateRoute1",
      "aws_route.Network_PrivateRoute2",
      "aws_route_table_association.Network_Private0Association",
      "aws_route_table_association.Network_Private1Association",
      "aws_route_table_association.Network_Private2Association",
      ...[0, 1, 2].flatMap((zone) => [
        `aws_route.Network_NatRoute${zone}`,
        `aws_route_table_association.Network_NatSubnet${zone}Association`,
      ]),
      "aws_vpc_endpoint.Network_S3Endpoint",
    ]);
  });

  test("reaches S3 through a gateway endpoint, with a policy where one is given", () => {
    const { template } = define({}, {}, { s3EndpointPolicy: '{"Version":"2012-10-17"}' });

    expect(template.only("aws_vpc_endpoint")).toMatchObject({
      service_name: "com.amazonaws.us-east-1.s3",
      vpc_endpoint_type: "Gateway",
      policy: '{"Version":"2012-10-17"}',
    });
    expect(define().template.only("aws_vpc_endpoint")["policy"]).toBeUndefined();
  });

  test("keeps IPv6 where a load balancer is no longer dual-stack: AWS takes no range from a VPC whose subnets have it", () => {
    const ignored = (dualStack: boolean): unknown[] => {
      const { template } = define({ zones: 2 }, { dualStack });
      const parts = [template.only("aws_vpc"), ...subnetsOf(template, "Public"), ...subnetsOf(template, "Private")];
      return parts.map(({ lifecycle }) => (lifecycle as { ignore_changes?: string[] } | undefined)?.ignore_changes);
    };
    const zone = ["availability_zone"];
    const both = [...zone, "ipv6_cidr_block"];

    expect(ignored(false)).toEqual([["assign_generated_ipv6_cidr_block"], both, both, zone, zone]);
    expect(ignored(true)).toEqual([undefined, zone, zone, zone, zone]);
  });

  test("gives public subnets IPv6 for a dual-stack load balancer, and private ones none", () => {
    const { template } = define({ zones: 2 }, { dualStack: true });

    expect(template.only("aws_vpc")["assign_generated_ipv6_cidr_block"]).toBe(true);
    expect(subnetsOf(template, "Public").map(({ ipv6_cidr_block }) => ipv6_cidr_block)).toEqual([
      expect.stringMatching(/^\$\{cidrsubnet\(aws_vpc\.Network_\w+\.ipv6_cidr_block, 8, 0\)\}$/),
      expect.stringMatching(/^\$\{cidrsubnet\(aws_vpc\.Network_\w+\.ipv6_cidr_block, 8, 1\)\}$/),
    ]);
    expect(subnetsOf(template, "Private").map(({ ipv6_cidr_block }) => ipv6_cidr_block)).toEqual([
      undefined,
      undefined,
    ]);
    expect(waysOut(template, "Public")[0]).toContain("::/0 -> Network_InternetGateway");
  });
});
