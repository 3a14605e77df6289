"""RDS: stock moto forgets Performance Insights, Enhanced Monitoring and who set a parameter.

Terraform reads all of that back as drift. Every instance has the same resource id in stock moto, by which the provider
looks an instance up; a read replica is never found.
"""

from __future__ import annotations

from typing import Any, Dict, Iterable

from moto.moto_api._internal import mock_random
from moto.rds import models

KEPT = (
    "performance_insights_kms_key_id",
    "performance_insights_retention_period",
    "monitoring_interval",
    "monitoring_role_arn",
    "network_type",
    "dedicated_log_volume",
)
DEFAULT_RETENTION_DAYS = 7

#: moto's classes, typed loosely because their methods are replaced.
PARAMETER_GROUP: Any = models.DBParameterGroup
INSTANCE: Any = models.DBInstance
BACKEND: Any = models.RDSBackend


def amend() -> None:
    _mark_parameters()
    _keep_settings()
    _separate_replicas()


def _mark_parameters() -> None:
    stock = PARAMETER_GROUP.update_parameters

    def update_parameters(self: Any, new: Iterable[Dict[str, Any]]) -> None:
        stock(self, [{**parameter, "Source": "user"} for parameter in new])

    PARAMETER_GROUP.update_parameters = update_parameters


def keep(instance: Any, given: Dict[str, Any]) -> None:
    if given.get("enable_performance_insights") is not None:
        instance.performance_insights_enabled = given["enable_performance_insights"]
    for name in KEPT:
        if given.get(name) is not None:
            setattr(instance, name, given[name])
    if getattr(instance, "performance_insights_enabled", False):
        days = getattr(instance, "performance_insights_retention_period", None)
        instance.performance_insights_retention_period = days or DEFAULT_RETENTION_DAYS


def new_resource_id() -> str:
    return "db-" + str(mock_random.get_random_string(26)).upper()


def _keep_settings() -> None:
    stock = INSTANCE.__init__

    def init(self: Any, *args: Any, **given: Any) -> None:
        stock(self, *args, **given)
        self.dbi_resource_id = new_resource_id()
        keep(self, given)

    INSTANCE.__init__ = init


def _separate_replicas() -> None:
    stock = BACKEND.create_db_instance_read_replica

    def create_db_instance_read_replica(self: Any, given: Dict[str, Any]) -> Any:
        replica = stock(self, given)
        replica.db_instance_identifier = given["db_instance_identifier"]
        replica.dbi_resource_id = new_resource_id()
        return replica

    BACKEND.create_db_instance_read_replica = create_db_instance_read_replica
