import { candidateFor, isTellable, searchFor } from "../../../domain/lifecycle/adoption";
import { PART_FINDERS } from "../../../domain/lifecycle/part-finders";

const OWNER = {
  tags: { Project: "cdktf-retool", Environment: "prod" },
  place: { account: "123456789012", region: "eu-west-1", partition: "aws" },
};
const BUCKET = { bucket: "retool-prod" };
const ROLE = { role: "r", name: "bucket", policy_arn: "arn:p" };
const TARGET = { rule: "r", target_id: "alarms", event_bus_name: "default", arn: "arn:t" };
const ACL = { web_acl_arn: "arn:w", resource_arn: "arn:lb" };

/** The id under which a part is found, and what state says of it besides. */
const FOUND: readonly [type: string, values: object, id: string, inState: object | undefined][] = [
  ["aws_backup_vault_lock_configuration", { backup_vault_name: "v" }, "v", { backup_vault_name: "v" }],
  ["aws_cloudwatch_event_rule", { name: "r" }, "r", undefined],
  ["aws_cloudwatch_event_target", TARGET, "r,alarms,default", { ...TARGET, arn: undefined }],
  ["aws_cloudwatch_log_metric_filter", { log_group_name: "g", name: "f" }, "f", { log_group_name: "g", name: "f" }],
  ["aws_cloudwatch_metric_alarm", { alarm_name: "a" }, "a", undefined],
  ["aws_iam_role_policy", ROLE, "r:bucket", undefined],
  ["aws_iam_role_policy_attachment", ROLE, "r,arn:p", { role: "r", policy_arn: "arn:p" }],
  ["aws_networkfirewall_logging_configuration", { firewall_arn: "arn:f" }, "arn:f", { firewall_arn: "arn:f" }],
  ["aws_s3_bucket_lifecycle_configuration", BUCKET, "retool-prod", BUCKET],
  ["aws_s3_bucket_logging", BUCKET, "retool-prod", BUCKET],
  ["aws_s3_bucket_ownership_controls", BUCKET, "retool-prod", BUCKET],
  ["aws_s3_bucket_policy", BUCKET, "retool-prod", BUCKET],
  ["aws_s3_bucket_public_access_block", BUCKET, "retool-prod", BUCKET],
  ["aws_s3_bucket_server_side_encryption_configuration", BUCKET, "retool-prod", BUCKET],
  ["aws_s3_bucket_versioning", BUCKET, "retool-prod", BUCKET],
  ["aws_sns_topic", { name: "t" }, "arn:aws:sns:eu-west-1:123456789012:t", undefined],
  ["aws_sns_topic_policy", { arn: "arn:t" }, "arn:t", { arn: "arn:t" }],
  ["aws_sqs_queue_policy", { queue_url: "https://q" }, "https://q", { queue_url: "https://q" }],
  ["aws_wafv2_web_acl_association", ACL, "arn:w,arn:lb", ACL],
  ["aws_wafv2_web_acl_logging_configuration", { resource_arn: "arn:w" }, "arn:w", { resource_arn: "arn:w" }],
];

test.each(FOUND)("%s is found by its arguments", (type, given, id, inState) => {
  const planned = { address: `${type}.it`, type, values: given as Record<string, unknown> };

  expect(searchFor(planned, OWNER)).toEqual({ ids: [id] });
  expect(candidateFor(planned, id)).toEqual({
    ...{ address: `${type}.it`, type, id },
    ...(inState && { inState: { id, ...inState } }),
  });
  expect(searchFor({ ...planned, values: {} }, OWNER)).toBeUndefined();
});

test("every part is in the table above", () => {
  expect(FOUND.map(([type]) => type).sort()).toEqual(Object.keys(PART_FINDERS).sort());
});

describe("a part", () => {
  const policy = { type: "aws_iam_role_policy" };
  const role = { mode: "managed", type: "aws_iam_role", name: "r", provider: "" };
  const state = { serial: 1, resources: [{ ...role, instances: [{ schema_version: 0, attributes: { id: "r" } }] }] };
  const block = (name: string): Record<string, unknown> => ({ role: `\${aws_iam_role.${name}.name}` });

  test("is ours where the state has the role that its block names, and nowhere else", () => {
    expect(isTellable(policy, block("r"), state)).toBe(true);
    expect(isTellable(policy, block("other"), state)).toBe(false);
    expect(isTellable(policy, { role: "somebody-else" }, state)).toBe(false);
    expect(isTellable(policy, undefined, state)).toBe(false);
  });

  test("that has tags says by itself whose it is", () => {
    expect(isTellable({ type: "aws_cloudwatch_event_rule" }, {}, state)).toBe(true);
    expect(isTellable({ type: "aws_subnet" }, {}, state)).toBe(true);
  });
});
