"""EKS add-ons; stock moto has none.

As EKS does: an unknown add-on is refused, ``configurationValues`` must be a JSON object (and, for the vpc-cni keys that
the blueprint sets, of the add-on's own types: it wants strings where one expects booleans), a service account must be
one that the add-on has, and an add-on owns the pod identity associations made through it.

Not checked: whether an add-on version exists. The list changes weekly, so any version of the right form passes.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Dict, List, Optional, Tuple

from moto.moto_api._internal import mock_random

from .eks_checks import DEFAULT_VERSION, VERSIONS
from .eks_common import arn_of, cluster_of, finished_update, in_use, invalid_parameter, not_found, owned, page
from .eks_pod_identity import associate, delete_owned, owned_arns
from .operations import Answer, Call, now, operation

VERSION_FORM = re.compile(r"v\d+\.\d+\.\d+(-[a-z0-9.]+)?-eksbuild\.\d+")


@dataclass(frozen=True)
class Addon:
    """What the emulator knows of one add-on."""

    version: str
    service_accounts: Tuple[str, ...] = ()
    kind: str = "networking"
    namespace: str = "kube-system"


ADDONS: Dict[str, Addon] = {
    "amazon-cloudwatch-observability": Addon(
        "v4.3.1-eksbuild.1", ("cloudwatch-agent",), "observability", "amazon-cloudwatch"
    ),
    "aws-ebs-csi-driver": Addon("v1.47.0-eksbuild.1", ("ebs-csi-controller-sa",), "storage"),
    "aws-efs-csi-driver": Addon("v2.1.11-eksbuild.1", ("efs-csi-controller-sa",), "storage"),
    "aws-mountpoint-s3-csi-driver": Addon("v1.15.0-eksbuild.1", ("s3-csi-driver-sa",), "storage"),
    "aws-guardduty-agent": Addon("v1.10.0-eksbuild.2", (), "security", "amazon-guardduty"),
    "aws-secrets-store-csi-driver-provider": Addon("v1.0.0-eksbuild.1", (), "security", "aws-secrets-manager"),
    "cert-manager": Addon("v1.18.2-eksbuild.2", (), "security", "cert-manager"),
    "coredns": Addon("v1.12.2-eksbuild.4"),
    "eks-node-monitoring-agent": Addon("v1.4.0-eksbuild.2", (), "observability"),
    "eks-pod-identity-agent": Addon("v1.3.8-eksbuild.2", (), "security"),
    "external-dns": Addon("v0.19.0-eksbuild.2", ("external-dns",), "networking", "external-dns"),
    "kube-proxy": Addon("v1.33.3-eksbuild.4"),
    "kube-state-metrics": Addon("v2.16.0-eksbuild.1", (), "observability", "kube-state-metrics"),
    "metrics-server": Addon("v0.8.0-eksbuild.2", (), "observability"),
    "prometheus-node-exporter": Addon("v1.9.1-eksbuild.3", (), "observability", "prometheus-node-exporter"),
    "snapshot-controller": Addon("v8.3.0-eksbuild.1", (), "storage"),
    "vpc-cni": Addon("v1.20.1-eksbuild.1", ("aws-node",)),
}


def addon_of(call: Call) -> Dict[str, Any]:
    name = call.params["addonName"]
    found = owned(call, "addons").get(name)
    if found is None:
        raise not_found(f"No addon: {name} found in cluster: {cluster_of(call).name}")
    return found


def known(name: str) -> Addon:
    if name not in ADDONS:
        raise invalid_parameter(f"Addon {name} specified is not supported")
    return ADDONS[name]


def published(call: Call, addon: Dict[str, Any]) -> Answer:
    return {**addon, "podIdentityAssociations": owned_arns(call, addon["addonArn"])}


@operation("eks", "CreateAddon")
def create_addon(call: Call) -> Answer:
    params, name = call.params, call.params["addonName"]
    facts = known(name)
    check_arguments(name, params)
    if name in owned(call, "addons"):
        raise in_use("Addon already exists.")
    addon = {
        "addonName": name,
        "clusterName": cluster_of(call).name,
        "status": "ACTIVE",
        "addonVersion": params.get("addonVersion") or facts.version,
        "health": {"issues": []},
        "addonArn": arn_of(call, "addon", name, str(mock_random.uuid4())),
        "createdAt": now(),
        "modifiedAt": now(),
        "tags": dict(params.get("tags") or {}),
        "namespaceConfig": params.get("namespaceConfig") or {"namespace": facts.namespace},
    }
    addon.update(optional(params))
    replace_associations(call, addon, params.get("podIdentityAssociations") or [])
    owned(call, "addons")[name] = addon
    return {"addon": published(call, addon)}


def optional(params: Dict[str, Any]) -> Dict[str, Any]:
    return {key: params[key] for key in ("serviceAccountRoleArn", "configurationValues") if params.get(key)}


def check_arguments(name: str, params: Dict[str, Any]) -> None:
    version = params.get("addonVersion")
    if version is not None and not VERSION_FORM.fullmatch(version):
        raise invalid_parameter("Addon version specified is not supported")
    check_configuration(name, params.get("configurationValues"))
    for item in params.get("podIdentityAssociations") or []:
        if item["serviceAccount"] not in known(name).service_accounts:
            raise invalid_parameter(
                f"Service account {item['serviceAccount']} in pod identity configuration "
                f"is not supported for addon {name}"
            )


def check_configuration(name: str, text: Optional[str]) -> None:
    if not text:
        return
    try:
        values = json.loads(text)
    except ValueError as error:
        raise invalid_parameter(f"ConfigurationValue is not in valid JSON format: {error}") from error
    if not isinstance(values, dict):
        raise invalid_parameter("ConfigurationValue is not in valid JSON format: it must be an object")
    problems = vpc_cni_problems(values) if name == "vpc-cni" else []
    if problems:
        raise invalid_parameter(
            "ConfigurationValue provided in request is not supported: Json schema validation failed with error: "
            f"[{', '.join(problems)}]"
        )


def vpc_cni_problems(values: Dict[str, Any]) -> List[str]:
    """vpc-cni renders these keys into container variables and flags, and its schema takes text only."""
    problems = []
    switch = values.get("enableNetworkPolicy", "true")
    if switch not in ("true", "false"):
        problems.append("$.enableNetworkPolicy: does not match the regex pattern ^(false|true)$")
    environment = values.get("env", {})
    for key, value in environment.items() if isinstance(environment, dict) else []:
        if not isinstance(value, str):
            problems.append(f"$.env.{key}: {type(value).__name__} found, string expected")
    return problems


def replace_associations(call: Call, addon: Dict[str, Any], wanted: List[Dict[str, Any]]) -> None:
    """Make the add-on's associations exactly the wanted ones."""
    delete_owned(call, addon["addonArn"])
    for item in wanted:
        associate(call, {**item, "namespace": addon["namespaceConfig"]["namespace"]}, addon["addonArn"])


