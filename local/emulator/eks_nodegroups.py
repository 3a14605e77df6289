"""EKS managed node groups: stock moto invents an SSH key and a disk, and loses the update configuration.

Terraform reads those back as drift that forces a replacement. The checks are the ones EKS makes between arguments, and
between a node group, its cluster, its role and its launch template.

As in EKS, a node group in a cluster with API access makes the access entry of its role itself, and takes it away with
the last node group that uses the role: an entry that Terraform also makes for that role collides.
"""

from __future__ import annotations

from typing import Any, Dict, Optional

from moto.core.utils import utcnow
from moto.ec2.models import ec2_backends

from .eks_access import create_node_entry, delete_node_entry
from .eks_checks import VERSIONS
from .eks_common import (
    as_list,
    backend_of,
    cluster_of,
    finished_update,
    in_use,
    invalid_parameter,
    nodegroup_of,
    require_subnets,
    role_of,
    trusts,
)
from .operations import Answer, Call, operation

#: The last Kubernetes version that EKS builds images with Amazon Linux 2 for.
LAST_AL2_VERSION = "1.32"
DEFAULT_AMI_TYPE = "AL2023_x86_64_STANDARD"


@operation("eks", "ListNodegroups")
def list_nodegroups(call: Call) -> Answer:
    """moto answers with an internal error where the cluster does not exist."""
    return {"nodegroups": sorted(cluster_of(call).nodegroups)}


@operation("eks", "CreateNodegroup")
def create_nodegroup(call: Call) -> Answer:
    params, cluster = call.params, cluster_of(call)
    if params["nodegroupName"] in cluster.nodegroups:
        raise in_use(f"NodeGroup already exists with name {params['nodegroupName']} and cluster name {cluster.name}")
    template = launch_template_data(call, params.get("launchTemplate"))
    ami_type = chosen_ami_type(params, template)
    version = params.get("version") or cluster.version
    check_scaling(params.get("scalingConfig"))
    check_update_config(params.get("updateConfig"))
    check_node_role(call, params["nodeRole"])
    check_against_template(params, template)
    check_node_version(version, cluster.version, ami_type)
    require_subnets(call, params["subnets"])
    nodegroup = backend_of(call).create_nodegroup(
        cluster_name=cluster.name,
        nodegroup_name=params["nodegroupName"],
        node_role=params["nodeRole"],
        subnets=params["subnets"],
        scaling_config=params.get("scalingConfig"),
        disk_size=params.get("diskSize"),
        instance_types=params.get("instanceTypes"),
        ami_type=ami_type,
        remote_access=params.get("remoteAccess"),
        labels=dict(params.get("labels") or {}),
        taints=list(params.get("taints") or []),
        tags=dict(params.get("tags") or {}),
        client_request_token=params.get("clientRequestToken"),
        launch_template=params.get("launchTemplate"),
        capacity_type=params.get("capacityType"),
        version=version,
        release_version=params.get("releaseVersion") or f"{version}.0-20260801",
    )
    settle(nodegroup, params, template)
    create_node_entry(call, params["nodeRole"])
    return {"nodegroup": described(nodegroup)}


def settle(nodegroup: Any, params: Dict[str, Any], template: Optional[Dict[str, Any]]) -> None:
    """Undo moto's inventions: nothing that the caller did not give and AWS would not answer."""
    nodegroup.remote_access = params.get("remoteAccess")
    nodegroup.disk_size = params.get("diskSize") or (None if template is not None else 20)
    if template is not None and template.get("InstanceType"):
        nodegroup.instance_types = None
    nodegroup.update_config = params.get("updateConfig") or {"maxUnavailable": 1}
    nodegroup.node_repair_config = params.get("nodeRepairConfig")
    nodegroup.resources = {"autoScalingGroups": nodegroup.resources["autoScalingGroups"]}


def launch_template_data(call: Call, given: Optional[Dict[str, Any]]) -> Optional[Dict[str, Any]]:
    """The data of the launch template version that the node group names; None without a launch template."""
    if given is None:
        return None
    templates = ec2_backends[call.account][call.region].launch_templates.values()
    found = next((item for item in templates if given.get("id") == item.id or given.get("name") == item.name), None)
    if found is None:
        raise invalid_parameter(f"Launch template {given.get('id') or given.get('name')} does not exist")
    try:
        data: Dict[str, Any] = found.get_version(given.get("version") or found.default_version_number).data
    except (IndexError, ValueError) as error:
        raise invalid_parameter(f"Launch template version {given['version']} does not exist") from error
    return data


def chosen_ami_type(params: Dict[str, Any], template: Optional[Dict[str, Any]]) -> str:
    if (template or {}).get("ImageId"):
        if params.get("amiType") not in (None, "CUSTOM"):
            raise invalid_parameter(
                "You cannot specify an AMI Type other than CUSTOM with an image in the launch template"
            )
        return "CUSTOM"
    return str(params.get("amiType") or DEFAULT_AMI_TYPE)


def check_scaling(config: Optional[Dict[str, int]]) -> None:
    if config is None:
        return
    least, most = config.get("minSize", 0), config.get("maxSize", 1)
    if not least <= config.get("desiredSize", least) <= most:
        raise invalid_parameter(f"desired size must be between minimum size {least} and maximum size {most}")


def check_update_config(config: Optional[Dict[str, Any]]) -> None:
    if config is not None and ("maxUnavailable" in config) == ("maxUnavailablePercentage" in config):
        raise invalid_parameter("Exactly one of maxUnavailable and maxUnavailablePercentage must be given")


