"""The seam between moto and the operations added to it.

``operation`` registers a function for one operation of one service; ``install`` puts all of them onto moto's response
classes and places the validator in front of every operation, stock or added. A function gets its parameters already
validated and answers with a plain dictionary, which must fit the operation's output shape: an answer that does not is
a bug of this emulator and is reported as InternalFailure instead of being sent.

An operation that nobody implements answers 501. Stock moto answers 500, which AWS clients retry for minutes.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any, Callable, Dict, List, Optional, Tuple

from botocore.model import OperationModel, OperationNotFoundError
from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult, BaseResponse
from moto.core.utils import camelcase_to_underscores, get_service_model
from moto.moto_api._internal import mock_random

from .validation import answer_problems, request_problems
from .wire import UnreadableError, read_request

Answer = Dict[str, Any]


class Refusal(ServiceException):  # noqa: N818 (the API's own word; it is an answer, not a failure)
    """An error that the service answers: its code, as in the API, and its message.

    moto looks the code up in the model of the service whose package raised it, so it must not be raised as moto's own.
    """


#: Error code with which each service refuses a malformed argument, where it is not ValidationException.
REFUSAL_CODES = {
    "backup": "InvalidParameterValueException",
    "cloudwatch": "ValidationError",
    "ec2": "InvalidParameterValue",
    "eks": "InvalidParameterException",
    "elbv2": "ValidationError",
    "iam": "ValidationError",
    "logs": "InvalidParameterException",
    "network-firewall": "InvalidRequestException",
    "rds": "InvalidParameterValue",
    "route53": "InvalidInput",
    "secretsmanager": "InvalidParameterException",
    "sns": "InvalidParameter",
    "sqs": "InvalidParameterValue",
    "sts": "ValidationError",
    "wafv2": "WAFInvalidParameterException",
}


@dataclass(frozen=True)
class Call:
    """One validated request to an added operation."""

    params: Dict[str, Any]
    account: str
    region: str
    partition: str


Operation = Callable[[Call], Answer]
REGISTRY: Dict[Tuple[str, str], Operation] = {}


def operation(service: str, name: str) -> Callable[[Operation], Operation]:
    """Register the decorated function as operation ``name`` (as in the API, e.g. CreateAddon) of a botocore service."""

    def register(function: Operation) -> Operation:
        REGISTRY[(service, name)] = function
        return function

    return register


def store(backend: Any, kind: str) -> Dict[Any, Any]:
    """A dictionary kept on a moto backend, so that moto's reset clears it with everything else."""
    stores: Dict[str, Dict[Any, Any]] = backend.__dict__.setdefault("_emulator", {})
    return stores.setdefault(kind, {})


def now() -> datetime.datetime:
    return datetime.datetime.now(datetime.timezone.utc)


def new_id(prefix: str, length: int = 17) -> str:
    """An identifier as AWS makes them: a prefix and lower-case hexadecimal digits."""
    return prefix + str(mock_random.get_random_hex(length))


def install(classes: Dict[str, type]) -> None:
    """Put every registered operation onto its service's response class, given by botocore service name."""
    for (service, name), function in REGISTRY.items():
        setattr(classes[service], camelcase_to_underscores(name), _method(function, name))
    _validate_first()


def _method(function: Operation, name: str) -> Callable[[Any], Any]:
    def serve(self: BaseResponse) -> ActionResult:
        model = get_service_model(self.boto3_service_name).operation_model(name)
        call = Call(
            params=getattr(self, "validated", None) or read_request(self, model),
            account=self.current_account,
            region=self.region,
            partition=self.partition,
        )
        answer = function(call)
        _require_output_shape(model, answer)
        return ActionResult(answer)

    return serve


def _require_output_shape(model: OperationModel, answer: Answer) -> None:
    if model.output_shape is None:
        problems = ["the operation answers nothing"] if answer else []
    else:
        problems = answer_problems(model.output_shape, answer)
    if problems:
        raise Refusal("InternalFailure", f"emulator: bad answer of {model.name}: {'; '.join(problems)}")


def _validate_first() -> None:
    stock_call_action = BaseResponse.call_action

    def call_action(self: BaseResponse) -> Any:
        refusal = _refusal(self)
        if refusal is not None:
            return _error(self, refusal)
        try:
            return stock_call_action(self)
        except NotImplementedError as error:
            return 501, {"Content-Type": "text/plain", "x-amzn-ErrorType": "NotImplemented"}, f"emulator: {error}"

    BaseResponse.call_action = call_action  # type: ignore[method-assign]


def _refusal(response: BaseResponse) -> Optional[Refusal]:
    model = _operation_model(response)
    if model is None or model.input_shape is None:
        return None
    code = REFUSAL_CODES.get(str(model.service_model.service_name), "ValidationException")
    try:
        params = read_request(response, model)
    except UnreadableError as error:
        return Refusal("SerializationException", str(error))
    problems = request_problems(model.input_shape, params)
    response.validated = params  # type: ignore[attr-defined]
    return Refusal(code, _sentence(problems)) if problems else None


def _operation_model(response: BaseResponse) -> Optional[OperationModel]:
    """The model of the operation called; None for what botocore does not know (moto's own API, unsigned paths)."""
    if not response.boto3_service_name:
        return None
    try:
        name = response._get_action()
        return get_service_model(response.boto3_service_name).operation_model(name) if name else None
    except (OperationNotFoundError, KeyError, ValueError):
        return None


def _sentence(problems: List[str]) -> str:
    noun = "error" if len(problems) == 1 else "errors"
    return f"{len(problems)} validation {noun} detected: {'; '.join(problems)}"


def _error(response: BaseResponse, error: Refusal) -> Any:
    status, headers, body = response.serialized(ActionResult(error))
    headers, body = response._enrich_response(headers, body)
    return status, headers, body
