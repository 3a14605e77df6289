"""KMS: stock moto forgets the rotation period, which Terraform reads back as drift."""

from __future__ import annotations

from typing import Any

from moto.kms.models import kms_backends

from .operations import Answer, Call, Refusal, operation, store

DEFAULT_ROTATION_DAYS = 365


def backend_of(call: Call) -> Any:
    return kms_backends[call.account][call.region]


def key_of(call: Call) -> str:
    """The id of the key that the request names by id, ARN or alias."""
    name = call.params["KeyId"]
    key = backend_of(call).get_key_id(backend_of(call).any_id_to_key_id(name))
    if key not in backend_of(call).keys:
        raise Refusal("NotFoundException", f"Key '{name}' does not exist")
    return str(key)


@operation("kms", "EnableKeyRotation")
def enable_key_rotation(call: Call) -> Answer:
    key = key_of(call)
    if backend_of(call).keys[key].key_spec != "SYMMETRIC_DEFAULT":
        raise Refusal("UnsupportedOperationException", "Only symmetric encryption keys rotate automatically")
    backend_of(call).keys[key].key_rotation_status = True
    store(backend_of(call), "rotation")[key] = call.params.get("RotationPeriodInDays", DEFAULT_ROTATION_DAYS)
    return {}


@operation("kms", "GetKeyRotationStatus")
def get_key_rotation_status(call: Call) -> Answer:
    key = key_of(call)
    enabled = bool(backend_of(call).keys[key].key_rotation_status)
    answer: Answer = {"KeyRotationEnabled": enabled, "KeyId": key}
    if enabled:
        answer["RotationPeriodInDays"] = store(backend_of(call), "rotation").get(key, DEFAULT_ROTATION_DAYS)
    return answer
