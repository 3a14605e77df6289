"""What the Route 53 Resolver modules share: the stores, look-ups and errors."""

from __future__ import annotations

from typing import Any, Dict

from moto.route53resolver.models import route53resolver_backends

from .operations import Call, Refusal, new_id, now, store

Item = Dict[str, Any]

LISTS, GROUPS, RULES, ASSOCIATIONS, CONFIGS = "lists", "groups", "rules", "associations", "configs"


def backend_of(call: Call) -> Any:
    return route53resolver_backends[call.account][call.region]


def items(call: Call, kind: str) -> Dict[str, Item]:
    return store(backend_of(call), kind)


def invalid(message: str) -> Refusal:
    return Refusal("ValidationException", message)


def conflict(message: str) -> Refusal:
    return Refusal("ConflictException", message)


def missing(what: str) -> Refusal:
    return Refusal("ResourceNotFoundException", f"[RSLVR-02025] Can't find the resource with ID '{what}'")


def find(call: Call, kind: str, key: str) -> Item:
    name = call.params[key]
    if name not in items(call, kind):
        raise missing(name)
    return items(call, kind)[name]


def stamp() -> str:
    return now().strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def add(call: Call, kind: str, arn_kind: str, prefix: str, **facts: Any) -> Item:
    """Store a new item with what all of them have; a repeated CreatorRequestId is refused."""
    token = call.params["CreatorRequestId"]
    if any(item["CreatorRequestId"] == token for item in items(call, kind).values()):
        raise conflict(f"[RSLVR-02061] The creator request id {token} was used before")
    name = new_id(prefix)
    item = {
        "Id": name,
        "Arn": f"arn:{call.partition}:route53resolver:{call.region}:{call.account}:{arn_kind}/{name}",
        "Name": call.params["Name"],
        "Status": "COMPLETE",
        "StatusMessage": "",
        "CreatorRequestId": token,
        "CreationTime": stamp(),
        "ModificationTime": stamp(),
        **facts,
    }
    items(call, kind)[name] = item
    if call.params.get("Tags"):
        backend_of(call).tagger.tag_resource(item["Arn"], call.params["Tags"])
    return item


def remove(call: Call, kind: str, item: Item) -> Item:
    items(call, kind).pop(item["Id"])
    backend_of(call).tagger.delete_all_tags_for_resource(item["Arn"])
    return {**item, "Status": "DELETING"}
