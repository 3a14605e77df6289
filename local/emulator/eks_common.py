"""What the EKS modules share: errors, look-ups, updates, and checks against the other emulated services.

moto's clusters and node groups are typed ``Any``: the emulator keeps on them what moto's classes do not have.
"""

from __future__ import annotations

import json
from typing import Any, Dict, Iterable, List, Optional

from moto.ec2.models import ec2_backends
from moto.eks.models import eks_backends
from moto.iam.models import iam_backends
from moto.moto_api._internal import mock_random

from .operations import Answer, Call, Refusal, now, store


def invalid_parameter(message: str) -> Refusal:
    return Refusal("InvalidParameterException", message)


def invalid_request(message: str) -> Refusal:
    return Refusal("InvalidRequestException", message)


def not_found(message: str) -> Refusal:
    return Refusal("ResourceNotFoundException", message)


def in_use(message: str) -> Refusal:
    return Refusal("ResourceInUseException", message)


def backend_of(call: Call) -> Any:
    return eks_backends[call.account][call.region]


def cluster_of(call: Call) -> Any:
    """The cluster that the request names: the member is ``name`` in some operations, ``clusterName`` in others."""
    name = str(call.params.get("clusterName") or call.params["name"])
    cluster = backend_of(call).clusters.get(name)
    if cluster is None:
        raise not_found(f"No cluster found for name: {name}.")
    return cluster


def nodegroup_of(call: Call) -> Any:
    name = call.params["nodegroupName"]
    nodegroup = cluster_of(call).nodegroups.get(name)
    if nodegroup is None:
        raise not_found(f"No node group found for name: {name}.")
    return nodegroup


def owned(call: Call, kind: str) -> Dict[str, Dict[str, Any]]:
    """The objects of one kind that belong to the request's cluster; they go when the cluster goes."""
    cluster = cluster_of(call)
    by_cluster: Dict[str, Dict[str, Dict[str, Any]]] = store(backend_of(call), kind)
    return by_cluster.setdefault(cluster.name, {})


def arn_of(call: Call, kind: str, *parts: str) -> str:
    path = "/".join((kind, cluster_of(call).name) + parts)
    return f"arn:{call.partition}:eks:{call.region}:{call.account}:{path}"


def finished_update(call: Call, kind: str, params: Optional[Dict[str, Any]] = None) -> Answer:
    """Record an update that succeeded at once: everything here is instant."""
    name = str(mock_random.uuid4())
    update = {
        "id": name,
        "status": "Successful",
        "type": kind,
        "params": [{"type": key, "value": text_of(value)} for key, value in (params or {}).items()],
        "createdAt": now(),
        "errors": [],
    }
    owned(call, "updates")[name] = update
    return {"update": update}


def text_of(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def page(call: Call, items: Iterable[Any], key: str) -> Answer:
    """One page of a list, with a token that is the position of the next item."""
    everything = list(items)
    start = int(call.params.get("nextToken") or 0)
    end = start + int(call.params.get("maxResults") or 100)
    answer: Answer = {key: everything[start:end]}
    if end < len(everything):
        answer["nextToken"] = str(end)
    return answer


def require_subnets(call: Call, subnet_ids: List[str]) -> List[Any]:
    """The EC2 subnets with these ids; EKS refuses any that does not exist."""
    known = ec2_backends[call.account][call.region].subnets
    found = {name: subnet for by_zone in known.values() for name, subnet in by_zone.items()}
    missing = [name for name in subnet_ids if name not in found]
    if missing:
        raise invalid_parameter(f"The subnet ID '{missing[0]}' does not exist")
    return [found[name] for name in subnet_ids]


def require_security_groups(call: Call, group_ids: List[str]) -> None:
    ec2 = ec2_backends[call.account][call.region]
    for name in group_ids:
        if ec2.get_security_group_from_id(name) is None:
            raise invalid_parameter(f"The security group ID '{name}' does not exist")


def role_of(call: Call, arn: str) -> Optional[Any]:
    """The IAM role with this ARN, or None."""
    roles = iam_backends[call.account][call.partition].roles.values()
    return next((role for role in roles if role.arn == arn), None)


def trusts(role: Any, service: str, actions: Iterable[str]) -> bool:
    """Whether the role's trust policy lets ``service`` use all of ``actions``."""
    document = role.assume_role_policy_document
    policy = json.loads(document) if isinstance(document, str) else document or {}
    granted = set()
    for statement in as_list(policy.get("Statement")):
        principal = statement.get("Principal")
        services = as_list(principal.get("Service")) if isinstance(principal, dict) else []
        if statement.get("Effect") == "Allow" and service in services:
            granted.update(as_list(statement.get("Action")))
    return "sts:*" in granted or set(actions) <= granted


def as_list(value: Any) -> List[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
