import { local } from "./environments/local";
import type { PermissionBench } from "./permission-bench";

type Answer = Readonly<Record<string, unknown>>;

/**
 * Changes an environment past Terraform, as a person in AWS's console does, so that the next run puts it right. No setting of ours
 * makes Terraform send what that takes: an alias of a key never moves, and a record keeps its target.
 */
export function changeByHand({ bench }: PermissionBench): void {
  const call = (service: string, operation: string, parameters: object): Answer =>
    bench.call([{ service, operation, parameters: { ...parameters } }])[0] as Answer;
  const prefix = `retool-${local.name}`;

  // Two aliases have the same key then.
  const aliases = call("kms", "list_aliases", {})["Aliases"] as readonly { AliasName: string; TargetKeyId: string }[];
  const TargetKeyId = aliases.find(({ AliasName }) => AliasName === `alias/${prefix}-data`)?.TargetKeyId;
  call("kms", "update_alias", { AliasName: `alias/${prefix}-backup`, TargetKeyId });

  const zones = call("route53", "list_hosted_zones_by_name", { DNSName: local.domain })["HostedZones"];
  const [{ Id: HostedZoneId }] = zones as readonly [{ Id: string }];
  const records = call("route53", "list_resource_record_sets", { HostedZoneId })["ResourceRecordSets"];
  const [record] = (records as readonly { Type: string; AliasTarget: object }[]).filter(({ Type }) => Type === "A");
  const ResourceRecordSet = { ...record, AliasTarget: { ...record?.AliasTarget, EvaluateTargetHealth: false } };
  call("route53", "change_resource_record_sets", {
    HostedZoneId,
    ChangeBatch: { Changes: [{ Action: "UPSERT", ResourceRecordSet }] },
  });

  const bastion = `${prefix}-bastion`;
  call("iam", "remove_role_from_instance_profile", { InstanceProfileName: bastion, RoleName: bastion });

  call("eks", "delete_access_entry", {
    clusterName: prefix,
    principalArn: `arn:aws:iam::${local.account}:role/viewers`,
  });

  // The firewall's log shows what it must not.
  const logs = call("wafv2", "list_logging_configurations", { Scope: "REGIONAL" })["LoggingConfigurations"];
  const [log] = logs as readonly Readonly<Record<string, unknown>>[];
  call("wafv2", "put_logging_configuration", { LoggingConfiguration: { ...log, RedactedFields: [] } });

  const groups = call("elbv2", "describe_target_groups", {})["TargetGroups"] as readonly { TargetGroupArn: string }[];
  const ResourceArns = groups.map(({ TargetGroupArn }) => TargetGroupArn);
  call("elbv2", "remove_tags", { ResourceArns, TagKeys: ["Team"] });

  const Filters = [{ Name: "tag:aws:eks:cluster-name", Values: [prefix] }];
  const [{ GroupId }] = call("ec2", "describe_security_groups", { Filters })["SecurityGroups"] as readonly [
    { GroupId: string },
  ];
  call("ec2", "delete_tags", { Resources: [GroupId], Tags: [{ Key: "Team" }] });

  const rules = call("ec2", "describe_security_group_rules", {})["SecurityGroupRules"];
  const open = (rules as readonly { CidrIpv4?: string; GroupId: string; SecurityGroupRuleId: string }[]).find(
    ({ CidrIpv4 }) => CidrIpv4 === local.access[0],
  );
  call("ec2", "revoke_security_group_ingress", {
    GroupId: open?.GroupId,
    SecurityGroupRuleIds: [open?.SecurityGroupRuleId],
  });

  call("rds", "modify_db_instance", {
    DBInstanceIdentifier: prefix,
    PerformanceInsightsRetentionPeriod: 7,
    ApplyImmediately: true,
  });
}
