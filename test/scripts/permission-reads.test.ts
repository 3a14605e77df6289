import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { recorded } from "../../domain/permissions/recorded";
import { PROJECT } from "../../local/paths";
import { READS } from "../../scripts/permissions/reads";

/** Requests that the code of a read can send and that no stack of ours makes it send, each with the reason. */
const NEVER_SENT: Readonly<Record<string, string>> = {
  "aws_iam_instance_profile iam:RemoveRoleFromInstanceProfile": "only where the role of a profile was deleted",
  "aws_instance ec2:DescribeLaunchTemplateVersions": "the bastion is launched without a template",
  "aws_instance ec2:DescribeLaunchTemplates": "the bastion is launched without a template",
  "aws_instance ec2:DescribeSpotInstanceRequests": "the bastion is not a spot instance",
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

describe("what adopt lists", () => {
  /** Prefixes of actions, where they differ from the service's name in the AWS CLI. */
  const PREFIXES: Readonly<Record<string, string>> = { resourcegroupstaggingapi: "tag" };
  const folder = join(PROJECT, "domain", "lifecycle");
  const sources = readdirSync(folder).map((file) => readFileSync(join(folder, file), "utf8"));
  const commands = sources.flatMap((text) => [
    ...Array.from(text.matchAll(/\["([a-z0-9]+)", "((?:list|describe|get)-[a-z-]+)"/g), ([, service, name]) => [
      service,
      name,
    ]),
    ...Array.from(text.matchAll(/byResolverName\("([a-z-]+)"/g), ([, name]) => ["route53resolver", name]),
  ]);

  test("is named in the guide, but for what destroy asks", () => {
    const guide = readFileSync(join(PROJECT, "docs", "guides", "permissions.md"), "utf8");
    const listed = guide.slice(guide.indexOf("`adopt` finds things"), guide.indexOf("## Where they come from"));
    const words = (name = ""): string =>
      name.replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
    const actions = commands
      .filter(([service]) => service !== "s3api")
      .map(([service = "", name]) => `${PREFIXES[service] ?? service}:${words(name)}`);

    expect(listed.match(/[a-z0-9]+:[A-Z]\w+/g)).toEqual([...new Set(actions)].sort());
  });
});
