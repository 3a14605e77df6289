import type { ITerraformDependable } from "cdktf";

import { DnsFirewall, type DnsFirewallProps } from "../../../constructs/egress/dns-firewall";
import { resourceTypes } from "../../support/dependables";
import { encryptionKey, network } from "../../support/fakes";
import { Graph } from "../../support/graph";
import { type Synthesized, synthesize } from "../../support/synthesize";

let ready: readonly ITerraformDependable[] = [];
const define = (overrides: Partial<DnsFirewallProps["plan"]> = {}): Synthesized =>
  synthesize((stack) => {
    ({ ready } = new DnsFirewall(stack, "DnsFirewall", {
      plan: { action: "BLOCK", priority: 101, metrics: {}, allowed: ["*.example.net", "a.example.com"], ...overrides },
      prefix: "retool-prod",
      network,
      encryptionKey,
      logRetentionDays: 30,
    }));
  });

describe("DnsFirewall", () => {
  test("answers for the names on its list before it looks at any other", () => {
    const rules = define().all("aws_route53_resolver_firewall_rule");

    expect(rules.map(({ action, priority }) => [action, priority])).toEqual([
      ["ALLOW", 100],
      ["BLOCK", 200],
    ]);
    expect(
      define()
        .all("aws_route53_resolver_firewall_domain_list")
        .map(({ domains }) => domains),
    ).toEqual([["*.example.net.", "a.example.com."], ["*."]]);
  });

  test("never refuses names while the list of those it allows is missing", () => {
    const graph = new Graph(define().json);
    const [association, others, allowed] = [
      /firewall_rule_group_association\./,
      /firewall_rule\..*Others/,
      /firewall_rule\..*Allow_/,
    ].map((pattern) => graph.find(pattern)) as [string, string, string];

    expect(graph.isAfter(association, others)).toBe(true);
    expect(graph.isAfter(others, allowed)).toBe(true);
    expect(resourceTypes(ready)).toEqual([
      "aws_route53_resolver_firewall_rule_group_association",
      "aws_route53_resolver_query_log_config_association",
    ]);
  });

  test("follows a name on its list wherever it leads", () => {
    expect(define().all("aws_route53_resolver_firewall_rule")[0]).toMatchObject({
      firewall_domain_redirection_action: "TRUST_REDIRECTION_DOMAIN",
    });
  });

  test.each([
    ["BLOCK", "NODATA"],
    ["ALERT", undefined],
  ] as const)("%s answers %s to other names", (action, response) => {
    expect(define({ action }).all("aws_route53_resolver_firewall_rule")[1]).toMatchObject({ action });
    expect(define({ action }).all("aws_route53_resolver_firewall_rule")[1]?.["block_response"]).toBe(response);
  });

  test("guards the network, closed when it fails", () => {
    expect(define().only("aws_route53_resolver_firewall_rule_group_association")).toMatchObject({
      vpc_id: "vpc-1",
      priority: 101,
    });
    expect(define().only("aws_route53_resolver_firewall_config")).toMatchObject({
      resource_id: "vpc-1",
      firewall_fail_open: "DISABLED",
    });
  });

  test("keeps an encrypted log of every query", () => {
    expect(define().only("aws_cloudwatch_log_group")).toMatchObject({
      name: "/aws/vendedlogs/retool-prod/dns-queries",
      retention_in_days: 30,
      kms_key_id: encryptionKey.keyArn,
    });
    expect(define().only("aws_route53_resolver_query_log_config_association")).toMatchObject({ resource_id: "vpc-1" });
  });
});
