import fc from "fast-check";

import { contains, overlaps, parseIpv4 } from "../../../domain/common/address-range";
import { type NetworkSpec, planNetwork } from "../../../domain/network/network";
import { sandboxZones } from "../../../domain/network/addresses";
import type { NetworkDemand } from "../../../domain/network/spec";
import { formatViolation } from "../../../domain/common/violation";
import { context } from "../../support/fakes";

const demandOf = (
  [sandboxInterfaces, sandboxPrefixes]: readonly [number, number],
  [otherInterfaces, otherPrefixes]: readonly [number, number],
): NetworkDemand => ({
  addressesPerZone: {
    sandboxes: { interfaces: sandboxInterfaces, prefixes: sandboxPrefixes },
    others: { interfaces: otherInterfaces, prefixes: otherPrefixes },
  },
});
const check = (spec: NetworkSpec, demand: NetworkDemand) => {
  const { plan, violations } = planNetwork(spec, context, demand);
  return { plan, problems: violations.map(formatViolation) };
};
const SECOND = { sandboxCidr: "100.64.0.0/14" };

describe("blocks of addresses", () => {
  // A /19, less what AWS, EKS, a load balancer and one endpoint keep: 8162.
  test.each([
    { asked: undefined, interfaces: 8162, prefixes: 5000, expected: false, needed: 8162 },
    { asked: undefined, interfaces: 8163, prefixes: 5000, expected: true, needed: 5000 },
    { asked: undefined, interfaces: 8163, prefixes: 8163, expected: false, needed: 8163 },
    { asked: undefined, interfaces: 9000, prefixes: 8500, expected: true, needed: 8500 },
    { asked: true, interfaces: 100, prefixes: 200, expected: true, needed: 200 },
    { asked: false, interfaces: 9000, prefixes: 5000, expected: false, needed: 9000 },
  ])(
    "asked $asked, $interfaces or $prefixes needed: $expected",
    ({ asked, interfaces, prefixes, expected, needed }) => {
      const demand = { ...demandOf([interfaces, prefixes], [0, 0]), prefixDelegation: asked };
      const { plan, problems } = check({}, demand);

      expect(plan.prefixDelegation).toBe(expected);
      expect(plan.addressesNeeded).toEqual({ own: needed });
      expect(problems).toHaveLength(needed > 8162 ? 1 : 0);
    },
  );
});

describe("a range of the sandboxes' own", () => {
  test("takes the sandboxes out of the private subnets", () => {
    const demand = demandOf([20_000, 15_000], [400, 400]);

    expect(check({}, demand).problems).toEqual([
      "network.cidr: a private subnet of 10.0.0.0/16 has 8162 free addresses, but the capacity needs 15400 in each zone; " +
        "lower the capacity: even a /16 has only 8162, or give the sandboxes a separate range: network.sandboxCidr",
    ]);
    expect(check(SECOND, demand)).toMatchObject({
      problems: [],
      plan: { addressesNeeded: { own: 400, sandboxes: 20_000 }, prefixDelegation: false },
    });
  });

  test.each([
    [0, 1],
    [16_379, 1],
    [16_380, 2],
    [40_000, 3],
    [65_516, 4],
  ])("has for %i addresses in a zone %i subnets", (addresses, count) => {
    const { plan, problems } = check(SECOND, demandOf([addresses, addresses], [0, 0]));

    expect(problems).toEqual([]);
    expect(plan.sandboxZones.map(({ subnetCidrs }) => subnetCidrs.length)).toEqual([count, count, count]);
  });

  test("is refused where it has no room either, with both numbers", () => {
    expect(check(SECOND, demandOf([65_517, 65_517], [0, 0])).problems).toEqual([
      "network.sandboxCidr: a zone has 65516 free addresses, but the sandboxes need 65517 in it; " +
        "use more zones or use several environments",
    ]);
  });

  test("grows by adding subnets: none moves", () => {
    fc.assert(
      fc.property(fc.nat(65_516), fc.nat(65_516), fc.integer({ min: 2, max: 4 }), (one, other, zones) => {
        const [fewer, more] = [one, other].sort((left, right) => left - right) as [number, number];
        const small = sandboxZones("100.68.0.0/14", zones, fewer);
        const large = sandboxZones("100.68.0.0/14", zones, more);
        small.forEach(({ blockCidr, subnetCidrs }, zone) => {
          expect(large[zone]?.blockCidr).toBe(blockCidr);
          expect(large[zone]?.subnetCidrs.slice(0, subnetCidrs.length)).toEqual(subnetCidrs);
        });
      }),
    );
  });

  test("lies in its zones' blocks without overlaps", () => {
    const zones = sandboxZones("100.64.0.0/14", 4, 65_000);
    const subnets = zones.flatMap(({ blockCidr, subnetCidrs }) =>
      subnetCidrs.map((cidr) => {
        expect(contains(parseIpv4(blockCidr)!, parseIpv4(cidr)!)).toBe(true);
        return parseIpv4(cidr)!;
      }),
    );
    expect(subnets).toHaveLength(16);
    for (const [index, left] of subnets.entries())
      for (const right of subnets.slice(index + 1)) expect(overlaps(left, right)).toBe(false);
  });

  test.each([
    [
      { sandboxCidr: "100.64.0.0/16" },
      ['network.sandboxCidr: "100.64.0.0/16" is not a /14 in 100.64.0.0/10; use "100.64.0.0/14" or another'],
    ],
    [
      { sandboxCidr: "10.4.0.0/14" },
      ['network.sandboxCidr: "10.4.0.0/14" is not a /14 in 100.64.0.0/10; use "100.64.0.0/14" or another'],
    ],
    [{ sandboxCidr: "100.65.0.0/14" }, ['network.sandboxCidr: "100.65.0.0/14" has host bits set; use "100.64.0.0/14"']],
    [
      { cidr: "100.64.0.0/16", sandboxCidr: "100.64.0.0/14" },
      ['network.sandboxCidr: "100.64.0.0/14" overlaps "100.64.0.0/16" of the VPC; use another /14 in 100.64.0.0/10'],
    ],
    [{ sandboxCidr: "100.124.0.0/14" }, []],
  ])("%j is checked", (spec, expected) => {
    expect(check(spec, demandOf([1, 1], [1, 1])).problems).toEqual(expected);
  });
});
