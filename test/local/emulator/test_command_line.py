"""Starting the emulator: both forms of the command, refusals, and a clean end."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import unittest
from typing import List

from support import LOCAL, Server, client


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

    def test_two_servers_take_ports_and_states_of_their_own(self) -> None:
        servers = [Server(), Server()]
        try:
            self.assertNotEqual(servers[0].url, servers[1].url)
            client("sqs", servers[0]).create_queue(QueueName="q")
            self.assertNotIn("QueueUrls", client("sqs", servers[1]).list_queues())
        finally:
            self.assertEqual([server.stop() for server in servers], [0, 0])


if __name__ == "__main__":
    unittest.main()
