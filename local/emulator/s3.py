"""S3: bucket policies with conditions, and versioned buckets that are emptied.

Stock moto does not evaluate conditions, so a Deny of plain HTTP (every bucket of the blueprint has one) denies everything.
Statements that deny under a condition are left out of its evaluation. It also fails with an internal error when the last
version of an object is deleted together with another one, so ``force_destroy`` could not empty a bucket.
"""

from __future__ import annotations

import json
from typing import Any, Dict, Optional, Tuple

from moto.s3 import models


def amend() -> None:
    _skip_conditional_denies()
    _delete_what_is_gone()


def _skip_conditional_denies() -> None:
    stock = models.FakeBucket.get_permission

    def get_permission(self: Any, action: str, resource: str) -> Any:
        policy = self.policy
        if policy is None:
            return stock(self, action, resource)
        self.policy = json.dumps(without_conditional_denies(json.loads(policy))).encode()
        try:
            return stock(self, action, resource)
        finally:
            self.policy = policy

    models.FakeBucket.get_permission = get_permission  # type: ignore[method-assign]


def without_conditional_denies(document: Dict[str, Any]) -> Dict[str, Any]:
    statements = document["Statement"] if isinstance(document["Statement"], list) else [document["Statement"]]
    kept = [item for item in statements if not (item.get("Effect") == "Deny" and item.get("Condition"))]
    return {**document, "Statement": kept}


def _delete_what_is_gone() -> None:
    stock = models.S3Backend.delete_object

    def delete_object(
        self: Any, bucket_name: str, key_name: str, version_id: Optional[str] = None, bypass: bool = False
    ) -> Tuple[bool, Dict[str, Any]]:
        try:
            return stock(self, bucket_name, key_name, version_id, bypass)
        except KeyError:
            # Deleting what does not exist succeeds in S3.
            return False, {}

    models.S3Backend.delete_object = delete_object  # type: ignore[method-assign]
