"""A real browser and a server of files on loopback, for tests of what a page does.

One browser serves all tests of a run (of each worker); it and the servers end with the run.
"""

from __future__ import annotations

import functools
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import urlsplit

import pytest

from tests.browser.sites import Sites, made_sites

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Dialog, Page

SiteServer: TypeAlias = Callable[[Path], str]
"""Serves a folder, and returns its address, which ends in a slash."""
Opening: TypeAlias = "Callable[..., AbstractContextManager[BrowserContext]]"
"""Opens a browser of its own kind: takes what Playwright's ``new_context`` takes."""
_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_PATIENCE = 20_000
"""Milliseconds that a page may take for anything."""
_OWN = ("data", "blob", "about")
"""Schemes of addresses for which nothing is sent."""


class _Quiet(SimpleHTTPRequestHandler):
    """Serves files without telling of each."""

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the base names it so)
        """Nothing: pytest shows what matters."""


@pytest.fixture(scope="session")
def site_server() -> Iterator[SiteServer]:
    """Serves a folder on a free port of loopback until the run ends."""
    servers: list[tuple[ThreadingHTTPServer, threading.Thread]] = []

    def serve(folder: Path) -> str:
        handler = functools.partial(_Quiet, directory=str(folder))
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        servers.append((server, thread))
        return f"http://127.0.0.1:{server.server_port}/"

    yield serve
    for server, thread in servers:
        server.shutdown()
        server.server_close()
        thread.join(5)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, without a window."""
    from playwright.sync_api import sync_playwright

    program = shutil.which("chromium")
    assert program, "browser tests need Chromium: run .ci/machine as root"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=list(_ARGUMENTS))
        yield started
        started.close()


@pytest.fixture
def page(opening: Opening) -> Iterator[Page]:
    """A page of its own; a script's error or a request beyond loopback fails the test."""
    with opening() as context:
        yield context.new_page()


@pytest.fixture(scope="session")
def opening(browser: Browser) -> Opening:
    """Opens a context of its own, watched while it is open.

    What a script fails at, a dialog or a request beyond loopback fails the test at its end.
    """

    @contextmanager
    def opened(**settings: Any) -> Iterator[BrowserContext]:
        context = browser.new_context(locale="en-GB", timezone_id="Europe/London", **settings)
        context.set_default_timeout(_PATIENCE)
        wrong: list[str] = []
        context.on("weberror", lambda error: wrong.append(str(error.error)))
        context.on("dialog", lambda dialog: _refuse(dialog, wrong))
        context.on("request", lambda request: _note_foreign(request.url, wrong))
        yield context
        context.close()
        assert not wrong

    return opened


@pytest.fixture(scope="session")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Sites:
    """What a register with an entry in every state publishes."""
    return made_sites(tmp_path_factory.mktemp("sites"))


@pytest.fixture(scope="session")
def addresses(sites: Sites, site_server: SiteServer) -> str:
    """Where all of them are served: the folder above."""
    return site_server(sites.folder)


def _refuse(dialog: Dialog, wrong: list[str]) -> None:
    wrong.append(f"a dialog opened: {dialog.message}")
    dialog.dismiss()


def _note_foreign(url: str, wrong: list[str]) -> None:
    parts = urlsplit(url)
    if parts.scheme not in (*_OWN, "file") and parts.hostname != "127.0.0.1":
        wrong.append(f"asked beyond this machine: {url}")
