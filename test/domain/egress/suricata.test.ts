import fc from "fast-check";

import { type EgressPlan, planEgress } from "../../../domain/egress/egress";
import { planDnsFirewall } from "../../../domain/egress/dns-firewall";
import { planFirewall } from "../../../domain/egress/firewall";
import { egressReport } from "../../../domain/egress/report";
import type { EgressPurpose, EgressResource } from "../../../domain/egress/resources";
import { networkPolicies } from "../../../domain/network-policies/network-policies";
import { context } from "../../support/fakes";
import { everything, references } from "../../support/retool-cluster";
import { parseRule } from "../../support/suricata-evaluator";

const KEPT: readonly EgressResource[] = [
  { to: "kept.example.org" },
  { to: "*.kept.example.net", port: 8443, application: "tls" },
  { to: "198.51.100.0/25", port: 5432 },
];

function planOf(resources: readonly EgressResource[]): EgressPlan {
  const input = { temporal: { kind: "retool-managed" }, features: everything } as const;
  return planEgress({ resources, mode: "enforce" }, context, input).plan;
}

const rulesOf = (plan: EgressPlan): string[] => [...planFirewall(plan, { cidrs: ["10.0.0.0/16"] }).rules];
const namesOf = (plan: EgressPlan): readonly string[] => planDnsFirewall(plan, context).allowed;
const rowsOf = (plan: EgressPlan): string[] =>
  egressReport(plan, context).connections.map((row) => JSON.stringify(row));
const policiesOf = (plan: EgressPlan): Map<string, string> =>
  new Map(networkPolicies(plan, references).map((policy) => [policy.metadata.name, JSON.stringify(policy)]));

const without = (all: readonly string[], others: readonly string[]): string[] =>
  all.filter((one) => !others.includes(one));

const label = fc.stringMatching(/^[a-z][a-z0-9]{2,8}$/);
const port = fc.integer({ min: 1024, max: 65_000 });
const purpose = fc.constantFrom<EgressPurpose>("data-source", "git", "packages", "identity", "models");
const entry: fc.Arbitrary<EgressResource> = fc.oneof(
  fc.record({
    to: label.map((name) => `${name}.changed.example.com`),
    port,
    purpose,
    application: fc.constant("tls" as const),
  }),
  fc.record({
    to: label.map((name) => `*.${name}.changed.example.com`),
    port,
    purpose,
    application: fc.constant("tls" as const),
  }),
  fc.record({ to: fc.integer({ min: 0, max: 255 }).map((third) => `192.0.${third}.64/28`), port, purpose }),
);

/** Which ports nothing uses follows from the whole list; a rule says it. */
const isOwn = (line: string): boolean => !line.includes("sid:131;");

describe("one entry of the list", () => {
  test("brings its own rendering to every layer, and changes no other", () => {
    fc.assert(
      fc.property(entry, (resource) => {
        const [before, after] = [planOf(KEPT), planOf([...KEPT, resource])];
        const [rules, names, rows] = [rulesOf, namesOf, rowsOf].map((render) => ({
          added: without(render(after), render(before)).filter(isOwn),
          removed: without(render(before), render(after)).filter(isOwn),
        }));

        expect(rules).toEqual({ added: [expect.stringContaining(`"resource/${resource.to}:`)], removed: [] });
        expect(names).toEqual({ added: resource.to.includes("/") ? [] : [resource.to], removed: [] });
        expect(rows).toEqual({ added: [expect.stringContaining(`"${resource.to}"`)], removed: [] });
      }),
      { numRuns: 60 },
    );
  });

  test("changes the policies of the containers that may use it, and no other", () => {
    fc.assert(
      fc.property(entry, (resource) => {
        const [before, plan] = [policiesOf(planOf(KEPT)), planOf([...KEPT, resource])];
        const changed = [...policiesOf(plan)].filter(([name, text]) => before.get(name) !== text).map(([name]) => name);
        const sources = plan.rules.find(({ id }) => id === `resource/${resource.to}:${resource.port ?? 443}`)?.sources;

        expect(changed.sort()).toEqual([...(sources ?? [])].map((source) => `retool-${source}`).sort());
      }),
      { numRuns: 60 },
    );
  });

  test("leaves the number of every other rule as it is, wherever it stands in the list", () => {
    const numbers = (plan: EgressPlan): Record<string, number> =>
      Object.fromEntries(
        rulesOf(plan)
          .map(parseRule)
          .map(({ options, sid }) => [`${options.find(({ name }) => name === "msg")?.value ?? sid}`, sid]),
      );
    fc.assert(
      fc.property(entry, entry, fc.nat(KEPT.length), (first, second, place) => {
        const insert = (resource: EgressResource): readonly EgressResource[] => [
          ...KEPT.slice(0, place),
          resource,
          ...KEPT.slice(place),
        ];
        const [one, other] = [numbers(planOf(insert(first))), numbers(planOf(insert(second)))];
        const shared = Object.keys(one).filter((message) => message in other);

        expect(shared.length).toBeGreaterThan(40);
        expect(shared.filter((message) => one[message] !== other[message])).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  test("has another number when its destination or its port is another", () => {
    const sidOf = (resource: EgressResource): number | undefined =>
      rulesOf(planOf([resource]))
        .map(parseRule)
        .find(({ options }) => options.some(({ value = "" }) => value.includes("resource/")))?.sid;
    const sids = [
      { to: "a.example.com" },
      { to: "b.example.com" },
      { to: "a.example.com", port: 8443, application: "tls" } as const,
      { to: "*.a.example.com" },
    ].map(sidOf);

    expect(new Set(sids).size).toBe(4);
    expect(sidOf({ to: "a.example.com", reason: "another reason", purpose: "git" })).toBe(sids[0]);
  });
});
