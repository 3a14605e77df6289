import { AccountView } from "../support/account-view";
import type { AwsRequest } from "../support/aws-calls";
import { ACCOUNT, DNS_ACCOUNT, entranceConfiguration, type Variant } from "../support/entrance-configuration";
import { Bench, describeOnEmulator, MINUTES } from "../support/terraform-bench";

const OFFICE = "203.0.113.0/24";
const DNS_ROLE = `arn:aws:iam::${DNS_ACCOUNT}:role/dns`;

/** Ids of zones and certificates that exist before the first apply. */
interface Existing {
  /** Public zones of the environment's account. */
  readonly example: string;
  readonly other: string;
  /** A private zone. */
  readonly corporate: string;
  /** A public zone of another account. */
  readonly foreign: string;
  /** An issued certificate of `*.corp.example.com` and `*.existing.corp.example.com`. */
  readonly certificateArn: string;
}

const certificateNames = ["existing.corp.example.com", "*.existing.corp.example.com"];

/** Every way to a zone and a certificate, and every switch of the load balancer, at least once. */
const variantsOf = (existing: Existing): Readonly<Record<string, Variant>> => ({
  match: {
    domain: "tools.deeper.example.com",
    retoolVersion: "4.0.6-stable",
    retool: { features: { multiplayer: true, mcp: true } },
    frontDoor: { waf: { kind: "count" } },
  },
  id: {
    domain: "id.example.com",
    access: [OFFICE, "2001:db8::/32"],
    dns: { kind: "existing-zone", zoneId: existing.example },
    frontDoor: { dualStack: true, waf: { kind: "block" }, accessLogs: { kind: "bucket" } },
  },
  name: {
    domain: "name.example.com",
    dns: { kind: "existing-zone", zoneName: "example.com", caa: true, otherZones: { "example.org": existing.other } },
    frontDoor: { spaceHosts: ["hr.example.org"], appsDomain: "apps.name.example.com" },
  },
  across: {
    domain: "across.example.net",
    dns: { kind: "existing-zone", zoneId: existing.foreign, roleArn: DNS_ROLE },
  },
  child: {
    domain: "child.example.com",
    dns: { kind: "create", parentZoneId: existing.example, queryLogRetentionDays: 30 },
  },
  grandchild: {
    domain: "grandchild.example.net",
    dns: { kind: "create", parentZoneId: existing.foreign, roleArn: DNS_ROLE },
  },
  single: { domain: "single.example.com", dns: { kind: "create", caa: false } },
  none: {
    domain: "existing.corp.example.com",
    dns: { kind: "none", certificateArn: existing.certificateArn, certificateNames },
    frontDoor: { sandboxProxy: "same-origin" },
  },
  split: {
    domain: "split.example.com",
    access: "internal",
    dns: { kind: "private-zone", validationZoneId: existing.example },
    frontDoor: { privateClients: ["10.8.0.0/16"] },
  },
  inside: {
    domain: "existing.corp.example.com",
    access: "internal",
    dns: {
      kind: "private-zone",
      zoneId: existing.corporate,
      certificateArn: existing.certificateArn,
      certificateNames,
    },
  },
});

const BEFORE: readonly AwsRequest[] = [
  ...["example.com", "deeper.example.com", "example.org"].map((Name) => ({
    service: "route53",
    operation: "create_hosted_zone",
    parameters: { Name, CallerReference: Name },
  })),
  {
    service: "route53",
    operation: "create_hosted_zone",
    parameters: {
      Name: "deeper.example.com",
      CallerReference: "decoy",
      HostedZoneConfig: { PrivateZone: true },
      VPC: { VPCRegion: "us-east-1", VPCId: "vpc-of-others" },
    },
  },
  {
    service: "route53",
    operation: "create_hosted_zone",
    parameters: {
      Name: "corp.example.com",
      CallerReference: "corp",
      HostedZoneConfig: { PrivateZone: true },
      VPC: { VPCRegion: "us-east-1", VPCId: "vpc-of-others" },
    },
  },
  {
    service: "route53",
    operation: "create_hosted_zone",
    account: DNS_ACCOUNT,
    parameters: { Name: "example.net", CallerReference: "example.net" },
  },
  {
    service: "acm",
    operation: "request_certificate",
    parameters: { DomainName: certificateNames[0], SubjectAlternativeNames: certificateNames, ValidationMethod: "DNS" },
  },
];

function prepareAccounts(bench: Bench): Existing {
  const answers = bench.call(BEFORE) as { HostedZone?: { Id: string }; CertificateArn?: string }[];
  const zone = (index: number): string => answers[index]?.HostedZone?.Id.split("/").at(-1) ?? "";
  return {
    example: zone(0),
    other: zone(2),
    corporate: zone(4),
    foreign: zone(5),
    certificateArn: answers.at(-1)?.CertificateArn ?? "",
  };
}

