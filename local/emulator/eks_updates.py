"""EKS updates of clusters: stock moto answers UpdateClusterConfig with a cluster, and cannot upgrade one."""

from __future__ import annotations

from typing import Any, Dict, Tuple

from .eks_checks import (
    VERSIONS,
    check_encryption,
    check_endpoint_access,
    check_version,
    complete_logging,
)
from .eks_common import (
    cluster_of,
    finished_update,
    invalid_parameter,
    not_found,
    owned,
    page,
    require_security_groups,
    require_subnets,
)
from .operations import Answer, Call, operation

#: Which kind of update a change of each argument of UpdateClusterConfig is.
UPDATE_KINDS = {
    "resourcesVpcConfig": "VpcConfigUpdate",
    "logging": "LoggingUpdate",
    "accessConfig": "AccessConfigUpdate",
    "upgradePolicy": "UpgradePolicyUpdate",
    "zonalShiftConfig": "ZonalShiftConfigUpdate",
    "deletionProtection": "DeletionProtectionUpdate",
}


@operation("eks", "UpdateClusterConfig")
def update_cluster_config(call: Call) -> Answer:
    cluster, changes = cluster_of(call), {key: call.params[key] for key in UPDATE_KINDS if key in call.params}
    if len(changes) != 1:
        raise invalid_parameter(f"Exactly one kind of change is allowed in an update, got: {sorted(changes)}")
    name, value = next(iter(changes.items()))
    kind, shown = change_cluster(call, cluster, name, value)
    return finished_update(call, kind, shown)


def change_cluster(call: Call, cluster: Any, name: str, value: Any) -> Tuple[str, Dict[str, Any]]:
    """Apply one change; the answer is the kind of update and the parameters that it reports."""
    kind = UPDATE_KINDS[name]
    if name == "resourcesVpcConfig":
        return change_vpc_config(call, cluster, value)
    if name == "logging":
        cluster.logging = complete_logging(value)
        return kind, {"ClusterLogging": value}
    if name == "accessConfig":
        change_authentication_mode(cluster, value)
        return kind, {"AuthenticationMode": value["authenticationMode"]}
    if name == "upgradePolicy":
        cluster.upgrade_policy = value
        return kind, {"UpgradePolicy": value}
    if name == "zonalShiftConfig":
        cluster.zonal_shift_config = value
        return kind, {"ZonalShiftConfig": value}
    cluster.deletion_protection = value
    return kind, {"DeletionProtection": value}


def change_vpc_config(call: Call, cluster: Any, value: Dict[str, Any]) -> Tuple[str, Dict[str, Any]]:
    merged = {**cluster.resources_vpc_config, **value}
    check_endpoint_access(merged)
    require_subnets(call, merged["subnetIds"])
    require_security_groups(call, merged["securityGroupIds"])
    if not merged["endpointPublicAccess"]:
        merged["publicAccessCidrs"] = []
    cluster.resources_vpc_config = merged
    if "subnetIds" in value or "securityGroupIds" in value:
        return "VpcConfigUpdate", {"Subnets": merged["subnetIds"], "SecurityGroups": merged["securityGroupIds"]}
    return "EndpointAccessUpdate", {
        "EndpointPublicAccess": merged["endpointPublicAccess"],
        "EndpointPrivateAccess": merged["endpointPrivateAccess"],
        "PublicAccessCidrs": merged["publicAccessCidrs"],
    }


def change_authentication_mode(cluster: Any, value: Dict[str, Any]) -> None:
    """Modes only move towards API, as in EKS."""
    order = ["CONFIG_MAP", "API_AND_CONFIG_MAP", "API"]
    current, wanted = cluster.access_config["authenticationMode"], value.get("authenticationMode")
    if wanted is None or order.index(wanted) <= order.index(current):
        raise invalid_parameter(f"Unsupported authentication mode update from {current} to {wanted}")
    cluster.access_config["authenticationMode"] = wanted


@operation("eks", "UpdateClusterVersion")
def update_cluster_version(call: Call) -> Answer:
    cluster, wanted = cluster_of(call), call.params["version"]
    check_version(wanted)
    if VERSIONS.index(wanted) - VERSIONS.index(cluster.version) != 1:
        raise invalid_parameter(f"Unsupported Kubernetes minor version update from {cluster.version} to {wanted}")
    cluster.version = wanted
    return finished_update(call, "VersionUpdate", {"Version": wanted, "PlatformVersion": "eks.1"})


@operation("eks", "AssociateEncryptionConfig")
def associate_encryption_config(call: Call) -> Answer:
    cluster, configs = cluster_of(call), call.params["encryptionConfig"]
    check_encryption(call, configs)
    if cluster.encryption_config:
        raise invalid_parameter("EncryptionConfig is already associated with the cluster")
    cluster.encryption_config = configs
    return finished_update(call, "AssociateEncryptionConfig", {"EncryptionConfig": configs})


@operation("eks", "DescribeUpdate")
def describe_update(call: Call) -> Answer:
    update = owned(call, "updates").get(call.params["updateId"])
    if update is None:
        raise not_found(f"No update found for ID: {call.params['updateId']}")
    return {"update": update}


@operation("eks", "ListUpdates")
def list_updates(call: Call) -> Answer:
    return page(call, owned(call, "updates"), "updateIds")
