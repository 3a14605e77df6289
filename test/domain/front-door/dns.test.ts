import fc from "fast-check";

import { type DnsPlan, type DnsSpec, planDns } from "../../../domain/front-door/dns";
import { type HostnamesSpec, planHostnames } from "../../../domain/front-door/hostnames";
import { formatViolation } from "../../../domain/common/violation";
import { context } from "../../support/fakes";

const ARN = "arn:aws:acm:us-east-1:111122223333:certificate/0aaa0000-0000-0000-0000-000000000000";
const none = { kind: "none", certificateArn: ARN } as const;

const planned = (
  spec: DnsSpec | undefined,
  names?: HostnamesSpec,
  access?: "internal" | readonly string[],
): ReturnType<typeof planDns> => planDns(spec, context, planHostnames(names, context).plan, access);
const plan = (spec?: DnsSpec, names?: HostnamesSpec): DnsPlan => planned(spec, names).plan;
const problems = (spec: unknown, names?: HostnamesSpec, access?: "internal" | readonly string[]): string[] =>
  planned(spec as DnsSpec, names, access).violations.map(formatViolation);

describe("planDns", () => {
  test("by default, finds the zone and makes one certificate with one proof for a name and its wildcard", () => {
    expect(planned(undefined)).toEqual({
      plan: {
        zone: { kind: "longest-match" },
        hosts: ["retool.example.com", "agent-proxy.retool.example.com"],
        otherZones: [],
        validationZone: undefined,
        roleArn: undefined,
        caa: false,
        certificate: {
          kind: "mint",
          names: ["retool.example.com", "*.retool.example.com"],
          validationNames: ["retool.example.com"],
        },
        recordsToMake: [],
      },
      violations: [],
    });
  });

  test.each<[DnsSpec, DnsPlan["zone"]]>([
    [{ kind: "existing-zone" }, { kind: "longest-match" }],
    [
      { kind: "existing-zone", zoneId: "Z1" },
      { kind: "by-id", zoneId: "Z1", private: false },
    ],
    [
      { kind: "existing-zone", zoneName: "example.com" },
      { kind: "by-name", name: "example.com" },
    ],
    [{ kind: "create" }, { kind: "create", name: "retool.example.com" }],
    [
      { kind: "create", parentZoneId: "Z2" },
      { kind: "create", name: "retool.example.com", parentZoneId: "Z2" },
    ],
    [
      { kind: "private-zone", validationZoneId: "Z3" },
      { kind: "create-private", name: "retool.example.com" },
    ],
    [
      { kind: "private-zone", zoneId: "Z4", validationZoneId: "Z3" },
      { kind: "by-id", zoneId: "Z4", private: true },
    ],
    [none, { kind: "none" }],
  ])("%j leads to %j", (spec, zone) => {
    expect(planned(spec)).toMatchObject({ plan: { zone }, violations: [] });
  });

  test.each<[DnsSpec, Partial<DnsPlan>]>([
    [{ kind: "existing-zone", caa: true }, { caa: true }],
    [{ kind: "create" }, { caa: true }],
    [{ kind: "create", caa: false }, { caa: false }],
    [{ kind: "create", queryLogRetentionDays: 30 }, { queryLogRetentionDays: 30 }],
    [
      { kind: "existing-zone", roleArn: "arn:aws:iam::444455556666:role/dns" },
      { roleArn: "arn:aws:iam::444455556666:role/dns" },
    ],
    [
      { kind: "create", parentZoneId: "Z2", roleArn: "arn:aws:iam::444455556666:role/dns" },
      { roleArn: "arn:aws:iam::444455556666:role/dns" },
    ],
    [
      { kind: "private-zone", validationZoneId: "Z3" },
      { caa: false, validationZone: { kind: "by-id", zoneId: "Z3", private: false } },
    ],
    [
      { kind: "existing-zone", certificateArn: ARN },
      {
        certificate: {
          kind: "existing",
          certificateArn: ARN,
          names: ["retool.example.com", "*.retool.example.com"],
        },
        zone: { kind: "longest-match" },
      },
    ],
    [
      { ...none, certificateNames: ["*.example.com", "*.retool.example.com"] },
      {
        certificate: {
          kind: "existing",
          certificateArn: ARN,
          names: ["*.example.com", "*.retool.example.com"],
        },
      },
    ],
  ])("honours %j", (spec, expected) => {
    expect(planned(spec)).toMatchObject({ plan: expected, violations: [] });
  });

  test("a name without its parent on the certificate is proved by itself", () => {
    expect(
      plan(undefined, { appsDomain: "apps.retool.example.com", spaceHosts: ["hr.example.com"] }).certificate,
    ).toEqual({
      kind: "mint",
      names: [
        "retool.example.com",
        "*.retool.example.com",
        "hr.example.com",
        "*.apps.retool.example.com",
        "*.sandboxes.apps.retool.example.com",
      ],
      validationNames: [
        "retool.example.com",
        "hr.example.com",
        "*.apps.retool.example.com",
        "*.sandboxes.apps.retool.example.com",
      ],
    });
  });

  test("without a zone, someone else makes the records", () => {
    expect(plan(none).recordsToMake).toEqual(["retool.example.com", "*.retool.example.com"]);
  });

  test("a further zone takes the hosts below it, the longest name first", () => {
    const spec = {
      kind: "existing-zone",
      otherZones: { "example.org": "Z5", "apps.example.org": "Z6" },
    } as const;
    const names = { spaceHosts: ["hr.example.org"], appsDomain: "apps.example.org" };

    expect(plan(spec, names)).toMatchObject({
      hosts: ["retool.example.com", "agent-proxy.retool.example.com"],
      otherZones: [
        { name: "example.org", zoneId: "Z5", hosts: ["hr.example.org"] },
        { name: "apps.example.org", zoneId: "Z6", hosts: ["*.apps.example.org", "*.sandboxes.apps.example.org"] },
      ],
    });
    expect(problems(spec, names)).toEqual([]);
  });
});

