import { planPlainObservability } from "../../../domain/observability/plain";

const CONTEXT = {
  name: "shop",
  account: "111122223333",
  region: "eu-central-1",
  domain: "",
  prefix: "shop",
  secretPath: "shop",
  namespace: "default",
  dataProtection: "protected",
} as const;

describe("planPlainObservability", () => {
  test("plans alarms for each thing that is watched, by the first target's response time", () => {
    const { plan, violations } = planPlainObservability({}, CONTEXT, {
      cluster: { name: "shop", kubernetesVersion: "1.34" },
      targets: ["shop", "api"],
      certificate: true,
    });

    expect(violations).toEqual([]);
    expect(plan.alarms.topic).toEqual({ kind: "new", name: "shop-alarms", addresses: [] });
    expect(plan.alarms.alarms.map(({ name }) => name)).toEqual([
      "load-balancer-errors",
      ...["shop", "api"].flatMap((name) => [`no-healthy-${name}`, `unhealthy-${name}`, `errors-${name}`]),
      "latency",
      "certificate-days",
      "pods-pending",
      "karpenter-launch",
      "nodes-not-ready",
      "restarts",
    ]);
    expect(plan.alarms.alarms.find(({ name }) => name === "latency")?.dimensions["TargetGroup"]).toEqual({
      of: "target-group",
      name: "shop",
    });
    expect(plan.logs?.groups.map(({ groupName }) => groupName)).toContain("/aws/containerinsights/shop/application");
    expect(plan.dashboard?.graphs).toHaveLength(5);
    expect(JSON.stringify(plan).replaceAll("cdktf-retool/", "")).not.toMatch(/retool/i);
  });

  test("plans nothing for what is not there", () => {
    const topicArn = "arn:aws:sns:eu-central-1:111122223333:operators";
    const { plan, violations } = planPlainObservability({ topicArn, dashboard: false }, CONTEXT, {
      certificate: false,
    });

    expect(violations).toEqual([]);
    expect(plan).toMatchObject({
      logs: undefined,
      dashboard: undefined,
      alarms: { alarms: [], events: [], reminders: [], topic: { kind: "existing", arn: topicArn } },
    });
  });

  test.each([
    [{ topicArn: "arn:aws:sns:us-east-1:111122223333:operators" }, /^topicArn: the topic is in us-east-1/],
    [{ topicArn: "operators" }, /^topicArn: "operators" is not the ARN of an SNS topic/],
    [{ addresses: ["nobody"] }, /^addresses\[0\]: "nobody" is not a mail address/],
    [{ logRetentionDays: 8 }, /^logRetentionDays: CloudWatch Logs cannot keep/],
  ])("refuses %j", (spec, expected) => {
    const { violations } = planPlainObservability(spec, CONTEXT, { certificate: false });

    expect(violations.map(({ path, problem }) => `${path}: ${problem}`)).toEqual([expect.stringMatching(expected)]);
  });
});
