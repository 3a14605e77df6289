import { ClusterLogs } from "../../../constructs/observability/cluster-logs";
import { planEnvironment } from "../../../domain/environment/environment";
import { prod } from "../../support/environments/prod";
import { encryptionKey } from "../../support/fakes";
import { evaluate } from "../../support/iam-evaluator";
import { synthesize } from "../../support/synthesize";

const template = synthesize((stack) => {
  const observability = { logs: { kind: "cloudwatch", auditBucketDays: 2555 } } as const;
  const { logs } = planEnvironment({ ...prod, observability }).observability;
  new ClusterLogs(stack, "Logs", { plan: logs!, clusterName: "retool-prod", encryptionKey });
});
const ARN = "arn:aws:s3:::retool-prod-audit-111122223333-us-east-1";
const withArn = (policy: unknown): string => String(policy).replaceAll(/\$\{aws_s3_bucket\.[\w-]+\.arn\}/g, ARN);

describe("AuditBucket", () => {
  test("is private, versioned, encrypted, and forgets events when their time has come", () => {
    expect(template.only("aws_s3_bucket")).toMatchObject({
      force_destroy: false,
      lifecycle: { prevent_destroy: true },
    });
    expect(template.only("aws_s3_bucket_public_access_block")).toMatchObject({ restrict_public_buckets: true });
    expect(template.only("aws_s3_bucket_versioning")).toMatchObject({
      versioning_configuration: { status: "Enabled" },
    });
    expect(JSON.stringify(template.only("aws_s3_bucket_server_side_encryption_configuration"))).toContain(
      encryptionKey.keyArn,
    );
    expect(template.only("aws_s3_bucket_lifecycle_configuration")["rule"]).toEqual([
      expect.objectContaining({
        expiration: [{ days: 2555 }],
        noncurrent_version_expiration: [{ noncurrent_days: 2555 }],
      }),
    ]);
  });

  test("takes new objects from the agents, which can neither read nor delete", () => {
    const decide = (action: string, resource = `${ARN}/2026/11/30/1.json.gz`): string =>
      evaluate(withArn(template.only("aws_iam_role_policy")["policy"]), { action, resource, context: {} });

    expect(decide("s3:PutObject")).toBe("Allow");
    expect(decide("s3:PutObject", "arn:aws:s3:::another/1")).toBe("None");
    for (const action of ["s3:GetObject", "s3:DeleteObject", "s3:DeleteObjectVersion", "s3:PutBucketPolicy"])
      expect(decide(action)).toBe("None");
  });

  test("refuses plain HTTP and other accounts", () => {
    const decide = (secure: string, account: string): string =>
      evaluate(withArn(template.only("aws_s3_bucket_policy")["policy"]), {
        action: "s3:GetObject",
        resource: `${ARN}/1`,
        context: {
          "aws:SecureTransport": secure,
          "aws:PrincipalAccount": account,
          "aws:PrincipalIsAWSService": "false",
        },
      });

    expect([decide("true", "111122223333"), decide("false", "111122223333"), decide("true", "444455556666")]).toEqual([
      "None",
      "Deny",
      "Deny",
    ]);
  });
});
