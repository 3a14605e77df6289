import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import {
  CloudwatchEventTarget,
  type CloudwatchEventTargetConfig,
} from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { SnsTopicPolicy } from "@cdktf/provider-aws/lib/sns-topic-policy";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription";
import { Construct } from "constructs";

import { boundedName } from "../../domain/common/names";
import { type AlarmPlan, type EventPlan, withRunbook } from "../../domain/observability/alarm";
import type { AlarmsPlan } from "../../domain/observability/observability";
import type { ReminderPlan } from "../../domain/observability/reminders";
import type { IEncryptionKey } from "../common/contracts";
import { policyDocument } from "../common/policy-document";
import { renderJson, renderMap, renderText } from "../common/render";
import { dimensionsOf, type WatchedResources } from "./dimensions";

/** Construction properties for {@link Alarms}. */
export interface AlarmsProps {
  /** The alarms, and who hears of them. */
  readonly plan: AlarmsPlan;
  /** Prefix of every name. */
  readonly prefix: string;
  /** Twelve-digit id of the account, the only one that may publish. */
  readonly account: string;
  /** What the alarms are about. */
  readonly resources: WatchedResources;
  /** Keys whose end is told. */
  readonly keyArns: readonly string[];
  /** Key of a new topic; its policy must let CloudWatch and EventBridge use it. */
  readonly encryptionKey: IEncryptionKey;
}

/** Longest name of an EventBridge rule. */
const RULE_NAME_LIMIT = 64;

/** Alarms and events in one topic: about $0.10 a month for each alarm. */
export class Alarms extends Construct {
  /** ARN of the topic. */
  public readonly topicArn: string;

  /** ARNs of the alarms, in the order of the plan. */
  public readonly alarmArns: readonly string[];

  public constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);

    this.topicArn = this.defineTopic(props);
    this.alarmArns = props.plan.alarms.map((alarm) => this.defineAlarm(alarm, props));
    for (const event of props.plan.events) this.defineEvent(event, props);
    for (const reminder of props.plan.reminders) this.defineReminder(reminder, props.prefix);
  }

  private defineTopic({ plan: { topic }, account, encryptionKey }: AlarmsProps): string {
    if (topic.kind === "existing") return topic.arn;
    const { arn } = new SnsTopic(this, "Topic", { name: topic.name, kmsMasterKeyId: encryptionKey.keyArn });
    new SnsTopicPolicy(this, "TopicPolicy", {
      arn,
      policy: policyDocument([
        {
          Sid: "AlarmsOfTheAccount",
          Principal: { Service: "cloudwatch.amazonaws.com" },
          Action: "sns:Publish",
          Resource: arn,
          Condition: { StringEquals: { "aws:SourceAccount": account } },
        },
        // EventBridge publishes nothing under a condition. So a rule of any account that knows the ARN can publish here: the key's
        // policy limits the topic, not the publisher. People are told to check an event in AWS before they act.
        // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
        {
          Sid: "Events",
          Principal: { Service: "events.amazonaws.com" },
          Action: "sns:Publish",
          Resource: arn,
        },
      ]),
    });
    for (const address of topic.addresses)
      new SnsTopicSubscription(this, `Mail-${address}`, {
        topicArn: arn,
        protocol: "email",
        endpoint: renderText(address),
      });
    return arn;
  }

  private defineAlarm(alarm: AlarmPlan, { prefix, resources }: AlarmsProps): string {
    const { statistic } = alarm;
    const { arn } = new CloudwatchMetricAlarm(this, alarm.name, {
      alarmName: `${prefix}-${alarm.name}`,
      alarmDescription: renderText(withRunbook(alarm)),
      namespace: alarm.metric.namespace,
      metricName: alarm.metric.metricName,
      dimensions: renderMap(dimensionsOf(alarm.dimensions, resources)),
      // With too few requests for a percentile to mean anything, such as one slow one at night, the alarm keeps its state.
      ...(statistic === "p90"
        ? { extendedStatistic: statistic, evaluateLowSampleCountPercentiles: "ignore" }
        : { statistic }),
      period: alarm.periodSeconds,
      evaluationPeriods: alarm.periods,
      comparisonOperator: alarm.wrong,
      threshold: alarm.threshold,
      treatMissingData: alarm.missing ?? "notBreaching",
      alarmActions: [this.topicArn],
      okActions: [this.topicArn],
    });
    return arn;
  }

  private defineEvent(event: EventPlan, { prefix, keyArns }: AlarmsProps): void {
    const about = event.aboutKeys === true ? { resources: { ARN: [...keyArns] } } : {};
    const rule = new CloudwatchEventRule(this, event.name, {
      name: boundedName(`${prefix}-${event.name}`, RULE_NAME_LIMIT),
      description: renderText(withRunbook(event)),
      eventPattern: renderJson({
        source: [event.source],
        "detail-type": [event.detailType],
        detail: { ...event.detail, ...about },
      }),
    });
    // EventBridge puts the event in, which JSON cannot hold in quotes.
    const inputTemplate = `{"what":${renderJson(withRunbook(event))},"event":<aws.events.event.json>}`;
    this.tellTopic(event.name, rule, { inputTransformer: { inputTemplate } });
  }

  private defineReminder(reminder: ReminderPlan, prefix: string): void {
    const rule = new CloudwatchEventRule(this, reminder.name, {
      name: boundedName(`${prefix}-${reminder.name}`, RULE_NAME_LIMIT),
      description: renderText(withRunbook(reminder)),
      scheduleExpression: reminder.schedule,
    });
    this.tellTopic(reminder.name, rule, { input: renderJson({ what: withRunbook(reminder) }) });
  }

  private tellTopic(
    name: string,
    rule: CloudwatchEventRule,
    message: Pick<CloudwatchEventTargetConfig, "input" | "inputTransformer">,
  ): void {
    new CloudwatchEventTarget(this, `${name}-target`, {
      rule: rule.name,
      targetId: "alarms",
      arn: this.topicArn,
      ...message,
    });
  }
}
