"""WAF: stock moto gives an IP set a lock token of six characters, which WAF's own model refuses when it comes back."""

from __future__ import annotations

from typing import Any

from moto.moto_api._internal import mock_random
from moto.wafv2 import models

#: moto's classes, typed loosely because their methods are replaced.
IP_SET: Any = models.FakeIPSet


def amend() -> None:
    def read(self: Any) -> str:
        return str(self.whole_lock_token)

    def write(self: Any, _short: str) -> None:
        self.whole_lock_token = str(mock_random.uuid4())

    IP_SET.lock_token = property(read, write)
