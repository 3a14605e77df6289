import { spawnSync } from "node:child_process";

import { App, Testing } from "cdktf";

import { prod } from "../support/environments/prod";
import { planEnvironment } from "../../domain/environment/environment";
import type { EnvironmentSpec } from "../../domain/environment/spec";
import { RetoolStack } from "../../stacks";
import { Synthesized } from "../support/synthesize";

const PARLIAMENT = process.env["RETOOL_PARLIAMENT"] ?? "parliament";
const runs = spawnSync(PARLIAMENT, ["--help"]).status === 0;

if (!runs) {
  process.stdout.write(
    "the test that runs parliament is skipped: parliament is not installed (pip install parliament, or name it in RETOOL_PARLIAMENT)\n",
  );
}

interface Document {
  readonly Version: string;
  readonly Statement: readonly Readonly<Record<string, unknown>>[];
}

/** The IAM policies of identities by address: the documents that say what a role may do. */
function identityPolicies(spec: EnvironmentSpec): Map<string, string> {
  const { json } = new Synthesized(JSON.parse(Testing.synth(new RetoolStack(new App(), spec))) as Synthesized["json"]);
  const found = ["aws_iam_policy", "aws_iam_role_policy"].flatMap((type) =>
    Object.entries(json["resource"]?.[type] ?? {}).map(
      ([name, { policy }]) => [`${type}.${name}`, filled(String(policy))] as const,
    ),
  );
  return new Map(found);
}

/** A document as IAM would get it: each reference is an ARN of its own kind, since parliament looks at those. */
function filled(policy: string): string {
  const text = policy.replaceAll(/\$\{([a-z0-9_]+)\.[^}]*\}/g, (_, type: string) => sampleArn(type));
  const { Statement } = JSON.parse(text) as Document;
  expect(text).not.toContain("${aws_");
  return JSON.stringify({ Version: "2012-10-17", Statement });
}

const SAMPLES: Readonly<Record<string, string>> = {
  aws_iam_role: "arn:aws:iam::111122223333:role/sample",
  aws_kms_key: "arn:aws:kms:us-east-1:111122223333:key/00000000-0000-4000-8000-000000000000",
  aws_sqs_queue: "arn:aws:sqs:us-east-1:111122223333:sample",
  aws_s3_bucket: "arn:aws:s3:::sample",
  aws_lb_target_group: "arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/sample/0123456789abcdef",
  aws_cloudwatch_log_group: "arn:aws:logs:us-east-1:111122223333:log-group:sample",
};

function sampleArn(type: string): string {
  const sample = SAMPLES[type];
  if (sample === undefined) throw new Error(`there is no sample ARN of ${type}`);
  return sample;
}

interface Finding {
  readonly issue: string;
  readonly severity: string;
  readonly detail: unknown;
}

interface Mismatch {
  readonly action: string;
  readonly required_format: string;
}

/**
 * Whether a finding vanishes when the whole document is looked at.
 *
 * Parliament takes each statement by itself and wants every kind of resource of an action in it; here each kind has a
 * statement with conditions of its own. It also wants an account in ARNs of public parameters, which have none.
 */
function isMetElsewhere({ issue, detail }: Finding, policy: string): boolean {
  if (issue !== "RESOURCE_MISMATCH") return false;
  const { Statement } = JSON.parse(policy) as Document;
  const kinds = (action: string): string[] =>
    Statement.filter(({ Action }) => [Action].flat().includes(action)).flatMap(({ Resource }) =>
      [Resource].flat().map((arn) => kindOf(String(arn))),
    );
  return (detail as Mismatch[]).every(({ action, required_format }) => kinds(action).includes(kindOf(required_format)));
}

/** Service and kind in an ARN: `ec2:instance`. */
function kindOf(arn: string): string {
  const [, , service = "", , , ...rest] = arn.split(":");
  return `${service}:${rest.join(":").split(/[/:]/)[0] ?? ""}`;
}

function lint(policy: string): Finding[] {
  const { stdout, stderr, status } = spawnSync(PARLIAMENT, ["--json"], { input: policy, encoding: "utf8" });
  if (status === 2 || stderr.includes("Traceback")) throw new Error(stderr);
  return stdout
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as Finding);
}

(runs ? describe : describe.skip)("parliament on the policies of production", () => {
  test("would find what is wrong", () => {
    const Statement = [{ Effect: "Allow", Action: "ec2:RunInstancez", Resource: "*" }];

    expect(lint(JSON.stringify({ Version: "2012-10-17", Statement })).map(({ issue }) => issue)).toEqual([
      "UNKNOWN_ACTION",
    ]);
  });

  const longest: EnvironmentSpec = { ...prod, name: "a".repeat(20), region: "ap-southeast-1" };
  test.each([
    ["prod", prod],
    ["a long name in another region", longest],
  ])(
    "finds nothing above low: %s",
    (_, spec) => {
      expect(planEnvironment(spec).context.name).toBe(spec.name);
      const policies = [...identityPolicies(spec)];
      const findings = policies.flatMap(([address, policy]) =>
        lint(policy)
          .filter((finding) => !isMetElsewhere(finding, policy))
          .map((finding) => ({ address, ...finding })),
      );

      expect(policies.length).toBeGreaterThan(5);
      expect(findings.filter(({ severity }) => severity !== "LOW" && severity !== "IGNORED")).toEqual([]);
    },
    180_000,
  );
});
