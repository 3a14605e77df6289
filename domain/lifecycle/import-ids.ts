import {
  type Finder,
  byArn,
  byFilter,
  byList,
  byLookup,
  byName,
  byNames,
  byNameTag,
  byTags,
  joined,
  nothing,
  text,
  WRITTEN_OVER,
} from "./finders";
import { DNS_FINDERS } from "./dns-finders";
import { PART_FINDERS } from "./part-finders";
import { crc32 } from "./crc32";
import type { Attributes } from "./state-file";

const NO_NAME = nothing("has no name that AWS gives once; another one is made, and the first stays without use");
const GENERATED_NAME = nothing("Terraform makes a new name each time");

const inNamespace = (values: Attributes): string | undefined => {
  const [metadata] = (values["metadata"] ?? []) as readonly Attributes[];
  return metadata && joined(metadata, "/", ...(text(metadata["namespace"]) ? ["namespace"] : []), "name");
};
const byMetadata: Finder = { by: "cluster", id: inNamespace };

const DESTINATIONS = ["destination_cidr_block", "destination_ipv6_cidr_block", "destination_prefix_list_id"];

const destinationOf = (values: Attributes): string | undefined =>
  DESTINATIONS.find((name) => text(values[name]) !== undefined);

const RULE = [
  "ip_protocol",
  "from_port",
  "to_port",
  "cidr_ipv4",
  "cidr_ipv6",
  "referenced_security_group_id",
  "prefix_list_id",
];

