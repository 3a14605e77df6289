"""A repeated request gets the first answer, requests are carried out one by one, and every answer leaves in one write."""

from __future__ import annotations

import io
import socket
import threading
import time
import unittest
import urllib.error
import urllib.parse
import urllib.request
import uuid
from typing import Any, Callable, Dict, List, Optional

from support import REGION, client, shared_server, unique

from emulator.repeats import Repeats


def headers(service: str, invocation: Optional[str]) -> Dict[str, str]:
    scope = f"test/20260101/{REGION}/{service}/aws4_request"
    signed = {"Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0"}
    return signed if invocation is None else {**signed, "amz-sdk-invocation-id": invocation}


def create_group(vpc: str, name: str, invocation: Optional[str]) -> str:
    """What EC2 answers to CreateSecurityGroup, refusals included."""
    form = {"Action": "CreateSecurityGroup", "Version": "2016-11-15", "GroupName": name, "GroupDescription": "a"}
    body = urllib.parse.urlencode({**form, "VpcId": vpc}).encode()
    request = urllib.request.Request(shared_server().url, data=body, headers=headers("ec2", invocation))
    try:
        with urllib.request.urlopen(request) as answer:
            return str(answer.read().decode())
    except urllib.error.HTTPError as refusal:
        return refusal.read().decode()


class RepeatTest(unittest.TestCase):
    def setUp(self) -> None:
        self.ec2 = client("ec2")
        self.vpc = self.ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]

    def test_a_repeated_request_gets_the_first_answer(self) -> None:
        name, invocation = unique("group"), str(uuid.uuid4())
        first = create_group(self.vpc, name, invocation)
        self.assertIn("<groupId>", first)
        self.assertEqual(create_group(self.vpc, name, invocation), first)

    def test_another_call_is_carried_out(self) -> None:
        name = unique("group")
        create_group(self.vpc, name, str(uuid.uuid4()))
        self.assertIn("InvalidGroup.Duplicate", create_group(self.vpc, name, str(uuid.uuid4())))
        self.assertIn("InvalidGroup.Duplicate", create_group(self.vpc, name, None))

    def test_a_refused_request_may_be_repeated(self) -> None:
        name, invocation = unique("group"), str(uuid.uuid4())
        taken = self.ec2.create_security_group(VpcId=self.vpc, GroupName=name, Description="a")["GroupId"]
        self.assertIn("InvalidGroup.Duplicate", create_group(self.vpc, name, invocation))
        self.ec2.delete_security_group(GroupId=taken)
        self.assertIn("<groupId>", create_group(self.vpc, name, invocation))

    def test_a_request_repeated_before_the_answer_waits_for_it(self) -> None:
        name, invocation = unique("group"), str(uuid.uuid4())
        answers: List[str] = []

        def create() -> None:
            answers.append(create_group(self.vpc, name, invocation))

        senders = [threading.Thread(target=create) for _ in range(8)]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join()
        self.assertEqual(len(set(answers)), 1)
        self.assertIn("<groupId>", answers[0])


class OneAtATimeTest(unittest.TestCase):
    def test_no_request_begins_before_the_answer_of_another(self) -> None:
        running: List[int] = []
        most: List[int] = []

        def application(environ: Dict[str, Any], start_response: Callable[..., Any]) -> List[bytes]:
            running.append(1)
            most.append(len(running))
            time.sleep(0.01)
            running.pop()
            start_response("200 OK", [])
            return [environ["wsgi.input"].read()]

        repeats = Repeats(application)
        answers: List[bytes] = []

        def send(number: int) -> None:
            body = str(number).encode()
            environ = {"REQUEST_METHOD": "POST", "REQUEST_URI": "/", "wsgi.input": io.BytesIO(body)}
            invocation = {"HTTP_AMZ_SDK_INVOCATION_ID": str(number)} if number % 2 else {}
            sent = {**environ, **invocation, "CONTENT_LENGTH": str(len(body))}
            answers.extend(repeats(sent, lambda status, headers: None))

        senders = [threading.Thread(target=send, args=(number,)) for number in range(8)]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join()
        self.assertEqual(sorted(answers), sorted(str(number).encode() for number in range(8)))
        self.assertEqual(max(most), 1)


class OneWriteTest(unittest.TestCase):
    def test_headers_and_body_leave_at_once(self) -> None:
        address = urllib.parse.urlparse(shared_server().url)
        body = b"Action=DescribeVpcs&Version=2016-11-15"
        lines = [f"{name}: {value}" for name, value in headers("ec2", None).items()]
        head = ["POST / HTTP/1.1", f"Host: {address.netloc}", f"Content-Length: {len(body)}", *lines, "", ""]
        for _ in range(20):
            with socket.create_connection((address.hostname, address.port)) as connection:
                connection.sendall("\r\n".join(head).encode() + body)
                self.assertIn(b"</DescribeVpcsResponse>", connection.recv(1 << 20))
