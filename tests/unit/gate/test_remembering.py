from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from defectreg.gate.remembering import unit_of, validate_work_tree
from defectreg.gate.validating import ALL, Verdict, validate
from defectreg.register.record import record_path, statements_folder
from defectreg.register.yamltext import dump
from defectreg.store.git import Repository
from tests.registers import TestRegister, good_record, make_register, sign

IDS = ("DR-AAAA-0001", "DR-AAAA-0002", "DR-BBBB-0001")
RECORD = record_path(IDS[0])
REPORT = f"{statements_folder(IDS[0])}/2026-03-02-report-supplier-one.yaml"
BLAME = "After the Hub takes 00020002 the faulty meter sends no 8F1E at the end of a period."
WARNED = IDS[2]


@pytest.fixture(scope="module")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    records = [good_record(id=each) for each in IDS[:2]]
    records.append(good_record(id=WARNED, alerts=["8F1E", "0001"]))
    made = make_register(tmp_path_factory.mktemp("made") / "register", records)
    git(made, "reset", "--quiet", "--hard")
    return made.folder


@pytest.fixture
def register(tmp_path: Path, made_once: Path) -> TestRegister:
    """A clone of three records, of which the last one has a warning; it was validated once."""
    folder = shutil.copytree(made_once, tmp_path / "register")
    made = TestRegister(folder, Repository.find(folder))
    git(made, "status")
    judged(made)
    return made


def git(made: TestRegister, *words: str) -> None:
    names = {f"GIT_{who}_{what}": "a@b.invalid" for who in ("AUTHOR", "COMMITTER")
             for what in ("NAME", "EMAIL")}  # fmt: skip
    subprocess.run(["git", *words], cwd=made.folder, env={**os.environ, **names}, check=True,
                   capture_output=True)  # fmt: skip


def judged(made: TestRegister) -> tuple[Verdict, int]:
    """The verdict, which is the one without memory, and how many cases were judged for it."""
    totals: list[int] = []

    def begin(total: int) -> Callable[[int], None]:
        totals.append(total)
        return lambda done: None

    verdict = validate_work_tree(made.register(), begin)
    register = made.register()
    landed = register.repository.listing(register.target.commit, "records")
    assert verdict == validate(register.worktree_source, ALL, landed)
    return verdict, sum(totals)


def codes(verdict: Verdict) -> list[tuple[str, str]]:
    return [(finding.file, finding.code) for finding in verdict.findings]


def blame(made: TestRegister, record_id: str = IDS[0]) -> None:
    (made.folder / record_path(record_id)).write_text(
        dump(good_record(id=record_id, behaviour=BLAME))
    )


def test_a_file_belongs_to_the_case_of_its_record_or_to_nothing_else() -> None:
    assert unit_of(RECORD) == unit_of(REPORT) == RECORD
    assert unit_of(f"{statements_folder(IDS[0])}/notes.txt").endswith("/notes.txt")


def test_what_did_not_move_is_not_judged_again_and_its_findings_are_told(
    register: TestRegister,
) -> None:
    verdict, cases = judged(register)
    assert cases == 0
    assert verdict.records == len(IDS)
    assert codes(verdict) == [(record_path(WARNED), "R033")]


def test_only_the_record_that_was_edited_is_judged(register: TestRegister) -> None:
    blame(register)
    verdict, cases = judged(register)
    assert cases == 1
    assert (RECORD, "R040") in codes(verdict)
    git(register, "restore", RECORD)
    assert codes(judged(register)[0]) == [(record_path(WARNED), "R033")]
    assert judged(register)[1] == 0


def test_what_was_committed_is_judged_once(register: TestRegister) -> None:
    blame(register)
    git(register, "commit", "--all", "--message", "a record")
    assert [judged(register)[1] for _ in range(2)] == [1, 0]
    assert (RECORD, "R040") in codes(judged(register)[0])


def test_an_edited_statement_and_an_unread_one_bring_their_case(register: TestRegister) -> None:
    (register.folder / REPORT).write_bytes(b"title: [\n")
    (register.folder / statements_folder(IDS[1]) / "notes.txt").write_bytes(b"a\n")
    verdict, cases = judged(register)
    assert cases == 1
    assert {path for path, _ in codes(verdict)} > {
        REPORT,
        f"{statements_folder(IDS[1])}/notes.txt",
    }


def test_a_record_that_is_gone_is_no_longer_counted(register: TestRegister) -> None:
    git(register, "rm", "-r", "--quiet", RECORD, statements_folder(IDS[0]))
    assert judged(register)[0].records == len(IDS) - 1
    git(register, "commit", "--message", "gone")
    assert judged(register)[0].records == len(IDS) - 1
    git(register, "reset", "--hard", "--quiet", "HEAD~1")
    assert judged(register)[0].records == len(IDS)


@pytest.mark.parametrize("bit", ["--assume-unchanged", "--skip-worktree"])
def test_what_git_was_told_not_to_look_at_is_judged_all_the_same(
    register: TestRegister, bit: str
) -> None:
    git(register, "update-index", bit, RECORD)
    assert judged(register)[1] == 1
    blame(register)
    assert (RECORD, "R040") in codes(judged(register)[0])


def test_an_ignored_file_is_found(register: TestRegister) -> None:
    (register.folder / ".git" / "info" / "exclude").write_text("*.ignored\n")
    (register.folder / "records" / "a.ignored").write_bytes(b"a\n")
    assert ("records/a.ignored", "S011") in codes(judged(register)[0])


