import * as ipaddr from "ipaddr.js";

import { prod } from "../../support/environments/prod";
import { type EgressFeatures, egressSchema, planEgress } from "../../../domain/egress/egress";
import { RETOOL_ADDRESSES, RETOOL_HOSTS, RETOOL_RANGES } from "../../../domain/egress/hosts";
import { type EgressRule, formatDestination, type TemporalEgress } from "../../../domain/egress/rules";
import { checkEnvironment, planEnvironment } from "../../../domain/environment/environment";
import { shapeViolations } from "../../../domain/common/shape";
import { context } from "../../support/fakes";
import { everything, features } from "../../support/retool-cluster";

const ROLE = "arn:aws:iam::111122223333:role/karpenter";
const MANAGED: TemporalEgress = { kind: "retool-managed" };

function rulesOf(temporal: TemporalEgress = MANAGED, chosen: EgressFeatures = features): readonly EgressRule[] {
  return planEgress(undefined, context, { temporal, features: chosen }).plan.rules;
}

function ruleNamed(id: string, ...args: Parameters<typeof rulesOf>): EgressRule | undefined {
  return rulesOf(...args).find((rule) => rule.id === id);
}

describe("credentials for the bucket", () => {
  const irsa = { ...features, identity: "irsa" } as const;

  test("come from the agent on the node, or from STS, for the pods that use the bucket", () => {
    expect(ruleNamed("platform/sts")).toBeUndefined();
    expect(ruleNamed("platform/pod-identity/api", MANAGED, irsa)).toBeUndefined();
    const rule = ruleNamed("platform/sts", MANAGED, irsa);
    expect(rule).toMatchObject({ destination: { host: "sts.us-east-1.amazonaws.com" }, route: "internet" });
    // Nodes and the machine that deploys call STS as well, so that all stand in one rule.
    expect(rule?.sources.filter((source) => source !== "nodes" && source !== "deployer")).toEqual(
      ruleNamed("platform/pod-identity/api")?.sources,
    );
    expect(rule?.sources).not.toContain("code-executor");
  });

  test("come from the endpoint of STS in the VPC where there is one", () => {
    const input = { temporal: MANAGED, features: irsa, interfaceEndpoints: ["sts"] };

    expect(planEgress(undefined, context, input).plan.rules.find(({ id }) => id === "platform/sts")).toMatchObject({
      route: "private-link",
    });
  });
});

describe("Retool's own addresses and hosts", () => {
  test("the two ranges and the sixteen single addresses agree", () => {
    const listed = RETOOL_ADDRESSES.map((address) => ipaddr.parse(address));
    const ranges = RETOOL_RANGES.map((range) => ipaddr.parseCIDR(range));

    expect(new Set(RETOOL_ADDRESSES).size).toBe(16);
    expect(ranges.reduce((sum, [, length]) => sum + 2 ** (32 - length), 0)).toBe(16);
    expect(listed.filter((address) => !ranges.some((range) => address.match(range)))).toEqual([]);
  });

  test("the ranges are written with every bit after their prefix cleared", () => {
    const canonical = RETOOL_RANGES.map((range) => `${ipaddr.IPv4.networkAddressFromCIDR(range).toString()}/29`);

    expect(canonical).toEqual([...RETOOL_RANGES]);
  });

  test("every published host is a rule on 443, and only the license is required", () => {
    const rules = rulesOf().filter(({ id }) => id.startsWith("retool/"));

    expect(rules.map(({ id, port, required }) => [id, port, required])).toEqual([
      ["retool/licensing.tryretool.com", 443, true],
      ["retool/invites.tryretool.com", 443, false],
      ["retool/email-service.retool.com", 443, false],
      ["retool/p.tryretool.com", 443, false],
      ["retool/specs.tryretool.com", 443, false],
    ]);
  });

  test("usage reports say what leaves", () => {
    expect(RETOOL_HOSTS.find(({ host }) => host === "p.tryretool.com")?.data).toContain("email address of the user");
  });
});

