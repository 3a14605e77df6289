"""Route 53: changes are judged by the records that exist, a zone with a VPC is private, query logging takes a log group's
ARN in either form, and ids of zones begin with Z.

Stock moto judges by a journal of all changes there ever were: it refuses to make a record again that was deleted, and lets
one be made twice with another value, be deleted when it is gone, or be deleted by a value it had once. It takes a zone for
private only where the request says so; naming a VPC is enough, which is what Terraform does. Its query logging takes the
ARN only with its final ``:*``; AWS takes it without as well.
"""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Tuple

from moto.route53 import models
from moto.route53.exceptions import ResourceRecordAlreadyExists, Route53ClientError
from moto.route53.responses import Route53

#: moto's classes, typed loosely because their methods are replaced.
BACKEND: Any = models.Route53Backend
RESPONSE: Any = Route53

#: Name, type and set identifier: no two records of a zone have all three in common.
Key = Tuple[str, str, Optional[str]]


def amend() -> None:
    _judge_by_existing_records()
    _make_zones_with_a_vpc_private()
    _take_either_form_of_log_group()
    _name_zones_as_aws_does()


def _judge_by_existing_records() -> None:
    stock = BACKEND.change_resource_record_sets

    def change_resource_record_sets(self: Any, zoneid: str, change_list: List[Dict[str, Any]]) -> None:
        zone = self.get_hosted_zone(zoneid)
        assert_possible(change_list, keys_of(zone))
        stock(self, zoneid, change_list)
        zone.rr_changes = current_values(zone.rr_changes, keys_of(zone))

    BACKEND.change_resource_record_sets = change_resource_record_sets


def key_of(record: Dict[str, Any]) -> Key:
    return record["Name"].strip(".").lower(), record["Type"], record.get("SetIdentifier")


def keys_of(zone: Any) -> List[Key]:
    records = [{"Name": r.name, "Type": r.type, "SetIdentifier": r.set_identifier} for r in zone.rrsets]
    return [key_of(record) for record in records]


def assert_possible(changes: List[Dict[str, Any]], existing: List[Key]) -> None:
    """Walk through a batch in order: it may delete a record and make it again."""
    found = set(existing)
    for change in changes:
        key = key_of(change["ResourceRecordSet"])
        if change["Action"] == "CREATE" and key in found:
            raise ResourceRecordAlreadyExists(name=f"{key[0]}.", _type=key[1])
        if change["Action"] == "DELETE" and key not in found:
            what = f"[name='{key[0]}.', type='{key[1]}']"
            raise Route53ClientError(
                "InvalidChangeBatch", f"[Tried to delete resource record set {what} but it was not found]"
            )
        if change["Action"] == "DELETE":
            found.discard(key)
        else:
            found.add(key)


def current_values(journal: Any, existing: List[Key]) -> Any:
    """The journal cut down to the latest value of each record there is, by which moto judges deletions."""
    latest = {key_of(change["ResourceRecordSet"]): change for change in journal if change["Action"] != "DELETE"}
    kept = models.ChangeList()
    kept.extend(change for key, change in latest.items() if key in existing)
    return kept


def _make_zones_with_a_vpc_private() -> None:
    stock = RESPONSE.create_hosted_zone

    def create_hosted_zone(self: Any) -> Any:
        read = self._get_bool_param

        def is_set(name: str, default: Optional[bool] = None) -> Any:
            has_vpc = name == "HostedZoneConfig.PrivateZone" and bool(self._get_param("VPC.VPCId"))
            return has_vpc or read(name, default)

        self._get_bool_param = is_set
        return stock(self)

    RESPONSE.create_hosted_zone = create_hosted_zone


def _take_either_form_of_log_group() -> None:
    stock = BACKEND.create_query_logging_config

    def create_query_logging_config(self: Any, hosted_zone_id: str, log_group_arn: str) -> Any:
        arn = log_group_arn[: -len(":*")] if log_group_arn.endswith(":*") else log_group_arn
        config = stock(self, hosted_zone_id, f"{arn}:*")
        config.cloud_watch_logs_log_group_arn = log_group_arn
        return config

    BACKEND.create_query_logging_config = create_query_logging_config


def _name_zones_as_aws_does() -> None:
    stock = models.create_route53_zone_id

    def create_route53_zone_id(*args: Any, **named: Any) -> str:
        return f"Z{stock(*args, **named)[1:]}"

    models.create_route53_zone_id = create_route53_zone_id
