"""Every operation that the emulator serves refuses what its model refuses, in the service's own words."""

from __future__ import annotations

import json
import os
import unittest
import urllib.error
import urllib.request
from typing import Any, Dict, Iterator, Tuple

import botocore.session
from botocore.exceptions import ClientError
from botocore.model import OperationModel, Shape
from support import REGION, EmulatorTest, Server, client, shared_server

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

    def assert_refused(self, service: str, model: OperationModel, text: str, **members: Any) -> None:
        code, message, status = self.send(service, model, **members)
        self.assertEqual((code, status), (REFUSAL_CODES.get(service, "ValidationException"), 400), message)
        self.assertIn(text, message)

    def test_missing_members(self) -> None:
        count = 0
        for service, model in operations():
            required = model.input_shape.required_members if model.input_shape else []
            # A client fills idempotency tokens in by itself.
            made_up = [name for name, member in in_body(model) if member.metadata.get("idempotencyToken")]
            for name in [name for name, _ in in_body(model) if name in required and name not in made_up]:
                with self.subTest(operation=model.name, member=name):
                    self.assert_refused(service, model, f"Value null at '{name}'")
                    count += 1
        self.assertGreater(count, 50)

    def test_values_outside_their_enum(self) -> None:
        count = 0
        for service, model in operations():
            for name, member in in_body(model):
                if getattr(member, "enum", []):
                    with self.subTest(operation=model.name, member=name):
                        self.assert_refused(service, model, "enum value set", **{name: "NO_SUCH_VALUE"})
                        count += 1
        self.assertGreater(count, 10)

    def test_text_that_does_not_match_its_pattern(self) -> None:
        count = 0
        for service, model in operations():
            for name, member in in_body(model):
                pattern = member.metadata.get("pattern")
                expression = compiled(pattern) if pattern else None
                if expression is not None and not expression.fullmatch(UNFIT):
                    with self.subTest(operation=model.name, member=name):
                        self.assert_refused(service, model, "regular expression pattern", **{name: UNFIT})
                        count += 1
        self.assertGreater(count, 30)

    def test_text_that_is_too_long(self) -> None:
        for service, model in operations():
            for name, member in in_body(model):
                most = member.metadata.get("max")
                if member.type_name == "string" and most is not None and most <= 10000:
                    with self.subTest(operation=model.name, member=name):
                        self.assert_refused(service, model, "length less than", **{name: "x" * (most + 1)})

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

    def test_a_reset_clears_what_the_emulator_keeps(self) -> None:
        server = Server()
        try:
            firewall = client("network-firewall", server)
            firewall.create_rule_group(
                RuleGroupName="a", Type="STATEFUL", Capacity=1, Rules="pass ip any any -> any any (sid:1;)"
            )
            self.assertEqual(len(firewall.list_rule_groups()["RuleGroups"]), 1)
            server.post("/moto-api/reset")
            self.assertEqual(firewall.list_rule_groups()["RuleGroups"], [])
        finally:
            self.assertEqual(server.stop(), 0)


if __name__ == "__main__":
    unittest.main()
