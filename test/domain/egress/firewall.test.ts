import fc from "fast-check";

import { type EgressPlan, type EgressSpec, planEgress } from "../../../domain/egress/egress";
import { planDnsFirewall } from "../../../domain/egress/dns-firewall";
import { type FirewallPlan, planFirewall } from "../../../domain/egress/firewall";
import type { EgressResource } from "../../../domain/egress/resources";
import type { EgressRule } from "../../../domain/egress/rules";
import { suricataRules } from "../../../domain/egress/suricata";
import { context } from "../../support/fakes";
import { expectGolden } from "../../support/golden";
import { everything, features } from "../../support/retool-cluster";
import { parseRule } from "../../support/suricata-evaluator";

const RESOURCES: readonly EgressResource[] = [
  { to: "api.partner.example.net" },
  { to: "*.shop.example.net" },
  { to: "legacy.example.net", port: 80 },
  { to: "203.0.113.0/28", port: 5432 },
  { to: "db.example.net", port: 5432, addresses: ["198.51.100.64/26"] },
];

const input = { temporal: { kind: "retool-managed" }, features: everything, interfaceEndpoints: ["eks-auth"] } as const;

function firewall(
  resources: readonly EgressResource[] = RESOURCES,
  spec: EgressSpec = { mode: "enforce" },
  cidrs: readonly string[] = ["10.0.0.0/16"],
): FirewallPlan {
  return planFirewall(planEgress({ ...spec, resources }, context, input).plan, { cidrs });
}

describe("the rules", () => {
  test("are these", () => {
    expectGolden("firewall-rules.txt", `${firewall().rules.join("\n")}\n`);
  });

  test("of names that are resolved are these", () => {
    const { plan } = planEgress({ level: "dns", resources: RESOURCES }, context, input);

    expectGolden("dns-firewall-names.txt", `${planDnsFirewall(plan, context).allowed.join("\n")}\n`);
  });

  test("have numbers of their own that fit 32 bits with a sign", () => {
    const sids = firewall().rules.map((rule) => parseRule(rule).sid);

    expect(new Set(sids).size).toBe(sids.length);
    expect(sids.filter((sid) => sid < 1 || sid > 2 ** 31 - 1)).toEqual([]);
  });

  test.each(RESOURCES.map((resource) => [resource.to, resource] as const))(
    "without %s are one line less, and all others the same",
    (_, resource) => {
      const listed = (rules: readonly string[]): string[] => rules.filter((rule) => !rule.includes("sid:131;"));
      const all = listed(firewall().rules);
      const less = listed(firewall(RESOURCES.filter((other) => other !== resource)).rules);

      expect(all.filter((rule) => !less.includes(rule))).toHaveLength(1);
      expect(less.filter((rule) => !all.includes(rule))).toEqual([]);
    },
  );

  test("keep their numbers when another kind of Temporal is chosen", () => {
    const sidOf = (kind: "retool-managed" | "local"): (number | undefined)[] => {
      const { plan } = planEgress(undefined, context, { ...input, temporal: { kind } });
      const { rules } = planFirewall(plan, { cidrs: [] });
      return ["licensing", "invites", "p", "specs"].map(
        (name) =>
          rules
            .map(parseRule)
            .find(({ options }) => options.some(({ value }) => value === `"retool/${name}.tryretool.com"`))?.sid,
      );
    };

    expect(sidOf("local")).toEqual(sidOf("retool-managed"));
    expect(sidOf("local")).not.toContain(undefined);
  });

  test("name their direction, each", () => {
    const others = firewall().rules.filter((rule) => !rule.includes("flow:to_server;"));

    expect(others).toEqual([
      expect.stringMatching(/^reject tls \$EXTERNAL_NET any -> \$HOME_NET any .*flow:to_client;/),
    ]);
  });

  test("try ranges before names, and what is refused by its kind in between", () => {
    const rules = firewall().rules.map(parseRule);
    const first = (matches: (rule: (typeof rules)[number]) => boolean): number => rules.findIndex(matches);
    const lastRange = rules.map(({ action, protocol }) => `${action} ${protocol}`).lastIndexOf("pass tcp");

    expect(lastRange).toBeGreaterThan(0);
    expect(lastRange).toBeLessThan(first(({ action }) => action === "drop"));
    expect(first(({ action }) => action === "drop")).toBeLessThan(
      first(({ protocol, action }) => protocol === "tls" && action === "pass"),
    );
  });

  test("survive any text of a rule", () => {
    const rule = (id: string, host: string): EgressRule => ({
      id,
      sources: ["api"],
      destination: { kind: "host", host },
      port: 443,
      application: "tls",
      route: "internet",
      reason: "",
      document: "",
      inferred: false,
      required: false,
    });
    const nasty = fc.string({ unit: fc.constantFrom("a", '"', ";", "\\", "|", "$", "{", "%", "\n", ")", "é", ":") });
    fc.assert(
      fc.property(nasty, nasty, (id, host) => {
        const text = suricataRules([rule(id, host)], "enforce").find((line) => line.startsWith("pass ")) ?? "";
        const parsed = parseRule(text);
        const content = parsed.options.find(({ name }) => name === "content")?.value ?? "";
        const found = Buffer.from(
          content
            .slice(1, -1)
            .replaceAll(
              /\|([0-9a-f]{2})\||(.)/g,
              (_, hex?: string, letter = "") => hex ?? Buffer.from(String(letter)).toString("hex"),
            ),
          "hex",
        ).toString("utf8");

        expect(found).toBe(host);
        expect(text).not.toContain("\n");
      }),
    );
  });
});

