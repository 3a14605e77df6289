"""The command line: ``python -m emulator --port N`` from ``local/``, or ``python local/emulator --port N``.

Prints one line of JSON, ``{"port": N}``, once the server answers, then serves until it is stopped by SIGINT or SIGTERM.
"""

from __future__ import annotations

import argparse
import pathlib
import sys
from typing import List, Optional

if not __package__:
    # Run as a directory: make the package importable under its own name, and keep its modules (``s3``, ``rds``) from
    # shadowing others as top-level ones.
    here = pathlib.Path(__file__).resolve().parent
    sys.path[:] = [str(here.parent)] + [entry for entry in sys.path if pathlib.Path(entry or ".").resolve() != here]

LOOPBACK = "127.0.0.1"


def arguments(argv: Optional[List[str]]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="emulator", description="An AWS emulator on loopback.")
    parser.add_argument("--host", default=LOOPBACK, help=f"must be {LOOPBACK}: there is no authentication")
    parser.add_argument("--port", type=int, default=0, help="0 (the default) takes a free port")
    parsed = parser.parse_args(argv)
    if parsed.host != LOOPBACK:
        parser.error(f"--host: {parsed.host} is refused; the emulator has no authentication and serves {LOOPBACK} only")
    if not 0 <= parsed.port <= 65535:
        parser.error(f"--port: {parsed.port} is not a port; use 0 to 65535")
    return parsed


def main(argv: Optional[List[str]] = None) -> int:
    parsed = arguments(argv)
    from emulator.server import serve

    return serve(parsed.host, parsed.port)


if __name__ == "__main__":
    sys.exit(main())
