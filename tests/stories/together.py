"""People who work on one register: each in a clone of a server that judges, or all in one clone."""

from __future__ import annotations

import atexit
import json
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from defectreg.register.record import statements_folder
from defectreg.store.git import Repository
from tests.registers import (
    ID,
    MAIN,
    Result,
    TestRegister,
    good_record,
    key_of,
    make_register,
    run_in,
)

MAKER = ("ESME:FF01/00010100@0001* in North",)
"""A combination with a Device of maker-one."""
_PATIENCE = 120


@dataclass(frozen=True)
class Person:
    """One of PEOPLE, and the clone that they work in; whom no key belongs to signs nothing."""

    folder: Path
    name: str

    def run(self, *words: str) -> Result:
        """Run the program as this person."""
        return run_in(self.folder, *words, DEFECTREG_KEY=str(key_of(self.name)))

    def does(self, *words: str) -> str:
        """What the program answers, which does as it is told."""
        result = self.run(*words)
        assert result.code == 0, result
        return result.out

    def is_refused(self, *words: str) -> str:
        """What the program answers where something is wrong or awaited."""
        result = self.run(*words)
        assert result.code == 1, result
        return result.out

    def git(self, *words: str) -> Result:
        """Run git as this person would."""
        email = f"{self.name}@parties.invalid"
        answer = subprocess.run(
            ["git", "-c", f"user.name={self.name}", "-c", f"user.email={email}", *words],
            cwd=self.folder, env={**os.environ, "GIT_TERMINAL_PROMPT": "0"},
            stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
            timeout=_PATIENCE,
        )  # fmt: skip
        return Result(answer.returncode, answer.stdout, answer.stderr)

    def gits(self, *words: str) -> str:
        """What git answers, which does as it is told."""
        result = self.git(*words)
        assert result.code == 0, result
        return result.out.strip()

    def fetches(self) -> None:
        """Get what others pushed, and stand on the newest main."""
        self.gits("switch", "--quiet", "main")
        self.gits("fetch", "--quiet", "--prune", "origin")
        self.gits("merge", "--quiet", "--ff-only", "origin/main")

    def says(self, *words: str) -> str:
        """Add something; returns the branch on which it stands."""
        return self.does("add", *words).removeprefix("Committed on the branch ").partition(":")[0]

    def sends(self, *words: str) -> str:
        """Add something and push its branch, which is returned."""
        branch = self.says(*words)
        self.gits("push", "--quiet", "origin", branch)
        return branch

    def accepts_and_lands(self, record_id: str = ID) -> str:
        """A validator signs what awaits it, and lands it; returns what `land` says."""
        self.does("review", record_id, "--accept", "--yes")
        return self.does("land", record_id)

    def sees(self, record_id: str = ID, *words: str) -> dict[str, Any]:
        """A record as `show --json` has it."""
        shown: dict[str, Any] = json.loads(self.does("show", record_id, "--json", *words))
        return shown

    def sees_stage(self, record_id: str = ID, *words: str) -> str:
        """The stage of a record."""
        return str(self.sees(record_id, *words)["stage"]["name"])

    def waits(self, *words: str) -> list[dict[str, Any]]:
        """What `queue --json` has."""
        found: list[dict[str, Any]] = json.loads(self.does("queue", "--json", *words))["waits"]
        return found

    def gate(self, branch: str) -> Result:
        """The verdict on a branch."""
        return self.run("gate", branch)


@dataclass(frozen=True)
class Shared:
    """A server with the hook, and the clones of those who work on its register."""

    folder: Path

    @property
    def bare(self) -> Path:
        """The server's repository."""
        return self.folder / "server.git"

    def clone(self, name: str) -> Person:
        """A new clone for one of PEOPLE, whose `user.name` is theirs."""
        folder = self.folder / f"{name}-{len(list(self.folder.iterdir()))}"
        Person(self.folder, name).gits("clone", "--quiet", f"file://{self.bare}", str(folder))
        for key, value in (("name", name), ("email", f"{name}@parties.invalid")):
            Person(folder, name).gits("config", f"user.{key}", value)
        return Person(folder, name)

    def branches(self) -> list[str]:
        """The branches that the server has."""
        refs = Repository.find(self.bare).refs()
        return sorted(name.removeprefix("refs/heads/") for name in refs)

    def tip(self) -> str:
        """The commit at which the server's main stands."""
        return Repository.find(self.bare).refs()[MAIN]


def share(folder: Path) -> Shared:
    """A register on a server, in which one record has landed."""
    shutil.copytree(_begun(), folder, dirs_exist_ok=True, symlinks=True)
    return Shared(folder)


@cache
def _begun() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="defectreg-shared-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    serve(make_register(folder / "founder", [good_record()]).folder, folder / "shared")
    return folder / "shared"


def serve(founder: Path, folder: Path) -> Shared:
    """Put a register on a server of its own, which from then on judges each push."""
    shared = Shared(folder)
    folder.mkdir()
    with_git = Person(folder, "dcc-second")
    with_git.gits("init", "--quiet", "--bare", "--initial-branch=main", str(shared.bare))
    with_git.does("hook", "install", "--repository", str(shared.bare))
    Person(founder, "dcc-second").gits("push", "--quiet", f"file://{shared.bare}", "main")
    return shared


def assert_proven(folder: Path) -> None:
    """That `verify` finds nothing in the register: it was let in rightly, and is well formed."""
    result = run_in(folder, "verify")
    assert result.code == 0, result
    assert "verified: each was let in by the rules before it." in result.out
    assert "\nWhat stands at the tip is well formed" in result.out


def published(person: Person, *words: str, record_id: str = ID) -> dict[str, Any] | None:
    """An entry as the publication's JSON has it; None where it is not shown."""
    person.does("publish", *words)
    file = person.folder / "public" / "records" / f"{record_id}.json"
    return dict(json.loads(file.read_text())["record"]) if file.exists() else None


def names(made: TestRegister, record_id: str = ID) -> list[str]:
    """The statements of a record on main, by file name."""
    tip = made.repository.refs(MAIN)[MAIN]
    listing = made.repository.listing(tip, statements_folder(record_id))
    return [path.rpartition("/")[2] for path in listing]