def check_node_role(call: Call, arn: str) -> None:
    role = role_of(call, arn)
    if role is None or not trusts(role, "ec2.amazonaws.com", ["sts:AssumeRole"]):
        raise invalid_parameter(
            "Following required service principals [ec2.amazonaws.com] were not found in the trust "
            f"relationships of nodeRole {arn}"
        )


def check_against_template(params: Dict[str, Any], template: Optional[Dict[str, Any]]) -> None:
    """What may stand either in the node group or in its launch template, and what EKS forbids in the template."""
    if template is None:
        return
    if template.get("InstanceType") and params.get("instanceTypes"):
        raise invalid_parameter("Instance types must be specified either in the launch template or in the node group")
    if template.get("IamInstanceProfile"):
        raise invalid_parameter("Launch template should not specify an instance profile")
    interfaces = as_list(template.get("NetworkInterface") or template.get("NetworkInterfaces"))
    if any(interface.get("SubnetId") for interface in interfaces):
        raise invalid_parameter("Launch template should not specify a subnet")


def check_node_version(version: str, cluster_version: str, ami_type: str) -> None:
    if version not in VERSIONS or VERSIONS.index(version) > VERSIONS.index(cluster_version):
        raise invalid_parameter(f"Nodegroup Kubernetes version {version} is above the cluster's {cluster_version}")
    if ami_type.startswith("AL2_") and VERSIONS.index(version) > VERSIONS.index(LAST_AL2_VERSION):
        raise invalid_parameter(
            f"AMI Type {ami_type} is only supported for kubernetes versions {LAST_AL2_VERSION} or earlier"
        )


def described(nodegroup: Any) -> Answer:
    template = nodegroup.launch_template
    answer = {
        "nodegroupName": nodegroup.nodegroup_name,
        "nodegroupArn": nodegroup.arn,
        "clusterName": nodegroup.cluster_name,
        "version": nodegroup.version,
        "releaseVersion": nodegroup.release_version,
        "createdAt": nodegroup.created_at,
        "modifiedAt": nodegroup.modified_at,
        "status": nodegroup.status,
        "capacityType": nodegroup.capacity_type,
        "scalingConfig": nodegroup.scaling_config,
        "instanceTypes": nodegroup.instance_types,
        "subnets": nodegroup.subnets,
        "remoteAccess": nodegroup.remote_access,
        "amiType": nodegroup.ami_type,
        "nodeRole": nodegroup.node_role,
        "labels": nodegroup.labels,
        "taints": nodegroup.taints,
        "resources": nodegroup.resources,
        "diskSize": nodegroup.disk_size,
        "health": {"issues": []},
        "updateConfig": nodegroup.update_config,
        "nodeRepairConfig": nodegroup.node_repair_config,
        "launchTemplate": (
            {key: template[key] for key in ("id", "name", "version") if key in template} if template else None
        ),
        "tags": nodegroup.tags,
    }
    return {key: value for key, value in answer.items() if value is not None}


@operation("eks", "DescribeNodegroup")
def describe_nodegroup(call: Call) -> Answer:
    return {"nodegroup": described(nodegroup_of(call))}


@operation("eks", "DeleteNodegroup")
def delete_nodegroup(call: Call) -> Answer:
    cluster, nodegroup = cluster_of(call), nodegroup_of(call)
    backend_of(call).delete_nodegroup(cluster.name, nodegroup.nodegroup_name)
    cluster.nodegroup_count = len(cluster.nodegroups)
    if not any(other.node_role == nodegroup.node_role for other in cluster.nodegroups.values()):
        delete_node_entry(call, nodegroup.node_role)
    return {"nodegroup": {**described(nodegroup), "status": "DELETING"}}


@operation("eks", "UpdateNodegroupConfig")
def update_nodegroup_config(call: Call) -> Answer:
    params, nodegroup = call.params, nodegroup_of(call)
    scaling = {**nodegroup.scaling_config, **(params.get("scalingConfig") or {})}
    check_scaling(scaling)
    check_update_config(params.get("updateConfig"))
    backend_of(call).update_nodegroup_config(
        cluster_name=nodegroup.cluster_name,
        nodegroup_name=nodegroup.nodegroup_name,
        labels=params.get("labels"),
        taints=params.get("taints"),
        scaling_config=dict(scaling),
        update_config=params.get("updateConfig"),
        node_repair_config=params.get("nodeRepairConfig"),
    )
    reported = {
        "MinSize": scaling.get("minSize"),
        "MaxSize": scaling.get("maxSize"),
        "DesiredSize": scaling.get("desiredSize"),
    }
    return finished_update(call, "ConfigUpdate", {key: value for key, value in reported.items() if value is not None})


@operation("eks", "UpdateNodegroupVersion")
def update_nodegroup_version(call: Call) -> Answer:
    params, nodegroup, cluster = call.params, nodegroup_of(call), cluster_of(call)
    template = params.get("launchTemplate")
    if template is not None:
        launch_template_data(call, template)
        nodegroup.launch_template = {**(nodegroup.launch_template or {}), **template}
    if params.get("version") or template is None:
        version = params.get("version") or cluster.version
        check_node_version(version, cluster.version, nodegroup.ami_type)
        nodegroup.version = version
        nodegroup.release_version = params.get("releaseVersion") or f"{version}.0-20260801"
    nodegroup.modified_at = utcnow()
    return finished_update(
        call, "VersionUpdate", {"Version": nodegroup.version, "ReleaseVersion": nodegroup.release_version}
    )
