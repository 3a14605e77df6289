"""Which actions a request needs, on which resources, and with which tags and other keys."""

from __future__ import annotations

import re
from typing import Any, Dict, Iterable, Iterator, List, Optional

from .authorization_memory import CHOSEN, Memory
from .authorization_names import ID_PREFIXES, IN_CLUSTERS, LINKED_ROLES, MAIN_VARIABLES, NAMES
from .authorization_policies import Question
from .authorization_requests import AwsRequest

#: Beginnings of operations that may make a resource.
CREATES = ("Create", "Allocate", "Request", "Put", "Run", "Authorize", "Associate", "Register")
#: Requests that IAM allows to everybody.
FREE = ("sts:GetCallerIdentity",)
#: Actions that a new secret needs only where it gets a copy in another region.
REPLICATION = ("kms:Encrypt", "secretsmanager:ReplicateSecretToRegions")
#: Actions on tags, which a request needs only where it has tags.
TAGGING = (
    "CreateTags",
    "AddTags",
    "AddTagsToCertificate",
    "AddTagsToResource",
    "TagInstanceProfile",
    "TagOpenIDConnectProvider",
    "TagPolicy",
    "TagQueue",
    "TagResource",
    "TagRole",
)

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
        if parent == "secretsmanager:CreateSecret" and action in REPLICATION and not request.values("Region"):
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
        if not found and parent is not None and parent.startswith("secretsmanager:") and action.startswith("kms:"):
            return self.memory.keys_of(request)
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
        made = self.actions[action].get("makes")
        if made is not None:
            return self._of_balancer(request, made) or self._named(request, made) or [self._arn(request, made, CHOSEN)]
        if not _name(action).startswith(CREATES):
            return []
        facts, on = self.actions[action], self.actions[tagging]["on"]
        types = facts["required"] or _tagged_types(request, facts)

        def taggable(types: Iterable[str]) -> List[str]:
            return [one for one in types if one in on and "request" in facts["on"][one] + facts["tags"]]

        # A rule is not required by the action that makes it in a security group, and is what its tags are for.
        found = [
            arn
            for one in taggable(types) or self.actions[tagging]["required"] or taggable(facts["on"])
            for arn in self._named(request, one) or [self._arn(request, one, CHOSEN)]
        ]
        # EC2's requests say what their tags are for: an instance has interfaces that get none.
        return [arn for arn in found if not request.tags_by_type or request.tags_for(arn)]

    def _of_balancer(self, request: AwsRequest, type_: str) -> Found:
        """ARNs of listeners and rules, which begin as that of what they are made in."""
        within = {"listener/app": ":loadbalancer/", "listener-rule/app": ":listener/"}.get(_name(type_))
        parents = [value for _, value in request.parameters if within is not None and within in value]
        kind = _name(type_).partition("/")[0]
        return [f"{one.replace(within or '', f':{kind}/', 1)}/{CHOSEN}" for one in parents[:1]]

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
        if type_ == "iam:role" and request.operation == "RunInstances":
            roles = [self.memory.profiles.get(profile) for profile in request.values("Name")]
            return [self._arn(request, type_, role) for role in roles if role is not None]
        if type_ in IN_CLUSTERS:
            # EKS chooses the end of their names; the request names the cluster that they are of.
            clusters = request.values("clusterName") or request.values("name")
            return [_filled(request, type_, self.arns[type_], cluster) for cluster in clusters[:1]]
        names = [value for value in request.values(*NAMES.get(type_, ())) if value and not value.startswith("arn:")]
        if type_ == "kms:key":
            names = [self.memory.aliased_keys.get(one, one) for one in names]
        return [self._arn(request, type_, _last_part(type_, one)) for one in names[:1]]

    def _arn(self, request: AwsRequest, type_: str, name: str) -> str:
        # moto names an account in the ARNs of what AWS publishes; IAM does not.
        known = None if _is_published(type_, name) else self.memory.arn_of(self.patterns[type_], name)
        return known or _filled(request, type_, self.arns[type_], name)

    def _context(self, request: AwsRequest, action: str, parent: Optional[str], resource: str) -> Facts:
        context: Facts = {"aws:RequestedRegion": request.region}
        if parent is None or _name(action) in TAGGING:
            tags = request.tags_for(resource)
            context.update({f"aws:RequestTag/{key}": value for key, value in tags.items()})
        context.update({f"aws:ResourceTag/{key}": value for key, value in self.memory.tags_of(resource).items()})
        if parent is not None and _name(action) in ("CreateTags", "AddTags"):
            context[f"{request.service}:CreateAction"] = _name(parent)
        if parent is not None and action.startswith("kms:") and request.service != "kms":
            # The key of a copy in another region is used there.
            region = request.region if resource == "*" else resource.split(":")[3]
            context["kms:ViaService"] = f"{request.service}.{region}.amazonaws.com"
            context["kms:GrantIsForAWSResource"] = "true"
        if action.startswith("eks:"):
            given = {key: request.values(key) for key in ("principalArn", "policyArn")}
            context.update({f"eks:{key}": values[0] for key, values in given.items() if values})
        if ":image/" in resource:
            # The images that the environments name are Amazon Linux.
            context["ec2:Owner"] = "amazon"
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


def _is_published(type_: str, name: str) -> bool:
    """Whether AWS publishes a parameter, which is then of no account."""
    return type_ == "ssm:parameter" and name.startswith("aws/service/")


def _name(action: str) -> str:
    return action.partition(":")[2]


def _last_part(type_: str, name: str) -> str:
    """A URL, and the path that Route 53 calls an id, end in the name; that of an issuer of tokens is its name."""
    if type_ == "iam:oidc-provider":
        return name.partition("://")[2]
    if type_ == "ssm:parameter":
        return name.lstrip("/")
    return name.rstrip("/").rpartition("/")[2] if "://" in name or type_ == "route53:hostedzone" else name


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
        "Account": "" if _is_published(type_, name) else request.account,
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
