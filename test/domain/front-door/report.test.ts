import { checkEnvironment, planEnvironment } from "../../../domain/environment/environment";
import { entranceNotes, urlTable } from "../../../domain/front-door/report";
import type { EnvironmentSpec } from "../../../domain/environment/spec";
import { prod } from "../../support/environments/prod";

const urls = (changes: Partial<EnvironmentSpec> = {}): string[] =>
  urlTable(planEnvironment({ ...prod, ...changes })).map(
    ({ host, path, target, port }) => `${host}${path} -> ${target}:${port}`,
  );
const notes = (changes: Partial<EnvironmentSpec> = {}): string[] =>
  entranceNotes(planEnvironment({ ...prod, ...changes }));
const certificateArn = "arn:aws:acm:us-east-1:111122223333:certificate/0aaa0000-0000-0000-0000-000000000000";

describe("urlTable", () => {
  test("shows Retool and the proxy of sandboxes, what covers each host and what leads there", () => {
    expect(urlTable(planEnvironment(prod))).toEqual([
      {
        host: "retool.example.com",
        path: "/*",
        target: "retool",
        port: 3000,
        purpose: "Retool, with its WebSockets",
        certificateName: "retool.example.com",
        record: "retool.example.com",
      },
      {
        host: "agent-proxy.retool.example.com",
        path: "/*",
        target: "sandbox-proxy",
        port: 3019,
        purpose: "proxy of agent sandboxes, with their WebSockets",
        certificateName: "*.retool.example.com",
        record: "*.retool.example.com",
      },
    ]);
  });

  test("in same-origin mode, says that Retool hands sandboxes on", () => {
    const [row, ...others] = urlTable(planEnvironment({ ...prod, frontDoor: { sandboxProxy: "same-origin" } }));

    expect(others).toEqual([]);
    expect(row?.purpose).toBe("Retool, with its WebSockets; forwards /sandbox/ to the proxy of agent sandboxes");
  });

  test("lists the paths of features before the rest of a host, but not on the proxy's host, where the host decides", () => {
    const features = { multiplayer: true, mcp: true };

    expect(urls({ retoolVersion: "4.0.6-stable", retool: { features } })).toEqual([
      "retool.example.com/api/multiplayer -> multiplayer:3001",
      "retool.example.com/api/multiplayer/* -> multiplayer:3001",
      "retool.example.com/.well-known/oauth-authorization-server -> oauth-metadata:3001",
      "retool.example.com/.well-known/oauth-protected-resource -> mcp:4010",
      "retool.example.com/mcp -> mcp:4010",
      "retool.example.com/mcp/* -> mcp:4010",
      "retool.example.com/* -> retool:3000",
      "agent-proxy.retool.example.com/* -> sandbox-proxy:3019",
    ]);
  });

  test("shows Spaces and apps", () => {
    expect(urls({ frontDoor: { spaceHosts: ["hr.example.com"], appsDomain: "apps.retool.example.com" } })).toEqual([
      "retool.example.com/* -> retool:3000",
      "agent-proxy.retool.example.com/* -> sandbox-proxy:3019",
      "hr.example.com/* -> retool:3000",
      "*.apps.retool.example.com/* -> retool:3000",
      "*.sandboxes.apps.retool.example.com/* -> retool:3000",
    ]);
  });

  test("names the name of a certificate that exists", () => {
    const dns = { kind: "none", certificateArn, certificateNames: ["*.example.com", "*.retool.example.com"] } as const;

    expect(urlTable(planEnvironment({ ...prod, dns })).map((row) => row.certificateName)).toEqual([
      "*.example.com",
      "*.retool.example.com",
    ]);
  });

  test("has a row even where the configuration is refused", () => {
    const { plan, violations } = checkEnvironment({
      ...prod,
      dns: { kind: "none", certificateArn, certificateNames: ["example.com"] },
    });

    expect(violations).not.toEqual([]);
    expect(urlTable(plan).map((row) => row.certificateName)).toEqual(["", ""]);
  });
});

describe("entranceNotes", () => {
  test("by default there is nothing to do by hand and nothing to beware of", () => {
    expect(notes()).toEqual([]);
    expect(notes({ dns: { kind: "create", parentZoneId: "Z1" } })).toEqual([]);
  });

  test.each<[string, Partial<EnvironmentSpec>, RegExp[]]>([
    [
      "a zone that nobody delegates to yet",
      { dns: { kind: "create" } },
      [/^Delegate retool\.example\.com: .*The owner of example\.com makes an NS record .*the output name_servers\.$/],
    ],
    [
      "an imported certificate",
      { dns: { kind: "none", certificateArn } },
      [/^ACM does not renew an imported certificate: .* 30 days left\.$/],
    ],
    [
      "a private deployment",
      { access: "internal", dns: { kind: "private-zone", validationZoneId: "Z1" } },
      [
        /^The names resolve only in the VPC: /,
        /^The load balancer has only private addresses: .*private-deployment\.md/,
      ],
    ],
    [
      "access logs",
      { frontDoor: { accessLogs: { kind: "bucket" } } },
      [/tokens .* one hour.* 7 days, .* by nobody until/],
    ],
    [
      "access logs with a reader",
      {
        frontDoor: {
          accessLogs: { kind: "bucket", retentionDays: 3, readerRoleArns: ["arn:aws:iam::111122223333:role/security"] },
        },
      },
      [/after 3 days, and is read by arn:aws:iam::111122223333:role\/security only\.$/],
    ],
    [
      "the whole world",
      { access: ["0.0.0.0/0"] },
      [/^Retool is open to the whole internet/, /^The web application firewall \(WAF\) only counts/],
    ],
    [
      "the whole world by IPv6, behind a firewall",
      { access: ["203.0.113.0/24", "::/0"], frontDoor: { dualStack: true, waf: { kind: "block" } } },
      [/^Retool is open to the whole internet/],
    ],
    [
      "one origin",
      { frontDoor: { sandboxProxy: "same-origin" } },
      [/^Apps in agent sandboxes share Retool's own origin/],
    ],
  ])("say what is to be known about %s", (_, changes, expected) => {
    const found = notes(changes);

    expect(found).toHaveLength(expected.length);
    for (const [index, pattern] of expected.entries()) expect(found[index]).toMatch(pattern);
  });
});