@operation("eks", "DescribeAddon")
def describe_addon(call: Call) -> Answer:
    return {"addon": published(call, addon_of(call))}


@operation("eks", "ListAddons")
def list_addons(call: Call) -> Answer:
    return page(call, owned(call, "addons"), "addons")


@operation("eks", "UpdateAddon")
def update_addon(call: Call) -> Answer:
    addon, params = addon_of(call), call.params
    check_arguments(addon["addonName"], params)
    addon["addonVersion"] = params.get("addonVersion") or addon["addonVersion"]
    addon.update(optional(params))
    if params.get("configurationValues") == "":
        addon.pop("configurationValues", None)
    if params.get("podIdentityAssociations") is not None:
        replace_associations(call, addon, params["podIdentityAssociations"])
    addon["modifiedAt"] = now()
    return finished_update(call, "AddonUpdate", {"AddonVersion": addon["addonVersion"]})


@operation("eks", "DeleteAddon")
def delete_addon(call: Call) -> Answer:
    addon = addon_of(call)
    answer = published(call, addon)
    delete_owned(call, addon["addonArn"])
    owned(call, "addons").pop(addon["addonName"])
    return {"addon": {**answer, "status": "DELETING"}}


@operation("eks", "DescribeAddonVersions")
def describe_addon_versions(call: Call) -> Answer:
    wanted, version = call.params.get("addonName"), call.params.get("kubernetesVersion") or DEFAULT_VERSION
    if version not in VERSIONS:
        raise invalid_parameter(f"unsupported Kubernetes version {version}")
    names = [wanted] if wanted else list(ADDONS)
    return page(call, [listed(name, known(name), version) for name in names], "addons")


def listed(name: str, facts: Addon, version: str) -> Answer:
    return {
        "addonName": name,
        "type": facts.kind,
        "owner": "aws",
        "publisher": "eks",
        "defaultNamespace": facts.namespace,
        "addonVersions": [
            {
                "addonVersion": facts.version,
                "architecture": ["amd64", "arm64"],
                "computeTypes": ["ec2", "auto"],
                "compatibilities": [
                    {"clusterVersion": version, "platformVersions": ["*"], "defaultVersion": True},
                ],
                "requiresConfiguration": False,
                "requiresIamPermissions": bool(facts.service_accounts),
            }
        ],
    }