/** What stands in each zone afterwards, but for what was there before: the load balancer by its name. */
const RECORDS = [
  "example.com: A *.apps.name.example.com -> retool-name",
  "example.com: A *.id.example.com -> retool-id",
  "example.com: A *.name.example.com -> retool-name",
  "example.com: A *.sandboxes.apps.name.example.com -> retool-name",
  "example.com: A id.example.com -> retool-id",
  "example.com: A name.example.com -> retool-name",
  "example.com: AAAA *.id.example.com -> retool-id",
  "example.com: AAAA id.example.com -> retool-id",
  "example.com: CAA name.example.com",
  "example.com: NS child.example.com",
  "example.com: proof of apps.name.example.com",
  "example.com: proof of id.example.com",
  "example.com: proof of name.example.com",
  "example.com: proof of sandboxes.apps.name.example.com",
  "example.com: proof of split.example.com",
  "deeper.example.com: A *.tools.deeper.example.com -> retool-match",
  "deeper.example.com: A tools.deeper.example.com -> retool-match",
  "deeper.example.com: proof of tools.deeper.example.com",
  "example.org: A hr.example.org -> retool-name",
  "example.org: proof of hr.example.org",
  "corp.example.com (private): A *.existing.corp.example.com -> retool-inside",
  "corp.example.com (private): A existing.corp.example.com -> retool-inside",
  "split.example.com (private): A *.split.example.com -> retool-split",
  "split.example.com (private): A split.example.com -> retool-split",
  "single.example.com: A *.single.example.com -> retool-single",
  "single.example.com: A single.example.com -> retool-single",
  "single.example.com: proof of single.example.com",
  "child.example.com: A *.child.example.com -> retool-child",
  "child.example.com: A child.example.com -> retool-child",
  "child.example.com: CAA child.example.com",
  "child.example.com: proof of child.example.com",
  "grandchild.example.net: A *.grandchild.example.net -> retool-grandchild",
  "grandchild.example.net: A grandchild.example.net -> retool-grandchild",
  "grandchild.example.net: CAA grandchild.example.net",
  "grandchild.example.net: proof of grandchild.example.net",
  "example.net: A *.across.example.net -> retool-across",
  "example.net: A across.example.net -> retool-across",
  "example.net: NS grandchild.example.net",
  "example.net: proof of across.example.net",
];

describeOnEmulator("entrances of every kind, on the emulator", () => {
  let bench: Bench;
  let view: AccountView;
  let existing: Existing;
  let before: string[];
  let printed = "";

  const terraform = async (...args: string[]): Promise<string> => {
    const { code, output } = await bench.run([...args, "-input=false"]);
    if (code !== 0) throw new Error(output);
    return output;
  };

  beforeAll(async () => {
    bench = await Bench.open(entranceConfiguration({}));
    view = new AccountView((requests) => bench.call(requests), DNS_ACCOUNT);
    existing = prepareAccounts(bench);
    before = view.everything();
    bench.configure(entranceConfiguration(variantsOf(existing)));
    printed = await terraform("apply", "-auto-approve", "-parallelism=40");
  }, 10 * MINUTES);

  afterAll(async () => {
    await bench.close();
  });

  test("one apply leads every name to its load balancer, proves every certificate and delegates every zone", () => {
    expect(view.records()).toEqual([...RECORDS].sort());
  });

  test("every load balancer speaks HTTPS with an issued certificate that covers its hosts, and redirects", () => {
    const listeners = view.listeners();

    expect(listeners.map(({ loadBalancer }) => loadBalancer).sort()).toEqual(
      Object.keys(variantsOf(existing))
        .map((name) => `retool-${name}`)
        .sort(),
    );
    for (const { loadBalancer, ports, certificate } of listeners) {
      const { domain } = variantsOf(existing)[loadBalancer.replace("retool-", "")] ?? {};
      expect(ports).toEqual(["80 HTTP redirect", "443 HTTPS forward ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"]);
      expect(certificate).toMatchObject({
        DomainName: domain,
        Status: "ISSUED",
        SubjectAlternativeNames: expect.arrayContaining([domain, `*.${domain ?? ""}`]) as string[],
      });
    }
    expect(listeners.find(({ loadBalancer }) => loadBalancer === "retool-none")?.certificate.CertificateArn).toBe(
      existing.certificateArn,
    );
  });

  test("load balancers are where they should be, and reject invalid headers", () => {
    expect(view.loadBalancers()).toEqual(
      Object.keys(variantsOf(existing))
        .sort()
        .map((name) => ({
          name: `retool-${name}`,
          scheme: ["split", "inside"].includes(name) ? "internal" : "internet-facing",
          addresses: name === "id" ? "dualstack" : "ipv4",
          idleTimeout: "960",
          dropsInvalidHeaders: "true",
          accessLogs: name === "id" ? `retool-id-access-logs-${ACCOUNT}-us-east-1` : undefined,
          webAcl: ["match", "id"].includes(name) ? `retool-${name}` : undefined,
        })),
    );
  });

  test("a firewall counts in count mode, and blocks in block mode", () => {
    expect(view.rateActions()).toEqual({ "retool-match": "Count", "retool-id": "Block" });
  });

  test("queries to a zone that is made are logged, where asked", () => {
    expect(view.queryLogGroups()).toEqual(["/aws/route53/retool-child"]);
  });

  test("rules of every feature are at their listener, in their order", () => {
    expect(view.rules("retool-match")).toEqual([
      "10 host agent-proxy.tools.deeper.example.com -> sbxprx",
      "20 path /api/multiplayer,/api/multiplayer/* -> multip",
      "30 path /.well-known/oauth-authorization-server -> oauth",
      "31 path /.well-known/oauth-protected-resource,/mcp,/mcp/* -> mcp",
    ]);
    expect(view.rules("retool-none")).toEqual([]);
  });

  test("the name servers of a zone that nobody delegates to are printed before the certificate is waited for", () => {
    const said = printed.search(/Delegate single\.example\.com to these name servers now: ns-[\w.-]+, ns-/);
    const waited = printed.search(/single_Certificate_Validation\S*: Creating/);

    expect(said).toBeGreaterThan(-1);
    expect(waited).toBeGreaterThan(said);
    expect(printed).not.toMatch(/Delegate (?!single)/);
  });

  test(
    "a second plan is empty",
    async () => {
      expect(await terraform("plan", "-detailed-exitcode")).toContain("No changes.");
    },
    3 * MINUTES,
  );

  test(
    "destroy leaves nothing",
    async () => {
      await terraform("destroy", "-auto-approve", "-parallelism=40");

      expect(view.everything()).toEqual(before);
    },
    10 * MINUTES,
  );
});
