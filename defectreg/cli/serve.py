"""Serve: a preview of the publication on this machine alone."""

from __future__ import annotations

import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer

from defectreg.cli.options import AsOfOption, Audience, audience_option
from defectreg.cli.publish import edition_of
from defectreg.cli.today import asked_day
from defectreg.register.errors import CannotRun, UsageProblem
from defectreg.store.building import build
from defectreg.store.bulletins import Asked, publication
from defectreg.store.places import open_register
from defectreg.store.previewing import previewed
from defectreg.store.sources import CommitSource

app = typer.Typer()
_LARGEST_PORT = 65535
_PAUSE = 1.0
"""Seconds between two looks at what is checked out."""


@app.callback()
def serving() -> None:
    """The preview."""


@app.command("serve")
def serve(
    port: Annotated[
        int,
        typer.Option("--port", metavar="PORT", help="Without it, one that is free."),
    ] = 0,
    audience: Annotated[
        Audience | None,
        typer.Option("--audience", metavar="AUDIENCE", help=audience_option("clear or green")),
    ] = None,
    as_of: AsOfOption = None,
) -> None:
    """Show what publish would make of HEAD, on this machine alone, and again with each commit.

    Ctrl-C ends it.
    """
    if not 0 <= port <= _LARGEST_PORT:
        raise UsageProblem(f"there is no port {port}", f"--port takes 0 to {_LARGEST_PORT}")
    asked = Asked(None, False, audience.value if audience else None, asked_day(as_of))
    with tempfile.TemporaryDirectory(prefix="defectreg-") as folder:
        preview = _Preview(Path(folder), asked)
        preview.refresh()
        with previewed(preview.site, port) as address:
            print(f"{address} shows commit {preview.commit}; Ctrl-C ends it", flush=True)
            try:
                _watch(preview)
            except KeyboardInterrupt:
                print("ended", file=sys.stderr)


@dataclass
class _Preview:
    """A publication of HEAD in a folder that goes when the preview ends."""

    folder: Path
    asked: Asked
    commit: str = field(default="")

    @property
    def site(self) -> Path:
        """Where the pages are."""
        return self.folder / "site"

    def refresh(self) -> bool:
        """Show what HEAD is now; returns whether it was another."""
        register = open_register(Path.cwd())
        if register.head == self.commit:
            return False
        # What cannot be published is not tried again and again.
        self.commit = register.head
        source = CommitSource(register.repository, register.head)
        manifest = self.folder / "manifest.sqlite"
        with edition_of(publication(source, self.asked), source, manifest) as edition:
            build(self.site, edition, manifest)
        return True


def _watch(preview: _Preview) -> None:
    while True:
        time.sleep(_PAUSE)
        try:
            if preview.refresh():
                print(f"now shows commit {preview.commit}", flush=True)
        except CannotRun as error:
            print(f"still shows the commit before: {error}", file=sys.stderr)
