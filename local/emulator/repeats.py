"""A repeated request gets the answer of the first.

An AWS client sends a request again when the connection breaks before it has read the answer, and marks it with the same
``amz-sdk-invocation-id``. AWS recognizes many of these; moto carries each out again, so that a create which had succeeded
ends with "already exists", and the deployment with it.

Only answers of success are remembered: a client also repeats what was refused, and then wants a new answer.
"""

from __future__ import annotations

import io
import threading
from collections import OrderedDict
from typing import Any, Callable, Dict, Iterable, List, NamedTuple, Optional, Tuple

#: Answers that are remembered. A client repeats within a minute, in which a deployment sends some hundred requests.
REMEMBERED = 1000

Environ = Dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


class Answer(NamedTuple):
    status: str
    headers: List[Tuple[str, str]]
    body: bytes

    @property
    def succeeded(self) -> bool:
        return self.status.startswith("2")


class Repeats:
    """A WSGI application around another that carries out each call of a client once, and one request at a time.

    moto keeps what an account holds in plain dictionaries without a lock. Two requests at once can end one of them with
    "dictionary changed size during iteration" after it has done its work; the client then repeats it, and is refused.
    """

    def __init__(self, application: Application) -> None:
        self.application = application
        self.answers: "OrderedDict[Tuple[str, ...], Answer]" = OrderedDict()
        self.turn = threading.Lock()

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        read_body(environ)
        invocation = environ.get("HTTP_AMZ_SDK_INVOCATION_ID")
        with self.turn:
            answer = self.once(environ, invocation) if invocation else served(self.application, environ)
        start_response(answer.status, answer.headers)
        return [answer.body]

    def once(self, environ: Environ, invocation: str) -> Answer:
        call = (invocation, environ["REQUEST_METHOD"], environ["REQUEST_URI"])
        answer = self.answers.get(call) or served(self.application, environ)
        if answer.succeeded:
            self.answers[call] = answer
        if len(self.answers) > REMEMBERED:
            self.answers.popitem(last=False)
        return answer


def read_body(environ: Environ) -> None:
    """Read the whole body: closing a connection with unread data in it resets it, and the client loses the answer."""
    stream = environ["wsgi.input"]
    length = environ.get("CONTENT_LENGTH") or "0"
    body = stream.read() if environ.pop("wsgi.input_terminated", False) else stream.read(int(length))
    environ.pop("HTTP_TRANSFER_ENCODING", None)
    environ.update({"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))})


def served(application: Application, environ: Environ) -> Answer:
    """The whole answer of an application, with its length: it can then leave in one write."""
    started: List[Tuple[str, List[Tuple[str, str]]]] = []

    def start_response(status: str, headers: List[Tuple[str, str]], _error: Any = None) -> Callable[[bytes], None]:
        started.append((status, headers))
        return parts.append

    parts: List[bytes] = []
    answer = application(environ, start_response)
    try:
        parts.extend(answer)
    finally:
        getattr(answer, "close", lambda: None)()
    status, headers = started[-1]
    body = b"".join(parts)
    names = {name.lower() for name, _ in headers}
    if "content-length" not in names and "transfer-encoding" not in names and status[:3] not in ("204", "304"):
        headers = [*headers, ("Content-Length", str(len(body)))]
    return Answer(status, headers, body)
