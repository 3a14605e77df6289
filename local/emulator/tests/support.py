"""What the emulator's tests share: one server for all of them, clients, and things that other things need.

Every answer of the services that the emulator writes in full is compared with botocore's output shape as it came over
the wire: boto3 itself drops what its model does not know, so only the raw body shows a member too many.
"""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys
import unittest
import urllib.request
import uuid
from functools import lru_cache
from typing import Any, Dict, List, Optional

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.model import OperationModel, Shape

LOCAL = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(LOCAL))

ACCOUNT, REGION = "123456789012", "us-east-1"
#: Services whose answers are written by the emulator in full; stock moto's own answers are not its concern.
OWN_SERVICES = ("eks", "network-firewall", "route53resolver")


class Server:
    """The emulator as a child process on a port that it chose itself."""

    def __init__(self, environment: Optional[Dict[str, str]] = None) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "emulator", "--port", "0"],
            cwd=LOCAL,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **(environment or {})},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"the emulator did not start: exit code {self.process.wait()}")
        self.url = f"http://127.0.0.1:{json.loads(line)['port']}"

    def stop(self) -> int:
        self.process.terminate()
        assert self.process.stdout is not None
        self.process.stdout.close()
        return self.process.wait(timeout=20)

    def post(self, path: str) -> None:
        urllib.request.urlopen(urllib.request.Request(self.url + path, method="POST")).close()


_shared: List[Server] = []


def shared_server() -> Server:
    if not _shared:
        _shared.append(Server())
    return _shared[0]


def stop_shared_server() -> None:
    while _shared:
        _shared.pop().stop()


def client(service: str, server: Optional[Server] = None) -> Any:
    """A client that asserts the shape of every answer, and leaves all validation to the server."""
    return client_of(service, (server or shared_server()).url)


@lru_cache(maxsize=None)
def client_of(service: str, url: str) -> Any:
    made = boto3.client(
        service,
        endpoint_url=url,
        region_name=REGION,
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(parameter_validation=False, retries={"max_attempts": 1}),
    )
    if service in OWN_SERVICES:
        made.meta.events.register(f"after-call.{service}", check_answer)
    return made


def check_answer(http_response: Any, parsed: Any, model: OperationModel, **_: Any) -> None:
    if http_response.status_code < 300:
        extra = extra_members(model.output_shape, json.loads(http_response.content or b"{}"), "")
        assert not extra, f"{model.name} answers members that its output does not have: {extra}"


def extra_members(shape: Optional[Shape], value: Any, path: str) -> List[str]:
    """The paths of an answer that the output shape does not have, by the names on the wire."""
    if shape is None:
        return [path or "/"] if value else []
    if shape.type_name == "structure" and isinstance(value, dict):
        names = {member.serialization.get("name", name): member for name, member in shape.members.items()}
        unknown = [f"{path}/{key}" for key in value if key not in names]
        return unknown + [
            p for key in value if key in names for p in extra_members(names[key], value[key], f"{path}/{key}")
        ]
    if shape.type_name == "list":
        return [p for index, item in enumerate(value) for p in extra_members(shape.member, item, f"{path}/{index}")]
    if shape.type_name == "map":
        return [p for key, item in value.items() for p in extra_members(shape.value, item, f"{path}/{key}")]
    return []


class EmulatorTest(unittest.TestCase):
    """A test with the shared server behind it."""

    def refused(self, code: str, text: str, call: Any, **arguments: Any) -> ClientError:
        """Assert that ``call(**arguments)`` is refused with this code and a message that holds this text."""
        with self.assertRaises(ClientError) as caught:
            call(**arguments)
        error = caught.exception.response["Error"]
        self.assertEqual(error["Code"], code, error)
        self.assertIn(text, error["Message"])
        return caught.exception


def unique(prefix: str) -> str:
    return f"{prefix}-{uuid.uuid4().hex[:8]}"


def role(service: str, *actions: str, server: Optional[Server] = None) -> str:
    """The ARN of a new role that the service may assume."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": list(actions) or ["sts:AssumeRole"],
    }
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    made = client("iam", server).create_role(RoleName=unique("role"), AssumeRolePolicyDocument=document)
    return str(made["Role"]["Arn"])


def pod_role() -> str:
    return role("pods.eks.amazonaws.com", "sts:AssumeRole", "sts:TagSession")


class Network:
    """A VPC with a subnet in each of three zones."""

    def __init__(self, server: Optional[Server] = None) -> None:
        ec2 = client("ec2", server)
        self.vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        self.subnets = [
            ec2.create_subnet(VpcId=self.vpc, CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=REGION + zone)[
                "Subnet"
            ]["SubnetId"]
            for number, zone in enumerate("abc")
        ]
