"""A folder of pages shown on this machine alone, as a careful host would show them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from threading import Thread
from typing import BinaryIO

from defectreg.register.errors import CannotRun

HERE = "127.0.0.1"
_NAMES = (HERE, "localhost")
"""What a reader of this machine calls it; under any other name a foreign page could ask."""
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
        "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class _Handler(SimpleHTTPRequestHandler):
    """Files of one folder, to whoever asks for them by this machine's own name."""

    server_version = "defectreg"
    sys_version = ""

    def send_head(self) -> BytesIO | BinaryIO | None:
        """The file that is asked for, or None where an error was sent."""
        _, port = self.connection.getsockname()
        if self.headers.get("Host") not in {f"{name}:{port}" for name in _NAMES}:
            self.send_error(421, "Asked by another name than this machine's own")
            return None
        try:
            return super().send_head()
        except ValueError:  # no file can have that name
            self.send_error(404)
            return None

    def list_directory(self, path: object) -> None:
        """No folder is listed: what has no page is not found."""
        self.send_error(404)

    def end_headers(self) -> None:
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its caller's name
        """Nothing is written down of what a reader looks at."""


@contextmanager
def previewed(folder: Path, port: int) -> Iterator[str]:
    """While the files of a folder can be read on this machine; gives the address.

    ``port`` 0 is any that is free. Raises CannotRun where the port is taken.
    """
    try:
        server = ThreadingHTTPServer((HERE, port), partial(_Handler, directory=str(folder)))
    except OSError as error:
        raise CannotRun(
            f"port {port} cannot be used: {error.strerror}", "--port takes another"
        ) from error
    with server:
        thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield f"http://{HERE}:{server.server_address[1]}/"
        finally:
            server.shutdown()
            thread.join()
