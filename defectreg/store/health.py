"""What this machine and this clone have of what the program takes."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Literal, TypeAlias

from defectreg.register.errors import CannotRun, UsageProblem
from defectreg.register.findings import Finding
from defectreg.store.identity import identify
from defectreg.store.places import Register, is_request, open_register
from defectreg.store.sources import FOLDERS, grounds_of

State: TypeAlias = Literal["ok", "attention", "cannot"]

_GIT = (2, 38)  # merge-tree --write-tree, safe.bareRepository
_OPENSSH = (8, 2)  # ssh-keygen -Y sign, and keys of security devices
_PYTHON = (3, 11)
_GROUNDS = ("policy/", "schema/", "catalogue/")


@dataclass(frozen=True, slots=True)
class Line:
    """One thing looked at: what was found, and what to do where it is not as it should be."""

    subject: str
    state: State
    found: str
    hint: str = ""


def examine(start: Path) -> Iterator[Line]:
    """Looks at the machine, then at the register around a folder; changes nothing."""
    for look in (_git, _openssh, _python, _libyaml, _time_zones, _full_text):
        yield look()
    yield from _inventory()
    try:
        register = open_register(start)
    except CannotRun as problem:
        yield Line("register", "attention", problem.sentence, problem.hint)
        return
    yield Line("register", "ok", str(register.repository.root))
    for examine_register in (_policy, _identity, _history, _branch, _changes, _own_folder):
        yield _carefully(examine_register, register)


def _carefully(look: Callable[[Register], Line], register: Register) -> Line:
    """A look that cannot be taken is a line too: the others are still wanted."""
    try:
        return look(register)
    except CannotRun as problem:
        subject = look.__name__.strip("_").replace("_", " ")
        return Line(subject, "cannot", problem.sentence, problem.hint)


def _git() -> Line:
    return _version(("git", "--version"), "git", _GIT, "apt-get install git")


def _openssh() -> Line:
    return _version(("ssh", "-V"), "OpenSSH", _OPENSSH, "apt-get install openssh-client")


def _version(command: tuple[str, ...], subject: str, least: tuple[int, int], install: str) -> Line:
    try:
        answer = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=30,
            errors="replace", stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return Line(subject, "cannot", "it was not found", f"install it (Debian: {install})")
    said = (answer.stdout + answer.stderr).strip().partition("\n")[0]
    number = re.search(r"(\d+)\.(\d+)", said)
    if number is None:
        return Line(subject, "attention", "it does not say its version")
    if (int(number[1]), int(number[2])) < least:
        wanted = ".".join(map(str, least))
        return Line(subject, "attention", said, f"{wanted} or newer is needed for everything")
    return Line(subject, "ok", said)


def _python() -> Line:
    found = sys.version.partition(" ")[0]
    if sys.version_info < _PYTHON:
        return Line("Python", "cannot", found, "3.11 or newer is needed")
    return Line("Python", "ok", found)


def _libyaml() -> Line:
    if find_spec("yaml._yaml") is None:
        return Line(
            "libyaml",
            "attention",
            "PyYAML came without it: reading is many times slower",
            "install a PyYAML wheel, or python3-yaml",
        )
    return Line("libyaml", "ok", "PyYAML has it")


def _time_zones() -> Line:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        ZoneInfo("Europe/London")
    except ZoneInfoNotFoundError:
        return Line(
            "time zones",
            "cannot",
            "Europe/London is not known here: no day can be told",
            "install the system's time zones (Debian: apt-get install tzdata)",
        )
    return Line("time zones", "ok", "Europe/London is known")


def _full_text() -> Line:
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute("CREATE VIRTUAL TABLE words USING fts5(word)")
    except sqlite3.OperationalError:
        return Line(
            "SQLite",
            "cannot",
            "it has no FTS5, which search takes",
            "use a Python whose SQLite has",
        )
    finally:
        connection.close()
    return Line("SQLite", "ok", f"{sqlite3.sqlite_version}, with FTS5")


def _inventory() -> Iterator[Line]:
    """The inventory of who asks: its newest snapshot, and whether the journal is as it was sealed.

    No line where there is none.
    """
    from defectreg.store.inventory.journal import left_by, read_journal
    from defectreg.store.inventory.places import open_inventory
    from defectreg.store.inventory.snapshot import find_current

    try:
        place = open_inventory(None)
        if not place.folder.is_dir():
            return
        snapshot = find_current(place)
        with read_journal(place.journal) as journal:
            last = journal.last()
        left = left_by(place.journal)
    except CannotRun as problem:
        yield Line("inventory", "cannot", problem.sentence, problem.hint)
        return
    loaded = f"as of {snapshot.as_of}" if snapshot else "nothing loaded"
    found = f"{place.folder}, {loaded}, {last.number if last else 0} batches in the journal"
    if left:
        yield Line("inventory", "attention", f"{found}; {left}", "apply the same file again")
        return
    yield Line("inventory", "ok", found)


def _policy(register: Register) -> Line:
    grounds, findings = grounds_of(register.head_source)
    broken = _first("policy", findings)
    if broken:
        return broken
    people = sum(len(party.people) for party in grounds.parties)
    return Line(
        "policy", "ok",
        f"{grounds.policy.name}, {len(grounds.parties.by_slug)} Parties, {people} people",
    )  # fmt: skip


def _identity(register: Register) -> Line:
    try:
        who = identify(register, None, None)
    except UsageProblem as problem:
        return Line("who you are", "attention", problem.sentence, problem.hint)
    if who.person is None:
        return Line(
            "who you are",
            "attention",
            f"{who.party}, without a key: what you write stays unsigned",
            "`defectreg key` makes a key, or shows yours",
        )
    roles = ", ".join(sorted(who.person.roles))
    return Line("who you are", "ok", f"{who.party}, {who.person.pseudonym} ({roles})")


def _history(register: Register) -> Line:
    if register.repository.is_shallow():
        return Line(
            "history",
            "attention",
            "only its end is here: everything older counts as landed with the oldest commit",
            "git fetch --unshallow brings the rest",
        )
    return Line("history", "ok", "it is whole")


def _branch(register: Register) -> Line:
    repository = register.repository
    branch = repository.branch()
    if branch is None:
        return Line(
            "branch", "attention", "no branch is checked out", "git switch main goes back to one"
        )
    if is_request(f"refs/heads/{branch}"):
        return Line(
            "branch",
            "attention",
            f"{branch} is checked out: questions are answered as if it had landed",
            "git switch main goes back",
        )
    others = repository.refs("refs/heads/main", "refs/remotes/origin/HEAD")
    if branch != "main" and others:
        return Line("branch", "attention", f"{branch} is checked out, and there is a main")
    return Line("branch", "ok", branch)


def _changes(register: Register) -> Line:
    policy = register.grounds.policy
    changes = register.repository.changed(*FOLDERS)
    number = sum(policy.is_register_path(change.path) for change in changes)
    if any(change.path.startswith(_GROUNDS) for change in changes):
        broken = _broken_grounds(register)
        if broken:
            return broken
    if number:
        return Line(
            "work tree",
            "attention",
            f"{number} changed {'file' if number == 1 else 'files'} of the register",
            "`defectreg validate` checks them too; answers are of the commit",
        )
    return Line("work tree", "ok", "nothing of the register is changed")


def _broken_grounds(register: Register) -> Line | None:
    """What is wrong in the policy, Parties or schemas of the work tree; None where all is well."""
    try:
        findings = grounds_of(register.worktree_source)[1]
    except CannotRun as problem:
        return Line("work tree", "cannot", problem.sentence, problem.hint)
    return _first("work tree", findings)


def _first(subject: str, findings: Sequence[Finding]) -> Line | None:
    for found in findings:
        place = f"{found.file}:{found.line}:{found.column}"
        hint = found.hint or "`defectreg validate` says more"
        return Line(subject, "cannot", f"{place}: {found.sentence}", hint)
    return None


def _own_folder(register: Register) -> Line:
    folder = register.own_folder
    existing = folder if folder.exists() else folder.parent
    if not os.access(existing, os.W_OK | os.X_OK):
        return Line(
            "own folder",
            "cannot",
            f"{folder} cannot be written",
            "drafts and the index stand there",
        )
    return Line("own folder", "ok", str(folder))
