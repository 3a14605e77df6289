import { AwsProvider } from "@cdktf/provider-aws/lib/provider";

import { FrontDoor, type FrontDoorProps } from "../../../constructs/front-door/front-door";
import type { Access } from "../../../domain/front-door/access";
import { type FrontDoorSpec, planFrontDoor } from "../../../domain/front-door/front-door";
import { planHostnames } from "../../../domain/front-door/hostnames";
import type { RoutedFeatures } from "../../../domain/front-door/routing";
import { context, network } from "../../support/fakes";
import { ListenerRouting } from "../../support/listener-routing";
import { type Block, type Synthesized, synthesize } from "../../support/synthesize";

const OFFICE = ["203.0.113.0/24"];
const ZONE = { zoneId: "Z1" };

const define = (
  spec: FrontDoorSpec = {},
  access: Access = OFFICE,
  more: Partial<FrontDoorProps> = {},
  features: RoutedFeatures = {},
): { readonly template: Synthesized; readonly door: FrontDoor } => {
  let door: FrontDoor | undefined;
  const template = synthesize((stack) => {
    door = new FrontDoor(stack, "Door", {
      plan: planFrontDoor(spec, context, access, features).plan,
      records: planHostnames(spec, context).plan.records,
      network,
      certificate: { certificateArn: "arn:certificate" },
      nodes: { securityGroupId: "sg-nodes" },
      zone: ZONE,
      ...more,
    });
  });
  return { template, door: door! };
};

const named = (template: Synthesized, type: string, name: string): Block =>
  Object.entries(template.json["resource"]?.[type] ?? {}).find(([each]) => each.startsWith(name))![1];

/** Security group rules as one line each. */
const openings = (template: Synthesized, direction: "ingress" | "egress"): string[] =>
  template
    .all(`aws_vpc_security_group_${direction}_rule`)
    .map(
      ({ security_group_id, cidr_ipv4, cidr_ipv6, referenced_security_group_id, ip_protocol, from_port, to_port }) => {
        const [group, peer] = [security_group_id, cidr_ipv4 ?? cidr_ipv6 ?? referenced_security_group_id].map((each) =>
          String(each).startsWith("${aws_security_group.Door_") ? "door" : String(each),
        );
        const ports = from_port === to_port ? String(from_port) : `${String(from_port)} to ${String(to_port)}`;
        return `${group} ${direction} ${peer} ${String(ip_protocol)} ${ports}`;
      },
    )
    .sort();

