import { PUBLIC_REGISTRIES } from "../../../domain/egress/package-registries";
import { guestNeeds, sharedPlans, withGuests } from "../../../domain/environment/guests";
import { egressReport } from "../../../domain/egress/report";
import { type EnvironmentPlan, planEnvironment } from "../../../domain/environment/environment";
import { neighbourViolations } from "../../../domain/environment/neighbours";
import type { EnvironmentSpec } from "../../../domain/environment/spec";
import { formatViolation } from "../../../domain/common/violation";
import { isListed } from "../../support/dns-evaluator";
import { prod } from "../../support/environments/prod";
import { secondInstance } from "../../support/second-instance";

const tools: EnvironmentSpec = {
  ...secondInstance(prod),
  egress: {
    resources: [
      { to: "warehouse.example.net" },
      { to: "db.example.net", port: 5432, addresses: ["203.0.113.0/28"] },
      { to: "198.51.100.0/24", port: 6379 },
    ],
  },
};
const planned = (key: string, spec: EnvironmentSpec) => ({ key, spec, plan: planEnvironment(spec) });
const carried = (level: "dns" | "firewall") => {
  const [owner, guest] = withGuests([planned("prod", { ...prod, egress: { level } }), planned("tools", tools)]);
  return { owner: planEnvironment(owner!), guest };
};

