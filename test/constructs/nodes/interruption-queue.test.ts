import { InterruptionQueue } from "../../../constructs/nodes/interruption-queue";
import { planKarpenter } from "../../../domain/nodes/karpenter";
import { context } from "../../support/fakes";
import { synthesize } from "../../support/synthesize";

const define = (cluster = "retool-prod") =>
  synthesize((stack) => {
    new InterruptionQueue(stack, "Queue", { plan: planKarpenter(cluster, context) });
  });

describe("InterruptionQueue", () => {
  it("keeps notices encrypted, and for five minutes only", () => {
    expect(define().only("aws_sqs_queue")).toMatchObject({
      name: "retool-prod-karpenter",
      message_retention_seconds: 300,
      sqs_managed_sse_enabled: true,
    });
  });

  it("takes messages only from its own rules, and only over TLS", () => {
    const { policy } = define().only("aws_sqs_queue_policy") as { policy: string };
    const [notices, tls] = (JSON.parse(policy) as { Statement: Record<string, unknown>[] }).Statement;
    expect(notices).toMatchObject({
      Effect: "Allow",
      Principal: { Service: "events.amazonaws.com" },
      Action: "sqs:SendMessage",
    });
    const { ArnEquals } = notices!["Condition"] as { ArnEquals: { "aws:SourceArn": string[] } };
    expect(ArnEquals["aws:SourceArn"]).toHaveLength(5);
    expect(new Set(ArnEquals["aws:SourceArn"]).size).toBe(5);
    expect(tls).toMatchObject({
      Effect: "Deny",
      Principal: "*",
      Action: "sqs:*",
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    });
  });

  it("is the target of one rule for each kind of notice", () => {
    const stack = define();
    const patterns = stack.all("aws_cloudwatch_event_rule").map(({ event_pattern }) => event_pattern as string);
    expect(patterns.sort()).toEqual(
      [
        { source: ["aws.ec2"], "detail-type": ["EC2 Capacity Reservation Instance Interruption Warning"] },
        { source: ["aws.ec2"], "detail-type": ["EC2 Instance Rebalance Recommendation"] },
        { source: ["aws.ec2"], "detail-type": ["EC2 Instance State-change Notification"] },
        { source: ["aws.ec2"], "detail-type": ["EC2 Spot Instance Interruption Warning"] },
        { source: ["aws.health"], "detail-type": ["AWS Health Event"] },
      ].map((pattern) => JSON.stringify(pattern)),
    );
    expect(new Set(stack.all("aws_cloudwatch_event_target").map(({ rule }) => rule)).size).toBe(5);
    const [queue] = stack.addresses().filter((address) => address.startsWith("aws_sqs_queue."));
    expect(new Set(stack.all("aws_cloudwatch_event_target").map(({ arn }) => arn))).toEqual(
      new Set([`\${${queue!}.arn}`]),
    );
  });

  it("names rules within the limit of AWS, each differently", () => {
    const names = define("a".repeat(60))
      .all("aws_cloudwatch_event_rule")
      .map(({ name }) => name as string);
    expect(Math.max(...names.map((name) => name.length))).toBeLessThanOrEqual(64);
    expect(new Set(names).size).toBe(5);
  });
});
