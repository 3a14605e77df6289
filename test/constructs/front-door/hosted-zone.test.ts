import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { TerraformOutput, type TerraformProvider } from "cdktf";

import { HostedZone, type HostedZoneProps } from "../../../constructs/front-door/hosted-zone";
import { network } from "../../support/fakes";
import { type Block, type Synthesized, synthesize } from "../../support/synthesize";

const HOSTS = ["retool.example.com", "agent-proxy.retool.example.com"];

interface Defined {
  readonly template: Synthesized;
  readonly zone: HostedZone;
  /** Address of the attribute that the zone's id comes from. */
  readonly zoneId: string;
}

const define = (zone: HostedZoneProps["zone"], more: Partial<HostedZoneProps> = {}, withProvider = false): Defined => {
  let defined: HostedZone | undefined;
  const template = synthesize((stack) => {
    const provider: TerraformProvider | undefined = withProvider
      ? new AwsProvider(stack, "dns", { alias: "dns", region: "us-east-1" })
      : undefined;
    defined = new HostedZone(stack, "Zone", { zone, hosts: HOSTS, provider, ...more });
    new TerraformOutput(stack, "probe", { value: defined.zoneId });
  });
  return { template, zone: defined!, zoneId: template.json["output"]?.["probe"]?.["value"] as unknown as string };
};

const data = (template: Synthesized, type: string): Block[] => Object.values(template.json["data"]?.[type] ?? {});
const conditionsOf = (block: Block | undefined, when: "precondition" | "postcondition"): Record<string, string>[] =>
  (block?.["lifecycle"] as Record<string, Record<string, string>[]>)[when] ?? [];
const holdsAll = (name: string): string =>
  `alltrue([for host in [".retool.example.com", ".agent-proxy.retool.example.com"] : ` +
  `endswith(host, format(".%s", trimsuffix(${name}, ".")))])`;

