"""EKS clusters: what stock moto drops or invents, and the operations it lacks.

Stock moto loses ``accessConfig`` and ``upgradePolicy`` (Terraform then plans a replacement), leaves ``vpcId`` and
``clusterSecurityGroupId`` empty (the blueprint needs the group), answers UpdateClusterConfig with a cluster instead of
an update, and has no UpdateClusterVersion or DescribeUpdate, so that an upgrade cannot be applied.

``MOTO_EKS_ENDPOINT`` and ``MOTO_EKS_CA_DATA`` replace the invented endpoint and certificate, which are not usable, so
that the Kubernetes and Helm providers can be led to a real API server without a change in the blueprint.
"""

from __future__ import annotations

import ipaddress
import os
import re
from typing import Any, Dict, List, Tuple

from moto.ec2.models import ec2_backends
from moto.eks.models import Cluster
from moto.kms.models import kms_backends
from moto.moto_api._internal import mock_random

from .eks_common import (
    backend_of,
    cluster_of,
    finished_update,
    in_use,
    invalid_parameter,
    invalid_request,
    not_found,
    owned,
    page,
    require_security_groups,
    require_subnets,
    role_of,
    trusts,
)
from .operations import Answer, Call, operation, store

#: Kubernetes versions that the emulator takes, oldest first.
VERSIONS = ("1.30", "1.31", "1.32", "1.33", "1.34", "1.35", "1.36")
DEFAULT_VERSION = "1.35"
LOG_TYPES = ["api", "audit", "authenticator", "controllerManager", "scheduler"]
SERVICE_RANGES = tuple(ipaddress.ip_network(cidr) for cidr in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))
KINDS_OWNED_BY_A_CLUSTER = ("access", "addons", "associations", "updates")
#: Which kind of update a change of each argument of UpdateClusterConfig is.
UPDATE_KINDS = {
    "resourcesVpcConfig": "VpcConfigUpdate",
    "logging": "LoggingUpdate",
    "accessConfig": "AccessConfigUpdate",
    "upgradePolicy": "UpgradePolicyUpdate",
    "zonalShiftConfig": "ZonalShiftConfigUpdate",
    "deletionProtection": "DeletionProtectionUpdate",
}


@operation("eks", "CreateCluster")
def create_cluster(call: Call) -> Answer:
    params = call.params
    version = params.get("version", DEFAULT_VERSION)
    network = dict(params.get("kubernetesNetworkConfig") or {})
    check_version(version)
    check_role(call, params["roleArn"])
    check_service_range(network.get("serviceIpv4Cidr"))
    check_encryption(call, params.get("encryptionConfig") or [])
    vpc_config = complete_vpc_config(call, params["resourcesVpcConfig"])
    cluster = backend_of(call).create_cluster(
        name=params["name"],
        role_arn=params["roleArn"],
        resources_vpc_config=vpc_config,
        version=version,
        kubernetes_network_config={
            "ipFamily": "ipv4",
            "serviceIpv4Cidr": "172.20.0.0/16",
            "elasticLoadBalancing": {"enabled": False},
            **network,
        },
        logging=complete_logging(params.get("logging")),
        client_request_token=params.get("clientRequestToken"),
        tags=dict(params.get("tags") or {}),
        encryption_config=params.get("encryptionConfig"),
        remote_network_config=params.get("remoteNetworkConfig"),
    )
    settle(call, cluster)
    return {"cluster": described(cluster)}


def settle(call: Call, cluster: Cluster) -> None:
    """Keep what moto's own constructor has no parameter for."""
    params = call.params
    access = params.get("accessConfig") or {}
    cluster.access_config = {
        "authenticationMode": access.get("authenticationMode", "CONFIG_MAP"),
        "bootstrapClusterCreatorAdminPermissions": access.get("bootstrapClusterCreatorAdminPermissions", True),
    }
    cluster.upgrade_policy = params.get("upgradePolicy") or {"supportType": "EXTENDED"}
    cluster.zonal_shift_config = params.get("zonalShiftConfig")
    cluster.deletion_protection = params.get("deletionProtection", False)
    cluster.endpoint = os.environ.get("MOTO_EKS_ENDPOINT") or cluster.endpoint.rstrip("/")
    authority = os.environ.get("MOTO_EKS_CA_DATA")
    if authority:
        cluster.certificate_authority = {"data": authority}
    issuer = mock_random.get_random_hex(32).upper()
    cluster.identity = {"oidc": {"issuer": f"https://oidc.eks.{call.region}.amazonaws.com/id/{issuer}"}}
    cluster.resources_vpc_config["clusterSecurityGroupId"] = create_cluster_security_group(call, cluster)


