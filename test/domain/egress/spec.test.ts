import fc from "fast-check";

import { planDnsFirewall } from "../../../domain/egress/dns-firewall";
import { planFirewall } from "../../../domain/egress/firewall";
import { type EgressPlan, type EgressSpec, planEgress } from "../../../domain/egress/egress";
import type { EgressInput } from "../../../domain/egress/input";
import { imageRegistries } from "../../../domain/egress/image-hosts";
import type { EgressRule } from "../../../domain/egress/rules";
import { planRetool } from "../../../domain/retool/retool";
import type { ImagesSpec } from "../../../domain/retool/images";
import { formatViolation } from "../../../domain/common/violation";
import { context } from "../../support/fakes";
import { features } from "../../support/retool-cluster";

const input: EgressInput = { temporal: { kind: "retool-managed" }, features };

const plan = (spec?: EgressSpec, more: Partial<EgressInput> = {}): EgressPlan =>
  planEgress(spec, context, { ...input, ...more }).plan;
const problems = (spec: EgressSpec, more: Partial<EgressInput> = {}): string[] =>
  planEgress(spec, context, { ...input, ...more }).violations.map(formatViolation);

describe("the level", () => {
  test("is dns, enforced, unless another is chosen", () => {
    expect(plan()).toMatchObject({ level: "dns", mode: "enforce" });
    expect(plan({ level: undefined })).toMatchObject({ level: "dns", mode: "enforce" });
    expect(plan({ level: "firewall" })).toMatchObject({ level: "firewall", mode: "enforce" });
    expect(plan({ level: "open" }).level).toBe("open");
  });

  test("needs something to stand before", () => {
    expect(problems({ level: "firewall" }, { network: { zones: 2, natGateways: 0 } })).toEqual([
      'egress.level: "firewall" has no effect: the network has no NAT, so nothing can leave it; use "dns", or set ' +
        'network.nat to "per-zone"',
    ]);
  });

  test.each([
    [
      { level: "open", mode: "enforce" },
      'egress.mode: "enforce" has no effect: level "open" does not check names; remove it, or use level "dns" or "firewall"',
    ],
    [
      { level: "dns", retoolAddresses: true },
      'egress.retoolAddresses: has no effect: there is no firewall at level "dns"; remove it, or use level "firewall"',
    ],
  ] as const)("makes %j a mistake", (spec, problem) => {
    expect(problems(spec)).toEqual([problem]);
  });

  test.each<EgressSpec>([
    { level: "open" },
    { level: "dns", mode: "enforce", retoolAddresses: false },
    { level: "firewall", mode: "alert", retoolAddresses: true, changeProtection: false, logRetentionDays: 365 },
  ])("%j is fine", (spec) => {
    expect(problems(spec)).toEqual([]);
    expect(plan(spec)).toMatchObject(spec);
  });
});

describe("settings that are left out", () => {
  test("refuse what is not listed; no entry of the list changes what happens to the rest", () => {
    const defaultsOf = (spec: EgressSpec): unknown => {
      const egress = plan(spec);
      const { defaultActions, rules } = planFirewall(egress, { cidrs: [] });
      // Which ports nothing uses, and which names of AWS are listed, follows from the list.
      const refusals = rules.filter((rule) => !/^pass |sid:1(11|12|31);/.test(rule));
      return [egress.level, egress.mode, planDnsFirewall(egress, context).action, defaultActions, refusals];
    };
    const resource = fc.record(
      {
        to: fc.constantFrom("a.example.com", "*.example.com", "203.0.113.0/24", "db.example.com", "10.9.0.0/16"),
        port: fc.constantFrom(443, 80, 22, 5432, 6379),
        purpose: fc.constantFrom("data-source", "git", "packages", "identity", "models", "images"),
        application: fc.constantFrom("tls", "http", "tcp"),
      } as const,
      { requiredKeys: ["to"] },
    );
    const base = fc.constantFrom<EgressSpec>({}, { level: "firewall" }, { level: "dns" }, { mode: "alert" });
    fc.assert(
      fc.property(base, fc.array(resource, { maxLength: 5 }), (spec, resources) => {
        expect(defaultsOf({ ...spec, resources })).toEqual(defaultsOf(spec));
      }),
    );
  });

  test.each([
    ["protected", true],
    ["retain", false],
    ["disposable", false],
  ] as const)("protect the firewall of %s data against change: %s", (dataProtection, expected) => {
    expect(planEgress(undefined, { ...context, dataProtection }, input).plan.changeProtection).toBe(expected);
    expect(planEgress({ changeProtection: !expected }, { ...context, dataProtection }, input).plan).toMatchObject({
      changeProtection: !expected,
    });
  });

  test("keep logs for 90 days", () => {
    expect(plan().logRetentionDays).toBe(90);
    expect(problems({ logRetentionDays: 8 })).toEqual([
      expect.stringMatching(
        /^egress\.logRetentionDays: CloudWatch Logs cannot keep logs for 8 days; use one of 1, 3, /,
      ),
    ]);
  });
});

