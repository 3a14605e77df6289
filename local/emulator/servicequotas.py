"""Service Quotas: those that doctor asks for, of which stock moto knows none, and the defaults that Terraform asks for first."""

from __future__ import annotations

from typing import Any

from .operations import Answer, Call, Refusal, operation

EC2, VPC, BALANCERS = (
    ("ec2", "Amazon Elastic Compute Cloud (Amazon EC2)"),
    ("vpc", "Amazon Virtual Private Cloud (Amazon VPC)"),
    ("elasticloadbalancing", "Elastic Load Balancing (ELB)"),
)
#: By service and code: name, what an account in use is usually granted, and what a new one begins with.
QUOTAS = {
    (EC2, "L-1216C47A"): ("Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances", 1152.0, 5.0),
    (EC2, "L-34B43A08"): ("All Standard (A, C, D, H, I, M, R, T, Z) Spot Instance Requests", 1152.0, 5.0),
    (EC2, "L-0263D0A3"): ("EC2-VPC Elastic IPs", 5.0, 5.0),
    (VPC, "L-F678F1CE"): ("VPCs per Region", 5.0, 5.0),
    (BALANCERS, "L-53DA6B97"): ("Application Load Balancers per Region", 50.0, 50.0),
}


def quota_of(call: Call, is_default: bool) -> Any:
    wanted, code = call.params["ServiceCode"], call.params["QuotaCode"]
    service = next((service for service, known in QUOTAS if service[0] == wanted and known == code), None)
    if service is None:
        raise Refusal("NoSuchResourceException", f"The emulator knows no quota {code} of {wanted}")
    name, granted, usual = QUOTAS[(service, code)]
    return {
        "ServiceCode": wanted,
        "ServiceName": service[1],
        "QuotaArn": f"arn:{call.partition}:servicequotas:{call.region}:{call.account}:{wanted}/{code}",
        "QuotaCode": code,
        "QuotaName": name,
        "Value": usual if is_default else granted,
        "Unit": "None",
        "Adjustable": True,
        "GlobalQuota": False,
    }


@operation("service-quotas", "GetServiceQuota")
def get_service_quota(call: Call) -> Answer:
    return {"Quota": quota_of(call, is_default=False)}


@operation("service-quotas", "GetAWSDefaultServiceQuota")
def get_aws_default_service_quota(call: Call) -> Answer:
    return {"Quota": quota_of(call, is_default=True)}
