"""EKS Pod Identity associations; stock moto has none.

As EKS does: one association for each service account of a namespace, and a role that does not trust
``pods.eks.amazonaws.com`` with both AssumeRole and TagSession is refused.
"""

from __future__ import annotations

from typing import Any, Dict, List, Optional

from .eks_common import arn_of, cluster_of, in_use, invalid_parameter, not_found, owned, page, role_of, trusts
from .operations import Answer, Call, new_id, now, operation

SUMMARY = ("clusterName", "namespace", "serviceAccount", "associationArn", "associationId", "ownerArn")
CHANGEABLE = ("roleArn", "disableSessionTags", "targetRoleArn", "policy")


def associations(call: Call) -> Dict[str, Dict[str, Any]]:
    return owned(call, "associations")


def association_of(call: Call) -> Dict[str, Any]:
    found = associations(call).get(call.params["associationId"])
    if found is None:
        raise not_found(f"No association found with id: {call.params['associationId']}")
    return found


def check_role(call: Call, arn: str) -> None:
    role = role_of(call, arn)
    if role is None:
        raise invalid_parameter("Role provided in the request does not exist.")
    if not trusts(role, "pods.eks.amazonaws.com", ["sts:AssumeRole", "sts:TagSession"]):
        raise invalid_parameter("Trust policy of the role provided is invalid")


def associate(call: Call, wanted: Dict[str, Any], owner: Optional[str] = None) -> Dict[str, Any]:
    """Store an association; ``owner`` is the ARN of the add-on that it was made through."""
    check_role(call, wanted["roleArn"])
    for other in associations(call).values():
        if (other["namespace"], other["serviceAccount"]) == (wanted["namespace"], wanted["serviceAccount"]):
            raise in_use(f"Association already exists: {other['associationId']}")
    name = new_id("a-")
    association = {
        "clusterName": cluster_of(call).name,
        "namespace": wanted["namespace"],
        "serviceAccount": wanted["serviceAccount"],
        "associationArn": arn_of(call, "podidentityassociation", name),
        "associationId": name,
        "tags": dict(wanted.get("tags") or {}),
        "createdAt": now(),
        "modifiedAt": now(),
        "disableSessionTags": False,
        **{key: wanted[key] for key in CHANGEABLE if wanted.get(key) not in (None, "")},
    }
    if owner is not None:
        association["ownerArn"] = owner
    associations(call)[name] = association
    return association


def owned_arns(call: Call, owner: str) -> List[str]:
    return [item["associationArn"] for item in associations(call).values() if item.get("ownerArn") == owner]


def delete_owned(call: Call, owner: str) -> None:
    for name in [name for name, item in associations(call).items() if item.get("ownerArn") == owner]:
        associations(call).pop(name)


@operation("eks", "CreatePodIdentityAssociation")
def create_pod_identity_association(call: Call) -> Answer:
    return {"association": associate(call, call.params)}


@operation("eks", "DescribePodIdentityAssociation")
def describe_pod_identity_association(call: Call) -> Answer:
    return {"association": association_of(call)}


@operation("eks", "ListPodIdentityAssociations")
def list_pod_identity_associations(call: Call) -> Answer:
    wanted = {key: call.params[key] for key in ("namespace", "serviceAccount") if call.params.get(key)}
    found = [
        {key: item[key] for key in SUMMARY if key in item}
        for item in associations(call).values()
        if all(item[key] == value for key, value in wanted.items())
    ]
    return page(call, found, "associations")


@operation("eks", "UpdatePodIdentityAssociation")
def update_pod_identity_association(call: Call) -> Answer:
    association, params = association_of(call), call.params
    if params.get("roleArn"):
        check_role(call, params["roleArn"])
    association.update({key: params[key] for key in CHANGEABLE if params.get(key) is not None}, modifiedAt=now())
    return {"association": association}


@operation("eks", "DeletePodIdentityAssociation")
def delete_pod_identity_association(call: Call) -> Answer:
    return {"association": associations(call).pop(association_of(call)["associationId"])}
