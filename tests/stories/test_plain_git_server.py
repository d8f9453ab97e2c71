"""A register on a plain git server: requests are branches, and `main` moves only through the gate.

A real server on loopback: nginx with basic authentication, fcgiwrap, git-http-backend.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.registers import Result, TestRegister, good_record, key_of, make_register, run_in
from tests.servers import GitServer, git_server

PASSWORDS = {"engineer": "kestrel", "validator": "plover"}
MAIN = "refs/heads/main"
_PATIENCE = 60


@dataclass(frozen=True)
class Clone:
    """Somebody's clone, from which the program and git are run as that person would."""

    folder: Path
    key: str

    def run(self, *words: str) -> Result:
        return run_in(self.folder, *words, DEFECTREG_KEY=str(key_of(self.key)))

    def git(self, *words: str) -> Result:
        return git(self.folder, *words)

    def add(self, title: str, record: str = "ESME:FF03/00010100@0001* in North") -> str:
        """Report an issue by the program; returns the branch on which it stands."""
        made = self.run(
            "add", "--title", title, "--affected", record, "--trigger", "firmware-update",
            "--behaviour", "At the end of a billing period the meter sends nothing.",
            "--devices", "2-9",
        )  # fmt: skip
        assert made.code == 0, made
        return made.out.removeprefix("Committed on the branch ").partition(":")[0]


@dataclass(frozen=True)
class Place:
    """A register on the server, and the way to it."""

    server: GitServer
    bare: Path
    folder: Path

    def clone(self, person: str, key: str) -> Clone:
        url = self.server.url(self.bare.name, person)
        folder = self.folder / f"{person}-{len(list(self.folder.iterdir()))}"
        made = git(self.folder, "clone", "--quiet", url, str(folder))
        assert made.code == 0, made
        return Clone(folder, key)

    def stands(self, ref: str = MAIN) -> str:
        return git(self.bare, "rev-parse", "--verify", "--quiet", ref).out.strip()


def git(folder: Path, *words: str) -> Result:
    answer = subprocess.run(
        ["git", "-c", "user.name=somebody", "-c", "user.email=somebody@parties.invalid", *words],
        cwd=folder,
        env={**os.environ, "GIT_TERMINAL_PROMPT": "0"},
        capture_output=True,
        text=True,
        check=False,
        timeout=_PATIENCE,
    )
    return Result(answer.returncode, answer.stdout, answer.stderr)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GitServer]:
    with git_server(tmp_path_factory.mktemp("served"), PASSWORDS) as server:
        yield server


@pytest.fixture
def empty(server: GitServer, tmp_path: Path) -> Place:
    """A bare repository on the server, with the hook and nothing else."""
    name = "register" + "".join(chr(ord("a") + int(digit)) for digit in
                                str(len(list(server.root.iterdir()))))  # fmt: skip
    bare = server.root / f"{name}.git"
    assert git(server.root, "init", "--quiet", "--bare", str(bare)).code == 0
    installed = run_in(tmp_path, "hook", "install", "--repository", str(bare))
    assert installed.code == 0, installed
    (tmp_path / "clones").mkdir()
    return Place(server, bare, tmp_path / "clones")


@pytest.fixture
def place(empty: Place, tmp_path: Path) -> Place:
    """A register on the server, as `init` made it."""
    founder = make_register(tmp_path / "founder")
    pushed = push_first(empty, founder)
    assert pushed.code == 0, pushed
    return empty


def push_first(place: Place, founder: TestRegister) -> Result:
    url = place.server.url(place.bare.name, "validator")
    return git(founder.folder, "push", "--quiet", url, "main")


def accepted(place: Place, branch: str) -> Clone:
    """The validator's clone, in which the request is accepted, pushed, and merged into main."""
    validator = place.clone("validator", "dcc")
    assert validator.git("switch", "--quiet", branch).code == 0
    record_id = branch.removeprefix("submit/")
    reviewed = validator.run("review", record_id, "--accept", "--yes")
    assert reviewed.code == 0, reviewed
    pushed = validator.git("push", "--quiet", "origin", branch)
    assert pushed.code == 0, pushed
    merge(validator, branch)
    return validator


def merge(clone: Clone, branch: str) -> None:
    assert clone.git("switch", "--quiet", "main").code == 0
    merged = clone.git("merge", "--quiet", "--no-ff", "-m", f"Land {branch}", branch)
    assert merged.code == 0, merged


def test_a_request_lands_by_way_of_the_server(place: Place) -> None:
    engineer = place.clone("engineer", "supplier-one")
    branch = engineer.add("Meter forgets its tariff after a power outage")
    assert engineer.git("push", "--quiet", "origin", branch).code == 0
    validator = accepted(place, branch)
    landed = validator.git("push", "--quiet", "origin", "main")
    assert (landed.code, landed.err) == (0, "")
    reader = place.clone("engineer", "supplier-one")
    shown = reader.run("show", branch.removeprefix("submit/"))
    assert "Meter forgets its tariff after a power outage" in shown.out


