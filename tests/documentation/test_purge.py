"""The page on purging: its commands, run as they stand on a register in a scratch folder."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from defectreg.register.record import record_path, statements_folder
from tests.registers import (
    ID,
    ROOT,
    Result,
    TestRegister,
    good_record,
    key_of,
    make_register,
    run_in,
    sign,
    statement,
)

PURGED = "DR-9XW2-41BC"
"""The record whose paths the page names."""
_BLOCK = re.compile(r"^```sh\n(.*?)^```", re.DOTALL | re.MULTILINE)
_IDENTITY = {
    f"GIT_{who}_{what}": value
    for who in ("AUTHOR", "COMMITTER")
    for what, value in {
        "NAME": "supplier-one", "EMAIL": "x@example.invalid", "DATE": "2026-03-04T12:00:00Z",
    }.items()
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Purged:
    """A register before its purge, the folder in which it was purged, and what the page printed."""

    before: TestRegister
    folder: Path
    printed: str

    @property
    def server(self) -> Path:
        """The new repository."""
        return self.folder / "new.git"

    @property
    def gone(self) -> list[str]:
        """The ids of the contents that were to be purged."""
        return (self.folder / "gone").read_text("utf-8").split()

    def verify(self, *arguments: str) -> Result:
        """What ``verify`` says in a clone of the new repository."""
        clone = self.folder / "clone"
        if not clone.exists():
            _git(self.folder, "clone", "-q", "new.git", "clone")
        return run_in(clone, "verify", *arguments)


@pytest.fixture
def register(tmp_path: Path) -> TestRegister:
    """Two records, one of them with an address that no detector knows; one open request."""
    made = make_register(tmp_path / "register")
    made.add(good_record(affected=["ESME:FF01/00010100"]))
    request = f"refs/heads/submit/{PURGED}"
    behaviour = "Seen at Example Lane, where the key is under the mat."
    affected = ["ESME:FF01/00010200"]
    made.later().add(good_record(id=PURGED, affected=affected, behaviour=behaviour), ref=request)
    _git(made.folder, "reset", "-q", "--hard")
    _git(made.folder, "merge", "-q", "--no-ff", "-m", f"Land {PURGED}", request)
    made.later(2).say(PURGED, statement("report", "supplier-two", says="We see it as well."))
    made.later().say(
        ID, statement("workaround", "supplier-one", says="Switch it off and on."), accept=True
    )
    response = statement("response", "maker-one", position="investigating")
    made.later().say(ID, response, ref=f"refs/heads/submit/{ID}-maker-one")
    return made


def purge(register: TestRegister) -> Purged:
    """Type every block of the page."""
    page = (ROOT / "docs" / "purge.md").read_text("utf-8")
    typed, changed = re.subn(r"^old=.*$", f"old={register.folder}", "".join(_BLOCK.findall(page)),
                             flags=re.MULTILINE)  # fmt: skip
    assert changed == 1
    folder = register.folder.parent / "work"
    folder.mkdir()
    answer = subprocess.run(
        ["sh", "-euc", typed], cwd=folder, env={**os.environ, **_IDENTITY}, check=True,
        capture_output=True, encoding="utf-8",
    )  # fmt: skip
    return Purged(register, folder, answer.stdout)


def test_what_was_purged_is_nowhere_and_all_else_is_proven(register: TestRegister) -> None:
    root = _git(register.folder, "rev-list", "--max-parents=0", "main")
    purged = purge(register)
    assert len(purged.gone) >= 4
    assert " blob " not in purged.printed
    names = _git(purged.server, "log", "--all", "--format=", "--name-only")
    assert record_path(ID) in names
    assert PURGED not in names
    result = purged.verify("--root", root)
    assert (result.code, result.err) == (0, ""), result.out
    assert f"Root: {root}" in result.out


def test_the_days_of_the_steps_and_the_open_request_stay(register: TestRegister) -> None:
    purged = purge(register)
    assert _git(purged.server, "log", "--first-parent", "--format=%cs", "main").split() == [
        "2026-03-06",
        "2026-03-02",
        "2026-03-02",
    ]
    result = run_in(purged.server, "gate", f"submit/{ID}-maker-one", "--as-of", "2026-03-20")
    assert result.code == 0, result.out


def test_an_earlier_commit_is_no_longer_one_to_verify_from(register: TestRegister) -> None:
    published = _git(register.folder, "rev-parse", "main~1")
    assert purge(register).verify("--since", published).code > 1


def test_a_bulletin_that_names_a_purged_step_is_refused_alone_and_acknowledged(
    register: TestRegister,
) -> None:
    shown = _git(register.folder, "rev-parse", "main~1")
    pointer = {"month": "2026-03", "by": "secas", "date": register.today.isoformat(),
               "commit": shown, "audience": "green"}  # fmt: skip
    register.commit({"bulletins/2026-03.yaml": sign("secas", pointer)[0]})
    purged = purge(register)
    result = purged.verify()
    assert result.code == 1
    assert re.findall(r"error\[(\w+)\]", result.out) == ["G025"]
    _acknowledge(purged.folder / "clone", _git(purged.server, "rev-parse", "main"))
    mended = purged.verify()
    assert mended.code == 0, mended.out
    assert "(acknowledged: A purge" in mended.out


def _acknowledge(clone: Path, commit: str) -> None:
    """Two administrators of two Parties let a step stand."""
    _git(clone, "switch", "-q", "-c", "submit/acknowledged", "main")
    steps = f"steps:\n  - commit: {commit}\n    reason: A purge took away what it names.\n"
    (clone / "policy" / "acknowledged.yaml").write_text(steps, "utf-8")
    _git(clone, "add", "policy")
    _git(clone, "commit", "-q", "-m", "Acknowledge")
    for person in ("dcc-second", "secas"):
        signed = run_in(clone, "policy", "sign", "--key", str(key_of(person)))
        assert signed.code == 0, signed.err
    _git(clone, "switch", "-q", "main")
    now = datetime.now(UTC).isoformat(timespec="seconds")
    merged = ("merge", "-q", "--no-ff", "-m", "Land it", "submit/acknowledged")
    _git(clone, *merged, GIT_COMMITTER_DATE=now)


def test_a_branch_of_an_old_clone_may_bring_it_back_and_is_found(register: TestRegister) -> None:
    purged = purge(register)
    _git(purged.server, "fetch", "-q", str(register.folder), "main:refs/heads/submit/old")
    assert run_in(purged.server, "gate", "submit/old", "--as-of", "2026-03-20").code == 0
    last = _BLOCK.findall((ROOT / "docs" / "purge.md").read_text("utf-8"))[-1]
    answer = subprocess.run(["sh", "-euc", last], cwd=purged.folder, check=True,
                            capture_output=True, encoding="utf-8")  # fmt: skip
    assert {line.split()[0] for line in answer.stdout.splitlines()} == set(purged.gone)


def test_a_purged_statement_that_a_sign_off_read_takes_the_sign_off_with_it(
    register: TestRegister,
) -> None:
    folder = statements_folder(ID)
    workaround = next(
        path for path in _git(register.folder, "ls-tree", "-r", "--name-only", "main").split()
        if path.startswith(folder) and "-workaround-" in path
    )  # fmt: skip
    _git(register.folder, "reset", "-q", "--hard")
    rewritten = ["filter-branch", "--index-filter",
                 f"git rm -q --cached --ignore-unmatch -- {workaround}", "--", "main"]  # fmt: skip
    _git(register.folder, *rewritten)
    result = register.run("verify")
    assert result.code == 1
    assert "sign-off-dcc" in result.out


def _git(folder: Path, *arguments: str, **variables: str) -> str:
    squelched = {"FILTER_BRANCH_SQUELCH_WARNING": "1"}
    surroundings = {**os.environ, **_IDENTITY, **squelched, **variables}
    answer = subprocess.run(
        ["git", *arguments], cwd=folder, env=surroundings, check=True, capture_output=True,
        encoding="utf-8",
    )  # fmt: skip
    return answer.stdout.strip()
