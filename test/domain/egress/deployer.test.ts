import { deployerRules } from "../../../domain/egress/deployer";
import { type EgressRule, formatDestination } from "../../../domain/egress/rules";
import { type EnvironmentPlan, planEnvironment } from "../../../domain/environment/environment";
import type { EnvironmentSpec } from "../../../domain/environment/spec";
import { guestNeeds } from "../../../domain/environment/guests";
import { networkPolicyReferences } from "../../../domain/environment/network-policy-references";
import { networkPolicies } from "../../../domain/network-policies/network-policies";
import { recorded } from "../../../domain/permissions/recorded";
import { isListed } from "../../support/dns-evaluator";
import { prod } from "../../support/environments/prod";
import { secondInstance } from "../../support/second-instance";

const REGION = "eu-central-1";
const NAME_OF: Readonly<Record<string, string>> = { cloudwatch: "monitoring", "backup-storage": "backup" };

const hostsOf = (rules: readonly EgressRule[]): string[] =>
  rules.map(({ destination }) => formatDestination(destination)).map((host) => host.replace("*", "any"));

function planOf(runner = false): EnvironmentPlan {
  return planEnvironment({
    ...prod,
    region: REGION,
    clusterAccess: "private",
    // Temporal in the VPC: nothing of Retool's own cloud is listed that would cover the host of its charts.
    temporal: { kind: "self-hosted", host: "10.40.0.12", port: 7233, namespace: "retool", tls: "off" },
    egress: { level: "firewall", runner },
  });
}

/** What the deploying machine calls. */
const called = hostsOf(planOf().egress.rules.filter(({ sources }) => sources.includes("deployer")));

describe("the machine that deploys", () => {
  test("has a row for every service whose permissions were recorded", () => {
    const actions = Object.values(recorded).flatMap((runs) =>
      Object.values(runs).flatMap((asked) => Object.keys(asked)),
    );
    const services = [...new Set(actions.map((action) => action.split(":")[0] ?? ""))];
    const missing = services.filter((service) => {
      const name = NAME_OF[service] ?? service;
      return !called.includes(`${name}.${REGION}.amazonaws.com`) && !called.includes(`${name}.amazonaws.com`);
    });

    expect(services.length).toBeGreaterThan(15);
    expect(missing).toEqual([]);
  });

  test("has rows for the second region, for that of query logs, and for the session on a bastion", () => {
    const hosts = (change: Partial<EnvironmentSpec>) =>
      hostsOf(
        planEnvironment({ ...prod, region: REGION, ...change }).egress.rules.filter(({ sources }) =>
          sources.includes("deployer"),
        ),
      );
    const before = hosts({});
    const added = (change: Partial<EnvironmentSpec>) => hosts(change).filter((host) => !before.includes(host));

    expect(added({ backup: { copyTo: { region: "eu-west-1" } } }).sort()).toEqual(
      ["backup", "kms", "sts"].map((service) => `${service}.eu-west-1.amazonaws.com`),
    );
    expect(added({ dns: { kind: "create", queryLogRetentionDays: 90 } }).sort()).toEqual(
      ["logs", "sts"].map((service) => `${service}.us-east-1.amazonaws.com`),
    );
    expect(added({ bastion: true })).toEqual([`ssmmessages.${REGION}.amazonaws.com`]);
  });

  test("asks GovCloud's own endpoints of IAM and Route 53", () => {
    expect(hostsOf(deployerRules({ region: "us-gov-west-1" }))).toEqual(
      expect.arrayContaining(["iam.us-gov.amazonaws.com", "route53.us-gov.amazonaws.com"]),
    );
  });

  test("opens nothing: neither firewall lists what only it calls", () => {
    const { dnsFirewall, networkFirewall, egress } = planOf();
    const only = egress.rules.filter(({ sources }) => sources.join() === "deployer");

    expect(only.length).toBeGreaterThan(15);
    expect(dnsFirewall?.allowed).not.toContain("iam.amazonaws.com");
    expect(networkFirewall?.rules.filter((rule) => rule.includes("iam.amazonaws.com"))).toEqual([]);
  });

  test("inside the VPC is let out by both firewalls to all that it calls, and no container with it", () => {
    const plain = planOf();
    const { dnsFirewall, networkFirewall, egress } = planOf(true);
    const only = egress.rules.filter(({ sources }) => sources.join() === "runner");
    const passed = networkFirewall?.rules.filter((rule) => rule.startsWith("pass tls")).join("\n") ?? "";
    const names = only.flatMap(({ destination }) => (destination.kind === "host" ? [destination.host] : []));

    expect(called.filter((host) => !isListed(dnsFirewall!.allowed, host))).toEqual([]);
    expect(names.length).toBeGreaterThan(15);
    expect(names.filter((host) => !passed.includes(`"${host}"`))).toEqual([]);
    expect(names.filter((host) => isListed(plain.dnsFirewall!.allowed, host))).toEqual([]);
    const policies = (plan: EnvironmentPlan) => networkPolicies(plan.egress, networkPolicyReferences(plan));
    expect(policies(planOf(true))).toEqual(policies(plain));
    expect(egress.notes.filter((note) => !plain.egress.notes.includes(note))).toEqual([
      "The firewalls pass what Terraform calls, for pods as well: they see the runner and all nodes as one.",
    ]);
  });

  test("inside the VPC of another environment is let out by its owner's firewalls", () => {
    const guest = planEnvironment({ ...secondInstance(prod), egress: { runner: true } });

    expect(guestNeeds(guest).resources.map(({ to }) => to)).toContain("rds.us-east-1.amazonaws.com");
    expect(guestNeeds(planEnvironment(secondInstance(prod))).resources.map(({ to }) => to)).not.toContain(
      "rds.us-east-1.amazonaws.com",
    );
  });
});
