"""What requests made: their ARNs, their tags, and whom roles trust."""

from __future__ import annotations

import re
import threading
from typing import Dict, List, Optional, Set

from moto.core import DEFAULT_ACCOUNT_ID

from .authorization_requests import AwsRequest

#: What stands in an ARN for the part that AWS chooses.
CHOSEN = "0new"
#: Beginnings of operations whose answer names what was made.
MAKES = ("Create", "Allocate", "Request", "Associate")
ISSUER = re.compile(r"(?<=/id/)[0-9A-F]{32}\b")
#: Ids of EC2 and the resolver, of load balancers, and issuers of tokens, the UUIDs of keys, certificates and plans.
IDS = (
    re.compile(r"\b[a-z]+(?:-[a-z]+)*-[0-9a-f]{8,17}\b"),
    re.compile(r"(?<=/)[0-9a-f]{16}\b"),
    ISSUER,
    re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"),
)


class Memory:
    """What the requests of a deployment have left."""

    def __init__(self) -> None:
        self.tags: Dict[str, Dict[str, str]] = {}
        self.known: Set[str] = set()
        self.trusts: Dict[str, List[str]] = {}
        self.boundaries: Dict[str, str] = {}
        self.profiles: Dict[str, str] = {}
        self.secret_keys: Dict[str, str] = {}
        self.aliased_keys: Dict[str, str] = {}
        self.lock = threading.Lock()

    def note(self, request: AwsRequest, answer: str) -> None:
        """Notes what the answer names, and the tags that it got."""
        with self.lock:
            self.known.update(re.findall(r"arn:aws[\w-]*:[^\s\"<>,\\]+", answer))
            for role, policy in zip(request.values("RoleName"), request.values("AssumeRolePolicyDocument")):
                self.trusts[role] = re.findall(r'"([a-z0-9.-]+\.amazonaws\.com)"', policy)
            for role, boundary in zip(request.values("RoleName"), request.values("PermissionsBoundary")):
                self.boundaries[role] = boundary
            for role, profile in zip(request.values("RoleName"), request.values("InstanceProfileName")):
                self.profiles[profile] = role
            for alias, key in zip(request.values("AliasName"), request.values("TargetKeyId")):
                self.aliased_keys[alias] = key.rpartition("/")[2]
            if request.service == "secretsmanager":
                for name, key in zip(request.values("SecretId", "Name"), request.values("KmsKeyId")):
                    self.secret_keys[_secret_name(name)] = key
            if request.tags:
                self._note_tags(request, answer)

    def keys_of(self, request: AwsRequest) -> List[str]:
        """ARNs of the key of the secret that a request names; none where it has AWS's own key."""
        with self.lock:
            keys = [self.secret_keys.get(_secret_name(name)) for name in request.values("SecretId")]
            return [key for key in keys if key is not None and key.startswith("arn:")]

    def _note_tags(self, request: AwsRequest, answer: str) -> None:
        given = {value for _, value in request.parameters}
        named = set(ids_in(answer)) - given if request.operation.startswith(MAKES) else set()
        if request.service == "eks":
            # A cluster's answer names its issuer of tokens, which IAM makes with tags of its own.
            named -= set(ISSUER.findall(answer))
        for name in named or {one for value in given for one in ids_in(value)}:
            self.tags[name] = {**self.tags.get(name, {}), **request.tags}

    def tags_of(self, resource: str) -> Dict[str, str]:
        """The tags of a resource; those of EC2 are what moto holds, which also tags what other services make."""
        from moto.ec2.models import ec2_backends

        if resource == "*":
            return {}
        _, _, service, region, *_ = resource.split(":")
        name = resource.rpartition("/")[2]
        if service == "ec2" and name != CHOSEN:
            tags = ec2_backends[DEFAULT_ACCOUNT_ID][region].describe_tags({"resource-id": [name]})
            return {one["key"]: one["value"] for one in tags}
        with self.lock:
            return {key: value for one in ids_in(resource) for key, value in self.tags.get(one, {}).items()}

    def arn_of(self, pattern: "re.Pattern[str]", name: str) -> Optional[str]:
        """The ARN of a resource that an answer named, by its name or id."""
        end = re.compile(rf"[:/]{re.escape(name)}(/[\w-]+|-\w{{6}})?$")
        with self.lock:
            return next((arn for arn in sorted(self.known) if pattern.fullmatch(arn) and end.search(arn)), None)


def _secret_name(name: str) -> str:
    """The name of a secret, also out of its ARN, which ends in six characters that AWS chooses."""
    return re.sub(r"-\w{6}$", "", name.split(":secret:")[1]) if ":secret:" in name else name


def ids_in(text: str) -> List[str]:
    return [one for pattern in IDS for one in pattern.findall(text)]
