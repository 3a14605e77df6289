"""What the Network Firewall modules share: the stores, look-ups, update tokens and tags."""

from __future__ import annotations

from typing import Any, Dict, List

from moto.moto_api._internal import mock_random
from moto.networkfirewall.models import networkfirewall_backends

from .operations import Answer, Call, Refusal, now, store

Item = Dict[str, Any]

AWS_OWNED_KEY = {"KeyId": "AWS_OWNED_KMS_KEY", "Type": "AWS_OWNED_KMS_KEY"}


def invalid(message: str) -> Refusal:
    return Refusal("InvalidRequestException", message)


def forbidden(message: str) -> Refusal:
    return Refusal("InvalidOperationException", message)


def backend_of(call: Call) -> Any:
    return networkfirewall_backends[call.account][call.region]


def items(call: Call, kind: str) -> Dict[str, Item]:
    """Rule groups, policies or firewalls by ARN."""
    return store(backend_of(call), kind)


def find(call: Call, kind: str, name: str) -> Item:
    """The item that the request names by ``<name>Arn`` or ``<name>Name`` (and ``Type``, for rule groups)."""
    arn, plain, kind_of_rules = (call.params.get(key) for key in (f"{name}Arn", f"{name}Name", "Type"))
    if arn is None and plain is None:
        raise invalid(f"Either {name}Arn or {name}Name must be given")
    for item in items(call, kind).values():
        same_name = plain in (None, item["name"]) and arn in (None, item["arn"])
        if same_name and (arn is not None or kind_of_rules in (None, item.get("type"))):
            return item
    raise Refusal("ResourceNotFoundException", f"{name} {arn or plain} does not exist")


def add(call: Call, kind: str, arn_kind: str, name: str, **facts: Any) -> Item:
    """Store a new item; a second one of the same name is refused."""
    arn = f"arn:{call.partition}:network-firewall:{call.region}:{call.account}:{arn_kind}/{name}"
    if arn in items(call, kind):
        raise invalid(f"A resource with the name {name} already exists")
    item = {
        "arn": arn,
        "name": name,
        "id": str(mock_random.uuid4()),
        "token": str(mock_random.uuid4()),
        "description": call.params.get("Description"),
        "tags": list(call.params.get("Tags") or []),
        "encryption": call.params.get("EncryptionConfiguration") or AWS_OWNED_KEY,
        "modified": now(),
        **facts,
    }
    items(call, kind)[arn] = item
    return item


def touch(call: Call, item: Item, **changes: Any) -> None:
    """Change an item under its update token; a stale token is refused, as it guards concurrent changes."""
    token = call.params.get("UpdateToken")
    if token is not None and token != item["token"]:
        raise Refusal("InvalidTokenException", "Update token is invalid")
    item.update(changes, token=str(mock_random.uuid4()), modified=now())


def metadata(call: Call, kind: str, arn_key: str, name_key: str) -> List[Answer]:
    return [{arn_key: item["arn"], name_key: item["name"]} for item in items(call, kind).values()]


def present(answer: Answer) -> Answer:
    """The answer without what is not set: AWS leaves it out instead of sending null."""
    return {key: value for key, value in answer.items() if value is not None and value != []}