def test_what_nobody_accepted_does_not_land_and_the_client_reads_why(place: Place) -> None:
    engineer = place.clone("engineer", "supplier-one")
    before = place.stands()
    branch = engineer.add("Meter forgets its tariff after a power outage")
    merge(engineer, branch)
    refused = engineer.git("push", "origin", "main")
    assert refused.code != 0
    assert "remote: Refused: nothing of this push is taken." in refused.err
    assert "awaited[G011]" in refused.err
    assert "remote:   hint: `defectreg review" in refused.err
    assert place.stands() == before


def test_whoever_lacks_the_password_reaches_nothing(place: Place) -> None:
    wrong = place.server.url(place.bare.name, "engineer", "guessed")
    for words in (("ls-remote", wrong), ("push", wrong, "main")):
        refused = git(place.folder.parent / "founder", *words)
        assert refused.code == 128
        assert "Authentication failed" in refused.err
    right = place.server.url(place.bare.name, "engineer")
    assert MAIN in git(place.folder, "ls-remote", right).out


def test_of_two_racing_pushes_one_wins_and_the_other_is_told_to_fetch(place: Place) -> None:
    engineer = place.clone("engineer", "supplier-one")
    branches = [engineer.add("Meter forgets its tariff after a power outage")]
    assert engineer.git("push", "--quiet", "origin", branches[0]).code == 0
    branches.append(engineer.add("Hub loses its clock over night", "CHF:FF02/00020001"))
    assert engineer.git("push", "--quiet", "origin", branches[1]).code == 0
    rivals = [accepted(place, branch) for branch in branches]
    with ThreadPoolExecutor(2) as both:
        ended = list(both.map(lambda rival: rival.git("push", "origin", "main"), rivals))
    (lost,) = [result for result in ended if result.code != 0]
    tips = [rival.git("rev-parse", "main").out.strip() for rival in rivals]
    assert place.stands() == tips[1 - ended.index(lost)]
    assert "fetch" in lost.err
    loser = rivals[ended.index(lost)]
    assert loser.git("fetch", "--quiet").code == 0
    assert loser.git("reset", "--quiet", "--hard", "origin/main").code == 0
    merge(loser, branches[ended.index(lost)])
    assert loser.git("push", "--quiet", "origin", "main").code == 0


def test_a_push_that_is_too_large_is_told_how_large_it_may_be(place: Place) -> None:
    assert git(place.bare, "config", "receive.maxInputSize", "1m").code == 0
    engineer = place.clone("engineer", "supplier-one")
    assert engineer.git("switch", "--quiet", "--create", "submit/large").code == 0
    (engineer.folder / "large.bin").write_bytes(os.urandom(900_000))
    assert engineer.git("add", ".").code == 0
    assert engineer.git("commit", "--quiet", "-m", "Large").code == 0
    refused = engineer.git("push", "origin", "submit/large")
    assert refused.code != 0
    assert "bytes, and at most 786,432 may be" in refused.err
    assert place.stands("refs/heads/submit/large") == ""


def test_a_register_begins_with_a_first_commit_that_holds_no_record(
    empty: Place, tmp_path: Path
) -> None:
    unreviewed = make_register(tmp_path / "founder")
    unreviewed.signs = False
    unreviewed.add(good_record())
    refused = push_first(empty, unreviewed)
    assert refused.code != 0
    assert "[R090]" in refused.err
    assert empty.stands() == ""
    assert push_first(empty, make_register(tmp_path / "other")).code == 0


def test_a_request_is_removed_once_it_has_landed_and_not_before(place: Place) -> None:
    engineer = place.clone("engineer", "supplier-one")
    branch = engineer.add("Meter forgets its tariff after a power outage")
    assert engineer.git("push", "--quiet", "origin", branch).code == 0
    refused = engineer.git("push", "origin", f":{branch}")
    assert refused.code != 0
    assert "error[G055]" in refused.err
    validator = accepted(place, branch)
    both = validator.git("push", "--quiet", "--atomic", "origin", "main", f":{branch}")
    assert (both.code, both.err) == (0, "")
    assert place.stands(f"refs/heads/{branch}") == ""


def test_land_lands_a_request_and_clears_its_branch_away(place: Place) -> None:
    engineer = place.clone("engineer", "supplier-one")
    branch = engineer.add("Meter forgets its tariff after a power outage")
    assert engineer.git("push", "--quiet", "origin", branch).code == 0
    validator = place.clone("validator", "dcc")
    record_id = branch.removeprefix("submit/")
    assert validator.git("switch", "--quiet", branch).code == 0
    reviewed = validator.run("review", record_id, "--accept", "--yes")
    assert reviewed.code == 0, reviewed
    assert validator.git("switch", "--quiet", "main").code == 0
    landed = validator.run("land", record_id)
    assert landed.code == 0, landed
    assert place.stands(f"refs/heads/{branch}") == ""
    assert place.stands() == validator.git("rev-parse", "main").out.strip()
