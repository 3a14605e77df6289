import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { SqsQueuePolicy } from "@cdktf/provider-aws/lib/sqs-queue-policy";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import { INTERRUPTION_EVENTS, INTERRUPTION_RETENTION_SECONDS, type KarpenterPlan } from "../../domain/nodes/karpenter";
import { boundedName } from "../../domain/common/names";
import { policyDocument } from "../common/policy-document";
import { renderJson } from "../common/render";

/** Construction properties for {@link InterruptionQueue}. */
export interface InterruptionQueueProps {
  /** Names. */
  readonly plan: KarpenterPlan;
}

/** Longest name of an EventBridge rule. */
const RULE_NAME_LIMIT = 64;

/**
 * The queue in which Karpenter finds the notices of nodes that AWS is about to take away.
 */
export class InterruptionQueue extends Construct {
  /** Name of the queue. */
  public readonly queueName: string;
  /** ARN of the queue. */
  public readonly queueArn: string;
  /** What must exist before a notice can arrive. */
  public readonly ready: readonly ITerraformDependable[];

  public constructor(scope: Construct, id: string, { plan }: InterruptionQueueProps) {
    super(scope, id);
    const queue = new SqsQueue(this, "Resource", {
      name: plan.queueName,
      messageRetentionSeconds: INTERRUPTION_RETENTION_SECONDS,
      sqsManagedSseEnabled: true,
    });
    const rules = this.defineRules(plan);
    const targets = rules.map(([name, rule]) => this.defineTarget(name, rule, queue));
    this.queueName = plan.queueName;
    this.queueArn = queue.arn;
    this.ready = [queue, this.definePolicy(queue, rules), ...targets];
  }

  private defineRules({ clusterName }: KarpenterPlan): [string, CloudwatchEventRule][] {
    return INTERRUPTION_EVENTS.map(({ name, source, detailType }) => [
      name,
      new CloudwatchEventRule(this, `${name}-rule`, {
        name: boundedName(`${clusterName}-karpenter-${name}`, RULE_NAME_LIMIT),
        description: `Tells Karpenter of each "${detailType}"`,
        eventPattern: renderJson({ source: [source], "detail-type": [detailType] }),
      }),
    ]);
  }

  private defineTarget(name: string, rule: CloudwatchEventRule, queue: SqsQueue): CloudwatchEventTarget {
    return new CloudwatchEventTarget(this, `${name}-target`, {
      rule: rule.name,
      targetId: "karpenter",
      arn: queue.arn,
    });
  }

  private definePolicy(queue: SqsQueue, rules: readonly [string, CloudwatchEventRule][]): SqsQueuePolicy {
    return new SqsQueuePolicy(this, "Policy", {
      queueUrl: queue.url,
      policy: policyDocument([
        {
          Sid: "NoticesOfTheRules",
          Principal: { Service: "events.amazonaws.com" },
          Action: "sqs:SendMessage",
          Resource: queue.arn,
          Condition: { ArnEquals: { "aws:SourceArn": rules.map(([, rule]) => rule.arn) } },
        },
        {
          Sid: "OnlyOverTls",
          Effect: "Deny",
          Principal: "*",
          Action: "sqs:*",
          Resource: queue.arn,
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ]),
    });
  }
}
