import type { FirewallEndpoint, NetworkZone } from "../../../constructs/common/contracts";
import { NetworkFirewall } from "../../../constructs/egress/network-firewall";
import type { FirewallPlan } from "../../../domain/egress/firewall";
import { resourceTypes } from "../../support/dependables";
import { encryptionKey } from "../../support/fakes";
import { type Synthesized, synthesize } from "../../support/synthesize";

const zone = (index: number): NetworkZone => ({
  name: `us-east-1${"abc".charAt(index)}`,
  firewallCidr: `10.0.${index}.0/28`,
  privateCidrs: [`10.0.${32 * (index + 1)}.0/19`],
  natGatewayId: `nat-${index}`,
  natRouteTableId: `rtb-nat-${index}`,
});

const plan: FirewallPlan = {
  metrics: {},
  changeProtection: true,
  homeNet: ["10.0.0.0/8", "100.64.0.0/16"],
  rules: ['pass tls $HOME_NET any -> $EXTERNAL_NET 443 (tls.sni; content:"a.example.com"; sid:1;)', "second ${x} %{y}"],
  capacity: 400,
  prefixList: [],
  defaultActions: ["aws:drop_established_app_layer_to_server", "aws:alert_established_app_layer_to_server"],
};

let endpoints: readonly FirewallEndpoint[] = [];
const define = (overrides: Partial<FirewallPlan> = {}, zones = [zone(0), zone(1)]): Synthesized =>
  synthesize((stack) => {
    ({ endpoints } = new NetworkFirewall(stack, "Firewall", {
      plan: { ...plan, ...overrides },
      prefix: "retool-prod",
      vpcId: "vpc-1",
      zones,
      encryptionKey,
      logRetentionDays: 30,
    }));
  });

