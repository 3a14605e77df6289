"""S3: bucket policies with conditions, log delivery, and versioned buckets that are emptied.

Stock moto does not evaluate conditions, so a Deny of plain HTTP (every bucket of the blueprint has one) denies
everything: statements that deny under a condition are left out of its evaluation. It fails with an internal error where
the policy of a log bucket has a statement for everybody (that same Deny). And once versioning is suspended, which
Terraform does before it empties a bucket, it deletes all versions where one is named, and fails on a delete marker.
"""

from __future__ import annotations

import fnmatch
import json
from typing import Any, Dict, List, Optional, Tuple

from moto.s3 import models

#: moto's classes, typed loosely because their methods are replaced.
BUCKET: Any = models.FakeBucket
BACKEND: Any = models.S3Backend
DELETE_MARKER: Any = models.FakeDeleteMarker


def amend() -> None:
    _skip_conditional_denies()
    _find_log_grants()
    _delete_single_versions()


def _skip_conditional_denies() -> None:
    stock = BUCKET.get_permission

    def get_permission(self: Any, action: str, resource: str) -> Any:
        policy = self.policy
        if policy is None:
            return stock(self, action, resource)
        self.policy = json.dumps(without_conditional_denies(json.loads(policy))).encode()
        try:
            return stock(self, action, resource)
        finally:
            self.policy = policy

    BUCKET.get_permission = get_permission


def without_conditional_denies(document: Dict[str, Any]) -> Dict[str, Any]:
    kept = [item for item in as_list(document["Statement"]) if not (item["Effect"] == "Deny" and item.get("Condition"))]
    return {**document, "Statement": kept}


def _find_log_grants() -> None:
    def log_permissions(target_bucket: Any, target_prefix: Optional[str]) -> bool:
        policy = json.loads(target_bucket.policy) if target_bucket.policy else {"Statement": []}
        sample = f"{target_bucket.arn}/{target_prefix or ''}log"
        return any(lets_logs_in(statement, sample) for statement in as_list(policy["Statement"]))

    BUCKET._log_permissions_enabled_policy = staticmethod(log_permissions)


def lets_logs_in(statement: Dict[str, Any], arn: str) -> bool:
    """Whether the statement lets S3's log delivery put the object ``arn``."""
    principal = statement.get("Principal")
    services = as_list(principal.get("Service")) if isinstance(principal, dict) else []
    actions = as_list(statement.get("Action"))
    return (
        statement["Effect"] == "Allow"
        and "logging.s3.amazonaws.com" in services
        and any(fnmatch.fnmatchcase("s3:PutObject", action) for action in actions)
        and any(fnmatch.fnmatchcase(arn, resource) for resource in as_list(statement.get("Resource")))
    )


def as_list(value: Any) -> List[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _delete_single_versions() -> None:
    stock = BACKEND.delete_object

    def delete_object(
        self: Any, bucket_name: str, key_name: str, version_id: Optional[str] = None, bypass: bool = False
    ) -> Tuple[bool, Dict[str, Any]]:
        bucket = self.get_bucket(bucket_name)
        if version_id is not None and not bucket.is_versioned and remove_version(bucket.keys, key_name, version_id):
            return True, {"version-id": version_id}
        done, meta = stock(self, bucket_name, key_name, version_id, bypass)
        return done, meta

    BACKEND.delete_object = delete_object
    DELETE_MARKER.dispose = lambda self: None


def remove_version(keys: Any, key: str, version_id: str) -> bool:
    """Remove one version of a key from moto's store of versions; False where there is none."""
    versions = keys.getlist(key, [])
    kept = [version for version in versions if str(version.version_id) != version_id]
    if len(kept) == len(versions):
        return False
    keys.setlist(key, kept)
    if not kept:
        keys.pop(key)
    return True
