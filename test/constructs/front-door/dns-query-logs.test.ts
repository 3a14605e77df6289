import { AwsProvider } from "@cdktf/provider-aws/lib/provider";

import { DnsQueryLogs } from "../../../constructs/front-door/dns-query-logs";
import { type Synthesized, synthesize } from "../../support/synthesize";

const define = (withProvider = false): Synthesized =>
  synthesize((stack) => {
    new DnsQueryLogs(stack, "Logs", {
      prefix: "retool-prod",
      account: "111122223333",
      zone: { zoneId: "Z1" },
      retentionDays: 30,
      provider: withProvider ? new AwsProvider(stack, "east", { alias: "east", region: "us-east-1" }) : undefined,
    });
  });

describe("DnsQueryLogs", () => {
  test("writes the queries of the zone into its own log group, once Route 53 may", () => {
    const template = define();

    expect(template.only("aws_cloudwatch_log_group")).toMatchObject({
      name: "/aws/route53/retool-prod",
      retention_in_days: 30,
    });
    expect(template.only("aws_route53_query_log")).toMatchObject({
      zone_id: "Z1",
      depends_on: [expect.stringMatching(/^aws_cloudwatch_log_resource_policy\./)],
    });
  });

  test("lets Route 53 write only for this account", () => {
    const { policy_document: document } = define().only("aws_cloudwatch_log_resource_policy");

    expect(JSON.parse(String(document))).toMatchObject({
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "route53.amazonaws.com" },
          Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
          Condition: { StringEquals: { "aws:SourceAccount": "111122223333" } },
        },
      ],
    });
  });

  test("makes the log group where Route 53 writes, and the rest where the zone is", () => {
    const template = define(true);

    expect(template.only("aws_cloudwatch_log_group")["provider"]).toBe("aws.east");
    expect(template.only("aws_cloudwatch_log_resource_policy")["provider"]).toBe("aws.east");
    expect(template.only("aws_route53_query_log")["provider"]).toBeUndefined();
  });
});
