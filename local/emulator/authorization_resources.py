"""Which actions a request needs, on which resources, and with which tags and other keys."""

from __future__ import annotations

import re
from typing import Any, Dict, Iterator, List, Optional

from .authorization_memory import CHOSEN, Memory
from .authorization_requests import AwsRequest, Question

#: Beginnings of ids by type of resources.
ID_PREFIXES = {
    "ec2:elastic-ip": "eipalloc",
    "ec2:internet-gateway": "igw",
    "ec2:launch-template": "lt",
    "ec2:natgateway": "nat",
    "ec2:prefix-list": "pl",
    "ec2:route-table": "rtb",
    "ec2:security-group": "sg",
    "ec2:security-group-rule": "sgr",
    "ec2:subnet": "subnet",
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
    "elasticloadbalancing:loadbalancer/app/": ("Name",),
    "elasticloadbalancing:targetgroup": ("Name",),
    "wafv2:managedruleset": ("VendorName",),
    "wafv2:webacl": ("Name",),
}
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
#: Beginnings of operations that may make a resource.
CREATES = ("Create", "Allocate", "Request", "Put", "Run", "Authorize", "Associate", "Register")
#: Requests that IAM allows to everybody.
FREE = ("sts:GetCallerIdentity",)
#: Actions on tags, which a request needs only where it has tags.
TAGGING = ("CreateTags", "AddTags", "AddTagsToResource", "TagResource")

Found = List[str]
Facts = Dict[str, Any]


class Resources:
    """Asks IAM's questions about requests."""

    def __init__(self, facts: Facts) -> None:
        self.calls: Dict[str, List[str]] = facts["calls"]
        self.actions: Dict[str, Facts] = facts["actions"]
        self.arns: Dict[str, str] = facts["arns"]
        self.patterns = {name: _pattern(arn) for name, arn in self.arns.items()}
        self.memory = Memory()

    def questions(self, request: AwsRequest) -> List[Question]:
        call = f"{request.service}:{request.operation}"
        asked: List[Question] = []
        for action in [] if call in FREE else self.calls.get(call, [call]):
            if action in self.actions:
                asked.extend(self._asked(request, action, None))
                for need in self.actions[action]["needs"]:
                    if need in self.actions:
                        asked.extend(self._asked(request, need, action))
            else:
                # What is not known is asked for all resources at once, so that no policy of ours allows it.
                asked.append(Question(action, "*", {}))
        return asked

    def _asked(self, request: AwsRequest, action: str, parent: Optional[str]) -> Iterator[Question]:
        if parent is not None and _name(action) in TAGGING and not request.tags:
            return
        found = self._found(request, action, parent)
        if parent is not None and self.actions[action]["required"] and not found:
            return
        for resource in found or ["*"]:
            yield Question(action, resource, self._context(request, action, parent, resource))

    def _found(self, request: AwsRequest, action: str, parent: Optional[str]) -> Found:
        if _name(action) == "CreateServiceLinkedRole":
            role = f"aws-service-role/{_linked(parent or action)}/x"
            return [f"arn:{request.partition}:iam::{request.account}:role/{role}"]
        if parent is not None and _name(action) in TAGGING:
            return self._tagged(request, parent, action) or self._found(request, parent, None)
        found = [arn for type_ in self.actions[action]["on"] for arn in self._named(request, type_)]
        made = self._made(request, action) if parent is None else []
        return list(dict.fromkeys(found + made))

    def _made(self, request: AwsRequest, action: str) -> Found:
        """ARNs of what a request makes, where AWS chooses their ids."""
        if not _name(action).startswith(CREATES):
            return []
        facts = self.actions[action]
        types = facts["required"] or _tagged_types(request, facts)
        return [self._arn(request, one, CHOSEN) for one in types if not self._named(request, one)]

    def _tagged(self, request: AwsRequest, action: str, tagging: str) -> Found:
        """ARNs of what a request makes and tags."""
        if not _name(action).startswith(CREATES):
            return []
        facts, on = self.actions[action], self.actions[tagging]["on"]
        types = facts["required"] or _tagged_types(request, facts)
        taggable = [one for one in types if one in on and "request" in facts["on"][one] + facts["tags"]]
        return [
            arn
            for one in taggable or self.actions[tagging]["required"]
            for arn in self._named(request, one) or [self._arn(request, one, CHOSEN)]
        ]

    def _named(self, request: AwsRequest, type_: str) -> Found:
        """ARNs of the resources of a type that a request names."""
        prefix = ID_PREFIXES.get(type_)
        found: Found = []
        for _, value in request.parameters:
            if self.patterns[type_].fullmatch(value):
                found.append(value)
            if prefix is not None and re.fullmatch(rf"{prefix}-[0-9a-f]{{8,32}}", value):
                found.append(self._arn(request, type_, value))
        return list(dict.fromkeys(found)) or self._by_name(request, type_)

    def _by_name(self, request: AwsRequest, type_: str) -> Found:
        if type_ == "s3:object":
            paths = zip(request.values("Bucket"), request.values("Key"))
            return [f"arn:{request.partition}:s3:::{bucket}/{key}" for bucket, key in paths]
        names = [value for value in request.values(*NAMES.get(type_, ())) if value and not value.startswith("arn:")]
        # A URL, and the path that Route 53 calls an id, end in the name.
        is_path = bool(names) and ("://" in names[0] or type_ == "route53:hostedzone")
        return [self._arn(request, type_, one.rstrip("/").rpartition("/")[2] if is_path else one) for one in names[:1]]

    def _arn(self, request: AwsRequest, type_: str, name: str) -> str:
        return self.memory.arn_of(self.patterns[type_], name) or _filled(request, type_, self.arns[type_], name)

    def _context(self, request: AwsRequest, action: str, parent: Optional[str], resource: str) -> Facts:
        context: Facts = {"aws:RequestedRegion": request.region}
        if parent is None or _name(action) in TAGGING:
            context.update({f"aws:RequestTag/{key}": value for key, value in request.tags.items()})
        context.update({f"aws:ResourceTag/{key}": value for key, value in self.memory.tags_of(resource).items()})
        if parent is not None and _name(action) in ("CreateTags", "AddTags"):
            context[f"{request.service}:CreateAction"] = _name(parent)
        if parent is not None and action.startswith("kms:") and request.service != "kms":
            context["kms:ViaService"] = f"{request.service}.{request.region}.amazonaws.com"
            context["kms:GrantIsForAWSResource"] = "true"
        if action.startswith("iam:"):
            context.update(self._iam_context(request, action, parent, resource))
        if _name(action) == "ChangeResourceRecordSets":
            names = [value.rstrip(".").lower().replace("*", "\\052") for value in request.values("Name")]
            context["route53:ChangeResourceRecordSetsNormalizedRecordNames"] = names
        return context

    def _iam_context(self, request: AwsRequest, action: str, parent: Optional[str], resource: str) -> Facts:
        role = resource.rpartition("/")[2]
        keys = {
            "iam:PermissionsBoundary": (request.values("PermissionsBoundary") or [self.memory.boundaries.get(role)])[0],
            "iam:PolicyARN": (request.values("PolicyArn") or [None])[0],
        }
        if _name(action) == "PassRole":
            keys["iam:PassedToService"] = (self.memory.trusts.get(role) or ["unknown"])[0]
        if _name(action) == "CreateServiceLinkedRole":
            keys["iam:AWSServiceName"] = _linked(parent or action)
        return {key: value for key, value in keys.items() if value is not None}


