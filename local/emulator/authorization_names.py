"""By which words of a request a resource is known."""

from __future__ import annotations

#: Beginnings of ids by type of resources.
ID_PREFIXES = {
    "ec2:elastic-ip": "eipalloc",
    "ec2:image": "ami",
    "ec2:instance": "i",
    "ec2:internet-gateway": "igw",
    "ec2:launch-template": "lt",
    "ec2:natgateway": "nat",
    "ec2:network-interface": "eni",
    "ec2:prefix-list": "pl",
    "ec2:route-table": "rtb",
    "ec2:security-group": "sg",
    "ec2:security-group-rule": "sgr",
    "ec2:subnet": "subnet",
    "ec2:volume": "vol",
    "ec2:vpc": "vpc",
    "ec2:vpc-endpoint": "vpce",
    "ec2:vpc-flow-log": "fl",
    "route53resolver:firewall-config": "fc",
    "route53resolver:firewall-domain-list": "rslvr-fdl",
    "route53resolver:firewall-rule-group": "rslvr-frg",
    "route53resolver:firewall-rule-group-association": "rslvr-frgassoc",
    "route53resolver:resolver-query-log-config": "rslvr-qlc",
}
#: Parameters that hold the name of a resource, by its type.
NAMES = {
    "autoscaling:autoScalingGroup": ("ResourceId", "AutoScalingGroupName"),
    "backup:backupPlan": ("backupPlanId",),
    "backup:backupVault": ("backupVaultName",),
    "cloudwatch:alarm": ("AlarmName", "AlarmNames"),
    "cloudwatch:dashboard": ("DashboardName", "DashboardNames"),
    "eks:addon": ("addonName",),
    "eks:cluster": ("clusterName", "name"),
    "eks:nodegroup": ("nodegroupName",),
    "events:rule-on-default-event-bus": ("Name", "Rule"),
    "iam:instance-profile": ("InstanceProfileName",),
    "iam:oidc-provider": ("Url",),
    "iam:policy": ("PolicyName",),
    "iam:role": ("RoleName",),
    "kms:alias": ("AliasName",),
    "kms:key": ("KeyId", "TargetKeyId", "KmsKeyId", "kmsKeyId", "keyArn"),
    "logs:log-group": ("logGroupName",),
    "network-firewall:Firewall": ("FirewallName",),
    "network-firewall:FirewallPolicy": ("FirewallPolicyName",),
    "network-firewall:StatefulRuleGroup": ("RuleGroupName",),
    "rds:db": ("DBInstanceIdentifier",),
    "rds:pg": ("DBParameterGroupName",),
    "rds:snapshot": ("DBSnapshotIdentifier", "FinalDBSnapshotIdentifier"),
    "rds:subgrp": ("DBSubnetGroupName",),
    "route53:hostedzone": ("Id", "HostedZoneId", "ResourceId"),
    "s3:bucket": ("Bucket",),
    "secretsmanager:Secret": ("Name", "SecretId"),
    "sns:topic": ("Name",),
    "sqs:queue": ("QueueName", "QueueUrl"),
    "ssm:parameter": ("Name",),
    "elasticloadbalancing:loadbalancer/app/": ("Name",),
    "elasticloadbalancing:targetgroup": ("Name",),
    "wafv2:managedruleset": ("VendorName",),
    "wafv2:webacl": ("Name",),
}
#: Types whose names are chosen by EKS, within a cluster.
IN_CLUSTERS = ("eks:access-entry", "eks:podidentityassociation")
#: The variable of an ARN that holds the name, where it is not the first.
MAIN_VARIABLES = {
    "autoscaling:autoScalingGroup": "GroupFriendlyName",
    "eks:addon": "AddonName",
    "eks:nodegroup": "NodegroupName",
    "elasticloadbalancing:loadbalancer/app/": "LoadBalancerName",
    "wafv2:managedruleset": "Name",
    "wafv2:webacl": "Name",
}
#: Services for which AWS makes a role, by the action that needs it or its service.
LINKED_ROLES = {
    "backup": "backup",
    "eks": "eks",
    "eks:CreateNodegroup": "eks-nodegroup",
    "elasticloadbalancing": "elasticloadbalancing",
    "network-firewall": "network-firewall",
    "rds": "rds",
    "wafv2": "wafv2",
}
