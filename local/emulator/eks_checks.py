"""Checks of a cluster's arguments against each other and against the other emulated services, as EKS makes them."""

from __future__ import annotations

import ipaddress
import re
from typing import Any, Dict, List

from moto.kms.models import kms_backends

from .eks_common import invalid_parameter, require_security_groups, require_subnets, role_of, trusts
from .operations import Call

#: Kubernetes versions that the emulator takes, oldest first.
VERSIONS = ("1.30", "1.31", "1.32", "1.33", "1.34", "1.35", "1.36")
DEFAULT_VERSION = "1.35"
LOG_TYPES = ["api", "audit", "authenticator", "controllerManager", "scheduler"]
SERVICE_RANGES = tuple(ipaddress.ip_network(cidr) for cidr in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))


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
