import { egressSchema, planEgress } from "../../../domain/egress/egress";
import { type EgressResource, planResources } from "../../../domain/egress/resources";
import type { EgressRule } from "../../../domain/egress/rules";
import { shapeViolations } from "../../../domain/common/shape";
import { context } from "../../support/fakes";
import { everything, features } from "../../support/retool-cluster";

function ruleOf(resource: EgressResource): EgressRule {
  const [rule] = planResources([resource], "egress.resources").plan;
  if (rule === undefined) throw new Error("no rule");
  return rule;
}

function linesOf(resource: EgressResource): string[] {
  return planEgress({ resources: [resource] }, context, { temporal: { kind: "local" }, features }).violations.map(
    ({ path, problem, remedy }) => `${path}: ${problem}; ${remedy}`,
  );
}

describe("a resource", () => {
  test.each([
    [undefined, ["api", "workflow-worker", "workflow-backend", "dbconnector"]],
    ["git", ["api", "jobs-runner"]],
    ["packages", ["code-executor", "js-executor"]],
    ["identity", ["api"]],
    ["models", ["api", "workflow-worker", "r2-agent-worker", "agent-worker", "agent-eval-worker"]],
    ["app-packages", ["sandbox-proxy"]],
    ["images", ["nodes"]],
    [
      "blob-storage",
      ["api", "jobs-runner", "workflow-worker", "r2-agent-worker", "agent-worker", "agent-eval-worker", "git-server"],
    ],
  ] as const)("of purpose %s is open to those that need it", (purpose, sources) => {
    expect(ruleOf({ to: "api.example.com", purpose }).sources).toEqual(sources);
  });

  test("is open only to the named containers", () => {
    expect(ruleOf({ to: "api.example.com", containers: ["code-executor"] }).sources).toEqual(["code-executor"]);
  });

  test("behind a bastion is reached on 22 by those that open SSH connections", () => {
    expect(ruleOf({ to: "203.0.113.7/32", via: "ssh" })).toMatchObject({
      port: 22,
      application: "tcp",
      sources: ["api", "workflow-backend", "dbconnector"],
      reason: "Bastion in front of data sources",
    });
  });

  test.each([
    [{ to: "api.example.com" }, 443, "tls", "internet"],
    [{ to: "*.example.com" }, 443, "tls", "internet"],
    [{ to: "api.example.com", port: 80 }, 80, "http", "internet"],
    [{ to: "mq.example.com", port: 5671, application: "tls" }, 5671, "tls", "internet"],
    [{ to: "db.example.com", port: 5432 }, 5432, "tcp", "internet"],
    [{ to: "db.example.com", port: 5432, addresses: ["203.0.113.7/32"] }, 5432, "tcp", "internet"],
    [{ to: "203.0.113.0/24" }, 443, "tcp", "internet"],
    [{ to: "203.0.113.0/24", port: 5432 }, 5432, "tcp", "internet"],
  ] as const)("%j means port %d, %s, %s", (resource, port, application, route) => {
    expect(ruleOf(resource)).toMatchObject({ port, application, route });
  });

  test("carries its own reason, or that of its purpose", () => {
    expect(ruleOf({ to: "a.example.com", reason: "Billing" }).reason).toBe("Billing");
    expect(ruleOf({ to: "a.example.com", purpose: "identity" }).reason).toBe(
      "Identity provider that users sign in with",
    );
  });
});

