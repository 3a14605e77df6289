"""Starting the emulator: both forms of the command, refusals, and a clean end."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import unittest
from typing import List

from support import LOCAL, Network, Server, client, role, shared_server, unique


def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, str(LOCAL / "emulator"), *arguments]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(command, capture_output=True, text=True, timeout=30, env=environment)


class CommandLineTest(unittest.TestCase):
    def assert_refused(self, arguments: List[str], text: str) -> None:
        ended = run(*arguments)
        self.assertNotEqual(ended.returncode, 0)
        self.assertIn(text, ended.stderr)
        self.assertNotIn("Traceback", ended.stderr)
        self.assertEqual(ended.stdout, "")

    def test_only_loopback_is_served(self) -> None:
        for host in ("0.0.0.0", "localhost", "::1", "192.0.2.1"):
            with self.subTest(host=host):
                self.assert_refused(["--host", host], f"--host: {host} is refused")

    def test_a_bad_port_is_refused(self) -> None:
        for port in ("-1", "65536", "http"):
            with self.subTest(port=port):
                self.assert_refused([f"--port={port}"], "--port")

    def test_a_busy_port_is_refused(self) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = str(taken.getsockname()[1])
            self.assert_refused(["--port", port], f"--port: {port} is taken")


class SecondServerTest(unittest.TestCase):
    """What differs between servers: their port, their state, and the Kubernetes endpoint that they report."""

    server: Server
    KUBERNETES = {"MOTO_EKS_ENDPOINT": "https://127.0.0.1:6443", "MOTO_EKS_CA_DATA": "UEVN"}

    @classmethod
    def setUpClass(cls) -> None:
        cls.server = Server(cls.KUBERNETES)

    @classmethod
    def tearDownClass(cls) -> None:
        assert cls.server.stop() == 0, "the server did not end well"

    def test_servers_have_ports_and_states_of_their_own_and_a_reset_clears_one(self) -> None:
        self.assertNotEqual(self.server.url, shared_server().url)
        own, other = client("network-firewall", self.server), client("network-firewall")
        rule, name = "pass ip any any -> any any (sid:1;)", unique("group")
        for api in (own, other):
            api.create_rule_group(RuleGroupName=name, Type="STATEFUL", Capacity=1, Rules=rule)
        self.server.post("/moto-api/reset")
        self.assertEqual(own.list_rule_groups()["RuleGroups"], [])
        self.assertIn(name, [group["Name"] for group in other.list_rule_groups()["RuleGroups"]])

    def test_the_endpoint_and_the_certificate_of_clusters_can_be_given(self) -> None:
        network, cluster_role = Network(self.server), role("eks.amazonaws.com", server=self.server)
        made = client("eks", self.server).create_cluster(
            name="c", roleArn=cluster_role, resourcesVpcConfig={"subnetIds": network.subnets}
        )["cluster"]
        self.assertEqual(made["endpoint"], self.KUBERNETES["MOTO_EKS_ENDPOINT"])
        self.assertEqual(made["certificateAuthority"], {"data": self.KUBERNETES["MOTO_EKS_CA_DATA"]})


if __name__ == "__main__":
    unittest.main()
