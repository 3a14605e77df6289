import fc from "fast-check";

import { addressCount, contains, overlaps, parseIpv4 } from "../../../domain/common/address-range";
import { type NetworkPlan, type NetworkSpec, type ZonePlan, planNetwork } from "../../../domain/network/network";
import { formatViolation } from "../../../domain/common/violation";
import { addressesInZone, context } from "../../support/fakes";

const small = { addressesPerZone: addressesInZone(100) };
const plan = (spec?: NetworkSpec): NetworkPlan => planNetwork(spec, context, small).plan;
const problems = (spec: unknown, demand = small): string[] =>
  planNetwork(spec as NetworkSpec, context, demand).violations.map(formatViolation);

const range = (text: string): NonNullable<ReturnType<typeof parseIpv4>> => {
  const parsed = parseIpv4(text);
  if (parsed === undefined) throw new Error(`${text} is not IPv4`);
  return parsed;
};
const inOrder = (zone: ZonePlan): string[] => [zone.privateCidr, zone.publicCidr, zone.databaseCidr, zone.firewallCidr];

/** Ranges that are accepted. */
const cidrs = fc
  .tuple(fc.integer({ min: 16, max: 20 }), fc.nat({ max: 255 }), fc.nat({ max: 15 }))
  .map(
    ([length, second, block]) =>
      `10.${second}.${Math.floor(block / 2 ** (20 - length)) * 2 ** (24 - length)}.0/${length}`,
  )
  .filter((cidr) => parseIpv4(cidr) !== undefined);
const zoneCounts = fc.integer({ min: 2, max: 4 });

describe("planNetwork", () => {
  test("has a default for everything", () => {
    expect(planNetwork(undefined, context, small)).toEqual({
      plan: {
        kind: "new",
        prefix: "retool-prod",
        endpointPolicies: {},
        region: "us-east-1",
        cidr: "10.0.0.0/16",
        zones: 3,
        nat: "per-zone",
        interfaceEndpoints: ["eks-auth"],
        flowLogRetentionDays: 90,
        s3Buckets: [],
        subnets: [
          {
            privateCidr: "10.0.0.0/19",
            publicCidr: "10.0.32.0/21",
            databaseCidr: "10.0.40.0/22",
            firewallCidr: "10.0.44.0/28",
            natCidr: "10.0.44.16/28",
          },
          {
            privateCidr: "10.0.64.0/19",
            publicCidr: "10.0.96.0/21",
            databaseCidr: "10.0.104.0/22",
            firewallCidr: "10.0.108.0/28",
            natCidr: "10.0.108.16/28",
          },
          {
            privateCidr: "10.0.128.0/19",
            publicCidr: "10.0.160.0/21",
            databaseCidr: "10.0.168.0/22",
            firewallCidr: "10.0.172.0/28",
            natCidr: "10.0.172.16/28",
          },
        ],
        natZones: [0, 1, 2],
        natZoneOf: [0, 1, 2],
        publicSubnets: true,
        dualStack: false,
        sandboxZones: [],
        vpcCidrs: ["10.0.0.0/16"],
        privateCidrs: ["10.0.0.0/19", "10.0.64.0/19", "10.0.128.0/19"],
        podCidrs: ["10.0.0.0/19", "10.0.64.0/19", "10.0.128.0/19"],
        publicCidrs: ["10.0.32.0/21", "10.0.96.0/21", "10.0.160.0/21"],
        databaseCidrs: ["10.0.40.0/22", "10.0.104.0/22", "10.0.168.0/22"],
        addressesNeeded: { own: 100 },
        prefixDelegation: false,
      },
      violations: [],
    });
  });

  test.each([
    [{ cidr: "100.64.0.0/18" }, { cidr: "100.64.0.0/18" }],
    [{ zones: 2 }, { zones: 2, natZones: [0, 1], natZoneOf: [0, 1] }],
    [{ nat: "single" }, { natZones: [0], natZoneOf: [0, 0, 0] }],
    [{ nat: "none" }, { natZones: [], natZoneOf: [] }],
    [{ interfaceEndpoints: [] }, { interfaceEndpoints: [] }],
    [{ flowLogRetentionDays: 365 }, { flowLogRetentionDays: 365 }],
    [{ s3Buckets: ["data"] }, { s3Buckets: ["data"] }],
  ] as const)("honours %j", (spec, expected) => {
    expect(planNetwork(spec, context, small)).toMatchObject({ plan: expected, violations: [] });
  });

  test("an option that is written out as undefined has its default", () => {
    expect(plan({ zones: undefined, nat: undefined })).toEqual(plan());
  });

  test("without NAT everything that nodes call has an endpoint", () => {
    expect(plan({ nat: "none" }).interfaceEndpoints).toEqual(
      expect.arrayContaining(["ec2", "ecr.api", "ecr.dkr", "eks", "eks-auth", "sqs", "ssm", "sts"]),
    );
  });

  test.each([
    ["per-zone", true, true],
    ["per-zone", false, false],
    ["none", true, true],
    ["none", false, false],
  ] as const)("nat %s, internet-facing %s: public subnets %s", (nat, internetFacing, expected) => {
    expect(planNetwork({ nat }, context, { ...small, internetFacing }).plan.publicSubnets).toBe(expected);
  });

  test("takes over the dual stack of the load balancer", () => {
    expect(planNetwork({}, context, { ...small, dualStack: true }).plan.dualStack).toBe(true);
  });
});

