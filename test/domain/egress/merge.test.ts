import { mergeRules } from "../../../domain/egress/merge";
import type { EgressRule } from "../../../domain/egress/rules";

const rule = (changes: Partial<EgressRule>): EgressRule => ({
  id: "first",
  sources: ["api"],
  destination: { kind: "host", host: "a.example.com" },
  port: 443,
  application: "tls",
  route: "internet",
  reason: "One reason",
  document: "",
  inferred: true,
  required: false,
  ...changes,
});

describe("rules that open the same thing", () => {
  test("become one, which loses nobody, no reason and no word on what leaves", () => {
    const second = {
      id: "second",
      sources: ["jobs-runner"],
      reason: "Another",
      data: "Names",
      required: true,
    } as const;

    expect(mergeRules([rule({ data: "Addresses" }), rule(second)])).toEqual([
      rule({
        sources: ["api", "jobs-runner"],
        reason: "One reason; Another",
        data: "Addresses; Names",
        required: true,
      }),
    ]);
  });

  test.each([
    [undefined, "Names", "Names"],
    ["Names", undefined, "Names"],
    ["Names", "Names", "Names"],
    [undefined, undefined, undefined],
  ])("say of %s and %s: %s", (one, other, data) => {
    expect(mergeRules([rule({ data: one }), rule({ data: other })])[0]?.data).toBe(data);
  });

  test("repeat no reason, and are our conclusion only where both are", () => {
    const merged = mergeRules([rule({}), rule({ id: "second" }), rule({ id: "third", inferred: false })]);

    expect(merged).toEqual([rule({ inferred: false })]);
  });

  test("are not those on another port or below the host", () => {
    const others = [rule({ port: 8443 }), rule({ destination: { kind: "subdomains", domain: "a.example.com" } })];

    expect(mergeRules([rule({}), ...others])).toHaveLength(3);
  });
});
