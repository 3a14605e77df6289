"""The evaluation of IAM policies: a Deny beats an Allow, and silence refuses.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Callable, Dict, List, Optional

Condition = Callable[[List[str], List[str]], bool]


@dataclass(frozen=True)
class Question:
    """What IAM is asked: may this action be done on this resource, under these circumstances?"""

    action: str
    resource: str
    context: Dict[str, Any]


def allows(policies: List[Dict[str, Any]], question: Question) -> bool:
    effects = [
        statement["Effect"]
        for policy in policies
        for statement in _list(policy["Statement"])
        if _applies(statement, question)
    ]
    return "Deny" not in effects and "Allow" in effects


def _applies(statement: Dict[str, Any], question: Question) -> bool:
    return (
        any(_like(question.action, pattern, ignore_case=True) for pattern in _list(statement["Action"]))
        and any(_like(question.resource, pattern) for pattern in _list(statement["Resource"]))
        and all(
            _holds(operator, question.context.get(key), [str(one) for one in _list(wanted)])
            for operator, keys in statement.get("Condition", {}).items()
            for key, wanted in keys.items()
        )
    )


def _holds(operator: str, value: Any, wanted: List[str]) -> bool:
    if operator == "Null":
        return (value is None) == (wanted == ["true"])
    values: Optional[List[str]] = None if value is None else [str(one) for one in _list(value)]
    if operator.startswith("ForAllValues:"):
        return all(_one(operator.partition(":")[2], one, wanted) for one in values or [])
    return values is not None and any(_one(operator, one, wanted) for one in values)


def _one(operator: str, value: str, wanted: List[str]) -> bool:
    if operator in ("StringEquals", "Bool", "ArnEquals"):
        return value in wanted
    if operator in ("StringLike", "ArnLike"):
        return any(_like(value, pattern) for pattern in wanted)
    raise NotImplementedError(f"emulator: the operator {operator} of conditions is not known")


def _like(value: str, pattern: str, ignore_case: bool = False) -> bool:
    return _compiled(pattern, ignore_case).fullmatch(value) is not None


@lru_cache(maxsize=None)
def _compiled(pattern: str, ignore_case: bool) -> "re.Pattern[str]":
    literal = ".*".join(re.escape(part).replace(r"\?", ".") for part in pattern.split("*"))
    return re.compile(literal, re.S | (re.I if ignore_case else 0))


def _list(value: Any) -> List[Any]:
    return value if isinstance(value, list) else [value]
