"""Requests to AWS as they come over the wire, read as far as IAM looks at them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Dict, List, Optional, Tuple
from urllib.parse import parse_qsl, unquote
from xml.etree import ElementTree

from moto.core import DEFAULT_ACCOUNT_ID
from moto.core.utils import get_service_model
from moto.utilities.utils import get_partition

#: Names of services in botocore, where they differ from the name that a request is signed for.
BOTOCORE_NAMES = {
    "elasticloadbalancing": "elbv2",
    "monitoring": "cloudwatch",
    "servicequotas": "service-quotas",
    "tagging": "resourcegroupstaggingapi",
}
#: Prefixes of actions, where they differ from the name that a request is signed for.
ACTION_PREFIXES = {"monitoring": "cloudwatch", "tagging": "tag"}
#: Operations that only a header tells from others on the same path.
COPIES = ("CopyObject", "UploadPartCopy")
SCOPE = re.compile(r"Credential=([^/]+)/\d{8}/([^/]+)/([^/]+)/aws4_request")

Pairs = List[Tuple[str, str]]
#: Operation, parameters, tags, and tags by type.
Read = Tuple[str, Pairs, Dict[str, str], Dict[str, Dict[str, str]]]


@dataclass(frozen=True)
class AwsRequest:
    """One request: who signed it, for what, and its parameters."""

    service: str
    operation: str
    protocol: str
    access_key: str
    region: str
    account: str
    partition: str
    #: Parameters by their own name, without the path to them, in the order of the request.
    parameters: Pairs
    invocation: str = ""
    tags: Dict[str, str] = field(default_factory=dict)
    #: Tags by the type of the resources that they are for, where the request says so, as EC2's do.
    tags_by_type: Dict[str, Dict[str, str]] = field(default_factory=dict)

    def tags_for(self, resource: str) -> Dict[str, str]:
        """The tags that the request gives a resource, by its ARN."""
        if not self.tags_by_type:
            return self.tags
        return self.tags_by_type.get(resource.rpartition(":")[2].partition("/")[0], {})

    def values(self, *names: str) -> List[str]:
        return [value for name, value in self.parameters if name in names]


def read_aws_request(environ: Dict[str, Any]) -> Optional[AwsRequest]:
    """The request; None for what is not signed for a service, such as moto's own pages."""
    scope = SCOPE.search(environ.get("HTTP_AUTHORIZATION", ""))
    if scope is None:
        return None
    access_key, region, signed_for = scope.groups()
    model = get_service_model(BOTOCORE_NAMES.get(signed_for, signed_for))
    protocol = "s3" if signed_for == "s3" else str(model.metadata["protocol"])
    # botocore knows a newer protocol of some services than the client speaks.
    if "HTTP_X_AMZ_TARGET" in environ:
        protocol = "json"
    elif environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded") and protocol != "ec2":
        protocol = "query"
    operation, parameters, tags, tags_by_type = _read(environ, model, protocol)
    return AwsRequest(
        service=ACTION_PREFIXES.get(signed_for, signed_for),
        operation=operation,
        protocol=protocol,
        access_key=access_key,
        region=region,
        account=DEFAULT_ACCOUNT_ID,
        partition=get_partition(region),
        parameters=parameters,
        invocation=environ.get("HTTP_AMZ_SDK_INVOCATION_ID", ""),
        tags=tags,
        tags_by_type=tags_by_type,
    )


def _read(environ: Dict[str, Any], model: Any, protocol: str) -> Read:
    body = environ["wsgi.input"].read()
    environ["wsgi.input"].seek(0)
    target = environ.get("HTTP_X_AMZ_TARGET", "")
    if target:
        document = json.loads(body or b"{}")
        return target.rpartition(".")[2], list(_pairs(document)), _tags(document), {}
    if protocol in ("query", "ec2"):
        form = parse_qsl(body.decode(), keep_blank_values=True)
        named = [(_last_name(name), value) for name, value in form]
        return dict(named).get("Action", ""), named, _form_tags(dict(form)), _tags_by_type(dict(form))
    operation, located = _located(environ, model)
    if protocol == "rest-json":
        document = json.loads(body or b"{}")
        return operation, located + list(_pairs(document)), _tags(document), {}
    texts = _xml(body)
    return operation, located + texts, _xml_tags(texts), {}