describe("FrontDoor", () => {
  test("speaks only TLS 1.2 and 1.3, for every specification", () => {
    const { template } = define({ idleTimeoutSeconds: 180, waf: { kind: "off" } }, ["0.0.0.0/0"]);

    expect(named(template, "aws_lb_listener", "Door_Https")).toMatchObject({
      port: 443,
      protocol: "HTTPS",
      ssl_policy: "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
      certificate_arn: "arn:certificate",
    });
    expect(named(template, "aws_lb_listener", "Door_Http_")).toMatchObject({
      port: 80,
      protocol: "HTTP",
      default_action: [{ type: "redirect", redirect: { port: "443", protocol: "HTTPS", status_code: "HTTP_301" } }],
    });
    expect(template.only("aws_lb")["drop_invalid_header_fields"]).toBe(true);
  });

  test("is on the internet for the listed ranges, and cannot be deleted", () => {
    expect(define().template.only("aws_lb")).toMatchObject({
      name: "retool-prod",
      load_balancer_type: "application",
      internal: false,
      ip_address_type: "ipv4",
      subnets: network.publicSubnetIds,
      idle_timeout: 960,
      enable_deletion_protection: true,
    });
  });

  test("is in private subnets where access is internal", () => {
    expect(define({}, "internal").template.only("aws_lb")).toMatchObject({
      internal: true,
      subnets: network.privateSubnetIds,
    });
  });

  test("opens HTTPS and its redirect to the clients, and exactly the targets' ports to the pods", () => {
    const { template } = define({}, ["203.0.113.0/24", "198.51.100.7/32"]);

    expect(openings(template, "ingress")).toEqual([
      "door ingress 198.51.100.7/32 tcp 443",
      "door ingress 198.51.100.7/32 tcp 80",
      "door ingress 203.0.113.0/24 tcp 443",
      "door ingress 203.0.113.0/24 tcp 80",
      "sg-nodes ingress door tcp 3000",
      "sg-nodes ingress door tcp 3019",
    ]);
    expect(openings(template, "egress")).toEqual(["door egress sg-nodes tcp 3000", "door egress sg-nodes tcp 3019"]);
  });

  test("lets the VPC and the private clients into an internal one", () => {
    const { template } = define({ privateClients: ["10.8.0.0/16"], sandboxProxy: "same-origin" }, "internal");

    expect(openings(template, "ingress")).toEqual([
      "door ingress 10.0.0.0/16 tcp 443",
      "door ingress 10.0.0.0/16 tcp 80",
      "door ingress 10.8.0.0/16 tcp 443",
      "door ingress 10.8.0.0/16 tcp 80",
      "sg-nodes ingress door tcp 3000",
    ]);
  });

  test("lets every range of the VPC into an internal one, once", () => {
    const inTwo = { network: { ...network, secondaryCidrs: ["100.64.0.0/16"] } };
    const { template } = define({ privateClients: ["100.64.0.0/16", network.vpcCidr] }, "internal", inTwo);

    expect(openings(template, "ingress").filter((line) => line.startsWith("door"))).toEqual([
      "door ingress 10.0.0.0/16 tcp 443",
      "door ingress 10.0.0.0/16 tcp 80",
      "door ingress 100.64.0.0/16 tcp 443",
      "door ingress 100.64.0.0/16 tcp 80",
    ]);
  });

  test("two targets behind one port open it once", () => {
    const features = { multiplayer: true, mcp: true, retoolVersion: "4.0.0-stable" };

    expect(openings(define({}, OFFICE, {}, features).template, "egress")).toEqual([
      "door egress sg-nodes tcp 3000",
      "door egress sg-nodes tcp 3001",
      "door egress sg-nodes tcp 3019",
      "door egress sg-nodes tcp 4010",
    ]);
  });

  test("asks each kind of pod for its health in its own way, and lets go of it in time", () => {
    const { template, door } = define();

    expect(named(template, "aws_lb_target_group", "Door_Target-retool")).toMatchObject({
      target_type: "ip",
      protocol: "HTTP",
      port: 3000,
      vpc_id: "vpc-1",
      deregistration_delay: "360",
      health_check: { port: "3000", path: "/api/checkHealth", matcher: "200" },
      lifecycle: { create_before_destroy: true },
    });
    expect(named(template, "aws_lb_target_group", "Door_Target-sandbox-proxy")).toMatchObject({
      port: 3019,
      deregistration_delay: "25",
      health_check: { port: "3019", path: "/health" },
    });
    expect(door.targets.map(({ name, serviceName, servicePort }) => [name, serviceName, servicePort])).toEqual([
      ["retool", "retool", 3000],
      ["sandbox-proxy", "retool-agent-sandbox-proxy", 3019],
    ]);
  });

  test("has an alias record for the domain and its wildcard", () => {
    const { template } = define();
    const records = template.all("aws_route53_record");

    expect(records.map(({ name, type, zone_id }) => [name, type, zone_id])).toEqual([
      ["retool.example.com", "A", "Z1"],
      ["*.retool.example.com", "A", "Z1"],
    ]);
    for (const { alias } of records) {
      expect(alias).toEqual({
        name: expect.stringMatching(/^\$\{aws_lb\.\w+\.dns_name\}$/),
        zone_id: expect.stringMatching(/^\$\{aws_lb\.\w+\.zone_id\}$/),
        evaluate_target_health: true,
      });
    }
  });

  test("makes no record without a zone", () => {
    expect(define({}, OFFICE, { zone: undefined }).template.all("aws_route53_record")).toEqual([]);
  });

  test("writes each record into the zone that holds its name, with that zone's provider", () => {
    let alias = "";
    const template = synthesize((stack) => {
      const provider = new AwsProvider(stack, "other", { alias: "other", region: "us-east-1" });
      alias = provider.fqn;
      const spec = { spaceHosts: ["hr.example.org"] };
      new FrontDoor(stack, "Door", {
        plan: planFrontDoor(spec, context, OFFICE).plan,
        records: planHostnames(spec, context).plan.records,
        network,
        certificate: { certificateArn: "arn:certificate" },
        nodes: { securityGroupId: "sg-nodes" },
        zone: ZONE,
        otherZones: new Map([["example.org", { zoneId: "Z2", provider }]]),
      });
    });

    const records = template.all("aws_route53_record").map(({ name, zone_id, provider }) => [name, zone_id, provider]);

    expect(records).toHaveLength(3);
    expect(records).toEqual(
      expect.arrayContaining([
        ["hr.example.org", "Z2", alias],
        ["*.retool.example.com", "Z1", undefined],
        ["retool.example.com", "Z1", undefined],
      ]),
    );
  });

  test("has IPv6 addresses, clients and records where it is dual-stack", () => {
    const { template } = define({ dualStack: true, sandboxProxy: "same-origin" }, ["203.0.113.0/24", "2001:db8::/32"]);

    expect(template.only("aws_lb")["ip_address_type"]).toBe("dualstack");
    expect(openings(template, "ingress")).toEqual(
      expect.arrayContaining(["door ingress 2001:db8::/32 tcp 443", "door ingress 2001:db8::/32 tcp 80"]),
    );
    expect(
      template
        .all("aws_route53_record")
        .map(({ type }) => type)
        .sort(),
    ).toEqual(["A", "A", "AAAA", "AAAA"]);
  });
});

