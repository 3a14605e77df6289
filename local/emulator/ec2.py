"""EC2: two things that Terraform reads back otherwise than it wrote them.

Stock moto keeps the launch template's own tags in its data, a tag specification that nobody wrote. It loses the
description of a security group rule whose peer is another group.
"""

from __future__ import annotations

from typing import Any, Dict, Optional

from moto.ec2.models import launch_templates
from moto.ec2.models.security_groups import SecurityGroupRule


def amend() -> None:
    stock = launch_templates.LaunchTemplate.__init__

    def init(
        self: Any, backend: Any, name: str, template_data: Dict[str, Any], description: str, tag_spec: Any
    ) -> None:
        stock(self, backend, name, without_own_tags(template_data), description, tag_spec)

    launch_templates.LaunchTemplate.__init__ = init  # type: ignore[method-assign]
    SecurityGroupRule.description = property(description_of)  # type: ignore[method-assign,assignment]


def description_of(rule: SecurityGroupRule) -> Optional[str]:
    """The description of a rule, whichever kind of peer it has."""
    return rule.ip_range.get("Description") or (rule.source_group or {}).get("Description")


def without_own_tags(data: Dict[str, Any]) -> Dict[str, Any]:
    specifications = [
        tag for tag in data.get("TagSpecifications") or [] if tag.get("ResourceType") != "launch-template"
    ]
    rest = {key: value for key, value in data.items() if key != "TagSpecifications"}
    return {**rest, "TagSpecifications": specifications} if specifications else rest