describe("NetworkFirewall", () => {
  test("tries rules in their order, as they are written", () => {
    expect(define().only("aws_networkfirewall_rule_group")).toMatchObject({
      name: "retool-prod-egress-400",
      capacity: 400,
      type: "STATEFUL",
      rule_group: {
        rules_source: { rules_string: `${plan.rules[0] ?? ""}\nsecond $\${x} %%{y}\n` },
        stateful_rule_options: { rule_order: "STRICT_ORDER" },
      },
      lifecycle: { create_before_destroy: true },
    });
  });

  test("inspects everything, and knows what is inside only by the policy", () => {
    expect(define().only("aws_networkfirewall_firewall_policy")["firewall_policy"]).toMatchObject({
      stateless_default_actions: ["aws:forward_to_sfe"],
      stateless_fragment_default_actions: ["aws:forward_to_sfe"],
      stateful_default_actions: plan.defaultActions,
      stateful_engine_options: {
        rule_order: "STRICT_ORDER",
        stream_exception_policy: "REJECT",
        flow_timeouts: { tcp_idle_timeout_seconds: 350 },
      },
      policy_variables: {
        rule_variables: [{ key: "HOME_NET", ip_set: { definition: ["10.0.0.0/8", "100.64.0.0/16"] } }],
      },
    });
    expect(define().only("aws_networkfirewall_rule_group")["rule_group"]).not.toHaveProperty("rule_variables");
  });

  test("leads answers back through the endpoint of the zone they go to", () => {
    const routes = define()
      .all("aws_route")
      .filter((route) => "vpc_endpoint_id" in route);

    expect(
      routes.map((route) => `${String(route["route_table_id"])} ${String(route["destination_cidr_block"])}`),
    ).toEqual(["rtb-nat-0 10.0.32.0/19", "rtb-nat-1 10.0.64.0/19"]);
    expect(routes.map((route) => String(route["vpc_endpoint_id"]))).toEqual(
      [0, 1].map((index): unknown =>
        expect.stringMatching(
          new RegExp(
            "^\\$\\{one\\(\\[for state in aws_networkfirewall_firewall\\.\\w+\\.firewall_status\\[0\\]\\.sync_states : " +
              "state\\.attachment\\[0\\]\\.endpoint_id if state\\.attachment\\[0\\]\\.subnet_id == " +
              `aws_subnet\\.Firewall_Subnet${index}_\\w+\\.id\\]\\)\\}$`,
          ),
        ),
      ),
    );
    expect(endpoints.map(({ endpointId }) => endpointId)).toHaveLength(2);
  });

  test("has a route back for every subnet of a zone", () => {
    const template = define({}, [{ ...zone(0), privateCidrs: ["10.0.32.0/19", "100.64.0.0/18", "100.64.64.0/18"] }]);

    expect(
      template
        .all("aws_route")
        .filter((route) => route["route_table_id"] === "rtb-nat-0")
        .map((route) => route["destination_cidr_block"])
        .sort(),
    ).toEqual(["10.0.32.0/19", "100.64.0.0/18", "100.64.64.0/18"]);
  });

  test("leads each zone to its own NAT gateway", () => {
    const out = define()
      .all("aws_route")
      .filter((route) => "nat_gateway_id" in route);

    expect(out.map((route) => route["nat_gateway_id"])).toEqual(["nat-0", "nat-1"]);
    expect(
      define()
        .all("aws_subnet")
        .map((subnet) => [subnet["cidr_block"], subnet["availability_zone"]]),
    ).toEqual([
      ["10.0.0.0/28", "us-east-1a"],
      ["10.0.1.0/28", "us-east-1b"],
    ]);
  });

  test("logs before anything is routed to it", () => {
    const template = define();
    const routes = template.all("aws_route").filter((route) => "vpc_endpoint_id" in route);

    expect(routes).toHaveLength(2);
    for (const { depends_on } of routes)
      expect(depends_on).toEqual([expect.stringMatching(/^aws_networkfirewall_logging_configuration\./)]);
    expect(endpoints.map(({ ready }) => resourceTypes(ready)[0])).toEqual([
      "aws_networkfirewall_logging_configuration",
      "aws_networkfirewall_logging_configuration",
    ]);
    expect(
      template
        .all("aws_cloudwatch_log_group")
        .map((group) => [group["name"], group["kms_key_id"], group["retention_in_days"]]),
    ).toEqual([
      ["/aws/vendedlogs/retool-prod/firewall-alert", encryptionKey.keyArn, 30],
      ["/aws/vendedlogs/retool-prod/firewall-flow", encryptionKey.keyArn, 30],
    ]);
  });

  test("is ready when connections can go through and answers come back", () => {
    define();

    expect(endpoints.map(({ ready }) => resourceTypes(ready))).toEqual(
      Array(2).fill([
        "aws_networkfirewall_logging_configuration",
        "aws_route_table_association",
        "aws_route",
        "aws_route",
      ]),
    );
  });

  test("stays, with all it leads through, until routes lead elsewhere", () => {
    const template = define();
    const lasting = [
      "aws_networkfirewall_firewall",
      "aws_networkfirewall_logging_configuration",
      "aws_route",
      "aws_route_table_association",
    ].flatMap((type) => template.all(type));

    expect(lasting).toHaveLength(8);
    for (const { lifecycle } of lasting) expect(lifecycle).toMatchObject({ create_before_destroy: true });
  });

  test.each([true, false])("is protected against every change or none (%s)", (changeProtection) => {
    expect(define({ changeProtection }).only("aws_networkfirewall_firewall")).toMatchObject({
      delete_protection: changeProtection,
      subnet_change_protection: changeProtection,
      firewall_policy_change_protection: changeProtection,
      vpc_id: "vpc-1",
    });
  });

  test("keeps addresses that are passed in a prefix list", () => {
    const template = define({ prefixList: ["35.92.202.168/29", "44.211.178.248/29"] });

    expect(template.only("aws_ec2_managed_prefix_list")).toMatchObject({
      address_family: "IPv4",
      max_entries: 2,
      entry: [{ cidr: "35.92.202.168/29" }, { cidr: "44.211.178.248/29" }],
    });
    expect(template.only("aws_networkfirewall_rule_group")["rule_group"]).toMatchObject({
      reference_sets: {
        ip_set_references: [
          {
            key: "RETOOL_ADDRESSES",
            ip_set_reference: [{ reference_arn: expect.stringContaining("aws_ec2_managed_prefix_list") }],
          },
        ],
      },
    });
    expect(define().all("aws_ec2_managed_prefix_list")).toEqual([]);
    expect(define().only("aws_networkfirewall_rule_group")["rule_group"]).not.toHaveProperty("reference_sets");
  });
});