describe("Temporal", () => {
  const SEVEN = [
    "api",
    "jobs-runner",
    "workflow-worker",
    "workflow-backend",
    "r2-agent-worker",
    "agent-worker",
    "agent-eval-worker",
  ];

  test("managed by Retool is any namespace until the organization is known", () => {
    expect(ruleNamed("temporal/namespace")).toMatchObject({
      destination: { kind: "subdomains", domain: "tmprl.cloud" },
      port: 7233,
    });
    expect(ruleNamed("temporal/namespace", { kind: "retool-managed", organizationId: "123abc" })).toMatchObject({
      destination: { kind: "host", host: "org-123abc.atdwz.tmprl.cloud" },
      port: 7233,
    });
  });

  test.each([MANAGED, { kind: "temporal-cloud", host: "acme.a1b2c.tmprl.cloud" } as const])(
    "$kind needs three domains on 443",
    (temporal) => {
      const domains = rulesOf(temporal).filter(({ id }) => id.startsWith("temporal/*."));

      expect(domains.map(({ destination, port }) => [destination, port])).toEqual([
        [{ kind: "subdomains", domain: "retool.com" }, 443],
        [{ kind: "subdomains", domain: "tryretool.com" }, 443],
        [{ kind: "subdomains", domain: "temporal.io" }, 443],
      ]);
    },
  );

  test.each([
    ["10.9.0.7", { kind: "range", cidr: "10.9.0.7/32" }, "tcp", "internet"],
    ["temporal.example.com", { kind: "host", host: "temporal.example.com" }, "tls", "internet"],
    [
      "frontend.temporal.svc",
      { kind: "namespace", namespace: "temporal", host: "frontend.temporal.svc" },
      "tcp",
      "private",
    ],
    [
      "frontend.temporal.svc.cluster.local",
      { kind: "namespace", namespace: "temporal", host: "frontend.temporal.svc.cluster.local" },
      "tcp",
      "private",
    ],
  ])("the team runs at %s is only that destination", (host, destination, application, route) => {
    const rules = rulesOf({ kind: "self-hosted", host, port: 7243 }).filter(({ id }) => id.startsWith("temporal/"));

    expect(rules).toMatchObject([{ destination, port: 7243, application, route }]);
    expect(rules[0]?.data).toBeUndefined();
  });

  test.each([
    ["encrypted", ["pass tls $HOME_NET any -> $EXTERNAL_NET 7243"], []],
    ["off", [], [expect.stringContaining("temporal.example.com:7243 is a protocol without host names")]],
  ] as const)("of one's own on the internet passes a firewall where its name is told: %s", (tls, rules, notes) => {
    const temporal = {
      kind: "self-hosted",
      host: "temporal.example.com",
      port: 7243,
      namespace: "retool",
      tls,
    } as const;
    const { networkFirewall, egress } = planEnvironment({ ...prod, temporal, egress: { level: "firewall" } });

    expect(networkFirewall?.rules.filter((rule) => rule.includes(" 7243 ")).map((rule) => rule.split(" (")[0])).toEqual(
      rules,
    );
    expect(egress.notes.filter((note) => note.includes("7243"))).toEqual(notes);
  });

  test("of one's own at a public address passes a firewall by that address", () => {
    const temporal = { kind: "self-hosted", host: "52.0.0.7", port: 7233, namespace: "retool" } as const;
    const rules = planEnvironment({ ...prod, temporal, egress: { level: "firewall" } }).networkFirewall?.rules ?? [];

    expect(rules.filter((rule) => rule.includes("52.0.0.7/32 7233"))).toHaveLength(1);
  });

  test("next to Retool needs no rule", () => {
    expect(rulesOf({ kind: "local" }).filter(({ id }) => id.startsWith("temporal/"))).toEqual([]);
  });

  test("is reached by every container that the chart gives its address", () => {
    const { rules } = planEgress({}, context, { temporal: MANAGED, features: everything }).plan;

    expect(rules.find(({ id }) => id === "temporal/namespace")?.sources).toEqual(SEVEN);
  });

  test("says what it stores and for how long", () => {
    expect(ruleNamed("temporal/namespace")?.data).toContain("14 days");
  });
});