describe("HostedZone", () => {
  test.each([
    [false, "public"],
    [true, "private"],
  ])("found by id, private %s, must be %s and hold every host", (isPrivate, kind) => {
    const { template, zoneId } = define({ kind: "by-id", zoneId: "Z1", private: isPrivate });
    const zone = template.onlyData("aws_route53_zone");

    expect(zone["zone_id"]).toBe("Z1");
    expect(conditionsOf(zone, "postcondition")).toEqual([
      {
        condition: `\${self.private_zone == ${isPrivate} && ${holdsAll("self.name")}}`,
        error_message:
          `dns: the zone Z1, \${self.name}, must be ${kind} and hold ` +
          "retool.example.com, agent-proxy.retool.example.com; use the id of such a zone",
      },
    ]);
    expect(zoneId).toMatch(/^\$\{data\.aws_route53_zone\.Zone_\w+\.zone_id\}$/);
    expect(template.addresses()).toEqual([]);
  });

  test("found by name", () => {
    expect(define({ kind: "by-name", name: "example.com" }).template.onlyData("aws_route53_zone")).toMatchObject({
      name: "example.com",
    });
  });

  test("found by the longest name among the account's public zones that hold every host", () => {
    const { template } = define({ kind: "longest-match" });
    const [fitting] = Object.values(template.json["locals"] ?? {});
    const [each, chosen] = data(template, "aws_route53_zone").sort((left) => ("for_each" in left ? -1 : 1));

    expect(each).toMatchObject({
      for_each: expect.stringContaining("data.aws_route53_zones."),
      zone_id: "${each.value}",
    });
    expect(fitting).toContain(`if !zone.private_zone && ${holdsAll("zone.name")}`);
    expect(chosen?.["zone_id"]).toMatch(/^\$\{try\(split\(" ", local\.\w+\[0\]\)\[1\], "none"\)\}$/);
    expect(conditionsOf(chosen, "precondition").map(({ error_message }) => error_message)).toEqual([
      "dns: no public hosted zone of this account holds retool.example.com, agent-proxy.retool.example.com; " +
        'create one, give dns.zoneId, or use dns.kind "none"',
      "dns: several public hosted zones with the same name hold retool.example.com, agent-proxy.retool.example.com; " +
        "set dns.zoneId to one of them",
    ]);
  });

  test("made and delegated to from the zone above, which must hold it", () => {
    const { template, zoneId } = define({ kind: "create", name: "retool.example.com", parentZoneId: "Z1" });

    expect(template.only("aws_route53_zone")["name"]).toBe("retool.example.com");
    expect(template.only("aws_route53_record")).toMatchObject({
      zone_id: expect.stringMatching(/^\$\{data\.aws_route53_zone\./),
      name: "retool.example.com",
      type: "NS",
      records: expect.stringMatching(/^\$\{aws_route53_zone\.\w+\.name_servers\}$/),
    });
    expect(template.only("aws_route53_zone")["provisioner"]).toBeUndefined();
    expect(conditionsOf(template.onlyData("aws_route53_zone"), "postcondition")).toHaveLength(1);
    expect(zoneId).toMatch(/^\$\{aws_route53_zone\./);
  });

  test("made without a zone above it, prints its name servers before the certificate waits for them", () => {
    const { template } = define({ kind: "create", name: "retool.example.com" });

    expect(template.only("aws_route53_zone")["provisioner"]).toEqual([
      {
        "local-exec": {
          command: 'echo "Delegate retool.example.com to these name servers now: ${join(", ", self.name_servers)}"',
        },
      },
    ]);
    expect(template.all("aws_route53_record")).toEqual([]);
  });

  test("private, resolves in the VPC and does not touch associations of other VPCs", () => {
    const { template } = define({ kind: "create-private", name: "retool.example.com" }, { network });

    expect(template.only("aws_route53_zone")).toMatchObject({
      name: "retool.example.com",
      vpc: [{ vpc_id: "vpc-1" }],
      lifecycle: { ignore_changes: ["vpc"] },
    });
    expect(() => define({ kind: "create-private", name: "retool.example.com" })).toThrow(
      "a private zone is made for a network, and none is given",
    );
  });

  test("lets only Amazon issue certificates where that is asked for", () => {
    const { template } = define({ kind: "by-id", zoneId: "Z1", private: false }, { caaName: "retool.example.com" });

    expect(template.only("aws_route53_record")).toMatchObject({
      name: "retool.example.com",
      type: "CAA",
      records: ["amazon.com", "amazontrust.com", "awstrust.com", "amazonaws.com"].map((name) => `0 issue "${name}"`),
    });
  });

  test("in another account, is read and written with that account's provider", () => {
    const { template, zone } = define(
      { kind: "by-id", zoneId: "Z1", private: false },
      { caaName: "retool.example.com" },
      true,
    );

    expect(template.onlyData("aws_route53_zone")["provider"]).toBe("aws.dns");
    expect(template.only("aws_route53_record")["provider"]).toBe("aws.dns");
    expect(zone.provider).toBeDefined();
  });

  test("made below another account's zone, is written with the stack's provider itself", () => {
    const { template, zone } = define({ kind: "create", name: "retool.example.com", parentZoneId: "Z1" }, {}, true);

    expect(template.onlyData("aws_route53_zone")["provider"]).toBe("aws.dns");
    expect(template.only("aws_route53_record")["provider"]).toBe("aws.dns");
    expect(template.only("aws_route53_zone")["provider"]).toBeUndefined();
    expect(zone.provider).toBeUndefined();
  });

  test("longest match reads every zone with the other account's provider", () => {
    const { template } = define({ kind: "longest-match" }, {}, true);
    const reads = [...data(template, "aws_route53_zone"), ...data(template, "aws_route53_zones")];

    expect(reads.map(({ provider }) => provider)).toEqual(["aws.dns", "aws.dns", "aws.dns"]);
  });
});
