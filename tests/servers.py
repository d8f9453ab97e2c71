"""A plain git server on loopback, as a test needs one: nginx, fcgiwrap and git's own back end.

It runs as whoever runs the tests, in a folder that goes with it, and ends with its block whatever
happens in there.
"""

from __future__ import annotations

import getpass
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

_PACKAGES = {"nginx": "nginx-light", "fcgiwrap": "fcgiwrap"}
"""Program → the Debian package that has it."""
_PAGE = Path(__file__).resolve().parent.parent / "docs" / "set-up.md"
_PATIENCE = 20
"""Seconds until a server listens, or has ended."""
_TRIES = 3
"""Ports tried: between looking for a free one and listening there, another may take it."""
_PLACES = f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin"

_NGINX = """\
daemon off;
{user}worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port};
{location}
    }}
}}
"""


class CannotServe(Exception):
    """The server does not start, and why."""


@dataclass(frozen=True, slots=True)
class GitServer:
    """A server of the repositories below ``root``, and the passwords that open it."""

    root: Path
    port: int
    passwords: Mapping[str, str]

    def url(self, name: str, person: str, password: str | None = None) -> str:
        """The address of a repository, for a person; with another password where one is given."""
        given = self.passwords[person] if password is None else password
        return f"http://{person}:{given}@127.0.0.1:{self.port}/{name}"


@contextmanager
def git_server(root: Path, passwords: Mapping[str, str]) -> Iterator[GitServer]:
    """Serve the bare repositories below a folder to these people."""
    programs = {program: shutil.which(program, path=_PLACES) for program in _PACKAGES}
    missing = [_PACKAGES[program] for program, path in programs.items() if path is None]
    if missing:
        raise CannotServe(f"the git server needs {' and '.join(missing)}: run .ci/machine as root")
    # In pytest's own folders the name of the socket could be longer than systems allow.
    with tempfile.TemporaryDirectory(prefix="defectreg-") as made, ExitStack() as stack:
        folder = Path(made)
        lines = (f"{person}:{{PLAIN}}{password}\n" for person, password in passwords.items())
        (folder / "passwords").write_text("".join(lines))
        gateway = [str(programs["fcgiwrap"]), "-f", "-c", "4", "-s", f"unix:{folder}/git"]
        stack.enter_context(_running(gateway, folder / "fcgiwrap.log"))
        _await((folder / "git").exists, folder / "fcgiwrap.log")
        port = _serve(stack, str(programs["nginx"]), folder, root)
        yield GitServer(root, port, dict(passwords))


def _serve(stack: ExitStack, nginx: str, folder: Path, root: Path) -> int:
    """Start nginx on a free port, and return that."""
    user = f"user {getpass.getuser()};\n" if os.geteuid() == 0 else ""
    programs = subprocess.run(["git", "--exec-path"], check=True, capture_output=True, text=True)
    location = _location(folder, root, f"{programs.stdout.strip()}/git-http-backend")
    for left in reversed(range(_TRIES)):
        port = _free_port()
        text = _NGINX.format(user=user, folder=folder, port=port, location=location)
        (folder / "nginx.conf").write_text(text)
        words = [nginx, "-e", f"{folder}/error.log", "-p", str(folder), "-c", "nginx.conf"]
        server = stack.enter_context(_running(words, folder / "nginx.log"))
        try:
            _await(partial(_listens, port), folder / "nginx.log", server)
        except CannotServe:
            if not left:
                raise
        else:
            return port
    raise AssertionError


def _location(folder: Path, root: Path, backend: str) -> str:
    """What the page for administrators tells them to write, with the places of this server."""
    (text,) = re.findall(r"^```nginx\n(.*?)^```", _PAGE.read_text(), re.DOTALL | re.MULTILINE)
    for named, here in (
        ("/etc/nginx/register.passwords", f"{folder}/passwords"),
        ("/run/fcgiwrap.socket", f"{folder}/git"),
        ("/usr/lib/git-core/git-http-backend", backend),
        ("/srv/git", str(root)),
    ):
        assert named in text, f"{_PAGE} names no {named}"
        text = text.replace(named, here)
    return str(text)


@contextmanager
def _running(words: Sequence[str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A server and whatever it starts, which all end with the block."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            words, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
        )
    try:
        yield process
    finally:
        # Its group is its own: nobody else is in there.
        for sign in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(process.pid, sign)
                process.wait(_PATIENCE)
            except (ProcessLookupError, subprocess.TimeoutExpired):
                continue


def _await(
    is_ready: Callable[[], bool], log: Path, server: subprocess.Popen[bytes] | None = None
) -> None:
    until = time.monotonic() + _PATIENCE
    while not is_ready():
        if time.monotonic() > until or (server is not None and server.poll() is not None):
            raise CannotServe(f"the server does not start: {log.read_text() or 'it says nothing'}")
        time.sleep(0.01)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _listens(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0
