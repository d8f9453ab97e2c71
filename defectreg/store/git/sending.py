"""What goes to another repository and comes from it: push and fetch, with the user's own access.

Only here may git ask for a password, call ssh and reach a network, and only because the user says
so. Hooks of this clone are switched off as everywhere.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from defectreg.store.git.calling import (
    GitError,
    GitMissing,
    call,
    command,
    environment,
    first_complaint,
)
from defectreg.store.git.reading import Repository
from defectreg.store.git.writing import update_refs

PATIENCE = 900
"""Seconds that the far side may take: a hook there may judge thousands of records."""
_ACCESS = (
    "GIT_ASKPASS",
    "GIT_SSH",
    "GIT_SSH_COMMAND",
    "GIT_SSH_VARIANT",
    "GIT_SSL_CAINFO",
    "GIT_SSL_CAPATH",
    "GIT_SSL_CERT",
    "GIT_SSL_KEY",
    "GIT_PROXY_COMMAND",
)
"""Of git's variables those by which a user says how another repository is reached."""
_PROTOCOLS = "file:git:http:https:ssh"
_MOVED = (
    "fetch first",
    "non-fast-forward",
    "stale info",
    "cannot lock ref",
    "failed to update ref",
    "incorrect old value",
    "G051",
)
"""What git, and our hook, say of a branch that somebody else moved meanwhile."""


@dataclass(frozen=True, slots=True)
class NotSent:
    """Why nothing of a push was taken. ``is_outdated``: somebody pushed before; ``said`` are the
    lines of the far side's own programs, of the hook for one."""

    is_outdated: bool
    sentence: str
    said: tuple[str, ...] = ()


def push(
    repository: Repository,
    remote: str,
    moves: Mapping[str, str],
    removed: Mapping[str, str] | None = None,
) -> NotSent | None:
    """Move branches of another repository on, all or none of them; None where that was done.

    ``moves`` maps full names to the commits at which they are to stand, never backwards;
    ``removed`` are branches that go, each with the commit at which it must stand.
    """
    gone = removed or {}
    leases = [f"--force-with-lease={ref}:{commit}" for ref, commit in gone.items()]
    wanted = [f"{commit}:{ref}" for ref, commit in moves.items()] + [f":{ref}" for ref in gone]
    words = ["--atomic", "--porcelain", "--no-verify", "--no-signed", "--recurse-submodules=no"]
    answer = _sent(repository, "push", *words, *leases, "--", _known(repository, remote), *wanted)
    if answer.returncode == 0:
        return None
    told = answer.stderr.decode("utf-8", "replace").splitlines()
    refused = [line for line in answer.stdout.decode("utf-8", "replace").splitlines()
               if line.startswith("!")]  # fmt: skip
    said = tuple(line.removeprefix("remote: ").rstrip() for line in told
                 if line.startswith("remote: "))  # fmt: skip
    is_outdated = any(word in line for line in (*refused, *said) for word in _MOVED)
    return NotSent(is_outdated, _reason(refused, answer.stderr), tuple(filter(None, said)))


def _reason(refused: Sequence[str], complaint: bytes) -> str:
    """The words of git in which it says why, of the branch that is to blame."""
    words = [line.rpartition("\t")[2] for line in refused]
    own = [word for word in words if "atomic" not in word]
    return next(iter(own or words), "") or first_complaint(complaint)


def fetch(repository: Repository, remote: str) -> None:
    """Fetch what another repository's branches stand at; raises GitError where that fails."""
    words = ("--quiet", "--no-tags", "--no-recurse-submodules", "--no-auto-maintenance")
    answer = _sent(repository, "fetch", *words, "--", _known(repository, remote))
    if answer.returncode != 0:
        raise GitError(f"git fetch {remote} failed: {first_complaint(answer.stderr)}",
                       "is the other repository there, and may you read it?")  # fmt: skip


def remove_branches(repository: Repository, branches: Mapping[str, str], party: str) -> list[str]:
    """Remove refs of this clone, each of which must stand at its commit; returns those that went.

    All or none, but for those that are checked out in a work tree: these stay.
    """
    if not branches:
        return []
    arguments = ("--format=%(refname)%00%(worktreepath)", "--", "refs/heads/")
    lines = call(repository.place, "for-each-ref", *arguments).line.split("\n")
    in_use = {ref for ref, _, folder in (line.partition("\0") for line in lines) if folder}
    gone = [ref for ref in branches if ref not in in_use]
    update_refs(repository, [f"delete {ref}\0{branches[ref]}\0" for ref in gone], party)
    return gone


def _known(repository: Repository, remote: str) -> str:
    """A remote by its name, as git's configuration has it; never a path or address."""
    if remote.startswith("-") or repository.config(f"remote.{remote}.url") is None:
        raise GitError(f"this clone knows no remote {remote!r}", "git remote -v lists them")
    return remote


def _sent(repository: Repository, verb: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    access = {name: os.environ[name] for name in _ACCESS if name in os.environ}
    variables = {**environment({}), **access, "GIT_ALLOW_PROTOCOL": _PROTOCOLS}
    del variables["GIT_TERMINAL_PROMPT"]
    place = repository.place
    try:
        return subprocess.run(
            command(*place.options, verb, *arguments),
            cwd=place.folder,
            env=variables,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
    except FileNotFoundError as error:
        raise GitMissing from error
    except subprocess.TimeoutExpired as error:
        sentence = f"git {verb} gave no answer for {PATIENCE} seconds"
        raise GitError(sentence, "is the other side reached?") from error
