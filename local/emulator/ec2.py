"""EC2: stock moto keeps the launch template's own tags in its data, so Terraform reads back a tag specification that
nobody wrote, and plans a new version for ever."""

from __future__ import annotations

from typing import Any, Dict

from moto.ec2.models import launch_templates


def amend() -> None:
    stock = launch_templates.LaunchTemplate.__init__

    def init(
        self: Any, backend: Any, name: str, template_data: Dict[str, Any], description: str, tag_spec: Any
    ) -> None:
        stock(self, backend, name, without_own_tags(template_data), description, tag_spec)

    launch_templates.LaunchTemplate.__init__ = init  # type: ignore[method-assign]


def without_own_tags(data: Dict[str, Any]) -> Dict[str, Any]:
    specifications = [
        tag for tag in data.get("TagSpecifications") or [] if tag.get("ResourceType") != "launch-template"
    ]
    rest = {key: value for key, value in data.items() if key != "TagSpecifications"}
    return {**rest, "TagSpecifications": specifications} if specifications else rest
