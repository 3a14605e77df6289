import { Alarms } from "../../../constructs/observability/alarms";
import { ClusterLogs } from "../../../constructs/observability/cluster-logs";
import { Dashboard } from "../../../constructs/observability/dashboard";
import { planEnvironment } from "../../../domain/environment/environment";
import type { AlarmsSpec } from "../../../domain/observability/spec";
import { prod } from "../../support/environments/prod";
import { encryptionKey } from "../../support/fakes";
import { type Block, type Synthesized, synthesize } from "../../support/synthesize";

const resources = {
  loadBalancer: "app/retool-prod/50dc6c495c0c9188",
  targetGroups: new Map(["retool", "sandbox-proxy"].map((name) => [name, `targetgroup/${name}/73e2d6bc24d8a067`])),
  certificateArn: "arn:aws:acm:us-east-1:111122223333:certificate/c",
};

const define = (alarms?: AlarmsSpec): Synthesized => {
  const { observability } = planEnvironment({ ...prod, observability: alarms && { alarms } });
  return synthesize((stack) => {
    if (observability.alarms !== undefined)
      new Alarms(stack, "Alarms", {
        plan: observability.alarms,
        prefix: "retool-prod",
        account: "111122223333",
        resources,
        keyArns: ["arn:key/data", "arn:key/logs"],
        encryptionKey,
      });
    if (observability.logs !== undefined)
      new ClusterLogs(stack, "Logs", { plan: observability.logs, clusterName: "retool-prod", encryptionKey });
    if (observability.dashboard !== undefined)
      new Dashboard(stack, "Dashboard", { plan: observability.dashboard, region: "us-east-1", resources });
  });
};

const template = define({ kind: "mail", addresses: ["operators@example.com"] });
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
      alarm_description: "The certificate of Retool has less than 30 days left. Runbook: docs/runbooks/certificate.md",
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

  test("go to an encrypted topic that only this account's alarms and events may use", () => {
    expect(template.only("aws_sns_topic")).toMatchObject({
      name: "retool-prod-alarms",
      kms_master_key_id: encryptionKey.keyArn,
    });
    expect(template.only("aws_sns_topic_policy")["policy"]).toContain(
      '\\"Condition\\":{\\"StringEquals\\":{\\"aws:SourceAccount\\":\\"111122223333\\"}}'.replaceAll("\\", ""),
    );
    expect(template.only("aws_sns_topic_subscription")).toMatchObject({
      protocol: "email",
      endpoint: "operators@example.com",
    });
  });

  test("go to a topic that exists", () => {
    const topicArn = "arn:aws:sns:us-east-1:111122223333:operators";
    const existing = define({ kind: "topic", topicArn });

    expect(existing.all("aws_sns_topic")).toEqual([]);
    expect(existing.all("aws_cloudwatch_metric_alarm")[0]).toMatchObject({ alarm_actions: [topicArn] });
    expect(existing.all("aws_cloudwatch_event_target").every(({ arn }) => arn === topicArn)).toBe(true);
  });

  test("pass on events about what is ours", () => {
    const patterns = template
      .all("aws_cloudwatch_event_rule")
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
});

describe("ClusterLogs", () => {
  test("are encrypted and forgotten in time", () => {
    const groups = template.all("aws_cloudwatch_log_group");

    expect(groups.map(({ name, retention_in_days }) => [name, retention_in_days])).toEqual([
      ["/aws/containerinsights/retool-prod/application", 30],
      ["/aws/containerinsights/retool-prod/audit", 365],
      ["/aws/containerinsights/retool-prod/dataplane", 30],
      ["/aws/containerinsights/retool-prod/host", 30],
      ["/aws/containerinsights/retool-prod/performance", 30],
    ]);
    expect(groups.every(({ kms_key_id }) => kms_key_id === encryptionKey.keyArn)).toBe(true);
  });

  test("are written by a role that can neither make a group nor write into another", () => {
    const policy = String(template.only("aws_iam_role_policy")["policy"]);

    expect(policy).toContain(":*");
    expect(policy).not.toMatch(/CreateLogGroup|PutMetricData|"logs:\*"/);
    expect(template.only("aws_eks_pod_identity_association")).toMatchObject({
      namespace: "amazon-cloudwatch",
      service_account: "cloudwatch-agent",
    });
  });

  test("count the nodes that Karpenter did not get", () => {
    expect(template.only("aws_cloudwatch_log_metric_filter")).toMatchObject({
      pattern: '{ $.log_processed.level = "ERROR" && $.log_processed.message = "failed launching nodeclaim" }',
      metric_transformation: { namespace: "cdktf-retool/retool-prod", name: "KarpenterLaunchFailures", value: "1" },
    });
  });
});

describe("Dashboard", () => {
  interface Widget {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly properties: { readonly title: string; readonly metrics: readonly (readonly unknown[])[] };
  }
  const { widgets } = JSON.parse(String(template.only("aws_cloudwatch_dashboard")["dashboard_body"])) as {
    readonly widgets: readonly Widget[];
  };

  test("is one page of rows of three", () => {
    expect(widgets).toHaveLength(9);
    expect(widgets.map(({ x }) => x)).toEqual([0, 8, 16, 0, 8, 16, 0, 8, 16]);
    expect(Math.max(...widgets.map(({ y }) => y))).toBe(12);
  });

  test("names every metric with its dimensions in pairs", () => {
    const metrics = widgets.flatMap(({ properties }) => properties.metrics);

    expect(metrics.filter((metric) => metric.length % 2 === 0)).toEqual([]);
    expect(metrics).toContainEqual([
      "AWS/RDS",
      "DatabaseConnections",
      "DBInstanceIdentifier",
      "retool-prod",
      { label: "database", stat: "Maximum" },
    ]);
  });
});
