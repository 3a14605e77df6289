import { encryptionKey } from "../../support/fakes";
import type { Block } from "../../support/synthesize";
import { resources, watched } from "../../support/watched";

const template = watched({ kind: "mail", addresses: ["operators@example.com"] });
const alarms = new Map(
  template.all("aws_cloudwatch_metric_alarm").map((alarm) => [String(alarm["alarm_name"]), alarm] as const),
);
const TOPIC = expect.stringMatching(/^\$\{aws_sns_topic\.Alarms_Topic_\w+\.arn\}$/) as unknown;
const named = (name: string): Block => alarms.get(`retool-prod-${name}`)!;

describe("Alarms", () => {
  test("tell a topic when something is wrong and when it is right again", () => {
    expect(alarms.size).toBeGreaterThan(15);
    for (const alarm of alarms.values())
      expect(alarm).toMatchObject({
        alarm_actions: [TOPIC],
        ok_actions: [TOPIC],
      });
  });

  test("name the load balancer and its target groups as CloudWatch does", () => {
    expect(named("latency")).toMatchObject({
      namespace: "AWS/ApplicationELB",
      metric_name: "TargetResponseTime",
      extended_statistic: "p90",
      evaluate_low_sample_count_percentiles: "ignore",
      dimensions: {
        LoadBalancer: "app/retool-prod/50dc6c495c0c9188",
        TargetGroup: "targetgroup/retool/73e2d6bc24d8a067",
      },
    });
  });

  test("tell when the certificate was not renewed", () => {
    expect(named("certificate-days")).toMatchObject({
      metric_name: "DaysToExpiry",
      dimensions: { CertificateArn: resources.certificateArn },
      comparison_operator: "LessThanThreshold",
      threshold: 30,
      alarm_description:
        "The certificate has less than 30 days left. Runbook: docs/runbooks/certificate.md of cdktf-retool",
    });
  });

  test("ring without data only where the absence of data is the fault", () => {
    const ringing = [...alarms.values()].filter((alarm) => alarm["treat_missing_data"] === "breaching");

    expect(ringing.map((alarm) => alarm["alarm_name"]).sort()).toEqual([
      "retool-prod-jobs-runner-missing",
      "retool-prod-no-healthy-retool",
      "retool-prod-no-healthy-sandbox-proxy",
    ]);
  });

  test("go to an encrypted topic that this account's alarms may use, and EventBridge, which publishes under no condition", () => {
    expect(template.only("aws_sns_topic")).toMatchObject({
      name: "retool-prod-alarms",
      kms_master_key_id: encryptionKey.keyArn,
    });
    const { Statement } = JSON.parse(String(template.only("aws_sns_topic_policy")["policy"])) as {
      Statement: readonly Record<string, unknown>[];
    };
    expect(Statement.map(({ Principal, Action, Condition }) => ({ Principal, Action, Condition }))).toEqual([
      {
        Principal: { Service: "cloudwatch.amazonaws.com" },
        Action: "sns:Publish",
        Condition: { StringEquals: { "aws:SourceAccount": "111122223333" } },
      },
      { Principal: { Service: "events.amazonaws.com" }, Action: "sns:Publish", Condition: undefined },
    ]);
    expect(template.only("aws_sns_topic_subscription")).toMatchObject({
      protocol: "email",
      endpoint: "operators@example.com",
    });
  });

  test("go to a topic that exists", () => {
    const topicArn = "arn:aws:sns:us-east-1:111122223333:operators";
    const existing = watched({ kind: "topic", topicArn });

    expect(existing.all("aws_sns_topic")).toEqual([]);
    expect(existing.all("aws_cloudwatch_metric_alarm")[0]).toMatchObject({ alarm_actions: [topicArn] });
    expect(existing.all("aws_cloudwatch_event_target").every(({ arn }) => arn === topicArn)).toBe(true);
  });

  test("pass on events about what is ours", () => {
    const patterns = template
      .all("aws_cloudwatch_event_rule")
      .filter(({ event_pattern }) => event_pattern !== undefined)
      .map(({ name, event_pattern }) => [name, JSON.parse(String(event_pattern)) as unknown]);

    expect(Object.fromEntries(patterns)).toMatchObject({
      "retool-prod-backup-failed": {
        source: ["aws.backup"],
        "detail-type": ["Backup Job State Change"],
        detail: { backupVaultName: ["retool-prod-backup"], state: ["FAILED", "EXPIRED", "ABORTED"] },
      },
      "retool-prod-database-event": {
        source: ["aws.rds"],
        detail: { SourceIdentifier: ["retool-prod"], EventCategories: ["failover", "failure", "low storage"] },
      },
      "retool-prod-key-going": {
        detail: {
          eventName: ["DisableKey", "ScheduleKeyDeletion"],
          resources: { ARN: ["arn:key/data", "arn:key/logs"] },
        },
      },
      "retool-prod-secret-going": {
        detail: {
          requestParameters: {
            secretId: expect.arrayContaining([
              "retool/prod/encryption-key",
              { wildcard: "*:secret:retool/prod/encryption-key-*" },
            ]) as unknown,
          },
        },
      },
    });
  });

  test("hand on an event with the page that says what to do", () => {
    const target = template.all("aws_cloudwatch_event_target").find(({ rule }) => String(rule).includes("key-going"));
    const { input_template } = target?.["input_transformer"] as { readonly input_template: string };

    expect(JSON.parse(input_template.replace("<aws.events.event.json>", '{"id":"1"}'))).toEqual({
      what: "Somebody disabled a KMS key of Retool or scheduled its deletion. Runbook: docs/runbooks/key-going.md of cdktf-retool",
      event: { id: "1" },
    });
  });

  test("remind of ends by a schedule, with the same page", () => {
    const rule = template
      .all("aws_cloudwatch_event_rule")
      .find(({ name }) => name === "retool-prod-retool-support-60-days");
    const target = template
      .all("aws_cloudwatch_event_target")
      .find(({ rule }) => String(rule).includes("retool-support-60"));

    expect(rule).toMatchObject({ schedule_expression: "cron(0 8 12 10 ? 2026-2199)" });
    expect(JSON.parse(String(target?.["input"]))).toEqual({
      what: "Retool's support of 4.0 ends on 2026-12-11; this is sent 60 days before, and each year until the configuration has a later day. Runbook: docs/runbooks/support-end.md of cdktf-retool",
    });
  });
});
