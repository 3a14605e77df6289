import { VpcEndpoints, type VpcEndpointsProps } from "../../../constructs/network/vpc-endpoints";
import { planNetwork } from "../../../domain/network/network";
import { dependencies } from "../../support/dependables";
import { addressesInZone, context, network as existing } from "../../support/fakes";
import { evaluate } from "../../support/iam-evaluator";
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

  test("lets only the account's principals pass to ECR, STS and SQS, and only to the account's resources but for images", () => {
    const policies = Object.fromEntries(
      template(["sts", "ecr.api", "ecr.dkr", "sqs", "kms"])
        .all("aws_vpc_endpoint")
        .map(({ service_name, policy }) => [String(service_name).replace("com.amazonaws.us-east-1.", ""), policy]),
    ) as Record<string, string>;
    const [ours, theirs] = [context.account, "444455556666"];
    const passes = (service: string, action: string, principal: string | undefined, owner: string): string =>
      evaluate(policies[service] ?? "", {
        action,
        resource: "arn:aws:any",
        context: { ...(principal && { "aws:PrincipalAccount": principal }), "aws:ResourceAccount": owner },
      });

    expect(passes("sqs", "sqs:SendMessage", ours, ours)).toBe("Allow");
    expect(passes("sqs", "sqs:SendMessage", ours, theirs)).toBe("None");
    expect(passes("sqs", "sqs:SendMessage", theirs, theirs)).toBe("None");
    expect(passes("ecr.dkr", "ecr:BatchGetImage", ours, theirs)).toBe("Allow");
    expect(passes("ecr.dkr", "ecr:PutImage", ours, theirs)).toBe("None");
    expect(passes("ecr.api", "ecr:CreateRepository", ours, ours)).toBe("Allow");
    expect(passes("ecr.api", "ecr:GetAuthorizationToken", theirs, theirs)).toBe("None");
    expect(passes("sts", "sts:AssumeRole", ours, theirs)).toBe("Allow");
    expect(passes("sts", "sts:GetCallerIdentity", theirs, theirs)).toBe("None");
    expect(passes("sts", "sts:AssumeRoleWithWebIdentity", undefined, ours)).toBe("Allow");
    expect(passes("sts", "sts:AssumeRoleWithWebIdentity", undefined, theirs)).toBe("None");
    expect(policies["kms"]).toBeUndefined();
  });

  test("keeps the rule of every other range where one is taken away, and those that were numbered before", () => {
    const rulesOf = (...secondaryCidrs: readonly string[]) => {
      const { json } = synthesize((stack) => {
        const network = { ...existing, secondaryCidrs };
        new VpcEndpoints(stack, "Endpoints", { plan: planOf(["sts"]), network });
      });
      const rules = json["resource"]?.["aws_vpc_security_group_ingress_rule"] ?? {};
      const byRange = Object.entries(rules).map(([name, { cidr_ipv4 }]) => [String(cidr_ipv4), name] as const);
      return { byRange: Object.fromEntries(byRange), moved: json["moved"] as unknown };
    };
    const both = rulesOf("100.64.0.0/16", "100.65.0.0/16");
    const one = rulesOf("100.65.0.0/16");
    const type = "aws_vpc_security_group_ingress_rule";

    expect(one.byRange["100.65.0.0/16"]).toBe(both.byRange["100.65.0.0/16"]);
    expect(both.moved).toEqual([
      { from: `${type}.Endpoints_FromSecondary1_CD5CA0F1`, to: `${type}.${both.byRange["100.64.0.0/16"]}` },
      { from: `${type}.Endpoints_FromSecondary2_92BFBCC0`, to: `${type}.${both.byRange["100.65.0.0/16"]}` },
    ]);
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
