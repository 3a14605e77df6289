"""Requests as AWS clients send them, read back into the members of the operation's input shape.

moto parses a request only as far as each operation needs, and drops what the model does not know. Here the whole
request is read, and what cannot be read is reported, so that ``validation`` sees everything the client sent.
"""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any, Dict, List, Tuple
from urllib.parse import parse_qs

from botocore.model import OperationModel, Shape, StructureShape
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import determine_request_protocol
from moto.core.responses import BaseResponse
from werkzeug.datastructures import MultiDict

from .validation import NUMBERS, WHOLE_NUMBERS

JSON_PROTOCOLS = ("json", "rest-json")
TRUE_AND_FALSE = {"true": True, "false": False}


class UnreadableError(Exception):
    """A request whose body is not what the protocol asks for."""


def read_request(response: BaseResponse, model: OperationModel) -> Dict[str, Any]:
    """The members of the request; raises ``UnreadableError`` when the body cannot be parsed."""
    shape = model.input_shape
    if shape is None:
        return {}
    protocol = determine_request_protocol(model.service_model, response.headers.get("Content-Type", ""))
    if protocol in JSON_PROTOCOLS:
        return _read_json_request(response, shape)
    return _read_with_moto(response, model, protocol)


def _read_json_request(response: BaseResponse, shape: StructureShape) -> Dict[str, Any]:
    members = {name: member for name, member in shape.members.items() if "location" not in member.serialization}
    params = _read_locations(response, shape)
    payload = shape.serialization.get("payload")
    if payload is None:
        params.update(_members_from_json(members, _json_body(response)))
    elif shape.members[payload].type_name == "structure":
        params[payload] = _from_json(shape.members[payload], _json_body(response))
    elif response.body:
        params[payload] = response.body
    return params


def _json_body(response: BaseResponse) -> Any:
    if not response.body:
        return {}
    try:
        return json.loads(response.body)
    except ValueError as error:
        raise UnreadableError(f"the body is not JSON: {error}") from error


def _members_from_json(members: Dict[str, Shape], body: Any) -> Dict[str, Any]:
    if not isinstance(body, dict):
        raise UnreadableError("the body is not a JSON object")
    names = {member.serialization.get("name", name): name for name, member in members.items()}
    read: Dict[str, Any] = {}
    for key, value in body.items():
        name = str(names.get(key, key))
        if value is not None:
            read[name] = _from_json(members[name], value) if name in members else value
    return read


def _from_json(shape: Shape, value: Any) -> Any:
    """The value with wire names and encodings replaced; a value of the wrong type is left for the validator."""
    if shape.type_name == "structure" and isinstance(value, dict) and not getattr(shape, "is_document_type", False):
        return _members_from_json(shape.members, value)
    if shape.type_name == "list" and isinstance(value, list):
        return [_from_json(shape.member, item) for item in value]
    if shape.type_name == "map" and isinstance(value, dict):
        return {key: _from_json(shape.value, item) for key, item in value.items()}
    if shape.type_name == "blob" and isinstance(value, str):
        try:
            return base64.b64decode(value, validate=True)
        except binascii.Error as error:
            raise UnreadableError(f"a blob is not base64: {error}") from error
    return value


def _read_locations(response: BaseResponse, shape: StructureShape) -> Dict[str, Any]:
    """The members that REST protocols carry in the path, the query string and the headers."""
    query = parse_qs(response.parsed_url.query, keep_blank_values=True)
    params: Dict[str, Any] = {}
    for name, member in shape.members.items():
        location = member.serialization.get("location")
        wire_name = member.serialization.get("name", name)
        values: List[str] = []
        if location == "uri" and response.uri_match.get(wire_name) is not None:
            values = [response.uri_match[wire_name]]
        elif location == "querystring":
            values = query.get(wire_name, [])
        elif location == "header" and response.headers.get(wire_name) is not None:
            values = [response.headers[wire_name]]
        if values:
            params[name] = _from_text(member, values)
    return params


def _from_text(shape: Shape, values: List[str]) -> Any:
    if shape.type_name == "list":
        return [_from_text(shape.member, [value]) for value in values]
    text = values[0]
    if shape.type_name == "boolean":
        return TRUE_AND_FALSE.get(text.lower(), text)
    if shape.type_name in NUMBERS:
        return _number(shape, text)
    return text


def _number(shape: Shape, text: str) -> Any:
    try:
        return int(text) if shape.type_name in WHOLE_NUMBERS else float(text)
    except ValueError:
        return text


def _read_with_moto(response: BaseResponse, model: OperationModel, protocol: str) -> Dict[str, Any]:
    """Query, EC2 and XML requests: moto's own parsers follow the model; unknown query parameters are added as sent."""
    flat = _flat_parameters(response)
    parser = PROTOCOL_PARSERS[protocol](model, map_type=dict)
    try:
        params = parser.parse(
            {
                "method": response.method,
                "values": flat,
                "headers": response.headers,
                "body": response.body,
                "url_path": response.path,
                "url_params": response.uri_match,
            }
        )
    except Exception as error:  # the parsers raise what the first conversion raises
        raise UnreadableError(str(error)) from error
    if protocol in ("query", "ec2"):
        params.update(_unknown_parameters(flat, model, protocol))
    return params


def _flat_parameters(response: BaseResponse) -> "MultiDict[str, str]":
    pairs: List[Tuple[str, str]] = []
    for key, values in response.querystring.items():
        for value in values if isinstance(values, list) else [values]:
            pairs.append((key, value))
    return MultiDict(pairs)


def _unknown_parameters(flat: "MultiDict[str, str]", model: OperationModel, protocol: str) -> Dict[str, str]:
    """Parameters whose first part no member of the input has."""
    shape = model.input_shape
    known = {"Action", "Version", "ContentType"}
    for name, member in (shape.members if shape is not None else {}).items():
        known.add(_query_name(name, member, protocol))
        inner = getattr(member, "member", None)
        if inner is not None and member.serialization.get("flattened"):
            known.add(inner.serialization.get("name", name))
    return {key: flat[key] for key in flat if key.split(".")[0] not in known}


def _query_name(name: str, member: Shape, protocol: str) -> str:
    wire = member.serialization.get("name", name)
    if protocol == "ec2":
        wire = member.serialization.get("queryName", wire[0].upper() + wire[1:])
    return str(wire)
