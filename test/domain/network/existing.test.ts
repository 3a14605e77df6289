import { checkEnvironment, planEnvironment } from "../../../domain/environment/environment";
import { environmentNotes } from "../../../domain/environment/notes";
import type { EnvironmentSpec } from "../../../domain/environment/spec";
import { siteViolations } from "../../../domain/environment/site";
import {
  type ExistingNetworkPlan,
  type ExistingNetworkSpec,
  planExistingNetwork,
} from "../../../domain/network/existing";
import type { NetworkDemand } from "../../../domain/network/spec";
import { formatViolation } from "../../../domain/common/violation";
import { prod } from "../../support/environments/prod";
import { addressesInZone } from "../../support/fakes";

const subnet = (digit: string, cidr: string) => ({ id: `subnet-0000000${digit}`, cidr });
const spec: ExistingNetworkSpec = {
  kind: "existing",
  vpcId: "vpc-0a1b2c3d4e5f60718",
  cidrs: ["10.20.0.0/16", "100.64.0.0/16"],
  privateSubnets: [subnet("1", "10.20.0.0/20"), subnet("2", "10.20.16.0/20")],
  publicSubnets: [subnet("3", "10.20.32.0/24"), subnet("4", "10.20.33.0/24")],
};
const demand: NetworkDemand = { addressesPerZone: addressesInZone(400) };
const check = (given: object, more: Partial<NetworkDemand> = {}) => {
  const { plan, violations } = planExistingNetwork(given as ExistingNetworkSpec, { ...demand, ...more });
  return { plan, problems: violations.map(formatViolation) };
};

describe("planExistingNetwork", () => {
  test("takes everything that is not given from the private subnets", () => {
    expect(check(spec)).toMatchObject({
      problems: [],
      plan: {
        cidr: "10.20.0.0/16",
        zones: 2,
        podCidrs: ["10.20.0.0/20", "10.20.16.0/20"],
        databaseCidrs: ["10.20.0.0/20", "10.20.16.0/20"],
        publicCidrs: ["10.20.32.0/24", "10.20.33.0/24"],
        natAddresses: [],
        interfaceEndpoints: [],
        sandboxSubnets: undefined,
        addressesNeeded: { own: 400 },
      },
    });
  });

  test("has nodes of sandboxes in subnets of their own", () => {
    const sandboxSubnets = [subnet("5", "100.64.0.0/18"), subnet("6", "100.64.64.0/18")];
    const { plan, problems } = check({ ...spec, sandboxSubnets });

    expect(problems).toEqual([]);
    expect(plan.addressesNeeded).toEqual({ own: 400, sandboxes: 0 });
    expect(plan.podCidrs).toEqual(["10.20.0.0/20", "10.20.16.0/20", "100.64.0.0/18", "100.64.64.0/18"]);
  });

  test.each<[string, object, Partial<NetworkDemand>, string[]]>([
    [
      "an id of something else",
      { ...spec, vpcId: "subnet-1" },
      {},
      ['network.vpcId: "subnet-1" is not the id of a VPC; use an id such as "vpc-0a1b2c3d4e5f60711"'],
    ],
    [
      "a subnet outside of the VPC",
      { ...spec, privateSubnets: [subnet("1", "10.20.0.0/20"), subnet("2", "10.30.0.0/20")] },
      {},
      [
        'network.privateSubnets[1].cidr: "10.30.0.0/20" is in none of the VPC\'s ranges 10.20.0.0/16, 100.64.0.0/16; ' +
          "list every range of the VPC in network.cidrs",
      ],
    ],
    [
      "a subnet twice",
      { ...spec, privateSubnets: [subnet("1", "10.20.0.0/20"), subnet("1", "10.20.0.0/20")] },
      {},
      ['network.privateSubnets: "subnet-00000001" is listed twice; list it once'],
    ],
    [
      "one zone",
      { ...spec, privateSubnets: [subnet("1", "10.20.0.0/20")] },
      {},
      [
        "network.privateSubnets: 1 of at least 2 subnets, and nodes must survive the failure of a zone; " +
          "use one subnet in each of at least two zones",
      ],
    ],
    [
      "no public subnet for a public load balancer",
      { ...spec, publicSubnets: undefined },
      {},
      [
        'network.publicSubnets: 0 of at least 2 subnets, and an internet-facing load balancer needs two zones (or access: "internal"); ' +
          "use one subnet in each of at least two zones",
      ],
    ],
    ["none for an internal one", { ...spec, publicSubnets: undefined }, { internetFacing: false }, []],
    [
      "one subnet of databases",
      { ...spec, databaseSubnets: [subnet("7", "10.20.40.0/24")] },
      {},
      [
        "network.databaseSubnets: 1 of at least 2 subnets, and RDS needs two zones; " +
          "use one subnet in each of at least two zones",
      ],
    ],
    [
      "private subnets without room",
      spec,
      { addressesPerZone: addressesInZone(5000) },
      [
        "network.privateSubnets: a zone has 4067 free addresses, even if nothing else uses them, but the planned peak needs 5000; " +
          "give the sandboxes separate subnets, for instance in 100.64.0.0/10 (network.sandboxSubnets; 5000 addresses are left here), " +
          "or use larger subnets, or use fewer builders",
      ],
    ],
    [
      "sandbox subnets without room",
      { ...spec, sandboxSubnets: [subnet("5", "100.64.0.0/24"), subnet("6", "100.64.1.0/24")] },
      {
        addressesPerZone: {
          sandboxes: { interfaces: 300, prefixes: 300 },
          others: { interfaces: 1, prefixes: 1 },
        },
      },
      [
        "network.sandboxSubnets: a zone has 227 free addresses, even if nothing else uses them, but the planned peak needs 300; " +
          "use larger subnets, or use fewer builders",
      ],
    ],
    [
      "a key that it has not",
      { ...spec, nat: "none" },
      {},
      ["network.nat: is not a known setting; remove it or correct its spelling"],
    ],
    [
      "a missing key",
      { kind: "existing", vpcId: "vpc-0a1b2c3d4e5f60718", cidrs: ["10.20.0.0/16"] },
      {},
      [
        "network.privateSubnets: is missing; use a list: [ ... ]",
        'network.publicSubnets: 0 of at least 2 subnets, and an internet-facing load balancer needs two zones (or access: "internal"); use one subnet in each of at least two zones',
      ],
    ],
    [
      "a range that is none",
      { ...spec, cidrs: ["10.20.0.0/16", "100.64.0.0/16", "everything"] },
      {},
      ['network.cidrs[2]: "everything" is not an address range; use a value such as "203.0.113.0/24"'],
    ],
  ])("refuses %s", (_, given, more, expected) => {
    expect(check(given, more).problems).toEqual(expected);
  });
});