describe("the address plan", () => {
  test("lies in the VPC, without overlaps, aligned as AWS wants it", () => {
    fc.assert(
      fc.property(cidrs, zoneCounts, (cidr, zones) => {
        const subnets = plan({ cidr, zones }).subnets.flatMap(inOrder).map(range);
        expect(subnets).toHaveLength(zones * 4);
        subnets.forEach((subnet, index) => {
          expect(contains(range(cidr), subnet)).toBe(true);
          expect(subnet.first % addressCount(subnet.prefixLength)).toBe(0);
          expect(subnet.prefixLength).toBeLessThanOrEqual(28);
          expect(subnets.slice(index + 1).filter((other) => overlaps(subnet, other))).toEqual([]);
        });
      }),
    );
  });

  test("leaves no gap between the subnets of a zone, and gives every zone an equal block", () => {
    fc.assert(
      fc.property(cidrs, zoneCounts, (cidr, zones) => {
        plan({ cidr, zones }).subnets.forEach((zone, index) => {
          const [first, ...rest] = inOrder(zone).map(range);
          expect(first?.first).toBe(range(cidr).first + (index * addressCount(range(cidr).prefixLength)) / 4);
          rest.reduce((before, subnet) => {
            expect(subnet.first).toBe((before?.first ?? 0) + addressCount(before?.prefixLength ?? 32));
            return subnet;
          }, first);
        });
      }),
    );
  });

  test("gives nodes and pods half of each zone's block", () => {
    fc.assert(
      fc.property(cidrs, (cidr) => {
        const pods = plan({ cidr, zones: 4 }).subnets.reduce(
          (sum, { privateCidr }) => sum + addressCount(range(privateCidr).prefixLength),
          0,
        );
        expect(pods * 2).toBe(addressCount(range(cidr).prefixLength));
      }),
    );
  });

  test("moves no subnet when a zone is added", () => {
    fc.assert(
      fc.property(cidrs, fc.integer({ min: 2, max: 3 }), (cidr, zones) => {
        expect(plan({ cidr, zones: zones + 1 }).subnets.slice(0, zones)).toEqual(plan({ cidr, zones }).subnets);
      }),
    );
  });

  test("has room in public subnets for a load balancer, even in the smallest VPC", () => {
    const { subnets } = plan({ cidr: "10.0.0.0/20" });

    expect(subnets[0]).toEqual({
      privateCidr: "10.0.0.0/23",
      publicCidr: "10.0.2.0/25",
      databaseCidr: "10.0.2.128/26",
      firewallCidr: "10.0.2.192/28",
      natCidr: "10.0.2.208/28",
    });
  });
});

