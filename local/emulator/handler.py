"""How an answer goes onto the wire."""

from __future__ import annotations

from typing import Any, Dict

from werkzeug.serving import WSGIRequestHandler


class OneWriteHandler(WSGIRequestHandler):
    """Sends an answer's headers and body in one write.

    In two, a client on a busy machine may find the connection closed between them, and repeats what was carried out.
    """

    #: Bytes that leave at once; a longer body, such as an object of S3, follows its headers.
    wbufsize = 256 * 1024

    def make_environ(self) -> Dict[str, Any]:
        # A client that asked for "100 Continue" sends no body before it has it.
        self.wfile.flush()
        return super().make_environ()