def _name(action: str) -> str:
    return action.partition(":")[2]


def _tagged_types(request: AwsRequest, facts: Facts) -> List[str]:
    types = [f"{request.service}:{value}" for value in request.values("ResourceType")]
    return [one for one in types if one in facts["on"]]


def _filled(request: AwsRequest, type_: str, arn: str, name: str) -> str:
    """An ARN with a name in its place, and what the request says or AWS chooses in the others."""
    variables = re.findall(r"\$\{(\w+)\}", arn)
    names = [one for one in variables if one not in ("Partition", "Region", "Account")]
    main = MAIN_VARIABLES.get(type_) or (names[-1 if "app" in type_ else 0] if names else "")
    values = {
        "Partition": request.partition,
        "Region": request.region,
        "Account": request.account,
        "ClusterName": (request.values("clusterName") or request.values("name") or [CHOSEN])[0],
        "Scope": "regional",
        main: name,
    }
    path = (request.values("Path") or [""])[0].strip("/")
    if main.endswith("WithPath") and path:
        values[main] = f"{path}/{name}"
    for variable in variables:
        arn = arn.replace(f"${{{variable}}}", values.get(variable, CHOSEN))
    if type_ == "secretsmanager:Secret":
        arn += f"-{CHOSEN}"
    return arn.replace("alias/alias/", "alias/")


def _pattern(arn: str) -> "re.Pattern[str]":
    literal = re.escape(re.sub(r"\$\{\w+\}", "\0", arn)).replace("\0", "\1").replace("\\\1", "\1")
    return re.compile(literal.replace("\1", r"[^:]*"))


def _linked(action: str) -> str:
    service = LINKED_ROLES.get(action) or LINKED_ROLES.get(action.partition(":")[0]) or "unknown"
    return f"{service}.amazonaws.com"
