import { byName, type Finder, joined } from "./finders";
import type { Attributes } from "./state-file";

/** A part of another resource. It has no tags, and its id follows from its arguments. */
const partOf = (
  whole: string,
  id: (values: Attributes) => string | undefined,
  ...needed: readonly string[]
): Finder => ({
  by: "id",
  id,
  whole,
  ...(needed.length > 0 && {
    inState: (found, values) => ({ id: found, ...Object.fromEntries(needed.map((name) => [name, values[name]])) }),
  }),
});

const partNamed = (whole: string, ...names: readonly string[]): Finder =>
  partOf(whole, (values) => joined(values, ",", ...names), ...names);

const ofBucket = partNamed("aws_s3_bucket", "bucket");

/**
 * Parts that AWS would write over with the same content, so that an apply does without them. In state they let a destroy that comes
 * first end: a role, a rule or a firewall cannot be deleted while it has one.
 */
export const PART_FINDERS: Readonly<Record<string, Finder>> = {
  aws_backup_vault_lock_configuration: partNamed("aws_backup_vault", "backup_vault_name"),
  aws_cloudwatch_event_rule: byName("name"),
  aws_cloudwatch_event_target: partNamed("aws_cloudwatch_event_rule", "rule", "target_id", "event_bus_name"),
  aws_cloudwatch_log_metric_filter: {
    ...partNamed("aws_cloudwatch_log_group", "log_group_name", "name"),
    ...byName("name"),
  },
  aws_cloudwatch_metric_alarm: byName("alarm_name"),
  aws_iam_role_policy: partOf("aws_iam_role", (values) => joined(values, ":", "role", "name")),
  aws_iam_role_policy_attachment: partNamed("aws_iam_role", "role", "policy_arn"),
  aws_networkfirewall_logging_configuration: partNamed("aws_networkfirewall_firewall", "firewall_arn"),
  aws_s3_bucket_lifecycle_configuration: ofBucket,
  aws_s3_bucket_logging: ofBucket,
  aws_s3_bucket_ownership_controls: ofBucket,
  aws_s3_bucket_policy: ofBucket,
  aws_s3_bucket_public_access_block: ofBucket,
  aws_s3_bucket_server_side_encryption_configuration: ofBucket,
  aws_s3_bucket_versioning: ofBucket,
  aws_sns_topic: {
    by: "id",
    id: (values, { account, region, partition }) => {
      const name = joined(values, "", "name");
      return name && `arn:${partition}:sns:${region}:${account}:${name}`;
    },
  },
  aws_sns_topic_policy: partNamed("aws_sns_topic", "arn"),
  aws_sqs_queue_policy: partNamed("aws_sqs_queue", "queue_url"),
  aws_wafv2_web_acl_association: partNamed("aws_wafv2_web_acl", "web_acl_arn", "resource_arn"),
  aws_wafv2_web_acl_logging_configuration: partNamed("aws_wafv2_web_acl", "resource_arn"),
};
