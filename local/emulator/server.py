"""The HTTP server: moto's own application with the emulator's operations installed, on loopback."""

from __future__ import annotations

import json
import logging
import os
import signal
import sys
import threading
import urllib.request
import warnings
from types import FrameType
from typing import Optional

#: Settings that moto reads when it is imported. Managed policies must exist for roles to attach them; a certificate
#: turns ISSUED one second after its validation records are there instead of a minute. No web page may call the server.
MOTO_SETTINGS = {
    "MOTO_IAM_LOAD_MANAGED_POLICIES": "true",
    "MOTO_ACM_VALIDATION_WAIT": "1",
    "MOTO_DISABLE_GLOBAL_CORS": "true",
}


def serve(host: str, port: int) -> int:
    """Serve until a signal; the exit code is 1 when the port cannot be had."""
    os.environ.update(MOTO_SETTINGS)
    # moto itself asks botocore for models and regions only; nothing of the user's account may leak into that.
    os.environ.update(
        AWS_EC2_METADATA_DISABLED="true", AWS_CONFIG_FILE=os.devnull, AWS_SHARED_CREDENTIALS_FILE=os.devnull
    )
    os.environ.pop("AWS_PROFILE", None)
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import make_server

    from .authorization import authorized
    from .extension import install_all
    from .handler import OneWriteHandler
    from .repeats import Repeats

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    # Not every code with which a service refuses a malformed request is in its model.
    warnings.filterwarnings("ignore", message=r"Exception\(Refusal\)")
    install_all()
    try:
        application = Repeats(authorized(DomainDispatcherApplication(create_backend_app)))
        server = make_server(host, port, application, threaded=True, request_handler=OneWriteHandler)
    except (OSError, SystemExit):
        print(f"--port: {port} is taken; stop what uses it or give 0 for a free one", file=sys.stderr)
        return 1
    os.environ["MOTO_PORT"] = str(server.server_port)

    def stop(_signal: int, _frame: Optional[FrameType]) -> None:
        threading.Thread(target=server.shutdown, daemon=True).start()

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    threading.Thread(target=announce, args=(host, server.server_port), daemon=True).start()
    server.serve_forever(poll_interval=0.1)
    server.server_close()
    return 0


def announce(host: str, port: int) -> None:
    """Print the port as JSON once the server really answers."""
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(f"http://{host}:{port}/moto-api/data.json"):
        print(json.dumps({"port": port}), flush=True)