describe("Karpenter", () => {
  const hostsOf = (existingKarpenter?: boolean, region = "us-east-1"): string[] =>
    planEgress(undefined, { ...context, region }, { temporal: MANAGED, features, existingKarpenter })
      .plan.rules.filter(({ id }) => id === "aws/iam" || id === "aws/pricing")
      .map(({ destination }) => formatDestination(destination));

  test("that is installed here calls no API outside the region; one that was there before may", () => {
    expect(hostsOf()).toEqual([]);
    expect(hostsOf(true)).toEqual(["iam.amazonaws.com", "api.pricing.us-east-1.amazonaws.com"]);
  });

  test.each([
    ["ca-central-1", ["iam.amazonaws.com", "api.pricing.us-east-1.amazonaws.com"]],
    ["ap-southeast-2", ["iam.amazonaws.com", "api.pricing.ap-south-1.amazonaws.com"]],
    ["eu-west-1", ["iam.amazonaws.com", "api.pricing.eu-central-1.amazonaws.com"]],
    ["us-gov-west-1", ["iam.us-gov.amazonaws.com"]],
  ])("in %s asks the endpoints of IAM and of the price list that are for it", (region, hosts) => {
    expect(hostsOf(true, region)).toEqual(hosts);
  });

  test.each([
    ["was there before", { version: "1.14.1", instanceProfileName: "n", controllerRoleArn: ROLE }, true],
    ["is installed", undefined, false],
  ])("%s: an existing cluster's plan knows", (_case, karpenter, isListed) => {
    const { plan } = checkEnvironment({
      ...prod,
      cluster: { kind: "existing", name: "c", kubernetesVersion: "1.35", has: { networkPolicies: true, karpenter } },
    });

    expect(plan.egress.rules.some(({ id }) => id === "aws/iam")).toBe(isListed);
  });
});

describe("the plan", () => {
  test("leaves names unrestricted where that is asked for, and says so", () => {
    const { plan, violations } = planEgress({ level: "open" }, context, { temporal: MANAGED, features });

    expect(plan.level).toBe("open");
    expect(violations).toEqual([]);
    expect(plan.rules.filter(({ destination }) => destination.kind === "anywhere").map(({ id }) => id)).toEqual([
      "open/data-sources",
      "open/user-code",
      "open/sandbox-packages",
      "open/providers",
    ]);
  });

  test("names only components that are installed", () => {
    const { plan } = planEgress(undefined, context, { temporal: MANAGED, features });
    const named = new Set([
      ...plan.rules.flatMap(({ sources }) => sources),
      ...plan.arrows.flatMap(({ from, to }) => [from, to]),
      ...plan.frontDoor,
    ]);

    expect([...named].filter((name) => !plan.components.some((component) => component === name))).toEqual([
      "nodes",
      "deployer",
    ]);
    expect(plan.components).toEqual([
      "api",
      "jobs-runner",
      "workflow-worker",
      "workflow-backend",
      "code-executor",
      "js-executor",
      "sandbox-controller",
      "sandbox-proxy",
      "sandbox",
      "r2-agent-worker",
    ]);
  });

  test("gives every rule its own identity, a reason and a document", () => {
    const rules = rulesOf(MANAGED, everything);

    expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
    expect(rules.filter(({ reason, document }) => reason === "" || !/^https:\/\/[a-z.]+\//.test(document))).toEqual([]);
  });

  test("sends metrics to Retool only where they are collected", () => {
    expect(ruleNamed("retool/telemetry.retool.com")).toBeUndefined();
    expect(ruleNamed("retool/telemetry.retool.com", MANAGED, everything)).toMatchObject({
      sources: ["telemetry"],
      port: 443,
    });
  });

  test("keeps the bucket in the environment's region", () => {
    expect(ruleNamed("platform/bucket")).toMatchObject({
      destination: { kind: "subdomains", domain: "s3.us-east-1.amazonaws.com" },
      route: "endpoint",
    });
  });
});

describe("the shape", () => {
  test.each([{}, { level: "open" }])("%j is accepted", (spec) => {
    expect(shapeViolations(egressSchema, spec, "egress")).toEqual([]);
  });

  test.each([
    [{ level: "closed" }, "egress.level"],
    [{ allow: [] }, "egress.allow"],
  ])("%j is refused", (spec, path) => {
    expect(shapeViolations(egressSchema, spec, "egress").map((violation) => violation.path)).toEqual([path]);
  });
});
