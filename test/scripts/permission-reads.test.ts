import { recorded } from "../../domain/permissions/recorded";
import { READS } from "../../scripts/permissions/reads";

/** Requests that the code of a read can send and that no stack of ours makes it send, each with the reason. */
const NEVER_SENT: Readonly<Record<string, string>> = {
  "aws_iam_instance_profile iam:RemoveRoleFromInstanceProfile": "only where the role of a profile was deleted",
  "aws_instance ec2:DescribeLaunchTemplateVersions": "the bastion is launched without a template",
  "aws_instance ec2:DescribeLaunchTemplates": "the bastion is launched without a template",
  "aws_instance ec2:DescribeSpotInstanceRequests": "the bastion is no spot instance",
  "aws_instance ec2:GetPasswordData": "only for Windows",
  "aws_launch_template ec2:DescribeInstanceTypes": "no template sets credits",
  "aws_route_table ec2:DescribeNetworkInterfaces": "no route goes to an interface",
  "aws_sns_topic_subscription sns:ListSubscriptionsByTopic": "not for mail, which people confirm later",
  "data.aws_servicequotas_service_quota servicequotas:ListAWSDefaultServiceQuotas":
    "quotas are asked for by their codes",
};

/** Types whose values are made by the provider, or read by another one's row. */
const WITHOUT_READ = Object.keys(recorded).filter((type) => type !== "provider" && READS[type] === undefined);

describe("what a plan reads", () => {
  test("is known for every type", () => {
    expect(WITHOUT_READ).toEqual([]);
    expect(Object.keys(READS).filter((type) => recorded[type] === undefined)).toEqual([]);
  });

  test("is allowed, but for what is never sent", () => {
    const lacking = Object.entries(READS).flatMap(([type, calls]) =>
      calls.filter((call) => recorded[type]?.["read"]?.[call] === undefined).map((call) => `${type} ${call}`),
    );

    expect(lacking).toEqual(Object.keys(NEVER_SENT));
  });
});
