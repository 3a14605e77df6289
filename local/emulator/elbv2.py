"""Load balancers: one listener a port.

Stock moto makes any number of listeners on one port. AWS gives the listener that is there where all settings are the same, and
refuses any other; after an interrupted deployment that is the difference between one listener and two.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any, Dict, List

from moto.elbv2.exceptions import DuplicateListenerError
from moto.elbv2.models import ELBv2Backend, FakeAction

#: moto's class, typed loosely because its method is replaced.
BACKEND: Any = ELBv2Backend


def amend() -> None:
    stock = BACKEND.create_listener

    def create_listener(self: Any, **given: Any) -> Any:
        balancer = self.load_balancers.get(given["load_balancer_arn"])
        listeners = balancer.listeners.values() if balancer is not None else []
        for listener in listeners:
            if str(listener.port) == str(given["port"]):
                require_same_settings(listener, given)
                return listener
        return stock(self, **given)

    BACKEND.create_listener = create_listener


def require_same_settings(listener: Any, given: Dict[str, Any]) -> None:
    actions = [FakeAction(deepcopy(action)).data for action in given["actions"]]
    same = (
        listener.protocol == (given["protocol"] or "").upper()
        and listener.ssl_policy == given["ssl_policy"]
        and listener.certificate == given["certificate"]
        and listener.alpn_policy == (given.get("alpn_policy") or [])
        and plain([action.data for action in listener.default_actions]) == plain(actions)
    )
    if not same:
        raise DuplicateListenerError()


def plain(actions: List[Dict[str, Any]]) -> List[Dict[str, Any]]:
    """Actions for a comparison: numbers come as texts where the listener was made."""
    return [{key: str(value) for key, value in action.items()} for action in actions]