describe("an instance in the network of another environment", () => {
  test("has its buckets in the policy of the owner's endpoint, and only while it is there", () => {
    const bucket = "retool-tools-";

    expect(JSON.stringify(planEnvironment(prod).s3Endpoint)).not.toContain(bucket);
    expect(JSON.stringify(carried("dns").owner.s3Endpoint)).toContain(bucket);
    expect(withGuests([planned("prod", prod)])).toEqual([prod]);
  });

  test("has its names and addresses in the owner's firewalls", () => {
    const { owner, guest } = carried("firewall");
    const passes = owner.networkFirewall?.rules.filter((rule) => rule.startsWith("pass ")).join("\n") ?? "";

    for (const name of ["warehouse.example.net", "db.example.net"]) expect(owner.dnsFirewall?.allowed).toContain(name);
    for (const text of ["warehouse.example.net", "203.0.113.0/28 5432", "198.51.100.0/24 6379"])
      expect(passes).toContain(text);
    expect(guest).toBe(tools);
  });

  test("has the names under which it is opened in the owner's list", () => {
    const { owner } = carried("dns");
    const hosts = planEnvironment(tools).hostnames.hosts.map((host) => host.replace("*", "any"));

    expect(hosts.filter((host) => !isListed(owner.dnsFirewall?.allowed ?? [], host))).toEqual([]);
  });

  test("gives no container of the owner anything", () => {
    const rules = carried("dns").owner.egress.rules.filter(({ reason }) => reason.startsWith("tools: "));

    expect(rules.length).toBeGreaterThanOrEqual(3);
    const sources = new Set(rules.flatMap((rule) => rule.sources));

    // What the machine that deploys calls as well stands in the same rule, and no firewall looks at it.
    expect([...sources].filter((source) => source !== "deployer")).toEqual(["nodes"]);
  });

  test("hands an owner elsewhere a list with which it carries the same", () => {
    const { s3Buckets, resources } = guestNeeds(planEnvironment(tools));

    expect(s3Buckets.length).toBe(2);
    expect(resources).toContainEqual({
      to: "db.example.net",
      port: 5432,
      purpose: "images",
      application: "tcp",
      addresses: ["203.0.113.0/28"],
      reason: "tools: Data source of apps and workflows",
    });
    for (const level of ["dns", "firewall"] as const) {
      const elsewhere = planEnvironment({ ...prod, network: { s3Buckets }, egress: { level, resources } });
      const { owner } = carried(level);

      expect(elsewhere.s3Endpoint).toEqual(owner.s3Endpoint);
      expect(elsewhere.dnsFirewall).toEqual(owner.dnsFirewall);
      expect(elsewhere.networkFirewall).toEqual(owner.networkFirewall);
    }
  });

  test("is shown in the owner's plan and report, and its report names the firewalls that decide", () => {
    const plans = sharedPlans([planned("prod", { ...prod, egress: { level: "firewall" } }), planned("tools", tools)]);
    const [owner, guest] = [plans["prod"]!, plans["tools"]!];
    const rowOf = (plan: EnvironmentPlan): string[] =>
      egressReport(plan.egress, plan.context)
        .connections.filter(({ where }) => where === "warehouse.example.net")
        .flatMap(({ enforcedBy }) => enforcedBy);

    expect(owner.egress.notes).toContainEqual(expect.stringContaining("decide for tools as well"));
    expect(egressReport(owner.egress, owner.context).connections).toContainEqual(
      expect.objectContaining({ where: "warehouse.example.net", who: ["nodes"] }),
    );
    expect(rowOf(guest)).toEqual([
      "network policy: container and port",
      "DNS firewall of prod: name",
      "network firewall of prod: name and port",
    ]);
    expect(guest.egress.notes).toContainEqual(
      "The network is prod's: its DNS firewall and its network firewall decide which names and addresses pass (mode enforce). " +
        "After a change of what is called here, deploy prod first.",
    );
    expect(guest.egress.notes.filter((note) => note.startsWith("Host names are not enforced"))).toEqual([]);
    expect(sharedPlans([planned("prod", prod)])["prod"]?.egress.notes).toEqual(planEnvironment(prod).egress.notes);
  });

  test("cannot share a foreign VPC's resolver with a second list, nor its place there", () => {
    const second: EnvironmentSpec = { ...tools, name: "sales", domain: "sales.example.com", namespace: "sales" };
    const plans = {
      tools: planEnvironment({ ...tools, egress: { level: "dns" } }),
      sales: planEnvironment({ ...second, egress: { level: "dns" } }),
    };

    expect(neighbourViolations(plans).map(formatViolation)).toContainEqual(
      expect.stringMatching(
        /^sales\.egress\.level: "dns" would put a second list of names before the resolver of vpc-/,
      ),
    );
    // AWS takes each number once in a VPC: it refuses a second list that another configuration brings.
    const places = [plans.tools, plans.sales, planEnvironment(prod)].map(({ dnsFirewall }) => dnsFirewall?.priority);
    expect(places).toEqual([5000, 5000, 101]);
  });

  test("has a report that says what decides where its own policies open every address", () => {
    const reportOf = (level: "open" | "dns" | "firewall", mode?: "alert") => {
      const plans = sharedPlans([planned("prod", { ...prod, egress: { level, mode } }), planned("tools", tools)]);
      return egressReport(plans["tools"]!.egress, plans["tools"]!.context);
    };
    const anywhere = (level: "open" | "dns" | "firewall") =>
      reportOf(level)
        .connections.find(({ where, port }) => where === "anywhere" && port === "any")
        ?.enforcedBy.slice(1);

    expect(anywhere("open")).toEqual([]);
    expect(anywhere("dns")).toEqual(["DNS firewall of prod: only listed names"]);
    expect(anywhere("firewall")).toEqual([
      "DNS firewall of prod: only listed names",
      "network firewall of prod: only listed destinations",
    ]);
    expect(reportOf("dns").closed.map(({ host }) => host)).toContain(PUBLIC_REGISTRIES.pythonPackages.example);
    expect(reportOf("open").closed).toEqual([]);
    expect(reportOf("dns", "alert").closed).toEqual([]);
    expect(reportOf("dns", "alert").banner).toMatch(/^EGRESS ONLY ALERTS/);
    expect(reportOf("firewall").connections.find(({ where }) => where.startsWith("eks-auth."))?.enforcedBy).toContain(
      "VPC endpoint of prod: service",
    );
  });

  test("cannot refuse names for an owner that leaves them open", () => {
    const plans = {
      prod: planEnvironment({ ...prod, egress: { level: "open" } }),
      tools: planEnvironment({ ...tools, egress: { level: "dns" } }),
    };

    expect(neighbourViolations(plans).map(formatViolation)).toEqual([
      'tools.egress.level: "dns" here would also block prod, whose egress.level is "open": both share the one resolver of the VPC; ' +
        "remove it, and set the level of prod: its list includes the destinations of tools",
    ]);
  });

  test("cannot put a second list before the resolver", () => {
    const plans = { prod: planEnvironment(prod), tools: planEnvironment({ ...tools, egress: { level: "dns" } }) };

    expect(neighbourViolations(plans).map(formatViolation)).toEqual([
      'tools.egress.level: "dns" would add a second DNS firewall to the network of prod; remove it: prod lists the destinations of tools, and its firewalls enforce them',
    ]);
  });
});
