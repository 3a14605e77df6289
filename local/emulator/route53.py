"""Route 53: query logging takes the ARN of a log group with or without its final ``:*``; stock moto only with it."""

from __future__ import annotations

from typing import Any

from moto.route53 import models

#: moto's classes, typed loosely because their methods are replaced.
BACKEND: Any = models.Route53Backend


def amend() -> None:
    stock = BACKEND.create_query_logging_config

    def create_query_logging_config(self: Any, hosted_zone_id: str, log_group_arn: str) -> Any:
        arn = log_group_arn[: -len(":*")] if log_group_arn.endswith(":*") else log_group_arn
        config = stock(self, hosted_zone_id, f"{arn}:*")
        config.cloud_watch_logs_log_group_arn = log_group_arn
        return config

    BACKEND.create_query_logging_config = create_query_logging_config