describe("an environment in an existing network", () => {
  test("is planned for the zones that the network has", () => {
    const three = { ...spec, privateSubnets: [...spec.privateSubnets, subnet("8", "10.20.48.0/20")] };
    const inTwo = planEnvironment({ ...prod, network: spec }).capacity.addressesPerZone.others.interfaces;

    expect(planEnvironment({ ...prod, network: three }).capacity.addressesPerZone.others.interfaces).toBe(inTwo / 2);
  });

  test.each([
    ["firewall", spec, 1],
    ["dns", spec, 0],
    ["firewall", undefined, 0],
  ] as const)("with level %s is refused only where a firewall would need its routes", (level, network, count) => {
    const plan = planEnvironment({ ...prod, network });
    const violations = siteViolations(plan.network, { ...plan.egress, level });

    expect(violations.map(formatViolation)).toEqual(
      Array.from(
        { length: count },
        () =>
          'egress.level: "firewall" needs routes in the private subnets, and the routes of an existing ' +
          'network are not changed; use "open" or "dns", and put your own firewall into the network',
      ),
    );
  });

  test("keeps Services out of every range of the VPC", () => {
    const cidrs = [...spec.cidrs, "172.20.0.0/16"];

    expect(() => planEnvironment({ ...prod, network: { ...spec, cidrs } })).toThrow(
      'cluster.serviceCidr: "172.20.0.0/16" overlaps "172.20.0.0/16" of the network',
    );
  });
});

describe("three /24 subnets", () => {
  const network: ExistingNetworkSpec = {
    ...spec,
    privateSubnets: ["7", "8", "9"].map((digit) => subnet(digit, `10.20.${digit}.0/24`)),
    databaseSubnets: undefined,
  };
  const planned = (more: Partial<EnvironmentSpec>) => {
    const { plan, violations } = checkEnvironment({ ...prod, network, ...more });
    const { warnings } = environmentNotes(plan, "2026-11-29");
    return {
      network: plan.network as ExistingNetworkPlan,
      problems: violations.map(formatViolation),
      warnings: warnings.filter((warning) => warning.startsWith("network.")),
    };
  };
  const expectedIn = (warnings: readonly string[]): number =>
    Number(/the planned peak needs (\d+)/.exec(warnings[0] ?? "")?.[1]);

  test.each([0, 1, 5, 20, 50])("hold %i builders, and the plan warns of what they cannot hold", (builders) => {
    const { network: plan, problems, warnings } = planned({ builders });
    const expected = expectedIn(warnings);
    const { own: most } = plan.addressesNeeded;

    expect(problems).toEqual([]);
    expect(expected).toBeLessThanOrEqual(227);
    expect(warnings).toEqual([
      expect.stringMatching(
        new RegExp(
          `^network\\.privateSubnets: a zone has 227 addresses, the planned peak needs ${expected}, and up to ${most} `,
        ),
      ),
    ]);
    expect(warnings[0]).toContain("cluster.warmIpTarget to 2");
  });

  test("are refused where the planned peak cannot start, with remedies that are accepted", () => {
    const builders = 700;
    const [refusal = ""] = planned({ builders }).problems.filter((problem) => problem.startsWith("network."));
    const [, lean] = /set cluster\.warmIpTarget to 2 in a new cluster \((\d+) addresses\)/.exec(refusal) ?? [];
    const sandboxSubnets = ["5", "6", "1"].map((digit) => subnet(digit, `100.64.${Number(digit) * 16}.0/20`));
    const ofNetwork = (more: Partial<EnvironmentSpec>): string[] =>
      planned({ builders, ...more }).problems.filter((problem) => problem.startsWith("network."));

    expect(refusal).toMatch(
      /^network\.privateSubnets: a zone has 227 free addresses, .* but the planned peak needs \d+; /,
    );
    expect(refusal).toContain("network.sandboxSubnets");
    expect(ofNetwork({ network: { ...network, sandboxSubnets } })).toEqual([]);
    const withTarget = lean === undefined ? [] : ofNetwork({ cluster: { warmIpTarget: 2 } });
    expect(withTarget).toEqual([]);
  });

  test("need less where nodes keep few addresses in reserve", () => {
    const usual = planned({ builders: 20 });
    const lean = planned({ builders: 20, cluster: { warmIpTarget: 2 } });

    expect(expectedIn(usual.warnings)).toBeGreaterThan(expectedIn(lean.warnings) * 2);
    expect(lean.network.addressesNeeded.own).toBeLessThan(usual.network.addressesNeeded.own);
    expect(planned({ builders: 20, cluster: { warmIpTarget: 17 } }).problems).toEqual([
      "cluster.warmIpTarget: 17 is out of range; use 1 to 16 addresses",
    ]);
  });
});
