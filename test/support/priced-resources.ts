import type { CostPlan } from "../../domain/cost/cost";
import { MONTH_HOURS } from "../../domain/cost/line";
import type { Block, Synthesized } from "./synthesize";

/** Units a month that a stack's resources are paid for, by the key of their price, where one block says how many there are. */
const UNITS: Readonly<Record<string, (block: Block) => Readonly<Record<string, number>>>> = {
  aws_cloudwatch_dashboard: () => ({ "cloudwatch:dashboard": 1 }),
  aws_cloudwatch_log_metric_filter: ({ metric_transformation }) => ({
    // Without a default there are no data, and no costs, while no line matches.
    "cloudwatch:metric": (metric_transformation as Block)["default_value"] === undefined ? 0 : 1,
  }),
  aws_cloudwatch_metric_alarm: ({ metric_query }) => ({
    "cloudwatch:alarm": Math.max(1, list(metric_query).filter(({ metric }) => metric !== undefined).length),
  }),
  aws_db_instance: ({ instance_class, multi_az, allocated_storage }) => {
    const copies = multi_az === true ? 2 : 1;
    return {
      [`rds:${String(instance_class)}`]: copies * MONTH_HOURS,
      "rds:gp3": copies * Number(allocated_storage),
    };
  },
  aws_eip: () => ({ "vpc:public-ipv4": MONTH_HOURS }),
  aws_eks_cluster: () => ({ "eks:cluster": MONTH_HOURS }),
  aws_instance: ({ instance_type }) => ({ [`bastion:${String(instance_type)}`]: MONTH_HOURS }),
  aws_kms_key: () => ({ "kms:key": 1 }),
  aws_lb: ({ internal, subnets }) => ({
    "alb:hour": MONTH_HOURS,
    "alb:lcu": MONTH_HOURS,
    "vpc:public-ipv4": internal === true ? 0 : list(subnets).length * MONTH_HOURS,
  }),
  aws_nat_gateway: () => ({ "nat:hour": MONTH_HOURS }),
  aws_networkfirewall_firewall: ({ subnet_mapping }) => ({
    "firewall:endpoint": list(subnet_mapping).length * MONTH_HOURS,
  }),
  aws_route53_resolver_firewall_domain_list: ({ domains }) => ({ "dns-firewall:name": list(domains).length }),
  aws_route53_zone: () => ({ "route53:zone": 1 }),
  aws_secretsmanager_secret: ({ replica }) => ({ "secretsmanager:secret": 1 + list(replica).length }),
  aws_vpc_endpoint: ({ vpc_endpoint_type, subnet_ids }) => ({
    "vpc:endpoint": vpc_endpoint_type === "Interface" ? subnetsOf(subnet_ids) * MONTH_HOURS : 0,
  }),
  aws_wafv2_web_acl: ({ rule }) => ({ "waf:acl": 1, "waf:rule": list(rule).length }),
};

/** Resources that are paid by what they hold, let through or run: the keys of their prices, of which the costs count some units. */
const BY_USE: Readonly<Record<string, readonly string[]>> = {
  aws_backup_selection: ["backup:rds", "backup:s3"],
  aws_cloudwatch_log_group: ["logs:ingest", "logs:kept"],
  aws_eks_node_group: ["ebs:gp3"],
  aws_s3_bucket: ["s3:standard"],
};

/** What AWS asks nothing for, or cents for millions of requests. */
const FREE = new RegExp(
  `^(${[
    "aws_(acm|iam|db|lb|vpc)_(?!endpoint$).*",
    "aws_(autoscaling_group_tag|default_security_group|ec2_tag|internet_gateway|launch_template|route|route_table|route_table_association)",
    "aws_(security_group|sns_topic|sns_topic_policy|sqs_queue|sqs_queue_policy|subnet|vpc|kms_alias|kms_grant)",
    "aws_backup_(plan|vault|vault_lock_configuration|vault_policy)",
    "aws_cloudwatch_event_(rule|target)",
    "aws_(cloudwatch_log_resource_policy|flow_log)",
    "aws_eks_(access_entry|access_policy_association|addon|pod_identity_association)",
    "aws_networkfirewall_(firewall_policy|logging_configuration|rule_group)",
    "aws_route53_(record|resolver_.*)",
    "aws_s3_bucket_.*",
    "aws_secretsmanager_secret_(policy|version)",
    "aws_sns_topic_subscription",
    "aws_wafv2_web_acl_.*",
    "helm_release|kubernetes_.*|terraform_data|tls_.*",
  ].join("|")})$`,
);

/** Types of resources of which nobody has said whether they cost something. */
export function unknownTypes(stack: Synthesized): string[] {
  return Object.keys(stack.json["resource"] ?? {}).filter(
    (type) => !(type in UNITS) && !(type in BY_USE) && !FREE.test(type),
  );
}

