"""EKS access entries and the policies associated with them; stock moto has neither.

Rules that the model does not carry, as EKS applies them: entries need a cluster that takes API access; a principal is
an IAM role or user that exists; only STANDARD entries (and Auto Mode's EC2) carry policies; node entries carry neither
groups nor their own user name; no group starts with ``system:``; a policy is one that EKS offers.
"""

from __future__ import annotations

import re
from typing import Any, Dict, List, Optional

from moto.iam.models import iam_backends
from moto.moto_api._internal import mock_random

from .eks_common import arn_of, cluster_of, in_use, invalid_parameter, invalid_request, not_found, owned, page
from .operations import Answer, Call, now, operation

POLICY_PREFIX = "arn:aws:eks::aws:cluster-access-policy/"
POLICIES = (
    "AmazonARCRegionSwitchScalingPolicy",
    "AmazonEKSAdminPolicy",
    "AmazonEKSAdminViewPolicy",
    "AmazonEKSAutoNodePolicy",
    "AmazonEKSBlockStorageClusterPolicy",
    "AmazonEKSBlockStoragePolicy",
    "AmazonEKSClusterAdminPolicy",
    "AmazonEKSClusterInsightsPolicy",
    "AmazonEKSComputeClusterPolicy",
    "AmazonEKSComputePolicy",
    "AmazonEKSEditPolicy",
    "AmazonEKSEventPolicy",
    "AmazonEKSHybridPolicy",
    "AmazonEKSLoadBalancingClusterPolicy",
    "AmazonEKSLoadBalancingPolicy",
    "AmazonEKSNetworkingClusterPolicy",
    "AmazonEKSNetworkingPolicy",
    "AmazonEKSSecretReaderPolicy",
    "AmazonEKSViewPolicy",
)
TYPES = ("STANDARD", "EC2", "EC2_LINUX", "EC2_WINDOWS", "FARGATE_LINUX", "HYBRID_LINUX", "HYPERPOD_LINUX")
TYPES_WITH_POLICIES = ("STANDARD", "EC2")
NODE_USER = "system:node:{{EC2PrivateDNSName}}"
NODE_GROUPS = ["system:nodes"]
PRINCIPAL = re.compile(r"arn:[^:]+:iam::(?P<account>\d{12}):(?P<kind>role|user)/(?P<path>.+)")


def entries(call: Call) -> Dict[str, Dict[str, Any]]:
    mode = cluster_of(call).access_config["authenticationMode"]
    if mode == "CONFIG_MAP":
        raise invalid_request(
            "The cluster's authentication mode must be set to one of [API, API_AND_CONFIG_MAP] to perform this "
            "operation."
        )
    return owned(call, "access")


def entry_of(call: Call) -> Dict[str, Any]:
    found = entries(call).get(call.params["principalArn"])
    if found is None:
        raise not_found(
            "The specified principalArn could not be found. You can view your available access entries with "
            "'list-access-entries'."
        )
    return found


def published(entry: Dict[str, Any]) -> Answer:
    return {key: value for key, value in entry.items() if key not in ("policies", "madeByNodegroup")}


@operation("eks", "CreateAccessEntry")
def create_access_entry(call: Call) -> Answer:
    params = call.params
    kind = params.get("type", "STANDARD")
    check_kind(kind, params)
    check_groups(params.get("kubernetesGroups"))
    check_principal(call, params["principalArn"])
    if params["principalArn"] in entries(call):
        raise in_use("The specified access entry resource is already in use on this cluster.")
    entry = new_entry(call, params["principalArn"], kind)
    entry["tags"] = dict(params.get("tags") or {})
    if kind == "STANDARD":
        entry["kubernetesGroups"] = list(params.get("kubernetesGroups") or [])
        entry["username"] = params.get("username") or entry["username"]
    return {"accessEntry": published(entry)}


def new_entry(call: Call, principal: str, kind: str) -> Dict[str, Any]:
    """Store an entry with EKS's own user name and groups for its type."""
    match = PRINCIPAL.fullmatch(principal)
    if match is None:
        raise invalid_parameter("The specified principalArn is invalid: invalid principal.")
    name = match["path"].split("/")[-1]
    session = f"arn:{call.partition}:sts::{match['account']}:assumed-role/{name}/{{{{SessionName}}}}"
    standard = session if match["kind"] == "role" else principal
    entry: Dict[str, Any] = {
        "clusterName": cluster_of(call).name,
        "principalArn": principal,
        "kubernetesGroups": [] if kind in TYPES_WITH_POLICIES else list(NODE_GROUPS),
        "accessEntryArn": arn_of(
            call, "access-entry", match["kind"], match["account"], match["path"], str(mock_random.uuid4())
        ),
        "createdAt": now(),
        "modifiedAt": now(),
        "tags": {},
        "username": standard if kind == "STANDARD" else NODE_USER,
        "type": kind,
        "policies": {},
    }
    entries(call)[principal] = entry
    return entry


