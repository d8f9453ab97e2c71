"""A repository on a server that asks us of each push: its hook, and the settings it needs."""

from __future__ import annotations

import shlex
import stat
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from defectreg.register.errors import CannotRun
from defectreg.store.files import read_bounded, write_atomically
from defectreg.store.git import MAIN, Repository
from defectreg.store.git.calling import call
from defectreg.store.pushes import LARGEST_PUSH, LARGEST_SETTING

_OURS = b" -m defectreg hook pre-receive\n"
_EXECUTABLE = 0o755
_ALWAYS = {
    "receive.fsckObjects": "true",
    "receive.denyNonFastForwards": "true",
    # Whoever lands a request removes its branch; the hook refuses every other deletion.
    "receive.denyDeletes": "false",
    "core.logAllRefUpdates": "true",
}
_UNLESS_SET = {LARGEST_SETTING: str(LARGEST_PUSH)}


@dataclass(frozen=True, slots=True)
class Installation:
    """What installing the hook changes in a repository; empty parts stand as they should.

    ``settings`` maps keys of git's configuration to what they are to be, ``head`` is the branch
    that a clone is to check out.
    """

    repository: Repository
    hook: Path
    script: bytes | None
    settings: Mapping[str, str]
    head: str | None


def plan(folder: Path, *, replaces: bool = False) -> Installation:
    """What is to be changed so that this repository asks us of each push; changes nothing.

    Raises CannotRun where the repository has a work tree, where git would run hooks of another
    folder, and, unless it ``replaces`` them, where another hook stands there.
    """
    repository = Repository.find(folder)
    if not repository.bare:
        raise CannotRun(
            f"{repository.root} is a clone with a work tree, and no server's repository",
            "`git init --bare DIR` makes one on the server; name it by --repository",
        )
    _check_folder_of_hooks(repository)
    hook = repository.common_dir / "hooks" / "pre-receive"
    script = _script()
    there = read_bounded(hook) if hook.is_file() else None
    if there is not None and not replaces and not there.endswith(_OURS):
        raise CannotRun(
            f"another hook stands at {hook}", "--force replaces it; keep a copy if it does more"
        )
    is_same = there == script and bool(hook.stat().st_mode & stat.S_IXUSR)
    settings = {key: text for key, text in _wanted(repository).items()
                if repository.config(key) != text}  # fmt: skip
    head = call(repository.place, "symbolic-ref", "--quiet", "HEAD", accepted=(0, 1)).line
    return Installation(
        repository, hook, None if is_same else script, settings, MAIN if head != MAIN else None
    )


def install(installation: Installation) -> None:
    """Make these changes."""
    place = installation.repository.place
    if installation.script is not None:
        write_atomically(installation.hook, installation.script)
        installation.hook.chmod(_EXECUTABLE)
    for key, text in installation.settings.items():
        call(place, "config", "--local", "--replace-all", key, text)
    if installation.head is not None:
        call(place, "symbolic-ref", "HEAD", installation.head)


def _wanted(repository: Repository) -> dict[str, str]:
    unset = {key: text for key, text in _UNLESS_SET.items() if repository.config(key) is None}
    return _ALWAYS | unset


def _script() -> bytes:
    """``-P`` keeps Python from looking for modules in the repository's folder."""
    return f"#!/bin/sh\nexec {shlex.quote(sys.executable)} -P".encode() + _OURS


def _check_folder_of_hooks(repository: Repository) -> None:
    for scope in ("--local", "--global", "--system"):
        answer = call(
            repository.place, "config", scope, "--get", "core.hooksPath", accepted=(0, 1, 128)
        )
        if answer.code == 0:
            raise CannotRun(
                f"git's setting core.hooksPath ({scope[2:]}) names another folder of hooks",
                f"`git config {scope} --unset core.hooksPath`, then again",
            )