describe("warnings", () => {
  const notes = (spec?: EgressSpec): string => plan(spec).notes.join("\n");

  test.each([
    [{ mode: "alert" }, "only reported"],
    [{ retoolAddresses: true }, "Retool's addresses are allowed"],
    [{ level: "open" }, "Host names are not enforced"],
  ] as const)("of %j is said, and only there", (spec, text) => {
    expect(notes(spec)).toContain(text);
    expect(notes()).not.toContain(text);
  });
});

describe("the cost", () => {
  test.each([
    [{ zones: 3, natGateways: 3 }, 76_650],
    [{ zones: 2, natGateways: 2 }, 51_100],
    [{ zones: 2, natGateways: 1 }, 54_385],
    [{ zones: 3, natGateways: 1 }, 83_220],
  ])("of a firewall in %j is %d cents, less what NAT is not charged", (network, cents) => {
    const { dns, firewall, open } = plan(undefined, { network }).costs;

    expect(Math.round((firewall.perMonth - dns.perMonth) * 100)).toBe(cents);
    expect(dns).toMatchObject({ perMonth: 0.02, byUse: "$0.60 a million queries" });
    expect(open).toMatchObject({ perMonth: 0, byUse: "" });
  });
});

describe("registries of images", () => {
  const registriesOf = (images: ImagesSpec): string[] =>
    imageRegistries(planRetool({ images }, context, "4.0.9-stable").plan.images);
  const hosts = (registries?: readonly string[]): string[] =>
    plan(undefined, { imageRegistries: registries })
      .rules.filter(({ id }) => id.startsWith("images/"))
      .map(({ destination, port }: EgressRule) => `${(destination as { host: string }).host}:${port}`);

  test("are Docker Hub and GitHub's where none is set", () => {
    expect(registriesOf({})).toEqual(["docker.io", "ghcr.io"]);
    expect(hosts(["docker.io", "ghcr.io"])).toEqual(hosts());
    expect(hosts()).toEqual(expect.arrayContaining(["registry-1.docker.io:443", "ghcr.io:443", "public.ecr.aws:443"]));
  });

  test("are one's own, and Docker Hub for the image that the chart takes from there in any case", () => {
    const mirror = "registry.corp.example.com:5000/retool";
    expect(registriesOf({ registries: { dockerHub: mirror, github: mirror } })).toEqual([
      "docker.io",
      "registry.corp.example.com:5000",
    ]);
    expect(registriesOf({ registries: { dockerHub: mirror } })).toContain("ghcr.io");
    expect(registriesOf({ repositories: { devicePlugin: "quay.io/corp/devices" } })).toEqual(["docker.io", "quay.io"]);
    expect(registriesOf({ repositories: { backend: "corp/backend" } })).toEqual(["docker.io", "ghcr.io"]);
    expect(hosts(["docker.io", "registry.corp.example.com:5000"])).toEqual(
      expect.arrayContaining(["registry-1.docker.io:443", "registry.corp.example.com:5000"]),
    );
    expect(hosts(["docker.io", "registry.corp.example.com:5000"])).not.toContain("ghcr.io:443");
  });
});

describe("PrivateLink to Temporal Cloud", () => {
  test.each([
    [undefined, "internet"],
    [false, "internet"],
    [true, "private-link"],
  ] as const)("%s leads over the %s", (privateLink, route) => {
    const { rules } = plan(undefined, {
      temporal: { kind: "temporal-cloud", host: "acme.a1b2c.tmprl.cloud", privateLink },
    });

    expect(rules.find(({ id }) => id === "temporal/namespace")).toMatchObject({ route, port: 7233 });
    expect(rules.find(({ id }) => id === "temporal/*.temporal.io")).toMatchObject({ route: "internet", port: 443 });
  });
});