describe("planNetwork refuses", () => {
  test.each([
    [{ cidr: "ten" }, 'network.cidr: "ten" is not an address range; use a value such as "10.0.0.0/16"'],
    [{ cidr: "10.0.0.1/16" }, 'network.cidr: "10.0.0.1/16" has host bits set; use "10.0.0.0/16"'],
    [{ cidr: "fd00::/64" }, 'network.cidr: "fd00::/64" is not an IPv4 range; use a value such as "10.0.0.0/16"'],
    [{ cidr: "10.0.0.0/15" }, "network.cidr: /15 is out of range; use a prefix from /16 to /20"],
    [{ cidr: "10.0.0.0/21" }, "network.cidr: /21 is out of range; use a prefix from /16 to /20"],
    [
      { cidr: "11.0.0.0/16" },
      "network.cidr: 11.0.0.0/16 is not private; use a range in 10.0.0.0/8, 172.16.0.0/12 or 100.64.0.0/10",
    ],
    [
      { cidr: "192.168.0.0/16" },
      "network.cidr: 192.168.0.0/16 overlaps 192.168.0.0/16, which Retool's code-executor cannot reach: it drops all traffic there; " +
        "use a range outside it, such as 10.0.0.0/16",
    ],
    [
      { cidr: "169.254.0.0/16" },
      "network.cidr: 169.254.0.0/16 is not private; use a range in 10.0.0.0/8, 172.16.0.0/12 or 100.64.0.0/10",
    ],
    [{ zones: 1 }, "network.zones: 1 is out of range; use 2 to 4 zones"],
    [{ zones: 5 }, "network.zones: 5 is out of range; use 2 to 4 zones"],
    [{ zones: 2.5 }, "network.zones: 2.5 is not a whole number; use 2 to 4 zones"],
    [
      { interfaceEndpoints: ["com.amazonaws.eu-west-1.sts"] },
      'network.interfaceEndpoints: "com.amazonaws.eu-west-1.sts" is not the name of an endpoint service in us-east-1; ' +
        'use a short name such as "ecr.api", or a whole one that begins with "com.amazonaws.us-east-1."',
    ],
    [
      { interfaceEndpoints: ["nope"] },
      'network.interfaceEndpoints: "nope" is not a known endpoint service; ' +
        'use the whole name that aws ec2 describe-vpc-endpoint-services shows, such as "com.amazonaws.us-east-1.sts"',
    ],
    [
      { interfaceEndpoints: ["sts sqs"] },
      'network.interfaceEndpoints: "sts sqs" is not the name of an endpoint service in us-east-1; ' +
        'use a short name such as "ecr.api", or a whole one that begins with "com.amazonaws.us-east-1."',
    ],
    [{ interfaceEndpoints: ["sts", "sqs", "sts"] }, 'network.interfaceEndpoints: "sts" is listed twice; list it once'],
    [
      { interfaceEndpoints: ["s3"] },
      'network.interfaceEndpoints: "s3" already has a gateway endpoint, which is free; remove it',
    ],
    [
      { flowLogRetentionDays: 91 },
      "network.flowLogRetentionDays: CloudWatch Logs cannot keep logs for 91 days; use one of 1, 3, 5, 7, 14, 30, 60, 90, " +
        "120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653",
    ],
    [{ zone: 3 }, "network.zone: is not a known setting; use zones"],
    [{ zones: "3" }, 'network.zones: "3" is not a number; use 2 to 4 zones'],
    [{ nat: "one" }, 'network.nat: "one" is not one of the allowed values; use "per-zone" or "single" or "none"'],
  ])("%j", (spec, expected) => {
    expect(problems(spec)).toEqual([expected]);
  });

  test("takes an endpoint by its whole name, and knows it by its short one", () => {
    const interfaceEndpoints = ["com.amazonaws.us-east-1.eks-auth", "com.amazonaws.us-east-1.brand-new", "kms-fips"];

    expect(problems({ interfaceEndpoints })).toEqual([]);
    expect(plan({ interfaceEndpoints }).interfaceEndpoints).toEqual(["eks-auth", "brand-new", "kms-fips"]);
  });

  test("an endpoint that is missing when nothing else leads out", () => {
    const { interfaceEndpoints } = plan({ nat: "none" });
    const all = interfaceEndpoints.filter((service) => service !== "sts");

    expect(problems({ nat: "none", interfaceEndpoints: all })).toEqual([
      'network.interfaceEndpoints: "sts" is missing, and without NAT not reachable otherwise; ' +
        'add "sts", or set network.nat to "per-zone"',
    ]);
  });

  test("several things at once", () => {
    expect(problems({ cidr: "192.168.0.0/21", zones: 9, flowLogRetentionDays: 0 })).toHaveLength(4);
  });
});

describe("room for pods", () => {
  // 8192 addresses of a /19, less 5 of AWS, 16 of EKS, 8 of a load balancer and 1 of an endpoint.
  test.each([
    ["10.0.0.0/16", 8162],
    ["10.0.0.0/20", 482],
  ])("%s has room for %i in a zone and not for one more", (cidr, most) => {
    expect(problems({ cidr }, { addressesPerZone: addressesInZone(most) })).toEqual([]);
    expect(problems({ cidr }, { addressesPerZone: addressesInZone(most + 1) })).toHaveLength(1);
  });

  test("counts every endpoint", () => {
    const spec = { cidr: "10.0.0.0/20", interfaceEndpoints: ["sts", "sqs", "logs"] };

    expect(problems(spec, { addressesPerZone: addressesInZone(480) })).toEqual([]);
    expect(problems(spec, { addressesPerZone: addressesInZone(481) })).toHaveLength(1);
  });

  test("names both numbers and the range that would do", () => {
    expect(problems({ cidr: "10.0.0.0/20" }, { addressesPerZone: addressesInZone(1500) })).toEqual([
      "network.cidr: a private subnet of 10.0.0.0/20 has 482 free addresses, but the capacity needs 1500 in each zone; " +
        "use a range of prefix /18 or shorter, or lower the capacity, or give the sandboxes a separate range: network.sandboxCidr",
    ]);
  });

  test("says so when no range would do", () => {
    expect(problems({}, { addressesPerZone: addressesInZone(9000) })).toEqual([
      "network.cidr: a private subnet of 10.0.0.0/16 has 8162 free addresses, but the capacity needs 9000 in each zone; " +
        "lower the capacity: even a /16 has only 8162, or give the sandboxes a separate range: network.sandboxCidr",
    ]);
  });
});
