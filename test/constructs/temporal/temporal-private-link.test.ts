import type { ITerraformDependable } from "cdktf";

import { TemporalPrivateLink } from "../../../constructs/temporal/temporal-private-link";
import { resourceTypes } from "../../support/dependables";
import { network } from "../../support/fakes";
import { Graph } from "../../support/graph";
import { type Synthesized, synthesize } from "../../support/synthesize";

let ready: readonly ITerraformDependable[] = [];
const template: Synthesized = synthesize((stack) => {
  const plan = {
    serviceName: "com.amazonaws.vpce.us-east-1.vpce-svc-1",
    zoneName: "acme.a1b2c.tmprl.cloud",
    port: 7233,
    prefix: "retool-prod",
  };
  ({ ready } = new TemporalPrivateLink(stack, "Link", { plan, network }));
});
const graph = new Graph(template.json);

describe("TemporalPrivateLink", () => {
  test("has an endpoint of the service, without its own name", () => {
    expect(template.only("aws_vpc_endpoint")).toMatchObject({
      service_name: "com.amazonaws.vpce.us-east-1.vpce-svc-1",
      vpc_endpoint_type: "Interface",
      private_dns_enabled: false,
      vpc_id: "vpc-1",
    });
  });

  test("is in the private subnets whose zones the service has, since AWS refuses all for one other", () => {
    const service = /data\.aws_vpc_endpoint_service\.Link_Service_\w+/.source;
    const subnet = (index: number): string => `data\\.aws_subnet\\.Link_Subnet${index}_\\w+`;
    const subnets = `\\[for subnet in \\[${[0, 1, 2].map(subnet).join(", ")}\\] : subnet\\.id if contains\\(${service}\\.availability_zones, subnet\\.availability_zone\\)\\]`;
    const endpoint = template.only("aws_vpc_endpoint");

    expect(endpoint["subnet_ids"]).toMatch(new RegExp(`^\\$\\{${subnets}\\}$`));
    expect(endpoint["lifecycle"]).toMatchObject({
      precondition: [
        {
          condition: expect.stringMatching(new RegExp(`^\\$\\{length\\(${subnets}\\) > 0\\}$`)) as unknown,
          error_message: expect.stringMatching(
            /^temporal\.privateLink: .* in no zone of the private subnets; /,
          ) as unknown,
        },
      ],
    });
    expect(template.onlyData("aws_vpc_endpoint_service")).toMatchObject({
      service_name: "com.amazonaws.vpce.us-east-1.vpce-svc-1",
    });
    expect(Object.values(template.json["data"]?.["aws_subnet"] ?? {}).map(({ id }) => id)).toEqual(
      network.privateSubnetIds,
    );
  });

  test("answers the VPC only on Temporal's port", () => {
    expect(template.only("aws_vpc_security_group_ingress_rule")).toMatchObject({
      cidr_ipv4: "10.0.0.0/16",
      from_port: 7233,
      to_port: 7233,
      ip_protocol: "tcp",
    });
    expect(template.all("aws_vpc_security_group_egress_rule")).toEqual([]);
    expect(template.only("aws_vpc_endpoint")["security_group_ids"]).toEqual([
      expect.stringMatching(/^\$\{aws_security_group\.Link_SecurityGroup_\w+\.id\}$/),
    ]);
  });

  test("answers nodes in a second range of the VPC, and waits for both", () => {
    let both: readonly ITerraformDependable[] = [];
    const wide = synthesize((stack) => {
      const plan = { serviceName: "service", zoneName: "acme.a1b2c.tmprl.cloud", port: 7233, prefix: "retool-prod" };
      const inTwo = { ...network, secondaryCidrs: ["100.64.0.0/16"] };
      both = new TemporalPrivateLink(stack, "Link", { plan, network: inTwo }).ready;
    });

    expect(
      wide
        .all("aws_vpc_security_group_ingress_rule")
        .map(({ cidr_ipv4 }) => cidr_ipv4)
        .sort(),
    ).toEqual(["10.0.0.0/16", "100.64.0.0/16"]);
    expect(resourceTypes(both)).toHaveLength(3);
  });

  test("loses a range of the VPC without a change of the rules of the others", () => {
    const rulesOf = (...secondaryCidrs: string[]): Record<string, unknown> =>
      synthesize((stack) => {
        const plan = { serviceName: "service", zoneName: "acme.a1b2c.tmprl.cloud", port: 7233, prefix: "retool-prod" };
        new TemporalPrivateLink(stack, "Link", { plan, network: { ...network, secondaryCidrs } });
      }).json["resource"]?.["aws_vpc_security_group_ingress_rule"] ?? {};
    const [before, after] = [rulesOf("100.64.0.0/16", "100.65.0.0/16"), rulesOf("100.65.0.0/16")];

    expect(before).toMatchObject(after);
    expect([Object.keys(before).length, Object.keys(after).length]).toEqual([3, 2]);
  });

  test("leads the name, and no other of Temporal Cloud, to the endpoint inside the VPC", () => {
    expect(template.only("aws_route53_zone")).toMatchObject({
      name: "acme.a1b2c.tmprl.cloud",
      vpc: [{ vpc_id: "vpc-1" }],
    });
    expect(template.only("aws_route53_record")).toMatchObject({
      name: "acme.a1b2c.tmprl.cloud",
      type: "A",
      alias: {
        name: expect.stringMatching(/^\$\{aws_vpc_endpoint\.Link_\w+\.dns_entry\[0\]\.dns_name\}$/) as unknown,
        zone_id: expect.stringMatching(/dns_entry\[0\]\.hosted_zone_id\}$/) as unknown,
        evaluate_target_health: false,
      },
    });
  });

  test("is ready when the name leads there and the port is open", () => {
    expect(resourceTypes(ready).sort()).toEqual(["aws_route53_record", "aws_vpc_security_group_ingress_rule"]);
    expect(graph.isAfter(graph.find(/^aws_route53_record\./), graph.find(/^aws_vpc_endpoint\./))).toBe(true);
  });
});