def check_kind(kind: str, params: Dict[str, Any]) -> None:
    if kind not in TYPES:
        raise invalid_parameter(f"The type {kind} is invalid, it must be one of {', '.join(TYPES)}")
    if kind != "STANDARD" and (params.get("kubernetesGroups") or params.get("username")):
        raise invalid_parameter(f"An access entry of type {kind} cannot have kubernetesGroups or a username")


def check_groups(groups: Optional[List[str]]) -> None:
    for group in groups or []:
        if group.startswith("system:"):
            raise invalid_parameter(f"The kubernetes group name {group} is invalid, it cannot start with system:")


def check_principal(call: Call, arn: str) -> None:
    iam = iam_backends[call.account][call.partition]
    known = {item.arn for item in list(iam.roles.values()) + list(iam.users.values())}
    match = PRINCIPAL.fullmatch(arn)
    if match is None or (match["account"] == call.account and arn not in known):
        raise invalid_parameter("The specified principalArn is invalid: invalid principal.")


def create_node_entry(call: Call, role: str) -> None:
    """The entry that EKS makes for the role of a managed node group, unless there is one."""
    mode = cluster_of(call).access_config["authenticationMode"]
    if mode != "CONFIG_MAP" and role not in entries(call):
        new_entry(call, role, "EC2_LINUX")["madeByNodegroup"] = True


def delete_node_entry(call: Call, role: str) -> None:
    found = owned(call, "access").get(role)
    if found is not None and found.get("madeByNodegroup"):
        owned(call, "access").pop(role)


@operation("eks", "DescribeAccessEntry")
def describe_access_entry(call: Call) -> Answer:
    return {"accessEntry": published(entry_of(call))}


@operation("eks", "ListAccessEntries")
def list_access_entries(call: Call) -> Answer:
    policy = call.params.get("associatedPolicyArn")
    found = [arn for arn, entry in entries(call).items() if policy is None or policy in entry["policies"]]
    return page(call, found, "accessEntries")


@operation("eks", "UpdateAccessEntry")
def update_access_entry(call: Call) -> Answer:
    entry, params = entry_of(call), call.params
    check_kind(entry["type"], params)
    check_groups(params.get("kubernetesGroups"))
    for key in ("kubernetesGroups", "username"):
        if params.get(key) is not None and entry["type"] == "STANDARD":
            entry[key] = params[key]
    entry["modifiedAt"] = now()
    return {"accessEntry": published(entry)}


@operation("eks", "DeleteAccessEntry")
def delete_access_entry(call: Call) -> Answer:
    entries(call).pop(entry_of(call)["principalArn"])
    return {}


@operation("eks", "ListAccessPolicies")
def list_access_policies(call: Call) -> Answer:
    policies = [{"name": name, "arn": POLICY_PREFIX + name} for name in POLICIES]
    return page(call, policies, "accessPolicies")


@operation("eks", "AssociateAccessPolicy")
def associate_access_policy(call: Call) -> Answer:
    entry, arn = entry_of(call), call.params["policyArn"]
    check_policy(arn)
    if entry["type"] not in TYPES_WITH_POLICIES:
        raise invalid_request(f"An access policy cannot be associated with an access entry of type {entry['type']}")
    scope = checked_scope(call.params["accessScope"])
    before = entry["policies"].get(arn, {})
    association = {
        "policyArn": arn,
        "accessScope": scope,
        "associatedAt": before.get("associatedAt", now()),
        "modifiedAt": now(),
    }
    entry["policies"][arn] = association
    return {
        "clusterName": entry["clusterName"],
        "principalArn": entry["principalArn"],
        "associatedAccessPolicy": association,
    }


def check_policy(arn: str) -> None:
    if not arn.startswith(POLICY_PREFIX) or arn[len(POLICY_PREFIX) :] not in POLICIES:
        raise invalid_parameter("The policyArn parameter format is not valid or the policy does not exist")


def checked_scope(given: Dict[str, Any]) -> Dict[str, Any]:
    kind, namespaces = given.get("type"), given.get("namespaces") or []
    if kind is None or (kind == "namespace") != bool(namespaces):
        raise invalid_parameter("An access scope needs namespaces if, and only if, its type is namespace")
    return {"type": kind, "namespaces": namespaces}


@operation("eks", "ListAssociatedAccessPolicies")
def list_associated_access_policies(call: Call) -> Answer:
    entry = entry_of(call)
    answer = page(call, entry["policies"].values(), "associatedAccessPolicies")
    return {"clusterName": entry["clusterName"], "principalArn": entry["principalArn"], **answer}


@operation("eks", "DisassociateAccessPolicy")
def disassociate_access_policy(call: Call) -> Answer:
    if entry_of(call)["policies"].pop(call.params["policyArn"], None) is None:
        raise not_found("The specified policyArn is not associated with the access entry.")
    return {}
