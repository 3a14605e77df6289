import { VpcEndpoints, type VpcEndpointsProps } from "../../../constructs/network/vpc-endpoints";
import { planNetwork } from "../../../domain/network/network";
import { dependencies } from "../../support/dependables";
import { addressesInZone, context, network as existing } from "../../support/fakes";
import { type Synthesized, synthesize } from "../../support/synthesize";

const planOf = (interfaceEndpoints: readonly string[]): VpcEndpointsProps["plan"] =>
  planNetwork({ interfaceEndpoints }, context, { addressesPerZone: addressesInZone(100) }).plan;

describe("VpcEndpoints", () => {
  const template = (interfaceEndpoints: readonly string[]): Synthesized =>
    synthesize((stack) => {
      new VpcEndpoints(stack, "Endpoints", { plan: planOf(interfaceEndpoints), network: existing });
    });

  test("answers the VPC only on 443, under the services' own names", () => {
    const endpoints = template(["sts", "ecr.api"]);

    expect(endpoints.all("aws_vpc_endpoint")).toMatchObject(
      ["ecr.api", "sts"].map((service) => ({
        service_name: `com.amazonaws.us-east-1.${service}`,
        vpc_endpoint_type: "Interface",
        private_dns_enabled: true,
        subnet_ids: existing.privateSubnetIds,
      })),
    );
    expect(endpoints.only("aws_vpc_security_group_ingress_rule")).toMatchObject({
      cidr_ipv4: "10.0.0.0/16",
      ip_protocol: "tcp",
      from_port: 443,
      to_port: 443,
    });
    expect(endpoints.all("aws_vpc_security_group_egress_rule")).toEqual([]);
  });

  test("needs nothing where there are none", () => {
    expect(template([]).addresses()).toEqual([]);
  });

  test("is ready with its endpoints and the rule that opens them", () => {
    const ready = dependencies(
      (stack) => new VpcEndpoints(stack, "Endpoints", { plan: planOf(["sts"]), network: existing }).ready,
    );

    expect(ready).toEqual(["aws_vpc_endpoint.Endpoints_sts", "aws_vpc_security_group_ingress_rule.Endpoints_FromVpc"]);
  });
});