@pytest.mark.parametrize(
    "file", [".gitattributes", ".git/info/attributes", "records/.gitattributes"]
)
def test_line_ends_that_git_converts_are_found(register: TestRegister, file: str) -> None:
    (register.folder / file).write_text("*.yaml text\n")
    ends_otherwise(register)


def test_line_ends_that_a_setting_converts_are_found(register: TestRegister) -> None:
    git(register, "config", "core.autocrlf", "input")
    ends_otherwise(register)


def ends_otherwise(made: TestRegister) -> None:
    record = made.folder / RECORD
    record.write_bytes(record.read_bytes().replace(b"\n", b"\r\n"))
    git(made, "add", "--renormalize", RECORD)
    git(made, "status")
    verdict, cases = judged(made)
    assert cases == len(IDS)
    assert RECORD in {path for path, _ in codes(verdict)}


@pytest.mark.parametrize("lines", ["", "*.yaml -text diff\n# text\n"])
def test_attributes_that_convert_nothing_cost_nothing(register: TestRegister, lines: str) -> None:
    (register.folder / ".git" / "info" / "attributes").write_text(lines)
    assert judged(register)[1] == 0


def test_a_repository_within_is_looked_into(register: TestRegister) -> None:
    within = register.folder / statements_folder("DR-AAAA-0009")
    git(register, "init", "--quiet", str(within))
    (within / "2026-03-02-report-supplier-one.yaml").write_bytes(register.read(REPORT))
    verdict, cases = judged(register)
    assert cases == 1
    assert {path.startswith(statements_folder("DR-AAAA-0009")) for path, _ in codes(verdict)} == {
        True,
        False,
    }


def test_a_submodule_is_looked_into(register: TestRegister) -> None:
    within = register.folder / "records" / "other"
    git(register, "init", "--quiet", str(within))
    names = "-c", "user.name=a", "-c", "user.email=a@b.invalid"
    git(register, *names, "-C", str(within), "commit", "--allow-empty", "--quiet", "-m", "a")
    git(register, "add", "records/other")
    git(register, "commit", "--quiet", "--message", "another repository")
    judged(register)
    (within / "notes.txt").write_bytes(b"a\n")
    assert ("records/other/notes.txt", "S011") in codes(judged(register)[0])


def test_a_folder_behind_a_link_is_not_the_register(register: TestRegister) -> None:
    (register.folder / "records" / "AA").rename(register.folder / "elsewhere")
    (register.folder / "records" / "AA").symlink_to("../elsewhere")
    verdict, _ = judged(register)
    assert verdict.records == 1
    assert ("records/AA", "S011") in codes(verdict)


@pytest.mark.parametrize(
    "path", ["policy/register.yaml", "policy/parties/dcc.yaml", "catalogue/products.yaml"]
)
def test_other_rules_judge_everything_again(register: TestRegister, path: str) -> None:
    place = register.folder / path
    place.write_bytes(place.read_bytes() + b"# said in passing\n")
    assert judged(register)[1] == len(IDS)


def test_what_lands_is_judged_again_where_it_lies(register: TestRegister) -> None:
    git(register, "checkout", "--quiet", "-b", "submit/more")
    more = f"{statements_folder(IDS[1])}/2026-03-03-report-supplier-two.yaml"
    said = {"of": IDS[1], "kind": "report", "by": "supplier-two", "date": "2026-03-03"}
    (register.folder / more).write_bytes(
        sign("supplier-two", {**said, "says": "The faulty meter is here too."})[0]
    )
    git(register, "add", more)
    git(register, "commit", "--quiet", "--message", "more")
    assert judged(register)[0].count("error") == 1
    git(register, "branch", "--force", "main", "HEAD")
    verdict, cases = judged(register)
    assert cases == 1
    assert verdict.count("error") == 0
    assert (more, "R040") in codes(verdict)


def test_after_a_history_that_is_gone_everything_is_judged(register: TestRegister) -> None:
    blame(register)
    git(register, "commit", "--all", "--quiet", "--message", "a record")
    judged(register)
    git(register, "reset", "--hard", "--quiet", "HEAD~1")
    git(register, "reflog", "expire", "--expire=now", "--all")
    git(register, "update-ref", "-d", "ORIG_HEAD")
    git(register, "gc", "--quiet", "--prune=now")
    assert judged(register)[1] == len(IDS)
    assert judged(register)[1] == 0


def memory(made: TestRegister) -> Path:
    return made.folder / ".git" / "defectreg" / "validated.json"


@pytest.mark.parametrize("data", [b"", b"null", b"\xff\n{}", b"0" * 64 + b"\n[]"])
def test_a_damaged_memory_is_done_without(register: TestRegister, data: bytes) -> None:
    memory(register).write_bytes(data)
    assert [judged(register)[1] for _ in range(2)] == [len(IDS), 0]


def test_a_memory_that_cannot_be_kept_is_done_without(register: TestRegister) -> None:
    memory(register).unlink()
    memory(register).mkdir()
    assert [judged(register)[1] for _ in range(2)] == [len(IDS), len(IDS)]


def test_what_git_could_not_tell_once_is_remembered_no_more(register: TestRegister) -> None:
    policy = register.folder / "policy" / "register.yaml"
    before = policy.read_bytes()
    policy.write_bytes(before + b"# said in passing\n")
    git(register, "config", "core.autocrlf", "input")
    ends_otherwise(register)
    git(register, "config", "--unset", "core.autocrlf")
    policy.write_bytes(before)
    verdict, cases = judged(register)
    assert cases == len(IDS)
    assert RECORD in {path for path, _ in codes(verdict)}
