"""IAM: a role that an instance profile does not hold cannot be taken out of it; stock moto answers that with an internal error.

Terraform does so when it deletes an instance profile that never got its role, and goes on where IAM says that there is none.
"""

from __future__ import annotations

from typing import Any

from moto.iam import models
from moto.iam.exceptions import NotFoundException

#: moto's class, typed loosely because its method is replaced.
BACKEND: Any = models.IAMBackend


def amend() -> None:
    stock = BACKEND.remove_role_from_instance_profile

    def remove_role_from_instance_profile(self: Any, profile_name: str, role_name: str) -> None:
        if self.get_role(role_name) not in self.get_instance_profile(profile_name).roles:
            raise NotFoundException(f"The role {role_name} is not in the instance profile {profile_name}.")
        stock(self, profile_name, role_name)

    BACKEND.remove_role_from_instance_profile = remove_role_from_instance_profile