describe("what is refused", () => {
  test.each<[EgressResource, string]>([
    [
      { to: "0.0.0.0/0" },
      "egress.resources[0].to: 0.0.0.0/0 covers most of the internet; use narrower ranges, or explain it in reason",
    ],
    [
      { to: "8.0.0.0/7" },
      "egress.resources[0].to: 8.0.0.0/7 covers most of the internet; use narrower ranges, or explain it in reason",
    ],
    [
      { to: "*.com" },
      'egress.resources[0].to: "*.com" includes names that anybody can register; list the intended hosts, or explain it in ' +
        "reason",
    ],
    [
      { to: "*.github.io" },
      'egress.resources[0].to: "*.github.io" includes names that anybody can register; list the intended hosts, or explain ' +
        "it in reason",
    ],
    [{ to: "203.0.113.7/24" }, 'egress.resources[0].to: "203.0.113.7/24" has host bits set; use "203.0.113.0/24"'],
    [{ to: "a.example.com", port: 0 }, "egress.resources[0].port: 0 is out of range; use 1 to 65535"],
    [{ to: "a.example.com", port: 65536 }, "egress.resources[0].port: 65536 is out of range; use 1 to 65535"],
    [{ to: "a.example.com", port: 22.5 }, "egress.resources[0].port: 22.5 is not a whole number; use 1 to 65535"],
    [
      { to: "db.example.com", port: 5432, addresses: ["203.0.113.7"] },
      'egress.resources[0].addresses[0]: "203.0.113.7" is not an address range; use "203.0.113.7/32"',
    ],
    [
      { to: "db.example.com", port: 5432, addresses: ["198.51.100.0/24", "0.0.0.0/0"] },
      "egress.resources[0].addresses[1]: 0.0.0.0/0 covers most of the internet; use narrower ranges, or explain it in reason",
    ],
    [
      { to: "192.0.2.10" },
      'egress.resources[0].to: "192.0.2.10" is an address, not a name; use the range "192.0.2.10/32"',
    ],
    [
      { to: "my_db.co.uk" },
      'egress.resources[0].to: "my_db.co.uk" has an underscore, so the DNS firewall would have to allow *.co.uk, under ' +
        "which anybody can register names; list the intended hosts, or explain it in reason",
    ],
    [
      { to: "224.0.0.0/4" },
      'egress.resources[0].to: "224.0.0.0/4" is in 224.0.0.0/4 (multicast addresses), which api may never reach; remove it',
    ],
    [
      { to: "*.svc.cluster.local" },
      'egress.resources[0].to: "*.svc.cluster.local" includes names inside the cluster; name a Service, such as ' +
        "db.data.svc.cluster.local",
    ],
    [
      { to: "db.data.svc", purpose: "packages" },
      'egress.resources[0].to: "db.data.svc" is in the cluster, which code-executor may never reach; remove code-executor, ' +
        "or the name",
    ],
    [
      { to: "10.9.0.0/16", application: "tls" },
      'egress.resources[0].application: "tls" has no effect: 10.9.0.0/16 has no name that could be checked; remove it',
    ],
    [
      { to: "a.example.com", via: "ssh", application: "http" },
      'egress.resources[0].application: "http" has no effect: SSH is neither TLS nor HTTP; remove it',
    ],
    [
      { to: "203.0.113.0/24", addresses: ["203.0.113.0/24"] },
      "egress.resources[0].addresses: 203.0.113.0/24 is a range already; remove addresses",
    ],
  ])("%j", (resource, line) => {
    expect(linesOf(resource)).toEqual([line]);
  });

  test.each<EgressResource>([
    { to: "0.0.0.0/0", reason: "A scanner of ours" },
    { to: "db.example.com", port: 5432, addresses: ["0.0.0.0/0"], reason: "A database that moves" },
    { to: "*.com", reason: "Crawls the web" },
    { to: "my_db.co.uk", reason: "A shared registrar" },
    { to: "my_db.corp.example.com" },
    { to: "db.data.svc.cluster.local", port: 5432 },
    { to: "10.0.0.0/8" },
    { to: "acme.github.io" },
    { to: "a.example.com", port: 1 },
    { to: "a.example.com", port: 65535 },
  ])("%j is accepted", (resource) => {
    expect(linesOf(resource)).toEqual([]);
  });

  test.each([
    [{ resources: [{ to: 7 }] }, "egress.resources[0].to"],
    [{ resources: [{ to: "a.b", container: ["api"] }] }, "egress.resources[0].container"],
    [{ resources: [{ to: "a.b", containers: ["apis"] }] }, "egress.resources[0].containers[0]"],
    [{ resources: [{ to: "a.b", containers: [] }] }, "egress.resources[0].containers"],
    [{ resources: [{ to: "a.b", purpose: "other" }] }, "egress.resources[0].purpose"],
    [{ resources: [{ to: "a.b", reason: " " }] }, "egress.resources[0].reason"],
    [{ pythonPackages: true }, "egress.pythonPackages"],
  ])("the shape %j", (spec, path) => {
    expect(shapeViolations(egressSchema, spec, "egress").map((violation) => violation.path)).toEqual([path]);
    expect(
      planEgress(spec as never, context, { temporal: { kind: "local" }, features }).violations.map(
        ({ path: at }) => at,
      ),
    ).toEqual([path]);
  });
});

describe("overlaps", () => {
  const idsOf = (resources: readonly EgressResource[]): [string, string][] =>
    planResources(resources, "egress.resources").plan.map(({ id, reason }) => [id, reason]);

  test("a wildcard takes in the hosts below it, with their reasons", () => {
    expect(
      idsOf([
        { to: "a.example.com", reason: "Billing" },
        { to: "*.example.com", reason: "Everything of ours" },
        { to: "*.b.example.com", reason: "Shop" },
      ]),
    ).toEqual([["resource/*.example.com:443", "Everything of ours; Billing; Shop"]]);
  });

  test("a range takes in the ranges in it", () => {
    expect(
      idsOf([
        { to: "203.0.113.0/25", reason: "A" },
        { to: "203.0.113.0/24", reason: "B" },
      ]),
    ).toEqual([["resource/203.0.113.0/24:443", "B; A"]]);
  });

  test.each<[string, readonly EgressResource[]]>([
    ["another port", [{ to: "a.example.com", port: 8443, application: "tls" }, { to: "*.example.com" }]],
    ["another protocol", [{ to: "a.example.com", application: "tcp" }, { to: "*.example.com" }]],
    [
      "more containers than the wider one has",
      [{ to: "a.example.com", containers: ["code-executor"] }, { to: "*.example.com" }],
    ],
    ["a sibling", [{ to: "example.com" }, { to: "*.example.com" }]],
    ["a name that only looks alike", [{ to: "evilexample.com" }, { to: "*.example.com" }]],
  ])("%s stays its own rule", (_, resources) => {
    expect(idsOf(resources)).toHaveLength(2);
  });

  test("the same twice is one rule for all who need it", () => {
    const input = { temporal: { kind: "local" }, features: everything } as const;
    const resources: EgressResource[] = [
      { to: "a.example.com", purpose: "identity" },
      { to: "a.example.com", containers: ["code-executor"], reason: "Looks up people" },
    ];
    const { rules } = planEgress({ resources }, context, input).plan;

    expect(rules.filter(({ id }) => id.startsWith("resource/"))).toMatchObject([
      { sources: ["api", "code-executor"], reason: "Identity provider that users sign in with; Looks up people" },
    ]);
  });

  test("Retool's own hosts stay separate rules next to a wildcard that includes them", () => {
    const input = { temporal: { kind: "retool-managed" }, features } as const;
    const { rules } = planEgress(
      { resources: [{ to: "*.tryretool.com", reason: "All of Retool" }] },
      context,
      input,
    ).plan;

    expect(rules.map(({ id }) => id)).toContain("retool/licensing.tryretool.com");
    expect(rules.filter(({ id }) => id === "temporal/*.tryretool.com")).toMatchObject([
      { reason: "Enrolls with Temporal Cloud and renews its certificates; All of Retool", required: true },
    ]);
  });
});