describe("a certificate that is to be made", () => {
  const optional = <Of>(arbitrary: fc.Arbitrary<Of>): fc.Arbitrary<Of | undefined> =>
    fc.option(arbitrary, { nil: undefined });
  const id = optional(fc.constantFrom("Z1", "no id"));
  const arn = optional(fc.constantFrom(ARN, "my-certificate"));
  const spec = fc.oneof(
    fc.record({ kind: fc.constant("existing-zone"), zoneId: id, certificateArn: arn }),
    fc.record({ kind: fc.constant("create"), parentZoneId: id, certificateArn: arn }),
    fc.record({ kind: fc.constant("private-zone"), zoneId: id, validationZoneId: id, certificateArn: arn }),
    fc.record({ kind: fc.constantFrom("none", "other"), certificateArn: arn }),
  );

  test("always has a public zone for its proof, unless the configuration is refused", () => {
    fc.assert(
      fc.property(spec, (given) => {
        const { plan: dns, violations } = planned(given as DnsSpec);
        const proofZone = dns.validationZone ?? dns.zone;
        const isProvable =
          dns.certificate.kind === "existing" ||
          !(["none", "create-private"].includes(proofZone.kind) || ("private" in proofZone && proofZone.private));

        expect(isProvable || violations.length > 0).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

describe("planDns refuses", () => {
  test.each<[unknown, HostnamesSpec, string]>([
    [
      { kind: "existing-zone", zoneId: "Z" },
      {},
      'dns.zoneId: "Z" is not the id of a hosted zone; use an id such as "Z0123456789ABCDEFGHIJ"',
    ],
    [
      { kind: "existing-zone", zoneId: "hostedzone-Z1" },
      {},
      'dns.zoneId: "hostedzone-Z1" is not the id of a hosted zone; use an id such as "Z0123456789ABCDEFGHIJ"',
    ],
    [
      { kind: "existing-zone", zoneName: "example.org" },
      { sandboxProxy: "same-origin" },
      'dns.zoneName: the zone example.org cannot hold "retool.example.com"; use the zone of the domain or one above it',
    ],
    [
      { kind: "existing-zone", zoneName: "example.com", zoneId: "Z1" },
      {},
      "dns.zoneName: has no effect when zoneId is set; remove one of the two",
    ],
    [
      { kind: "existing-zone", zoneName: "retool.example.com" },
      { sandboxProxyHost: "agent-proxy.example.com" },
      'dns: the zone retool.example.com cannot hold "agent-proxy.example.com"; ' +
        'use another host, or name its zone in dns.otherZones: { "example.com": "Z..." }',
    ],
    [
      { kind: "existing-zone" },
      { spaceHosts: ["hr.example.org"] },
      'dns: no zone that holds retool.example.com can hold "hr.example.org"; ' +
        'use another host, or name its zone in dns.otherZones: { "example.org": "Z..." }',
    ],
    [
      { kind: "existing-zone", roleArn: "dns" },
      {},
      'dns.roleArn: "dns" is not the ARN of an IAM role; use one such as "arn:aws:iam::111122223333:role/name"',
    ],
    [
      { kind: "existing-zone", otherZones: { "example.org": "no id" } },
      {},
      'dns.otherZones["example.org"]: "no id" is not the id of a hosted zone; use an id such as "Z0123456789ABCDEFGHIJ"',
    ],
    [
      { kind: "existing-zone", otherZones: { "Example.org": "Z5" } },
      {},
      'dns.otherZones["Example.org"]: "Example.org" is not in canonical form; use "example.org"',
    ],
    [
      { kind: "create", parentZoneId: "no id" },
      {},
      'dns.parentZoneId: "no id" is not the id of a hosted zone; use an id such as "Z0123456789ABCDEFGHIJ"',
    ],
    [
      { kind: "create" },
      { appsDomain: "apps.example.com" },
      'dns: the zone retool.example.com cannot hold "*.apps.example.com"; ' +
        'use another host, or name its zone in dns.otherZones: { "example.com": "Z..." }',
    ],
    [
      { kind: "create", roleArn: "arn:aws:iam::444455556666:role/dns" },
      {},
      "dns.roleArn: has no effect without parentZoneId; set parentZoneId, or remove it",
    ],
    [
      { kind: "create", queryLogRetentionDays: 2 },
      {},
      "dns.queryLogRetentionDays: CloudWatch Logs cannot keep logs for 2 days; use one of 1, 3, 5, 7, 14, 30, 60, 90, " +
        "120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653",
    ],
    [
      { kind: "private-zone" },
      {},
      "dns.kind: ACM cannot validate a certificate in a private zone; " +
        "add validationZoneId, a public zone that holds the domain, or the certificateArn of an issued certificate",
    ],
    [
      { kind: "private-zone", validationZoneId: "Z1", certificateArn: ARN },
      {},
      "dns.validationZoneId: has no effect when certificateArn is set; remove one of the two",
    ],
    [
      { kind: "private-zone", certificateArn: ARN },
      { sandboxProxyHost: "agent-proxy.example.com" },
      'dns: the zone retool.example.com cannot hold "agent-proxy.example.com"; ' +
        "use a host below the domain, or the zoneId of a private zone that holds both",
    ],
    [
      { ...none, certificateNames: ["retool.example.com"] },
      {},
      'dns.certificateNames: no name of the certificate covers "agent-proxy.retool.example.com"; ' +
        'use a certificate with "agent-proxy.retool.example.com" or "*.retool.example.com" among its names, and list it',
    ],
    [
      none,
      { appsDomain: "apps.retool.example.com", sandboxProxy: "same-origin" },
      'dns.certificateNames: no name of the certificate covers "*.apps.retool.example.com"; ' +
        'use a certificate with "*.apps.retool.example.com" among its names, and list it',
    ],
    [
      { ...none, certificateNames: ["retool.example.com", "*.Retool.example.com", "*.retool.example.com"] },
      {},
      'dns.certificateNames: "Retool.example.com" is not in canonical form; use "retool.example.com"',
    ],
    [
      { kind: "none", certificateArn: "my-certificate" },
      {},
      'dns.certificateArn: "my-certificate" is not the ARN of an ACM certificate; ' +
        'use one such as "arn:aws:acm:us-east-1:111122223333:certificate/..."',
    ],
    [
      { kind: "none", certificateArn: ARN.replace("us-east-1", "eu-west-1") },
      {},
      "dns.certificateArn: the certificate is in account 111122223333, region eu-west-1, so a load balancer in " +
        "111122223333, us-east-1 cannot use it; request or import it in 111122223333, us-east-1",
    ],
    [
      { kind: "none", certificateArn: ARN.replace("111122223333", "444455556666") },
      {},
      "dns.certificateArn: the certificate is in account 444455556666, region us-east-1, so a load balancer in " +
        "111122223333, us-east-1 cannot use it; request or import it in 111122223333, us-east-1",
    ],
    [
      { kind: "existing-zone", certificateNames: ["*.example.com"] },
      {},
      "dns.certificateNames: has no effect without certificateArn: a certificate that is created here covers every host; remove it",
    ],
    [{ kind: "none" }, {}, "dns.certificateArn: is missing; use text in quotes"],
    [
      { kind: "private-zone", validationZoneId: "Z1", caa: true },
      {},
      "dns.caa: is not a known setting; remove it or correct its spelling",
    ],
  ])("%j with %j", (spec, names, expected) => {
    expect(problems(spec, names)).toContain(expected);
  });

  test("a kind that there is not", () => {
    expect(problems({ kind: "route53" })).toEqual([expect.stringMatching(/^dns\.kind: .*; use /)]);
  });

  test("a private zone for users on the internet", () => {
    const spec = { kind: "private-zone", validationZoneId: "Z1" };

    expect(problems(spec, {}, "internal")).toEqual([]);
    expect(problems(spec, {}, ["203.0.113.0/24"])).toEqual([
      "dns.kind: names of a private zone resolve only in the VPC, but access lists internet ranges; " +
        'set access to "internal", or use a public zone',
    ]);
  });

  test("a private zone that exists may be above the domain", () => {
    const spec = {
      kind: "private-zone",
      zoneId: "Z4",
      certificateArn: ARN,
      certificateNames: ["*.example.com", "retool.example.com"],
    };

    expect(problems(spec, { sandboxProxyHost: "agent-proxy.example.com" })).toEqual([]);
  });

  test("everything at once", () => {
    expect(problems({ kind: "existing-zone", zoneId: "-", roleArn: "-", certificateArn: "-" })).toHaveLength(3);
  });
});
