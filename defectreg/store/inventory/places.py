"""Where the inventory is: one folder for all of it, and never in a git work tree."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from defectreg.register.errors import CannotRun

FOLDER_VARIABLE = "DEFECTREG_INVENTORY"
_DATA_VARIABLE = "XDG_DATA_HOME"
_MOMENT, _PAUSE = 1.0, 0.05
"""Seconds to wait before saying so, and between two looks."""
_PARTS_OF_A_BARE_REPOSITORY = ("HEAD", "objects", "refs")


@dataclass(frozen=True, slots=True)
class Inventory:
    """The folder of an inventory; what is not made yet is made by who writes it."""

    folder: Path

    @property
    def snapshots(self) -> Path:
        """The folder of the snapshots, a folder for each."""
        return self.folder / "snapshots"

    @property
    def current(self) -> Path:
        """The file that names the newest snapshot."""
        return self.folder / "current"

    @property
    def journal(self) -> Path:
        """The database of the requests that the rule allowed."""
        return self.folder / "journal.sqlite"

    @property
    def lock(self) -> Path:
        """Locked by who writes a snapshot or the journal."""
        return self.folder / "lock"


def open_inventory(typed: Path | None, environment: Mapping[str, str] | None = None) -> Inventory:
    """The inventory in the folder typed, else named by the environment, else in the data home.

    Raises CannotRun where that is in a git repository: Device data stays outside git.
    """
    folder = _chosen(typed, os.environ if environment is None else environment)
    try:
        resolved = folder.expanduser().resolve()
    except (OSError, RuntimeError, ValueError) as error:
        raise CannotRun(f"{folder} can be no inventory folder: {error}") from error
    repository = repository_around(resolved)
    if repository is not None:
        raise CannotRun(
            f"the inventory folder {resolved} is in the git repository {repository}",
            "Device data stays outside git: give --inventory a folder of no repository",
        )
    if resolved.exists() and not resolved.is_dir():
        raise CannotRun(f"the inventory folder {resolved} is not a folder")
    return Inventory(resolved)


def make(inventory: Inventory) -> None:
    """Make the folders of an inventory, readable to their owner alone; raises CannotRun.

    Should somebody make a repository around it later, a ``.gitignore`` keeps it out.
    """
    ignoring = inventory.folder / ".gitignore"
    try:
        inventory.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        inventory.snapshots.mkdir(mode=0o700, exist_ok=True)
        if not ignoring.exists():
            ignoring.write_text("*\n", "utf-8")
    except OSError as error:
        raise CannotRun(f"{inventory.folder} cannot be written: {error.strerror}") from error


def nobody(_: str) -> None:
    """Tells nobody."""


@contextmanager
def locked(inventory: Inventory, says: Callable[[str], None] = nobody) -> Iterator[None]:
    """Wait until no other run writes the inventory, and keep others waiting; makes the folders.

    ``says`` is told, once and after a moment, what is waited for.
    """
    make(inventory)
    try:
        handle = os.open(
            inventory.lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600
        )
    except OSError as error:
        raise CannotRun(f"{inventory.lock} cannot be opened: {error.strerror}") from error
    try:
        _wait(handle, inventory, says)
        yield
    finally:
        os.close(handle)


def _wait(handle: int, inventory: Inventory, says: Callable[[str], None]) -> None:
    end = time.monotonic() + _MOMENT
    while time.monotonic() < end:
        with suppress(BlockingIOError):
            return fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        time.sleep(_PAUSE)
    says(f"waiting for another run, which writes the inventory {inventory.folder}")
    return fcntl.flock(handle, fcntl.LOCK_EX)


def _chosen(typed: Path | None, environment: Mapping[str, str]) -> Path:
    if typed is not None:
        return typed
    named = environment.get(FOLDER_VARIABLE)
    if named:
        return Path(named)
    data = environment.get(_DATA_VARIABLE)
    home = Path(data) if data and Path(data).is_absolute() else Path("~/.local/share")
    return home / "defectreg" / "inventory"


def repository_around(folder: Path) -> Path | None:
    """The work tree or bare repository in which a folder is, or would be once it is made."""
    for parent in (folder, *folder.parents):
        if os.path.lexists(parent / ".git"):
            return parent
        if all((parent / part).exists() for part in _PARTS_OF_A_BARE_REPOSITORY):
            return parent
    return None
