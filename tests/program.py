"""The program for tests: a process of its own for each run, without importing it each time.

Most of what a short command takes is its imports. So one process imports the program once, and
forks for every run: each has its own memory, environment, folder and standard streams, and ends by
its own exit code, as ``python -m defectreg`` does. What changes how Python itself starts (its own
variables, the locale, where programs are) takes a fresh one, and so does much on standard input.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import pkgutil
import runpy
import selectors
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from importlib import import_module
from io import TextIOWrapper
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent.parent
"""The clone that holds these tests."""
_AT_START = ("PYTHON", "LC_", "LANG", "PATH")
"""What variables begin with that are read when Python or a library starts."""
_AT_ONCE = 60_000
"""Bytes that a pipe takes before anybody reads it."""
_OTHERS = ("duckdb", "git", "holidays", "jinja2", "jsonschema_rs", "rapidfuzz", "rich.progress")
"""What commands import only where they need it; pyarrow starts a thread, which no fork has."""


def run_program(
    arguments: Sequence[str], variables: Mapping[str, str], given: str = ""
) -> tuple[int, str, str]:
    """The exit code of ``python -m defectreg`` in this clone, and what it said on both streams."""
    forks = _Forks.started()
    data = given.encode()
    if len(data) > _AT_ONCE or _read_at_start(variables) != forks.read_at_start:
        return run_afresh(arguments, variables, given)
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        code = forks.run({"words": list(arguments), "variables": dict(variables)}, data, out, err)
        return code, _said(out), _said(err)


def run_afresh(
    arguments: Sequence[str], variables: Mapping[str, str], given: str
) -> tuple[int, str, str]:
    """The same, of a Python that has just started."""
    answer = subprocess.run(
        [sys.executable, "-m", "defectreg", *arguments],
        cwd=ROOT,
        env=dict(variables),
        input=given,
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    return answer.returncode, answer.stdout, answer.stderr


def _read_at_start(variables: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in variables.items() if name.startswith(_AT_START)}


def _said(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode().replace("\r\n", "\n").replace("\r", "\n")


class _Forks:
    """The process that forks, as the tests reach it."""

    def __init__(self) -> None:
        self.read_at_start = _read_at_start(os.environ)
        self._control, theirs = socket.socketpair()
        self._one_asks = threading.Lock()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.program", str(theirs.fileno())],
                cwd=ROOT, pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            )  # fmt: skip
        atexit.register(self._end)

    @staticmethod
    @cache
    def started() -> _Forks:
        """The one of this run (of each worker)."""
        return _Forks()

    def run(self, run: Mapping[str, object], given: bytes, out: IO[bytes], err: IO[bytes]) -> int:
        """Exit code of a run that reads ``given`` and writes into two files."""
        mine, theirs = socket.socketpair()
        read_end, write_end = os.pipe()
        with mine:
            with theirs, self._one_asks:
                streams = [theirs.fileno(), read_end, out.fileno(), err.fileno()]
                socket.send_fds(self._control, [b"1"], streams)
            os.close(read_end)
            mine.sendall(json.dumps(run).encode())
            mine.shutdown(socket.SHUT_WR)
            os.write(write_end, given)
            os.close(write_end)
            code: int = json.loads(mine.makefile().readline())
            return code

    def _end(self) -> None:
        self._control.close()
        self._process.wait()


def _serve(control: socket.socket) -> list[int] | None:
    """Fork for everyone who asks: in a fork its descriptors, and None once nobody asks any more."""
    with selectors.DefaultSelector() as waiting:
        waiting.register(control, selectors.EVENT_READ)
        while True:
            for key, _ in waiting.select():
                if key.fileobj is not control:
                    waiting.unregister(key.fileobj)
                    _tell_the_end(key.fd, *key.data)
                    continue
                _, given, _, _ = socket.recv_fds(control, 1, 4, socket.MSG_CMSG_CLOEXEC)
                if not given:
                    return None
                process = os.fork()
                if not process:
                    return list(given)
                for descriptor in given[1:]:
                    os.close(descriptor)
                waiting.register(os.pidfd_open(process), selectors.EVENT_READ, (process, given[0]))


def _tell_the_end(watched: int, process: int, asked: int) -> None:
    _, status = os.waitpid(process, 0)
    os.close(watched)
    with socket.socket(fileno=asked) as answered:
        answered.sendall(b"%d\n" % os.waitstatus_to_exitcode(status))


def _run(control: socket.socket, asked: int, *streams: int) -> None:
    """Be the run that was asked for."""
    control.close()
    with socket.socket(fileno=asked) as asking:
        run = json.loads(asking.makefile().read())
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        os.dup2(streams[number], number)
        os.close(streams[number])
        setattr(sys, name, _opened(number, getattr(sys, name)))
    os.environ.clear()
    os.environ.update(run["variables"])
    time.tzset()
    tempfile.tempdir = None  # whatever was found before
    sys.argv = ["defectreg", *run["words"]]
    try:
        runpy.run_module("defectreg", run_name="__main__", alter_sys=True)
    except SystemExit as end:
        threading._shutdown()  # type: ignore[attr-defined]  # waits for threads, as Python does
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(int(end.code or 0))  # what all forks share is not taken apart by each


def _opened(number: int, former: TextIOWrapper) -> TextIOWrapper:
    """A standard stream as Python opens it: errors are told line by line."""
    return os.fdopen(
        number,
        mode="w" if number else "r",
        buffering=1 if number == 2 else -1,
        encoding=former.encoding,
        errors=former.errors,
        closefd=False,
    )


def _skip(_: str) -> None:
    """A package that cannot be imported now: whoever needs it is told."""


def _import_all() -> None:
    package = import_module("defectreg")
    modules = [each.name for each in pkgutil.walk_packages(package.__path__, "defectreg.", _skip)]
    for name in (*modules, *_OTHERS):
        if not name.endswith("__main__"):
            with suppress(Exception):  # whoever needs it is told
                import_module(name)


if __name__ == "__main__":
    _control = socket.socket(fileno=int(sys.argv[1]))
    _import_all()
    gc.collect()
    gc.freeze()
    if _asked := _serve(_control):
        _run(_control, *_asked)
    os._exit(0)
