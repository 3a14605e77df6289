import { FlowLogs, type FlowLogsProps } from "../../../constructs/network/flow-logs";
import { type NetworkSpec, planNetwork } from "../../../domain/network/network";
import { addressesInZone, context, encryptionKey, network as existing } from "../../support/fakes";
import { type Synthesized, synthesize } from "../../support/synthesize";

describe("FlowLogs", () => {
  const template = (props: Partial<FlowLogsProps> = {}, spec: NetworkSpec = {}): Synthesized =>
    synthesize((stack) => {
      new FlowLogs(stack, "FlowLogs", {
        plan: planNetwork(spec, context, { addressesPerZone: addressesInZone(100) }).plan,
        network: existing,
        ...props,
      });
    });

  test("records all traffic of the VPC in its own log group", () => {
    const logs = template();

    expect(logs.only("aws_flow_log")).toMatchObject({ vpc_id: "vpc-1", traffic_type: "ALL" });
    expect(logs.only("aws_cloudwatch_log_group")).toMatchObject({
      name: "/aws/vpc/retool-prod/flow-logs",
      retention_in_days: 90,
    });
    expect(logs.only("aws_cloudwatch_log_group")["kms_key_id"]).toBeUndefined();
  });

  test("honours retention and key", () => {
    expect(template({ encryptionKey }, { flowLogRetentionDays: 7 }).only("aws_cloudwatch_log_group")).toMatchObject({
      retention_in_days: 7,
      kms_key_id: encryptionKey.keyArn,
    });
  });

  test("may write only to that log group", () => {
    const policy = JSON.parse(String(template().only("aws_iam_role_policy")["policy"])) as {
      Statement: { Action: string | string[]; Resource: string }[];
    };

    expect(policy.Statement).toEqual([
      expect.objectContaining({
        Action: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
        Resource: expect.stringMatching(/^\$\{aws_cloudwatch_log_group\..*\.arn\}:\*$/),
      }),
      expect.objectContaining({ Action: "logs:DescribeLogGroups", Resource: "*" }),
    ]);
  });
});
