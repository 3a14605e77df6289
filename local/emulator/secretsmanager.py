"""Secrets Manager: a secret in its recovery window keeps its name, and a replica has the key that it was given.

Stock moto answers ResourceExistsException for the first, which reads as if the secret were there, and gives every replica
AWS's own key, so that every plan would change it.
"""

from __future__ import annotations

from typing import Any

from moto.secretsmanager import models
from moto.secretsmanager.exceptions import InvalidRequestException

#: moto's classes, typed loosely because their methods are replaced.
BACKEND: Any = models.SecretsManagerBackend
SECRET: Any = models.FakeSecret


def amend() -> None:
    stock = BACKEND.create_secret

    def create_secret(self: Any, name: str, *args: Any, **kwargs: Any) -> Any:
        if name in self.secrets and self.secrets[name].is_deleted():
            raise InvalidRequestException(
                "You can't create this secret because a secret with this name is already scheduled for deletion."
            )
        return stock(self, name, *args, **kwargs)

    BACKEND.create_secret = create_secret

    stock_replicas = SECRET.create_replicas

    def create_replicas(self: Any, replica_regions: list[dict[str, str]], force_overwrite: bool) -> Any:
        replicas = stock_replicas(self, replica_regions, force_overwrite)
        for replica, given in zip(replicas, replica_regions or []):
            if "KmsKeyId" in given:
                replica.config["KmsKeyId"] = given["KmsKeyId"]
        return replicas

    SECRET.create_replicas = create_replicas