/** Units a month of what a stack makes, by the key of their price, while nobody works. */
export function unitsMade(stack: Synthesized): Readonly<Record<string, number>> {
  const units: Record<string, number> = {};
  for (const [type, unitsOf] of Object.entries(UNITS))
    for (const block of stack.all(type))
      for (const [key, count] of Object.entries(unitsOf(block))) units[key] = (units[key] ?? 0) + count;
  // AWS waives the hours of as many NAT gateways as there are endpoints of a firewall.
  const waived = Math.min(units["nat:hour"] ?? 0, units["firewall:endpoint"] ?? 0);
  return present({ ...units, "nat:hour": (units["nat:hour"] ?? 0) - waived });
}

/** Units a month that the costs count of the same, and of nothing else. */
export function unitsCounted({ lines }: Pick<CostPlan, "lines">): Readonly<Record<string, number>> {
  const units: Record<string, number> = {};
  for (const { quantities } of lines)
    for (const [key, { atRest }] of Object.entries(quantities))
      if (!isByUse(key)) units[key] = (units[key] ?? 0) + atRest;
  return present(units);
}

/** Hours of the system nodes' type and GiB of their disks, as the costs count them and as the node group has them. */
export function systemNodes(
  stack: Synthesized,
  { lines }: Pick<CostPlan, "lines">,
): Readonly<Record<"counted" | "made", unknown>> {
  const counted = lines
    .filter(({ what }) => what.includes("system nodes"))
    .map(({ quantities }) => mapped(quantities, ({ atRest, atMost }) => [atRest, atMost]));
  const made = stack.all("aws_eks_node_group").map(({ scaling_config, instance_types }) => {
    const { desired_size, max_size } = scaling_config as Readonly<Record<string, number>>;
    const [disk] = JSON.stringify(stack.all("aws_launch_template")).match(/(?<="volume_size":)\d+/g) ?? [];
    const of = (units: number): number[] => [desired_size ?? 0, max_size ?? 0].map((count) => count * units);
    const [type = ""] = instance_types as readonly string[];
    return { [`ec2:${type}`]: of(MONTH_HOURS), "ebs:gp3": of(Number(disk)) };
  });
  return { counted, made };
}

function mapped<Value, Other>(
  values: Readonly<Record<string, Value>>,
  change: (value: Value) => Other,
): Readonly<Record<string, Other>> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, change(value)]));
}

/** Kinds of resources by use that are made and not counted, and the reverse. */
export function missingByUse(stack: Synthesized, { lines }: Pick<CostPlan, "lines">): string[] {
  const counted = new Set(lines.flatMap(({ quantities }) => Object.keys(quantities)));
  const types = Object.entries(BY_USE).flatMap(([type, keys]) => {
    const made = stack.all(type).length > 0;
    const isCounted = keys.some((key) => counted.has(key));
    // Karpenter's nodes have disks too.
    if (type === "aws_eks_node_group" && !made) return [];
    return made === isCounted ? [] : [`${type}: ${made ? "made and not counted" : "counted and not made"}`];
  });
  return [...types, ...wrongKeys(stack, counted)];
}

/** What each selection copies has its price; so has what is sent to another region, and flow logs that go to a bucket. */
function wrongKeys(stack: Synthesized, counted: ReadonlySet<string>): string[] {
  const copied = JSON.stringify(stack.all("aws_backup_selection").map(({ resources }) => resources));
  const sent = JSON.stringify(stack.all("aws_backup_plan")).includes("destination_vault_arn");
  const expected = {
    "backup:rds": copied.includes("aws_db_instance."),
    "backup:s3": copied.includes("aws_s3_bucket."),
    "transfer:regions": sent,
    "logs:to-bucket": stack.all("aws_flow_log").some((log) => log["log_destination_type"] === "s3"),
  };
  return Object.entries(expected).flatMap(([key, made]) =>
    made === counted.has(key) ? [] : [`${key}: ${made ? "made and not counted" : "counted and not made"}`],
  );
}

/** Keys of what Karpenter launches, or of which the use is assumed. */
function isByUse(key: string): boolean {
  return /^(ec2|ebs|backup|logs|s3|transfer):/.test(key) || key === "cloudwatch:observations";
}

function present(units: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(units)
      .filter(([, count]) => count !== 0)
      .map(([key, count]) => [key, Math.round(count * 1000) / 1000] as const)
      .sort(([one], [other]) => one.localeCompare(other)),
  );
}

/** The most subnets of an endpoint; an expression chooses among those that it names. */
function subnetsOf(ids: unknown): number {
  return typeof ids === "string" ? new Set(ids.match(/data\.aws_subnet\.\w+/g)).size : list(ids).length;
}

function list(value: unknown): readonly Block[] {
  return Array.isArray(value) ? (value as Block[]) : [];
}
