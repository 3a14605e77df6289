"""Run all tests of this folder against one emulator; the last line is the outcome as JSON."""

from __future__ import annotations

import json
import pathlib
import sys
import unittest

import support


def main() -> int:
    suite = unittest.defaultTestLoader.discover(str(pathlib.Path(__file__).resolve().parent))
    # A server that does not start would fail each test after its own wait.
    support.shared_server()
    try:
        result = unittest.TextTestRunner(stream=sys.stderr, warnings="ignore").run(suite)
    finally:
        support.stop_shared_server()
    failed = [str(test) for test, _ in result.failures + result.errors]
    print(json.dumps({"run": result.testsRun, "failed": failed, "skipped": len(result.skipped)}))
    return 0 if result.wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main())
