"""What IAM would be asked about each request, and IAM's answer for users whose policies count.

moto checks only the names of actions. Here each request becomes the actions that IAM evaluates for it, each with the
resources and the condition keys that the Service Authorization Reference gives it, and is refused where the policies of
the user that signed it do not allow them all. Keys that are nobody's user, such as those of ``npm run local``, may do
everything.

It is off unless ``EMULATOR_ACTIONS`` names the file of actions (``actions.json``); ``EMULATOR_ACTIONS_LOG`` takes a line
for each request.
"""

from __future__ import annotations

import json
import os
import threading
from functools import lru_cache
from typing import Any, Callable, Dict, Iterable, List, Optional

from .authorization_policies import Question, allows
from .authorization_requests import AwsRequest, read_aws_request
from .authorization_resources import Resources

Environ = Dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


class Authorization:
    """A WSGI application around another that refuses what the policies of a user do not allow."""

    def __init__(self, application: Application, facts: Dict[str, Any], log: Optional[str]) -> None:
        self.application = application
        self.resources = Resources(facts)
        self.log = log
        self.lock = threading.Lock()

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        request = read_aws_request(environ)
        if request is None:
            return self.application(environ, start_response)
        questions = self.resources.questions(request)
        policies = _policies_of(request)
        refused = [] if policies is None else [one for one in questions if not allows(policies, one)]
        self._write(request, questions, refused, policies is not None)
        if refused:
            body = _refuse(request, refused[0], start_response)
            return [] if environ["REQUEST_METHOD"] == "HEAD" else body
        return self._remembering(request, environ, start_response)

    def _remembering(
        self, request: AwsRequest, environ: Environ, start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        statuses: List[str] = []

        def start(status: str, headers: Any, *rest: Any) -> Any:
            statuses.append(status)
            return start_response(status, headers, *rest)

        body = b"".join(self.application(environ, start))
        if statuses and statuses[0].startswith("2"):
            self.resources.memory.note(request, body.decode("utf-8", "replace"))
        return [body]

    def _write(self, request: AwsRequest, questions: List[Question], refused: List[Question], checked: bool) -> None:
        if self.log is None:
            return
        line = {
            "call": f"{request.service}:{request.operation}",
            "invocation": request.invocation,
            "checked": checked,
            "questions": [one.__dict__ for one in questions],
            "refused": [one.__dict__ for one in refused],
        }
        with self.lock, open(self.log, "a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")


def authorized(application: Application) -> Application:
    """The application with authorization in front, where the environment asks for it."""
    path = os.environ.get("EMULATOR_ACTIONS")
    if path is None:
        return application
    with open(path, encoding="utf-8") as file:
        return Authorization(application, json.load(file), os.environ.get("EMULATOR_ACTIONS_LOG"))


def _policies_of(request: AwsRequest) -> Optional[List[Dict[str, Any]]]:
    """The policies attached to the user that signed the request; None where no user has that key."""
    from moto.iam.models import iam_backends

    backend = iam_backends[request.account][request.partition]
    for user in backend.list_users("/", None, None):
        if any(key.access_key_id == request.access_key for key in user.access_keys):
            attached, _ = backend.list_attached_user_policies(user.name)
            versions = [one for policy in attached for one in policy.versions if one.is_default]
            return [_parsed(one.document) for one in versions]
    return None


@lru_cache(maxsize=256)
def _parsed(document: str) -> Any:
    return json.loads(document)


def _refuse(request: AwsRequest, question: Question, start_response: Callable[..., Any]) -> Iterable[bytes]:
    message = (
        f"not authorized to perform: {question.action} on resource: {question.resource}"
        f" with {json.dumps(question.context, sort_keys=True)}"
    )
    if request.protocol in ("json", "rest-json"):
        code = "AccessDeniedException"
        headers = [("Content-Type", "application/x-amz-json-1.1"), ("x-amzn-ErrorType", code)]
        body = json.dumps({"__type": code, "message": message})
    else:
        code = "UnauthorizedOperation" if request.protocol == "ec2" else "AccessDenied"
        headers = [("Content-Type", "text/xml")]
        body = _xml_error(request.protocol, code, message)
    start_response("403 Forbidden", headers)
    return [body.encode()]


def _xml_error(protocol: str, code: str, message: str) -> str:
    text = message.replace("&", "&amp;").replace("<", "&lt;")
    error = f"<Error><Code>{code}</Code><Message>{text}</Message></Error>"
    if protocol == "ec2":
        return f"<Response><Errors>{error}</Errors><RequestID>0</RequestID></Response>"
    return error if protocol == "s3" else f"<ErrorResponse>{error}<RequestId>0</RequestId></ErrorResponse>"
