import { ExistingNetwork } from "../../../constructs/network/existing-network";
import { planExistingNetwork } from "../../../domain/network/existing";
import { addressesInZone } from "../../support/fakes";
import { synthesize } from "../../support/synthesize";

const subnets = (first: number, cidrs: readonly string[]): { id: string; cidr: string }[] =>
  cidrs.map((cidr, index) => ({ id: `subnet-0000000${first + index}`, cidr }));
const spec = {
  kind: "existing",
  vpcId: "vpc-00000001",
  cidrs: ["10.20.0.0/16", "100.64.0.0/16"],
  privateSubnets: subnets(1, ["10.20.0.0/20", "10.20.16.0/20"]),
  publicSubnets: subnets(3, ["10.20.32.0/24", "10.20.33.0/24"]),
  natAddresses: ["198.51.100.7"],
} as const;
const networkOf = (more: object = {}) => {
  const { plan } = planExistingNetwork({ ...spec, ...more }, { addressesPerZone: addressesInZone(1) });
  let made: ExistingNetwork | undefined;
  const stack = synthesize(
    (scope) => (made = new ExistingNetwork(scope, "Network", { plan, account: "111122223333" })),
  );
  return { stack, network: made! };
};
const lookedUp = (stack: ReturnType<typeof synthesize>): unknown[] =>
  Object.values(stack.json["data"]?.["aws_subnet"] ?? {}).map(({ id }) => id);

describe("ExistingNetwork", () => {
  test("hands ids on as they are, so that nothing waits for the look-up of each", () => {
    const { stack, network: made } = networkOf();

    expect(made).toMatchObject({
      vpcId: "vpc-00000001",
      vpcCidr: "10.20.0.0/16",
      secondaryCidrs: ["100.64.0.0/16"],
      privateSubnetIds: ["subnet-00000001", "subnet-00000002"],
      databaseSubnetIds: ["subnet-00000001", "subnet-00000002"],
      publicSubnetIds: ["subnet-00000003", "subnet-00000004"],
      natAddresses: ["198.51.100.7"],
      egressReady: [],
    });
    expect(made.sandboxSubnetIds).toBeUndefined();
    expect(made.sandboxCidrs).toEqual([]);
    expect(lookedUp(stack)).toEqual(["subnet-00000001", "subnet-00000002", "subnet-00000003", "subnet-00000004"]);
    expect(stack.addresses()).toEqual([]);
  });

  test("has subnets of databases and sandboxes where they are given", () => {
    const { stack, network: made } = networkOf({
      databaseSubnets: subnets(5, ["10.20.40.0/24", "10.20.41.0/24"]),
      sandboxSubnets: subnets(7, ["100.64.0.0/18"]),
    });

    expect(made.databaseSubnetIds).toEqual(["subnet-00000005", "subnet-00000006"]);
    expect(made.sandboxSubnetIds).toEqual(["subnet-00000007"]);
    expect(made.sandboxCidrs).toEqual(["100.64.0.0/16"]);
    expect(lookedUp(stack)).toHaveLength(7);
  });

  test("has no range of sandboxes where nodes are in it, too", () => {
    const { network: made } = networkOf({
      privateSubnets: subnets(1, ["100.64.64.0/18", "100.64.128.0/18"]),
      sandboxSubnets: subnets(7, ["100.64.0.0/18"]),
    });

    expect(made.sandboxCidrs).toEqual([]);
  });

  test("stops a plan with the setting that is wrong", () => {
    const data = Object.values(networkOf().stack.json["data"]?.["aws_subnet"] ?? {});

    expect(data[0]).toMatchObject({
      lifecycle: {
        postcondition: [
          {
            condition: '${self.vpc_id == "vpc-00000001"}',
            error_message: "network.privateSubnets[0].id: the subnet is in another VPC; use one of network.vpcId",
          },
          {
            condition: '${self.owner_id == "111122223333"}',
            error_message: expect.stringMatching(
              /^network\.ownerAccount: the subnet belongs to another account; /,
            ) as unknown,
          },
          {
            condition: '${self.cidr_block == "10.20.0.0/20"}',
            error_message: "network.privateSubnets[0].cidr: the subnet has another range; correct it",
          },
        ],
      },
    });
  });

  test("has two zones at least, and one subnet a zone for a load balancer, as the last subnet of each list sees", () => {
    const { stack } = networkOf({
      databaseSubnets: subnets(5, ["10.20.40.0/24", "10.20.41.0/24"]),
      sandboxSubnets: subnets(7, ["100.64.0.0/18", "100.64.64.0/18"]),
    });
    const ofZones = Object.values(stack.json["data"]?.["aws_subnet"] ?? {}).flatMap(({ lifecycle }) =>
      (lifecycle as { postcondition: { condition: string; error_message: string }[] }).postcondition.slice(3),
    );
    const both = (list: string): string =>
      `length(distinct([data.aws_subnet.Network_${list}-0.availability_zone, self.availability_zone]))`;
    const plain = ofZones.map(({ condition, error_message }) => [
      condition.replaceAll(/_[0-9A-F]{8}/g, ""),
      error_message,
    ]);

    expect(plain).toEqual([
      [`\${${both("databaseSubnets")} > 1}`, expect.stringMatching(/^network\.databaseSubnets: all .* in one zone; /)],
      [`\${${both("privateSubnets")} > 1}`, expect.stringMatching(/^network\.privateSubnets: all .* in one zone; /)],
      [`\${${both("publicSubnets")} == 2}`, expect.stringMatching(/^network\.publicSubnets: two .* in one zone, /)],
    ]);
  });
});
