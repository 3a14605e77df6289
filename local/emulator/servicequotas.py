"""Service Quotas: those of EC2 that count CPUs, of which stock moto knows none, and the defaults that Terraform asks for first."""

from __future__ import annotations

from typing import Any

from .operations import Answer, Call, Refusal, operation

#: What an account in use is usually granted; a new one begins with 5.
QUOTAS = {
    "L-1216C47A": ("Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances", 1152.0),
    "L-34B43A08": ("All Standard (A, C, D, H, I, M, R, T, Z) Spot Instance Requests", 1152.0),
}
DEFAULT = 5.0


def quota_of(call: Call, value: float | None = None) -> Any:
    code = call.params["QuotaCode"]
    if call.params["ServiceCode"] != "ec2" or code not in QUOTAS:
        raise Refusal("NoSuchResourceException", f"The emulator knows no quota {code} of {call.params['ServiceCode']}")
    name, granted = QUOTAS[code]
    return {
        "ServiceCode": "ec2",
        "ServiceName": "Amazon Elastic Compute Cloud (Amazon EC2)",
        "QuotaArn": f"arn:{call.partition}:servicequotas:{call.region}:{call.account}:ec2/{code}",
        "QuotaCode": code,
        "QuotaName": name,
        "Value": granted if value is None else value,
        "Unit": "None",
        "Adjustable": True,
        "GlobalQuota": False,
    }


@operation("service-quotas", "GetServiceQuota")
def get_service_quota(call: Call) -> Answer:
    return {"Quota": quota_of(call)}


@operation("service-quotas", "GetAWSDefaultServiceQuota")
def get_aws_default_service_quota(call: Call) -> Answer:
    return {"Quota": quota_of(call, DEFAULT)}