def check_version(version: str) -> None:
    if version not in VERSIONS:
        raise invalid_parameter(f"unsupported Kubernetes version {version}")


def check_role(call: Call, arn: str) -> None:
    role = role_of(call, arn)
    if role is None or not trusts(role, "eks.amazonaws.com", ["sts:AssumeRole"]):
        raise invalid_parameter(
            f"Role with arn: {arn}, could not be assumed because it does not exist or the trusted entity is not correct"
        )


def check_service_range(cidr: Any) -> None:
    if cidr is None:
        return
    network = parse_cidr(cidr)
    inside = network.version == 4 and any(network.subnet_of(allowed) for allowed in SERVICE_RANGES)
    if not inside or not 12 <= network.prefixlen <= 24:
        raise invalid_parameter(f"The specified service IPv4 CIDR block {cidr} is not valid")


def parse_cidr(cidr: str) -> Any:
    try:
        return ipaddress.ip_network(cidr)
    except ValueError as error:
        raise invalid_parameter(f"The CIDR block {cidr} is not valid: {error}") from error


def check_encryption(call: Call, configs: List[Dict[str, Any]]) -> None:
    for config in configs:
        if config.get("resources") != ["secrets"]:
            raise invalid_parameter("Only 'secrets' can be encrypted")
        arn = (config.get("provider") or {}).get("keyArn", "")
        if not re.fullmatch(r"arn:[^:]+:kms:[^:]+:\d{12}:key/.+", arn):
            raise invalid_parameter(f"The keyArn in encryptionConfig provider is invalid: {arn}")
        if arn.split("/")[-1] not in kms_backends[call.account][call.region].keys:
            raise invalid_parameter(f"The key {arn} does not exist")


def complete_vpc_config(call: Call, given: Dict[str, Any]) -> Dict[str, Any]:
    """The VPC configuration with AWS's defaults, after the checks that AWS makes against EC2."""
    subnets = require_subnets(call, given.get("subnetIds") or [])
    if len({subnet.availability_zone for subnet in subnets}) < 2:
        raise invalid_parameter("Subnets specified must be in at least two different AZs")
    if len({subnet.vpc_id for subnet in subnets}) > 1:
        raise invalid_parameter("Subnets must belong to the same VPC")
    require_security_groups(call, given.get("securityGroupIds") or [])
    config = {
        "endpointPublicAccess": True,
        "endpointPrivateAccess": False,
        "securityGroupIds": [],
        **given,
        "vpcId": subnets[0].vpc_id,
    }
    check_endpoint_access(config)
    config.setdefault("publicAccessCidrs", ["0.0.0.0/0"] if config["endpointPublicAccess"] else [])
    return config


def check_endpoint_access(config: Dict[str, Any]) -> None:
    if not config["endpointPublicAccess"] and not config["endpointPrivateAccess"]:
        raise invalid_parameter("Private and public endpoint access cannot be false")
    for cidr in config.get("publicAccessCidrs") or []:
        parse_cidr(cidr)


def complete_logging(given: Any) -> Dict[str, Any]:
    """Every log type once, enabled or not, as EKS lists them."""
    enabled = {
        kind
        for setup in (given or {}).get("clusterLogging") or []
        if setup.get("enabled")
        for kind in setup.get("types") or []
    }
    setups = [([kind for kind in LOG_TYPES if (kind in enabled) is on], on) for on in (True, False)]
    return {"clusterLogging": [{"types": types, "enabled": on} for types, on in setups if types]}


