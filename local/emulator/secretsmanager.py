"""Secrets Manager: a secret in its recovery window keeps its name, and says so with the code that Terraform waits on.

Stock moto answers ResourceExistsException, which reads as if the secret were there.
"""

from __future__ import annotations

from typing import Any

from moto.secretsmanager import models
from moto.secretsmanager.exceptions import InvalidRequestException

#: moto's classes, typed loosely because their methods are replaced.
BACKEND: Any = models.SecretsManagerBackend


def amend() -> None:
    stock = BACKEND.create_secret

    def create_secret(self: Any, name: str, *args: Any, **kwargs: Any) -> Any:
        if name in self.secrets and self.secrets[name].is_deleted():
            raise InvalidRequestException(
                "You can't create this secret because a secret with this name is already scheduled for deletion."
            )
        return stock(self, name, *args, **kwargs)

    BACKEND.create_secret = create_secret