/** How each type of resource of a stack is found. */
export const FINDERS: Readonly<Record<string, Finder>> = {
  // One that a load balancer uses comes first: a killed deployment may have left another one of the same name.
  aws_acm_certificate: {
    by: "list",
    listing: ({ domain_name: name }) =>
      text(name) === undefined
        ? undefined
        : ["acm", "list-certificates", "--certificate-statuses", "ISSUED", "PENDING_VALIDATION"],
    ids: ({ CertificateSummaryList: found }, { domain_name: name }) =>
      (found as readonly { CertificateArn: string; DomainName: string; InUse?: boolean }[])
        .filter(({ DomainName }) => DomainName === name)
        .sort((one, other) => Number(other.InUse ?? false) - Number(one.InUse ?? false))
        .map(({ CertificateArn }) => CertificateArn),
    isUnique: false,
  },
  aws_acm_certificate_validation: nothing("exists in state only"),
  aws_autoscaling_group_tag: WRITTEN_OVER,
  aws_backup_plan: byList({
    listing: ["backup", "list-backup-plans"],
    key: "BackupPlansList",
    where: { BackupPlanName: "name" },
    id: ({ BackupPlanId }) => BackupPlanId,
    isUnique: false,
  }),
  aws_backup_selection: {
    ...byList({
      listing: ["backup", "list-backup-selections"],
      options: { "--backup-plan-id": "plan_id" },
      key: "BackupSelectionsList",
      where: { SelectionName: "name" },
      id: ({ SelectionId }) => SelectionId,
      isUnique: true,
    }),
    inState: (id, { plan_id }) => ({ id, plan_id }),
  },
  aws_backup_vault: byName("name"),
  aws_cloudwatch_dashboard: WRITTEN_OVER,
  aws_cloudwatch_log_group: byName("name"),
  aws_cloudwatch_log_resource_policy: WRITTEN_OVER,
  aws_db_instance: byName("identifier"),
  aws_db_parameter_group: GENERATED_NAME,
  aws_db_snapshot: byName("db_snapshot_identifier"),
  aws_db_snapshot_copy: byName("target_db_snapshot_identifier"),
  aws_db_subnet_group: GENERATED_NAME,
  aws_default_security_group: nothing("is there with its VPC, and Terraform takes it over"),
  aws_ec2_managed_prefix_list: byList({
    listing: ["ec2", "describe-managed-prefix-lists"],
    key: "PrefixLists",
    where: { PrefixListName: "name" },
    id: ({ PrefixListId }) => PrefixListId,
    isUnique: false,
  }),
  aws_ec2_tag: WRITTEN_OVER,
  aws_eip: byNameTag("aws_eips", "allocation_ids"),
  aws_eks_access_entry: byNames(":", "cluster_name", "principal_arn"),
  aws_eks_access_policy_association: WRITTEN_OVER,
  aws_eks_addon: byNames(":", "cluster_name", "addon_name"),
  aws_eks_cluster: byName("name"),
  aws_eks_node_group: {
    by: "lookup",
    lookup: ({ cluster_name }) =>
      text(cluster_name) === undefined ? undefined : { type: "aws_eks_node_groups", arguments: { cluster_name } },
    ids: ({ names: found }, { cluster_name: cluster, node_group_name: name, node_group_name_prefix: prefix }) =>
      (found as readonly string[])
        .filter((one) => (text(name) === undefined ? one.startsWith(String(prefix)) : one === name))
        .map((one) => `${String(cluster)}:${one}`),
  },
  aws_eks_pod_identity_association: {
    ...byList({
      listing: ["eks", "list-pod-identity-associations"],
      options: { "--cluster-name": "cluster_name" },
      key: "associations",
      where: { namespace: "namespace", serviceAccount: "service_account" },
      id: ({ associationId }) => associationId,
      isUnique: true,
    }),
    inState: (id, { cluster_name }) => ({ id, association_id: id, cluster_name }),
  },
  aws_flow_log: byList({
    listing: ["ec2", "describe-flow-logs"],
    key: "FlowLogs",
    where: { ResourceId: "vpc_id", LogDestination: "log_destination" },
    id: ({ FlowLogId }) => FlowLogId,
    isUnique: true,
  }),
  aws_iam_instance_profile: byName("name"),
  aws_iam_openid_connect_provider: byLookup("aws_iam_openid_connect_provider", ["url"], "arn"),
  aws_iam_policy: byArn("iam", () => "policy", true),
  aws_iam_role: byName("name"),
  aws_instance: byNameTag("aws_instances", "ids"),
  aws_internet_gateway: byFilter("aws_internet_gateway", { "attachment.vpc-id": "vpc_id" }, "internet_gateway_id"),
  aws_kms_alias: byName("name"),
  aws_kms_grant: NO_NAME,
  // Its alias says which it is; one that was made just before the kill has none yet.
  aws_kms_key: byTags("kms:key", (arn) => arn.split("/").at(-1) ?? arn, "description", "is_enabled"),
  aws_launch_template: byLookup("aws_launch_template", ["name"], "id"),
  aws_lb: byLookup("aws_lb", ["name"], "arn"),
  aws_lb_listener: byLookup("aws_lb_listener", ["load_balancer_arn", "port"], "arn"),
  aws_lb_listener_rule: byLookup("aws_lb_listener_rule", ["listener_arn", "priority"], "arn"),
  aws_lb_target_group: GENERATED_NAME,
  aws_nat_gateway: byFilter("aws_nat_gateways", { "subnet-id": "subnet_id" }, "ids", ["allocation_id"]),
  aws_networkfirewall_firewall: byArn("network-firewall", () => "firewall"),
  aws_networkfirewall_firewall_policy: byArn("network-firewall", () => "firewall-policy"),
  aws_networkfirewall_rule_group: byArn(
    "network-firewall",
    ({ type }) => `${type === "STATELESS" ? "stateless" : "stateful"}-rulegroup`,
  ),
  aws_route: {
    by: "id",
    id: (values) => {
      const destination = destinationOf(values);
      const table = text(values["route_table_id"]);
      return destination && table && `r-${table}${String(crc32(String(values[destination])))}`;
    },
    inState: (id, values) => {
      const destination = destinationOf(values) ?? "";
      return { id, route_table_id: values["route_table_id"], [destination]: values[destination] };
    },
  },
  ...DNS_FINDERS,
  ...PART_FINDERS,
  aws_route_table: byNameTag("aws_route_tables", "ids", ["vpc_id"]),
  aws_route_table_association: {
    by: "lookup",
    lookup: ({ subnet_id: id, route_table_id: table }) =>
      text(id) === undefined || text(table) === undefined
        ? undefined
        : { type: "aws_route_table", arguments: { subnet_id: id } },
    ids: ({ associations: found }, { subnet_id: subnet }) =>
      (found as readonly { route_table_association_id: string; subnet_id: string }[])
        .filter((one) => one.subnet_id === subnet)
        .map((one) => one.route_table_association_id),
    same: ["route_table_id"],
  },
  aws_s3_bucket: {
    ...byName("bucket"),
    contents: (id) => ["s3api", "list-object-versions", "--bucket", id, "--max-keys", "1", "--no-paginate"],
  },
  aws_secretsmanager_secret: byName("name"),
  aws_secretsmanager_secret_version: { by: "secret" },
  aws_security_group: {
    by: "lookup",
    lookup: ({ name, name_prefix: prefix, vpc_id: vpc }) => {
      const names = text(name) ?? (text(prefix) && `${String(prefix)}*`);
      if (names === undefined || text(vpc) === undefined) return undefined;
      const filter = Object.entries({ "group-name": names, "vpc-id": vpc });
      return {
        type: "aws_security_groups",
        arguments: { filter: filter.map(([key, value]) => ({ name: key, values: [value] })) },
      };
    },
    ids: ({ ids: found }) => found as readonly string[],
  },
  aws_sns_topic_subscription: WRITTEN_OVER,
  aws_sqs_queue: byLookup("aws_sqs_queue", ["name"], "url"),
  aws_subnet: byFilter("aws_subnets", { "cidr-block": "cidr_block", "vpc-id": "vpc_id" }, "ids"),
  aws_vpc: byNameTag("aws_vpcs", "ids"),
  aws_vpc_endpoint: byLookup("aws_vpc_endpoint", ["vpc_id", "service_name"], "id"),
  aws_vpc_ipv4_cidr_block_association: {
    by: "lookup",
    lookup: ({ vpc_id: id }) => (text(id) === undefined ? undefined : { type: "aws_vpc", arguments: { id } }),
    ids: ({ cidr_block_associations: found }, { cidr_block: cidr }) =>
      (found as readonly { association_id: string; cidr_block: string }[])
        .filter((one) => one.cidr_block === cidr)
        .map((one) => one.association_id),
    same: ["cidr_block"],
  },
  aws_vpc_security_group_egress_rule: byFilter(
    "aws_vpc_security_group_rules",
    { "group-id": "security_group_id" },
    "ids",
    RULE,
  ),
  aws_vpc_security_group_ingress_rule: byFilter(
    "aws_vpc_security_group_rules",
    { "group-id": "security_group_id" },
    "ids",
    RULE,
  ),
  aws_wafv2_web_acl: {
    by: "lookup",
    lookup: ({ name, scope }) =>
      text(name) === undefined ? undefined : { type: "aws_wafv2_web_acl", arguments: { name, scope } },
    ids: ({ id }) => [String(id)],
    inState: (id, { name, scope }) => ({ id, name, scope }),
  },
  helm_release: nothing("Helm takes over a release that is there (upgrade_install)"),
  kubernetes_horizontal_pod_autoscaler_v2: byMetadata,
  kubernetes_namespace_v1: byMetadata,
  kubernetes_network_policy_v1: byMetadata,
  kubernetes_priority_class_v1: byMetadata,
  kubernetes_secret_v1: byMetadata,
  kubernetes_storage_class_v1: byMetadata,
  terraform_data: nothing("exists in state only"),
};