def _pairs(value: Any, name: str = "") -> Any:
    if isinstance(value, dict):
        # What stands at the top comes first: a name there is that of the whole.
        for key, member in sorted(value.items(), key=lambda one: isinstance(one[1], (dict, list))):
            yield from _pairs(member, key)
    elif isinstance(value, list):
        for member in value:
            yield from _pairs(member, name)
    elif value is not None:
        yield name, str(value)


def _tags(document: Any) -> Dict[str, str]:
    """The tags of a request: a map, or a list of pairs of any spelling."""
    found: Dict[str, str] = {}
    for name, value in document.items():
        if name.lower() not in ("tags", "backupvaulttags", "backupplantags"):
            continue
        if isinstance(value, dict):
            found.update(value)
        for one in value if isinstance(value, list) else []:
            lower = {key.lower(): text for key, text in one.items()}
            found[lower.get("key") or lower.get("tagkey", "")] = lower.get("value") or lower.get("tagvalue", "")
    return found


def _form_tags(form: Dict[str, str]) -> Dict[str, str]:
    keys = {name: value for name, value in form.items() if re.search(r"Tags?\.(member\.|Tag\.)?\d+\.Key$", name)}
    return {value: form.get(f"{name[:-3]}Value", "") for name, value in keys.items()}


def _tags_by_type(form: Dict[str, str]) -> Dict[str, Dict[str, str]]:
    types = {name: value for name, value in form.items() if re.fullmatch(r"TagSpecification\.\d+\.ResourceType", name)}
    return {
        value: _form_tags({key: text for key, text in form.items() if key.startswith(f"{name[:-12]}Tag.")})
        for name, value in types.items()
    }


def _last_name(name: str) -> str:
    """The name of a parameter of a form, without its place: `TagSpecification.1.ResourceType` is a `ResourceType`."""
    words = [word for word in name.split(".") if not word.isdigit() and word != "member"]
    return words[-1] if words else name


def _xml(body: bytes) -> Pairs:
    if not body.strip().startswith(b"<"):
        return []
    elements = ElementTree.fromstring(body).iter()
    return [(one.tag.rpartition("}")[2], one.text or "") for one in elements]


def _xml_tags(texts: Pairs) -> Dict[str, str]:
    found: Dict[str, str] = {}
    for (name, key), (following, value) in zip(texts, texts[1:]):
        if name == "Key" and following == "Value":
            found[key] = value
    return found


@lru_cache(maxsize=None)
def _routes(service: str) -> List[Tuple[str, str, List[str], "re.Pattern[str]", List[str]]]:
    """Operations of a REST service: method, name, query parameters that it needs, path, names in the path."""
    routes = []
    model = get_service_model(service)
    for name in model.operation_names:
        # S3 has older operations on the paths of newer ones.
        if name in COPIES or model.operation_model(name).deprecated:
            continue
        http = model.operation_model(name).http
        path, _, query = http["requestUri"].partition("?")
        names = re.findall(r"{(\w+)\+?}", path)
        escaped = re.escape(path).replace(r"\{", "{").replace(r"\}", "}")
        pattern = re.sub(r"{\w+\\\+}", "(.+)", re.sub(r"{\w+}", "([^/]+)", escaped))
        words = [word for word in query.split("&") if word]
        routes.append((http["method"], name, words, re.compile(pattern.rstrip("/") + "/?"), names))
    # The most particular first.
    return sorted(routes, key=lambda route: (-len(route[2]), len(route[4])))


def _located(environ: Dict[str, Any], model: Any) -> Tuple[str, Pairs]:
    raw, _, query = environ.get("REQUEST_URI", environ["PATH_INFO"]).partition("?")
    asked = parse_qsl(query, keep_blank_values=True)
    # Where only a parameter of the query tells operations apart, the client names the operation.
    named = dict(asked).get("x-id")
    words = {name if value == "" else f"{name}={value}" for name, value in asked} | {name for name, _ in asked}
    for method, name, needed, pattern, names in _routes(model.service_name):
        found = pattern.fullmatch(raw) if method == environ["REQUEST_METHOD"] else None
        if found is not None and words.issuperset(needed) and named in (None, name):
            return name, [(part, unquote(text)) for part, text in zip(names, found.groups())] + asked
    return "", list(asked)
