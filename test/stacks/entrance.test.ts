import { App, TerraformOutput, Testing } from "cdktf";

import { Certificate } from "../../constructs/front-door/certificate";
import { DnsQueryLogs } from "../../constructs/front-door/dns-query-logs";
import { HostedZone } from "../../constructs/front-door/hosted-zone";
import { prod } from "../support/environments/prod";
import type { EnvironmentSpec } from "../../domain/environment/spec";
import { RetoolStack } from "../../stacks";
import { Synthesized, synthesize } from "../support/synthesize";

function define(changes: Partial<EnvironmentSpec>): Synthesized {
  const stack = new RetoolStack(new App(), { ...prod, ...changes });
  return new Synthesized(JSON.parse(Testing.synth(stack)) as Synthesized["json"]);
}

const recordTypes = (template: Synthesized): unknown[] => template.all("aws_route53_record").map(({ type }) => type);

describe("the entrance of a stack", () => {
  test("finds the zone, proves the certificate in it and points names at the load balancer", () => {
    const template = define({});

    expect(template.only("aws_acm_certificate")).toMatchObject({ domain_name: "retool.example.com" });
    expect(template.all("aws_route53_record")).toHaveLength(3);
    expect(template.all("aws_route53_zone")).toEqual([]);
  });

  test("makes a zone below another one, with its delegation", () => {
    const template = define({ dns: { kind: "create", parentZoneId: "Z0PARENT" } });

    expect(template.only("aws_route53_zone")).toMatchObject({ name: "retool.example.com" });
    expect(recordTypes(template)).toContain("NS");
  });

  test("says to which name servers to delegate, as soon as they are known", () => {
    const nameServersOf = (dns?: EnvironmentSpec["dns"]): unknown =>
      (define({ dns }).json["output"] as unknown as { name_servers: { value: unknown } }).name_servers.value;
    const servers = expect.stringMatching(/^\$\{aws_route53_zone\.\w+\.name_servers\}$/) as unknown;

    expect(nameServersOf({ kind: "create" })).toEqual(servers);
    expect(nameServersOf({ kind: "create", parentZoneId: "Z0PARENT" })).toEqual(servers);
    expect(nameServersOf()).toEqual([]);
  });

  test("takes a certificate as it is, and says which records to make", () => {
    const certificateArn = "arn:aws:acm:us-east-1:111122223333:certificate/0a1b2c3d-0000-4000-8000-000000000000";
    const template = define({ dns: { kind: "none", certificateArn } });
    const outputs = template.json["output"] as unknown as { records_to_make: { value: string[] } };

    expect(template.all("aws_acm_certificate")).toEqual([]);
    expect(template.all("aws_route53_record")).toEqual([]);
    expect(outputs.records_to_make.value).toEqual(["retool.example.com", "*.retool.example.com"]);
  });
});

describe("HostedZone", () => {
  test("restricts who may issue certificates where a name is given", () => {
    const template = synthesize((stack) => {
      const zone = { kind: "by-name", name: "example.com" } as const;
      new HostedZone(stack, "Zone", { zone, hosts: ["retool.example.com"], caaName: "retool.example.com" });
    });

    expect(template.only("aws_route53_record")).toMatchObject({ type: "CAA", name: "retool.example.com" });
  });
});

describe("Certificate", () => {
  test("needs one proof for a name and its wildcard, and is ready when it is validated", () => {
    const template = synthesize((stack) => {
      const names = ["retool.example.com", "*.retool.example.com"];
      const plan = { kind: "mint", names, validationNames: ["retool.example.com"] } as const;
      const { certificateArn } = new Certificate(stack, "Certificate", { plan, zone: { zoneId: "Z1" } });
      new TerraformOutput(stack, "Arn", { value: certificateArn });
    });

    expect(template.all("aws_route53_record")).toHaveLength(1);
    expect(template.json["output"]?.["Arn"]).toEqual({
      value: expect.stringMatching(/^\$\{aws_acm_certificate_validation\./) as string,
    });
  });
});

describe("DnsQueryLogs", () => {
  test("lets Route 53 write for this account into a group that is kept as long as asked", () => {
    const template = synthesize((stack) => {
      const zone = { zoneId: "Z1" };
      new DnsQueryLogs(stack, "Logs", { prefix: "retool-prod", account: "111122223333", zone, retentionDays: 30 });
    });

    expect(template.only("aws_cloudwatch_log_group")).toMatchObject({
      name: "/aws/route53/retool-prod",
      retention_in_days: 30,
    });
    expect(template.only("aws_cloudwatch_log_resource_policy")["policy_document"]).toContain("111122223333");
    expect(template.only("aws_route53_query_log")).toMatchObject({ zone_id: "Z1" });
  });
});