describe("the firewall", () => {
  test.each([
    [RESOURCES, {}, "enforce"],
    [[], {}, "enforce"],
    [RESOURCES, { mode: "enforce" }, "enforce"],
    [[], { mode: "alert" }, "alert"],
  ] as const)("is in the mode that fits (%#)", (resources, spec, mode) => {
    expect(firewall(resources, spec).defaultActions.some((action) => action.includes("drop"))).toBe(mode === "enforce");
  });

  test("drops what no rule passes, and says so, only when it enforces", () => {
    expect(firewall(RESOURCES, { mode: "enforce" }).defaultActions).toEqual([
      "aws:drop_established_app_layer_to_server",
      "aws:alert_established_app_layer_to_server",
    ]);
    expect(firewall(RESOURCES, { mode: "alert" }).defaultActions).toEqual([
      "aws:alert_established_app_layer_to_server",
    ]);
    expect(firewall(RESOURCES, { mode: "alert" }).rules.filter((rule) => /^(drop|reject)/.test(rule))).toEqual([]);
  });

  test.each([
    [["10.0.0.0/16"], ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"]],
    [
      ["10.0.0.0/16", "100.64.0.0/16"],
      ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/16"],
    ],
    [["198.18.0.0/16"], ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "198.18.0.0/16"]],
  ])("counts %j as inside", (cidrs, homeNet) => {
    expect(firewall([], {}, cidrs).homeNet).toEqual(homeNet);
  });

  test("has no rule for a range inside: its traffic never comes by", () => {
    const { rules } = firewall([{ to: "10.99.0.0/16", port: 8443 }]);

    expect(rules.filter((rule) => rule.includes("10.99"))).toEqual([]);
  });

  test("has no rule for what only the machine that deploys calls", () => {
    expect(firewall().rules.filter((rule) => rule.includes("charts.retool.com"))).toEqual([]);
  });

  test.each([
    [1, 200],
    [43, 200],
    [100, 400],
    [500, 1600],
  ])("with %d resources has room for %d rules", (count, capacity) => {
    const many = Array.from({ length: count }, (_, index): EgressResource => ({ to: `host-${index}.example.net` }));

    expect(firewall(many).capacity).toBe(capacity);
    expect(firewall(many).rules.length * 2).toBeLessThanOrEqual(capacity);
  });

  test("is protected against change unless that is switched off", () => {
    expect(firewall([], {}).changeProtection).toBe(true);
    expect(firewall([], { changeProtection: false }).changeProtection).toBe(false);
  });
});

describe("the DNS firewall", () => {
  const plan = (resources: readonly EgressResource[], spec: EgressSpec = {}): EgressPlan =>
    planEgress({ level: "dns", ...spec, resources }, context, { ...input, features }).plan;

  test.each([
    [RESOURCES, {}, "BLOCK"],
    [[], {}, "BLOCK"],
    [RESOURCES, { mode: "enforce" }, "BLOCK"],
    [[], { mode: "alert" }, "ALERT"],
  ] as const)("does what fits to every other name (%#)", (resources, spec, action) => {
    expect(planDnsFirewall(plan(resources, spec), context).action).toBe(action);
  });

  test.each([
    ["us-east-1", "*.ec2.internal"],
    ["eu-west-1", "*.eu-west-1.compute.internal"],
  ])("knows how nodes are called in %s", (region, name) => {
    expect(planDnsFirewall(plan([]), { ...context, region }).allowed).toContain(name);
  });
});
