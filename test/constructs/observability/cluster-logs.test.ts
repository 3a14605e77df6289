import { encryptionKey } from "../../support/fakes";
import { watched } from "../../support/watched";

const template = watched();

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
    expect(template.all("aws_cloudwatch_log_metric_filter")).toContainEqual(
      expect.objectContaining({
        name: "launch-failures",
        pattern: expect.stringContaining('$.log_processed.message = "failed launching nodeclaim"') as unknown,
        metric_transformation: {
          namespace: "cdktf-retool/retool-prod",
          name: "KarpenterLaunchFailures",
          value: "1",
          default_value: "0",
        },
      }),
    );
  });
});