describe("where requests go", () => {
  const SERVICES = new Map([
    ["Door_Target-retool", "retool"],
    ["Door_Target-sandbox-proxy", "retool-agent-sandbox-proxy"],
    ["Door_Target-multiplayer", "retool-multiplayer-ws"],
    ["Door_Target-mcp", "retool-mcp"],
    ["Door_Target-oauth-metadata", "retool-backend-internal"],
  ]);
  const APP = "retool.example.com";
  const PROXY = "agent-proxy.retool.example.com";
  const OLD = { multiplayer: true, mcp: true, retoolVersion: "4.0.6-stable" };
  const NEW = { multiplayer: true, mcp: true, retoolVersion: "4.0.9-stable" };

  type Row = readonly [mode: FrontDoorSpec, features: RoutedFeatures, host: string, path: string, service: string];
  const table: readonly Row[] = [
    [{}, {}, APP, "/", "retool"],
    [{}, {}, APP, "/api/checkHealth", "retool"],
    [{}, {}, APP, "/sandbox/42/hmr?sandboxToken=x", "retool"],
    [{}, {}, APP, "/health", "retool"],
    [{}, {}, APP.toUpperCase(), "/", "retool"],
    [{}, {}, "finance.retool.example.com", "/", "retool"],
    [{}, {}, "unknown.example.net", "/", "retool"],
    [{}, {}, PROXY, "/", "retool-agent-sandbox-proxy"],
    [{}, {}, "Agent-Proxy.retool.example.com", "/", "retool-agent-sandbox-proxy"],
    [{}, {}, PROXY, "/sandbox/42/ws?sandboxToken=x", "retool-agent-sandbox-proxy"],
    [{}, {}, PROXY, "/mcp", "retool-agent-sandbox-proxy"],
    [{}, {}, `x.${PROXY}`, "/", "retool"],
    [{ sandboxProxyHost: "agent-proxy.example.com" }, {}, "agent-proxy.example.com", "/", "retool-agent-sandbox-proxy"],
    [{ sandboxProxyHost: "agent-proxy.example.com" }, {}, PROXY, "/", "retool"],
    [{ sandboxProxy: "same-origin" }, {}, APP, "/sandbox/42/ws", "retool"],
    [{ sandboxProxy: "same-origin" }, {}, PROXY, "/", "retool"],
    [{ spaceHosts: ["hr.example.com"] }, {}, "hr.example.com", "/", "retool"],
    [{ appsDomain: "apps.retool.example.com" }, {}, "claims.apps.retool.example.com", "/", "retool"],
    [{ appsDomain: "apps.retool.example.com" }, {}, "sandbox-42.sandboxes.apps.retool.example.com", "/", "retool"],
    [
      { spaceHosts: ["hr.example.com"] },
      NEW,
      "hr.example.com",
      "/api/multiplayer/socket?room=1",
      "retool-multiplayer-ws",
    ],
    [{ spaceHosts: ["hr.example.com"] }, OLD, "hr.example.com", "/mcp/sse", "retool-mcp"],
    [{ appsDomain: "apps.retool.example.com" }, {}, "sandbox-42.sandboxes.apps.retool.example.com", "/ws", "retool"],
    [{ appsDomain: "apps.retool.example.com" }, {}, PROXY, "/sandbox/42/ws", "retool-agent-sandbox-proxy"],
    [{ sandboxProxy: "same-origin" }, NEW, APP, "/api/multiplayer/socket", "retool-multiplayer-ws"],
    [{}, NEW, APP, "/.well-known/oauth-authorization-server", "retool"],
    [{}, NEW, APP, "/api/websocket?x=1", "retool"],
    [{}, {}, APP, "/api/multiplayer", "retool"],
    [{}, NEW, APP, "/api/multiplayer", "retool-multiplayer-ws"],
    [{}, NEW, APP, "/api/multiplayer/socket?room=1", "retool-multiplayer-ws"],
    [{}, NEW, APP, "/api/multiplayerx", "retool"],
    [{}, NEW, APP, "/x/api/multiplayer", "retool"],
    [{}, NEW, PROXY, "/api/multiplayer", "retool-agent-sandbox-proxy"],
    [{}, NEW, APP, "/mcp", "retool"],
    [{}, NEW, APP, "/.well-known/oauth-protected-resource", "retool"],
    [{}, OLD, APP, "/mcp", "retool-mcp"],
    [{}, OLD, APP, "/mcp/sse?session=1", "retool-mcp"],
    [{}, OLD, APP, "/mcpx", "retool"],
    [{}, OLD, APP, "/.well-known/oauth-protected-resource", "retool-mcp"],
    [{}, OLD, APP, "/.well-known/oauth-authorization-server", "retool-backend-internal"],
    [{}, OLD, APP, "/.well-known/openid-configuration", "retool"],
    [{ sandboxProxy: "same-origin" }, OLD, APP, "/mcp", "retool-mcp"],
  ];

  test.each(table)("%j with %j: %s%s leads to %s", (mode, features, host, path, service) => {
    const { template } = define(mode, OFFICE, {}, features);

    expect(new ListenerRouting(template, SERVICES).serviceOf({ host, path })).toBe(service);
  });
});

