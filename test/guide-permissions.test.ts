import { readFileSync } from "node:fs";
import { join } from "node:path";

import { App, Testing } from "cdktf";

import { RetoolStack } from "../stacks";
import { prod } from "./support/environments/prod";
import { evaluate } from "./support/iam-evaluator";
import { ROLE_DECISIONS, type RoleDecision, SAMPLE } from "./support/role-decisions";

const guide = readFileSync(join(__dirname, "..", "docs", "guides", "permissions.md"), "utf8");

type Resources = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
const spec = { ...prod, egress: { level: "firewall" } } as const;
const { resource } = JSON.parse(Testing.synth(new RetoolStack(new App({ skipValidation: true }), spec))) as {
  resource: Resources;
};

const REFERENCES: Readonly<Record<string, string>> = {
  aws_cloudwatch_event_rule: SAMPLE.rule,
  aws_cloudwatch_log_group: SAMPLE.logGroup,
  aws_iam_role: SAMPLE.role,
  aws_kms_key: SAMPLE.key,
  aws_lb_target_group: SAMPLE.targetGroup,
  aws_s3_bucket: SAMPLE.bucket,
  aws_sns_topic: SAMPLE.topic,
  aws_sqs_queue: SAMPLE.queue,
};

/** Every policy of the stack by its address, with references as Terraform fills them in. */
const policies = Object.entries(resource).flatMap(([type, byName]) =>
  Object.entries(byName).flatMap(([name, { policy, assume_role_policy }]) => {
    const text = policy ?? assume_role_policy;
    if (typeof text !== "string" || !text.includes('"Statement"')) return [];
    return [
      [`${type}.${name}`, text.replaceAll(/\$\{(\w+)\.[^}]*\}/g, (_, of: string) => REFERENCES[of] ?? of)] as const,
    ];
  }),
);

/** The bucket's policy only refuses, and leaves the rest to the policies of who asks: there, silence does not refuse. */
function decide({ policies: beginning, request }: RoleDecision): string {
  const asked = policies.filter(([address]) => address.startsWith(beginning));
  expect(asked.length).toBeGreaterThan(0);
  const decisions = asked.map(([, policy]) => evaluate(policy, request));
  if (beginning.startsWith("aws_s3_bucket_policy.")) return decisions.includes("Deny") ? "refused" : "allowed";
  return !decisions.includes("Deny") && decisions.includes("Allow") ? "allowed" : "refused";
}

const COLUMN = /^\| (.+?) +\| (.+?) +\| (allowed|refused) +\|$/gm;

describe("what the policies of roles and keys decide", () => {
  test.each(ROLE_DECISIONS)("$who: $what is $expected", (decision) => {
    expect(decide(decision)).toBe(decision.expected);
  });

  test("is what the guide says", () => {
    const shown = Array.from(guide.matchAll(COLUMN), ([, who, what, expected]) => ({ who, what, expected }));

    expect(shown).toEqual(ROLE_DECISIONS.map(({ who, what, expected }) => ({ who, what, expected })));
  });
});
