"""Checks of values against botocore's service models.

moto accepts nearly any request, so a configuration that AWS would refuse could pass against it. The models that
botocore ships carry what the services declare about their input (required members, types, enums, patterns, lengths,
ranges); ``request_problems`` applies all of it and reports every problem at once, in the words of AWS's own validator.

Patterns must match the whole value, as in AWS's front end: many of them carry no closing anchor, and a search would let
any suffix through. They are written for Java, hence the ``regex`` package, which knows ``\\p{L}`` and friends.
"""

from __future__ import annotations

import datetime
from functools import lru_cache
from typing import Any, Callable, Dict, List, Optional, Tuple

import regex
from botocore.model import ListShape, MapShape, Shape, StringShape, StructureShape

NUMBERS = ("integer", "long", "float", "double", "short", "byte")
WHOLE_NUMBERS = ("integer", "long", "short", "byte")


@lru_cache(maxsize=None)
def compiled(pattern: str) -> Optional["regex.Pattern[str]"]:
    """The pattern as Python understands it, or None where it cannot be translated (then it is not enforced)."""
    try:
        return regex.compile(pattern)
    except regex.error:
        return None


def request_problems(shape: Shape, value: Any) -> List[str]:
    """Every way in which a request breaks its input shape, in the words of AWS's validator; empty when it is valid."""
    checker = Checker(limits=True)
    checker.check(shape, value, "")
    return checker.problems


def answer_problems(shape: Shape, value: Any) -> List[str]:
    """Every way in which an answer breaks its output shape.

    Lengths, ranges and patterns are left out: AWS declares them for requests and does not hold its own answers to them
    (an empty ``tags`` map, for one).
    """
    checker = Checker(limits=False)
    checker.check(shape, value, "")
    return checker.problems


class Checker:
    """One walk over a value and its shape, collecting problems instead of stopping at the first."""

    def __init__(self, limits: bool) -> None:
        self.problems: List[str] = []
        self.limits = limits
        self._handlers: Dict[str, Callable[[Any, Any, str], None]] = {
            "structure": self._structure,
            "list": self._list,
            "map": self._map,
            "string": self._string,
            "boolean": self._boolean,
            "blob": self._blob,
            "timestamp": self._timestamp,
            **{name: self._number for name in NUMBERS},
        }

    def check(self, shape: Shape, value: Any, path: str) -> None:
        self._handlers[shape.type_name](shape, value, path)

    def _refuse(self, value: Any, path: str, constraint: str) -> None:
        shown = "null" if value is None else f"'{value}'"
        self.problems.append(f"Value {shown} at '{path}' failed to satisfy constraint: Member must {constraint}")

    def _structure(self, shape: StructureShape, value: Any, path: str) -> None:
        if getattr(shape, "is_document_type", False):
            return
        if not isinstance(value, dict):
            self._refuse(value, path or shape.name, "be a structure")
            return
        for name in shape.required_members:
            if value.get(name) is None:
                self._refuse(None, join(path, name), "not be null")
        for name, member in value.items():
            if name in shape.members:
                if member is not None:
                    self.check(shape.members[name], member, join(path, name))
            else:
                known = ", ".join(sorted(shape.members))
                self._refuse(member, join(path, name), f"be one of the members of {shape.name}: [{known}]")
        if getattr(shape, "is_tagged_union", False) and len([v for v in value.values() if v is not None]) > 1:
            self._refuse(sorted(value), path, "set exactly one member")

    def _list(self, shape: ListShape, value: Any, path: str) -> None:
        if not isinstance(value, (list, tuple)):
            self._refuse(value, path, "be a list")
            return
        self._size(shape, value, path)
        for number, item in enumerate(value, start=1):
            self.check(shape.member, item, f"{path}.{number}.member")

    def _map(self, shape: MapShape, value: Any, path: str) -> None:
        if not isinstance(value, dict):
            self._refuse(value, path, "be a map")
            return
        self._size(shape, value, path)
        for key, item in value.items():
            self.check(shape.key, key, f"{path}.key")
            self.check(shape.value, item, f"{path}.{key}")

    def _string(self, shape: StringShape, value: Any, path: str) -> None:
        if "jsonvalue" in shape.serialization:
            return
        if not isinstance(value, str):
            self._refuse(value, path, "be a string")
            return
        self._size(shape, value, path)
        allowed = getattr(shape, "enum", [])
        if allowed and value not in allowed:
            self._refuse(value, path, f"satisfy enum value set: [{', '.join(allowed)}]")
        pattern = shape.metadata.get("pattern")
        expression = compiled(pattern) if pattern and self.limits else None
        if expression is not None and not expression.fullmatch(value):
            self._refuse(value, path, f"satisfy regular expression pattern: {pattern}")

    def _boolean(self, shape: Shape, value: Any, path: str) -> None:
        if not isinstance(value, bool):
            self._refuse(value, path, "be a boolean")

    def _number(self, shape: Shape, value: Any, path: str) -> None:
        kinds = (int,) if shape.type_name in WHOLE_NUMBERS else (int, float)
        if isinstance(value, bool) or not isinstance(value, kinds):
            self._refuse(value, path, f"be of type {shape.type_name}")
            return
        least, most = self._bounds(shape)
        if least is not None and value < least:
            self._refuse(value, path, f"have value greater than or equal to {least}")
        if most is not None and value > most:
            self._refuse(value, path, f"have value less than or equal to {most}")

    def _blob(self, shape: Shape, value: Any, path: str) -> None:
        if not isinstance(value, (bytes, str)):
            self._refuse(value, path, "be a blob")
            return
        self._size(shape, value, path)

    def _timestamp(self, shape: Shape, value: Any, path: str) -> None:
        if isinstance(value, bool) or not isinstance(value, (datetime.datetime, int, float, str)):
            self._refuse(value, path, "be a timestamp")

    def _size(self, shape: Shape, value: Any, path: str) -> None:
        least, most = self._bounds(shape)
        if least is not None and len(value) < least:
            self._refuse(value, path, f"have length greater than or equal to {least}")
        if most is not None and len(value) > most:
            self._refuse(value, path, f"have length less than or equal to {most}")

    def _bounds(self, shape: Shape) -> Tuple[Any, Any]:
        return (shape.metadata.get("min"), shape.metadata.get("max")) if self.limits else (None, None)


def join(path: str, name: str) -> str:
    """The path of a member below ``path``."""
    return f"{path}.{name}" if path else name