describe("the firewall of the front door", () => {
  const WAF = { kind: "block", requestsPerFiveMinutes: 500 } as const;
  const rulesOf = (template: Synthesized): Block[] => template.only("aws_wafv2_web_acl")["rule"] as Block[];

  test("stands in front of the load balancer", () => {
    const { template } = define({ waf: WAF });

    expect(template.only("aws_wafv2_web_acl")).toMatchObject({ scope: "REGIONAL", default_action: { allow: {} } });
    expect(template.only("aws_wafv2_web_acl_association")["resource_arn"]).toMatch(/^\$\{aws_lb\.\w+\.arn\}$/);
  });

  test("blocks, or only counts", () => {
    const blocking = rulesOf(define({ waf: WAF }).template);
    const counting = rulesOf(define({ waf: { ...WAF, kind: "count" } }).template);
    const managed = (rules: readonly Block[]): unknown[] => rules.slice(0, -1).map((rule) => rule["override_action"]);

    expect(managed(blocking)).toEqual(Array(3).fill({ none: {} }));
    expect(blocking.at(-1)).toMatchObject({
      action: { block: {} },
      statement: { rate_based_statement: { aggregate_key_type: "IP", limit: 500 } },
    });
    expect(managed(counting)).toEqual(Array(3).fill({ count: {} }));
    expect(counting.at(-1)).toMatchObject({ action: { count: {} } });
  });

  test("lets code in bodies through: it is what people write in Retool", () => {
    expect(JSON.stringify(rulesOf(define({ waf: WAF }).template))).toContain(
      '{"action_to_use":{"count":{}},"name":"CrossSiteScripting_BODY"}',
    );
  });

  test("keeps tokens out of its log and of its samples", () => {
    const { template } = define({ waf: WAF });

    expect(template.only("aws_wafv2_web_acl_logging_configuration")["redacted_fields"]).toEqual([
      { query_string: {} },
      { single_header: { name: "authorization" } },
      { single_header: { name: "cookie" } },
    ]);
    expect(template.text()).not.toContain('"sampled_requests_enabled":true');
    expect(template.only("aws_cloudwatch_log_group")["name"]).toBe("aws-waf-logs-retool-prod");
  });

  test("is not there where it is off", () => {
    expect(define().template.all("aws_wafv2_web_acl")).toEqual([]);
  });
});

