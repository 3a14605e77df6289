"""Tags of everything in EKS; stock moto tags clusters only."""

from __future__ import annotations

from typing import Dict, Iterator, Tuple

from .eks_common import backend_of, not_found
from .operations import Answer, Call, operation, store

ARNS = {"access": "accessEntryArn", "addons": "addonArn", "associations": "associationArn"}


def tagged(call: Call) -> Iterator[Tuple[str, Dict[str, str]]]:
    """The ARN and the tags of everything that EKS tags."""
    backend = backend_of(call)
    for cluster in backend.clusters.values():
        yield cluster.arn, cluster.tags
        for nodegroup in cluster.nodegroups.values():
            yield nodegroup.arn, nodegroup.tags
    for kind, key in ARNS.items():
        for items in store(backend, kind).values():
            for item in items.values():
                yield item[key], item["tags"]


def tags_of(call: Call) -> Dict[str, str]:
    for arn, tags in tagged(call):
        if arn == call.params["resourceArn"]:
            return tags
    raise not_found(f"Resource was not found: {call.params['resourceArn']}")


@operation("eks", "TagResource")
def tag_resource(call: Call) -> Answer:
    tags_of(call).update(call.params["tags"])
    return {}


@operation("eks", "UntagResource")
def untag_resource(call: Call) -> Answer:
    tags = tags_of(call)
    for key in call.params["tagKeys"]:
        tags.pop(key, None)
    return {}


@operation("eks", "ListTagsForResource")
def list_tags_for_resource(call: Call) -> Answer:
    return {"tags": tags_of(call)}