def create_cluster_security_group(call: Call, cluster: Cluster) -> str:
    """A real group in the emulated VPC, made by EKS for the control plane and the nodes."""
    group = ec2_backends[call.account][call.region].create_security_group(
        f"eks-cluster-sg-{cluster.name}-{mock_random.get_random_hex(8)}",
        "EKS created security group applied to ENI that is attached to EKS Control Plane master nodes",
        vpc_id=cluster.resources_vpc_config["vpcId"],
        tags={f"kubernetes.io/cluster/{cluster.name}": "owned", "aws:eks:cluster-name": cluster.name},
    )
    return str(group.id)


def described(cluster: Cluster) -> Answer:
    answer = {
        "name": cluster.name,
        "arn": cluster.arn,
        "createdAt": cluster.created_at,
        "version": cluster.version,
        "endpoint": cluster.endpoint,
        "roleArn": cluster.role_arn,
        "resourcesVpcConfig": cluster.resources_vpc_config,
        "kubernetesNetworkConfig": cluster.kubernetes_network_config,
        "logging": cluster.logging,
        "identity": cluster.identity,
        "status": cluster.status,
        "certificateAuthority": cluster.certificate_authority,
        "clientRequestToken": cluster.client_request_token,
        "platformVersion": "eks.1",
        "tags": cluster.tags,
        "encryptionConfig": cluster.encryption_config,
        "health": {"issues": []},
        "accessConfig": cluster.access_config,
        "upgradePolicy": cluster.upgrade_policy,
        "zonalShiftConfig": cluster.zonal_shift_config,
        "deletionProtection": cluster.deletion_protection,
        "remoteNetworkConfig": cluster.remote_network_config,
    }
    return {key: value for key, value in answer.items() if value is not None}


@operation("eks", "DescribeCluster")
def describe_cluster(call: Call) -> Answer:
    return {"cluster": described(cluster_of(call))}


@operation("eks", "DeleteCluster")
def delete_cluster(call: Call) -> Answer:
    cluster = cluster_of(call)
    if cluster.deletion_protection:
        raise invalid_request(f"Cluster {cluster.name} cannot be deleted: deletion protection is enabled")
    if cluster.nodegroups:
        raise in_use("Cluster has nodegroups attached")
    for kind in KINDS_OWNED_BY_A_CLUSTER:
        store(backend_of(call), kind).pop(cluster.name, None)
    backend_of(call).delete_cluster(cluster.name)
    group = cluster.resources_vpc_config["clusterSecurityGroupId"]
    ec2 = ec2_backends[call.account][call.region]
    if ec2.get_security_group_from_id(group) is not None:
        ec2.delete_security_group(group_id=group)
    return {"cluster": {**described(cluster), "status": "DELETING"}}


@operation("eks", "UpdateClusterConfig")
def update_cluster_config(call: Call) -> Answer:
    cluster, changes = cluster_of(call), {key: call.params[key] for key in UPDATE_KINDS if key in call.params}
    if len(changes) != 1:
        raise invalid_parameter(f"Exactly one kind of change is allowed in an update, got: {sorted(changes)}")
    name, value = next(iter(changes.items()))
    kind, shown = change_cluster(call, cluster, name, value)
    return finished_update(call, kind, shown)


def change_cluster(call: Call, cluster: Cluster, name: str, value: Any) -> Tuple[str, Dict[str, Any]]:
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


def change_vpc_config(call: Call, cluster: Cluster, value: Dict[str, Any]) -> Tuple[str, Dict[str, Any]]:
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


def change_authentication_mode(cluster: Cluster, value: Dict[str, Any]) -> None:
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


@operation("eks", "DescribeClusterVersions")
def describe_cluster_versions(call: Call) -> Answer:
    wanted = call.params.get("clusterVersions") or VERSIONS
    versions = [
        {
            "clusterVersion": version,
            "clusterType": "eks",
            "defaultPlatformVersion": "eks.1",
            "defaultVersion": version == DEFAULT_VERSION,
            "status": "standard-support",
            "versionStatus": "STANDARD_SUPPORT",
        }
        for version in VERSIONS
        if version in wanted and (version == DEFAULT_VERSION or not call.params.get("defaultOnly"))
    ]
    return page(call, versions, "clusterVersions")
