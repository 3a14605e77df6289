import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { TerraformOutput } from "cdktf";

import { Certificate, type CertificateProps } from "../../../constructs/front-door/certificate";
import { type DnsSpec, planDns } from "../../../domain/front-door/dns";
import { type HostnamesSpec, planHostnames } from "../../../domain/front-door/hostnames";
import { context } from "../../support/fakes";
import { type Block, type Synthesized, synthesize } from "../../support/synthesize";

const planOf = (names: HostnamesSpec): CertificateProps["plan"] => {
  const spec: DnsSpec = { kind: "existing-zone" };
  const { certificate } = planDns(spec, context, planHostnames(names, context).plan).plan;
  if (certificate.kind !== "mint") throw new Error("no certificate is made");
  return certificate;
};

const define = (names: HostnamesSpec = {}, more: Partial<CertificateProps> = {}): Synthesized =>
  synthesize((stack) => {
    new Certificate(stack, "Certificate", { plan: planOf(names), zone: { zoneId: "Z1" }, ...more });
  });

const proofs = (template: Synthesized): Block[] => template.all("aws_route53_record");
/** The name whose validation option a record takes over. */
const provenName = ({ name }: Block): string => / == "([^"]*)"/.exec(String(name))?.[1] ?? "";

describe("Certificate", () => {
  test("covers every host with one certificate, and replaces it without a gap", () => {
    expect(define({ appsDomain: "apps.retool.example.com" }).only("aws_acm_certificate")).toMatchObject({
      domain_name: "retool.example.com",
      subject_alternative_names: [
        "*.retool.example.com",
        "*.apps.retool.example.com",
        "*.sandboxes.apps.retool.example.com",
      ],
      validation_method: "DNS",
      lifecycle: { create_before_destroy: true },
    });
  });

  test("proves a name and its wildcard with one record", () => {
    const template = define();

    expect(proofs(template).map(provenName)).toEqual(["retool.example.com"]);
    expect(proofs(template)).toMatchObject([{ zone_id: "Z1", allow_overwrite: true }]);
  });

  test("takes name, type and value of each record from the same option", () => {
    for (const { name, type, records } of proofs(define({ spaceHosts: ["hr.example.com"] }))) {
      const option = (attribute: string): string =>
        String(name).replace("option.resource_record_name", `option.resource_record_${attribute}`);

      expect(name).toMatch(
        /^\$\{\[for option in aws_acm_certificate\.\w+\.domain_validation_options : option\.resource_record_name if option\.domain_name == "[\w.*-]+"\]\[0\]\}$/,
      );
      expect(type).toBe(option("type"));
      expect(records).toEqual([option("value")]);
    }
  });

  test("is known only when it has been validated by all of its records", () => {
    const template = synthesize((stack) => {
      const plan = planOf({ spaceHosts: ["hr.example.com"] });
      const certificate = new Certificate(stack, "Certificate", { plan, zone: { zoneId: "Z1" } });
      new TerraformOutput(stack, "probe", { value: certificate.certificateArn });
    });
    const { validation_record_fqdns: fqdns } = template.only("aws_acm_certificate_validation");

    expect(template.json["output"]?.["probe"]?.["value"]).toMatch(/^\$\{aws_acm_certificate_validation\./);
    expect(fqdns).toHaveLength(2);
    expect(fqdns).toEqual(
      expect.arrayContaining([expect.stringMatching(/^\$\{aws_route53_record\.\w+[-\w]*\.fqdn\}$/)]),
    );
  });

  test("writes each record into the zone that holds its name, with that zone's provider", () => {
    let provider: AwsProvider | undefined;
    const template = synthesize((stack) => {
      provider = new AwsProvider(stack, "other", { alias: "other", region: "us-east-1" });
      new Certificate(stack, "Certificate", {
        plan: planOf({ spaceHosts: ["hr.example.org"], appsDomain: "apps.example.org" }),
        zone: { zoneId: "Z1" },
        otherZones: new Map([["example.org", { zoneId: "Z2", provider }]]),
      });
    });

    expect(
      proofs(template)
        .map((record) => [provenName(record), record["zone_id"], record["provider"]].join(" "))
        .sort(),
    ).toEqual([
      "*.apps.example.org Z2 aws.other",
      "*.sandboxes.apps.example.org Z2 aws.other",
      "hr.example.org Z2 aws.other",
      "retool.example.com Z1 ",
    ]);
  });
});
