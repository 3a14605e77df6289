"""Every operation that the emulator serves refuses what its model refuses, in the service's own words."""

from __future__ import annotations

import json
import os
import unittest
import urllib.error
import urllib.request
from typing import Any, Dict, Iterator, List, Optional, Tuple

import botocore.session
from botocore.exceptions import ClientError
from botocore.model import OperationModel, Shape
from support import REGION, EmulatorTest, client, shared_server

os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "false"

from emulator import extension  # noqa: E402
from emulator.operations import REFUSAL_CODES, REGISTRY  # noqa: E402
from emulator.validation import compiled  # noqa: E402

extension.register()
MODELS = botocore.session.get_session()
UNFIT = "\n;{not valid}\n"


def operations() -> Iterator[Tuple[str, OperationModel]]:
    for service, name in sorted(REGISTRY):
        yield service, MODELS.get_service_model(service).operation_model(name)


def in_path(model: OperationModel) -> Dict[str, str]:
    """Values for the members that are part of the path: without them a client has nothing to send."""
    members = model.input_shape.members if model.input_shape else {}
    return {name: "x" for name, member in members.items() if member.serialization.get("location") == "uri"}


def in_body(model: OperationModel) -> Iterator[Tuple[str, Shape]]:
    for name, member in (model.input_shape.members if model.input_shape else {}).items():
        if "location" not in member.serialization:
            yield name, member


def unfit(member: Shape) -> Tuple[Optional[str], str]:
    """Text that breaks a constraint of the member, and how the refusal names it; nothing where it has none."""
    pattern, most = member.metadata.get("pattern"), member.metadata.get("max")
    expression = compiled(pattern) if pattern else None
    if getattr(member, "enum", []):
        return "NO_SUCH_VALUE", "satisfy enum value set"
    if expression is not None and not expression.fullmatch(UNFIT):
        return UNFIT, "satisfy regular expression"
    if member.type_name == "string" and most is not None and most <= 10000:
        return "x" * (most + 1), "have length less"
    return None, ""


class RequestTest(EmulatorTest):
    def send(self, service: str, model: OperationModel, **members: Any) -> Tuple[str, str, int]:
        """The code, message and status with which the server refuses the request."""
        method = client(service)._make_api_call
        try:
            method(model.name, {**in_path(model), **members})
        except ClientError as error:
            answer = error.response
            return answer["Error"]["Code"], answer["Error"]["Message"], answer["ResponseMetadata"]["HTTPStatusCode"]
        return "", "it was served", 200

    def assert_refused(self, service: str, model: OperationModel, wanted: List[str], **members: Any) -> int:
        """Assert that one request is refused for all of these reasons at once; the answer is how many they are."""
        if wanted:
            code, message, status = self.send(service, model, **members)
            self.assertEqual((code, status), (REFUSAL_CODES.get(service, "ValidationException"), 400), message)
            for text in wanted:
                self.assertIn(text, message)
        return len(wanted)

    def test_missing_members(self) -> None:
        count = 0
        for service, model in operations():
            required = model.input_shape.required_members if model.input_shape else []
            # A client fills idempotency tokens in by itself.
            names = [name for name, member in in_body(model) if not member.metadata.get("idempotencyToken")]
            wanted = [f"Value null at '{name}'" for name in names if name in required]
            with self.subTest(operation=model.name):
                count += self.assert_refused(service, model, wanted)
        self.assertGreater(count, 50)

    def test_values_that_break_their_constraints(self) -> None:
        counts: Dict[str, int] = {}
        for service, model in operations():
            bad = {name: unfit(member) for name, member in in_body(model)}
            given = {name: value for name, (value, _) in bad.items() if value is not None}
            wanted = [
                f"at '{name}' failed to satisfy constraint: Member must {text}"
                for name, (_, text) in bad.items()
                if text
            ]
            with self.subTest(operation=model.name):
                self.assert_refused(service, model, wanted, **given)
            for _, text in bad.values():
                counts[text] = counts.get(text, 0) + 1
        for text, least in (
            ("satisfy enum value set", 10),
            ("satisfy regular expression", 30),
            ("have length less", 30),
        ):
            self.assertGreater(counts[text], least)

    def test_every_pattern_of_the_served_operations_is_enforced(self) -> None:
        for _, model in operations():
            for name, member in in_body(model):
                pattern = member.metadata.get("pattern")
                with self.subTest(operation=model.name, member=name):
                    self.assertTrue(pattern is None or compiled(pattern) is not None, pattern)

    def raw(self, service: str, path: str, body: bytes, target: str = "") -> Tuple[int, Dict[str, Any]]:
        headers = {
            "Authorization": f"AWS4-HMAC-SHA256 Credential=test/20260101/{REGION}/{service}/aws4_request, "
            "SignedHeaders=host, Signature=0",
            "Content-Type": "application/x-amz-json-1.0" if target else "application/json",
            **({"X-Amz-Target": target} if target else {}),
        }
        request = urllib.request.Request(shared_server().url + path, data=body, headers=headers, method="POST")
        try:
            with urllib.request.urlopen(request) as answer:
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as error:
            with error:
                text = error.read()
                return error.code, json.loads(text) if text.startswith(b"{") else {"text": text.decode()}

    def test_unknown_members_are_refused(self) -> None:
        status, answer = self.raw("eks", "/clusters/x/access-entries", b'{"principalArn": "a", "principal": "b"}')
        self.assertEqual(status, 400)
        self.assertIn("'principal'", answer["message"])
        body = json.dumps({"FirewallName": "x", "Firewal": "y"}).encode()
        status, answer = self.raw("network-firewall", "/", body, "NetworkFirewall_20201112.DescribeFirewall")
        self.assertEqual((status, answer["__type"].split("#")[-1]), (400, "InvalidRequestException"))
        self.assertIn("'Firewal'", answer["Message"])

    def test_a_body_that_is_not_json_is_refused(self) -> None:
        for body in (b"{", b"[]", b'"x"'):
            with self.subTest(body=body):
                status, answer = self.raw("eks", "/clusters/x/access-entries", body)
                self.assertEqual((status, answer["__type"]), (400, "SerializationException"))

    def test_an_operation_that_nobody_implements_is_refused_at_once(self) -> None:
        with self.assertRaises(ClientError) as caught:
            client("eks").describe_insight(clusterName="x", id="y")
        self.assertEqual(caught.exception.response["ResponseMetadata"]["HTTPStatusCode"], 501)

    def test_operations_of_stock_moto_are_validated_too(self) -> None:
        self.refused("ValidationException", "'KeySpec'", client("kms").create_key, KeySpec="RSA_1")
        self.refused(
            "ValidationError", "'RoleName'", client("iam").create_role, RoleName="a b", AssumeRolePolicyDocument="{}"
        )
        self.refused(
            "InvalidParameterValue",
            "'InstanceType'",
            client("ec2").run_instances,
            MinCount=1,
            MaxCount=1,
            InstanceType="m7g",
        )

    def test_an_unknown_query_parameter_is_refused(self) -> None:
        body = b"Action=DescribeDBInstances&Version=2014-10-31&DBInstanceName=x"
        request = urllib.request.Request(
            shared_server().url,
            data=body,
            headers={
                "Authorization": f"AWS4-HMAC-SHA256 Credential=test/20260101/{REGION}/rds/aws4_request, Signature=0",
                "Content-Type": "application/x-www-form-urlencoded",
            },
        )
        with self.assertRaises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(request)
        with caught.exception as error:
            self.assertEqual(error.code, 400)
            self.assertIn("DBInstanceName", error.read().decode())


if __name__ == "__main__":
    unittest.main()
