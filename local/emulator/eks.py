"""EKS clusters: what stock moto drops or invents.

Stock moto loses ``accessConfig`` and ``upgradePolicy`` (Terraform then plans a replacement), and leaves ``vpcId``
and ``clusterSecurityGroupId`` empty (the blueprint needs the group).

``MOTO_EKS_ENDPOINT`` and ``MOTO_EKS_CA_DATA`` replace the invented endpoint and certificate, which are not usable, so
that the Kubernetes and Helm providers can be led to a real API server without a change in the blueprint.
"""

from __future__ import annotations

import os
from typing import Any

from moto.ec2.models import ec2_backends
from moto.moto_api._internal import mock_random

from .eks_checks import (
    DEFAULT_VERSION,
    VERSIONS,
    check_encryption,
    check_role,
    check_service_range,
    check_version,
    complete_logging,
    complete_vpc_config,
)
from .eks_common import backend_of, cluster_of, in_use, invalid_request, page
from .operations import Answer, Call, operation, store

KINDS_OWNED_BY_A_CLUSTER = ("access", "addons", "associations", "updates")


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


def settle(call: Call, cluster: Any) -> None:
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


def create_cluster_security_group(call: Call, cluster: Any) -> str:
    """A real group in the emulated VPC, made by EKS for the control plane and the nodes."""
    group = ec2_backends[call.account][call.region].create_security_group(
        f"eks-cluster-sg-{cluster.name}-{mock_random.get_random_hex(8)}",
        "EKS created security group applied to ENI that is attached to EKS Control Plane master nodes",
        vpc_id=cluster.resources_vpc_config["vpcId"],
        tags={f"kubernetes.io/cluster/{cluster.name}": "owned", "aws:eks:cluster-name": cluster.name},
    )
    return str(group.id)


def described(cluster: Any) -> Answer:
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