describe("the access logs of the front door", () => {
  interface Statement {
    readonly Sid: string;
    readonly Effect: string;
    readonly Condition?: object;
  }
  const statement = (template: Synthesized, sid: string): Statement => {
    const { Statement: all } = JSON.parse(String(template.only("aws_s3_bucket_policy")["policy"])) as {
      Statement: Statement[];
    };
    return all.find(({ Sid }) => Sid === sid)!;
  };

  test("are off by default: they carry tokens", () => {
    const { template } = define();

    expect(template.only("aws_lb")["access_logs"]).toBeUndefined();
    expect(template.all("aws_s3_bucket")).toEqual([]);
  });

  test("go to a private bucket that forgets after a week, once it lets them in", () => {
    const { template } = define({ accessLogs: { kind: "bucket" } });

    expect(template.only("aws_lb")["access_logs"]).toMatchObject({
      enabled: true,
      bucket: expect.stringMatching(/^\$\{aws_s3_bucket_policy\.\w+\.bucket\}$/),
    });
    expect(template.only("aws_s3_bucket_public_access_block")).toMatchObject({
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    });
    expect(template.only("aws_s3_bucket_lifecycle_configuration")["rule"]).toMatchObject([
      { expiration: [{ days: 7 }] },
    ]);
    expect(statement(template, "LoadBalancersWrite")).toMatchObject({
      Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
      Action: "s3:PutObject",
    });
    expect(statement(template, "TlsOnly")).toMatchObject({
      Effect: "Deny",
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    });
  });

  test("are read only by the listed roles", () => {
    const readerRoleArns = ["arn:aws:iam::111122223333:role/security"];
    const { template } = define({ accessLogs: { kind: "bucket", readerRoleArns } });

    expect(statement(template, "NobodyElseReads")).toMatchObject({
      Effect: "Deny",
      Condition: { ArnNotLike: { "aws:PrincipalArn": readerRoleArns } },
    });
    expect(statement(define({ accessLogs: { kind: "bucket" } }).template, "NobodyElseReads")).not.toHaveProperty(
      "Condition",
    );
  });
});
