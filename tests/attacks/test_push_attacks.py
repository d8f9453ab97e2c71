"""Pushes that a plain git server must refuse, each with a harmless twin that it takes."""

from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from defectreg.register.record import record_path, statements_folder
from defectreg.register.yamltext import dump
from defectreg.store.git import Repository
from tests.registers import (
    ID,
    MAIN,
    Result,
    TestRegister,
    good_record,
    make_register,
    run_in,
    statement,
)

LANDED = "DR-AAAA-BBBB"
REF = f"refs/heads/submit/{ID}"
SERVER = "../server.git"


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a clone, in which a record has landed, and the server that has all of it."""
    folder = tmp_path_factory.mktemp("begun")
    made = make_register(folder / "clone", [good_record(id=LANDED)])
    git(folder, "init", "--quiet", "--bare", "server.git")
    installed = run_in(folder, "hook", "install", "--repository", str(folder / "server.git"))
    assert installed.code == 0, installed
    pushed = push(made, "main")
    assert pushed.code == 0, pushed
    return folder


@pytest.fixture
def made(begun: Path, tmp_path: Path) -> TestRegister:
    """A clone beside a server that holds the same."""
    shutil.copytree(begun, tmp_path, dirs_exist_ok=True, symlinks=True)
    made = TestRegister(tmp_path / "clone", Repository.find(tmp_path / "clone"))
    made.today = datetime.now(UTC).date() - timedelta(days=1)  # as it is for the server's clock
    return made


def git(folder: Path, *words: str) -> Result:
    answer = subprocess.run(
        ["git", "-c", "user.name=x", "-c", "user.email=x@example.invalid", *words],
        cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
        timeout=60,
    )  # fmt: skip
    return Result(answer.returncode, answer.stdout, answer.stderr)


def push(made: TestRegister, *refspecs: str) -> Result:
    return git(made.folder, "push", "--force", SERVER, *refspecs)


def on_server(made: TestRegister) -> dict[str, str]:
    return Repository.find(made.folder.parent / "server.git").refs()


def assert_refused(made: TestRegister, code: str, *refspecs: str) -> None:
    before = on_server(made)
    refused = push(made, *refspecs)
    assert refused.code != 0
    assert f"error[{code}]" in refused.err, refused.err
    assert on_server(made) == before


def assert_taken(made: TestRegister, *refspecs: str) -> None:
    taken = push(made, *refspecs)
    assert taken.code == 0, taken.err


def file(made: TestRegister, path: str, data: bytes, ref: str = REF) -> None:
    made.commit({path: data}, ref)


def test_other_branches_tags_and_notes(made: TestRegister) -> None:
    others = (
        "refs/tags/v1", "refs/heads/other", "refs/notes/commits", f"refs/replace/{'a' * 40}",
        "refs/heads/submit", "refs/heads/Submit/x", "refs/changes/1",
    )  # fmt: skip
    refused = push(made, *(f"{MAIN}:{ref}" for ref in others))
    for ref in others:
        assert f"{ref.removeprefix('refs/heads/')}: error[G050]" in refused.err
    assert list(on_server(made)) == [MAIN]
    requests = ["refs/heads/review/DR-AAAA-BBBB-dcc-2", "refs/heads/submit/x"]
    assert_taken(made, *(f"{MAIN}:{ref}" for ref in requests))
    assert sorted(on_server(made)) == [MAIN, *requests]


def test_main_removed_or_rewound(made: TestRegister) -> None:
    assert_refused(made, "G052", f":{MAIN}")
    assert_refused(made, "G052", f"{MAIN}~1:{MAIN}")
    made.add(good_record())
    assert_taken(made, MAIN)


def test_main_that_continues_a_request_instead_of_itself(made: TestRegister) -> None:
    made.add(good_record(), ref=REF)
    made.say(LANDED, statement("report", "supplier-two", says="We see it too."))
    assert_taken(made, MAIN)
    git(made.folder, "switch", "--quiet", "--detach", REF)
    git(made.folder, "merge", "--quiet", "-m", "Merge main", MAIN)
    assert_refused(made, "G019", f"HEAD:{MAIN}")
    git(made.folder, "switch", "--quiet", "main")
    git(made.folder, "merge", "--quiet", "--no-ff", "-m", "Land", REF)
    assert_taken(made, MAIN)


def test_a_request_rewritten(made: TestRegister) -> None:
    made.add(good_record(), accept=False, ref=REF)
    assert_taken(made, REF)
    made.say(ID, statement("report", "supplier-two", says="We see it too."), ref=REF)
    assert_taken(made, REF)
    assert_refused(made, "G053", f"{REF}~1:{REF}")


def test_a_request_removed_before_it_landed(made: TestRegister) -> None:
    made.add(good_record(), ref=REF)
    assert_taken(made, REF)
    assert_refused(made, "G055", f":{REF}")
    made.commit({path: made.read(path, REF) for path in brought(made)})
    assert_taken(made, MAIN, f":{REF}")


def brought(made: TestRegister) -> list[str]:
    refs = made.repository.refs()
    return [move.path for move in made.repository.moved(refs[MAIN], refs[REF])]


def test_a_request_removed_while_another_lands(made: TestRegister) -> None:
    made.add(good_record(), ref=REF)
    assert_taken(made, REF)
    made.say(LANDED, statement("report", "supplier-two", says="We see it too."))
    assert_refused(made, "G055", MAIN, f":{REF}")
    assert_taken(made, MAIN)


def test_a_request_without_a_commit_of_main(made: TestRegister) -> None:
    tree = git(made.folder, "rev-parse", f"{MAIN}^{{tree}}").out.strip()
    alone = git(made.folder, "commit-tree", "-m", "Alone", tree).out.strip()
    assert_refused(made, "G054", f"{alone}:{REF}")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"classification": "red"}, "R010"),
        ({"security": True}, "R012"),
        ({"given-in-confidence": True}, "R016"),
        ({"circumstances": "At MPAN 2000000000006."}, "R103"),
        ({"circumstances": "Ring 01632 960983 about it."}, "R109"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_git_may_not_remember_even_where_a_later_commit_takes_it_out(
    made: TestRegister, changes: dict[str, object], code: str
) -> None:
    made.add(good_record(**changes), accept=False, ref=REF)
    made.change(ID, good_record(), accept=False, ref=REF)
    assert_refused(made, code, REF)


def test_a_secret_in_the_commits_that_a_merge_brings_to_main(made: TestRegister) -> None:
    red = good_record(id="DR-CCCC-DDDD", classification="red")
    path = record_path("DR-CCCC-DDDD")
    for ref, passing in ((REF, {path: dump(red).encode()}), (f"{REF}-2", {})):
        made.add(good_record(), ref=ref)
        made.commit(passing, ref)
        made.commit(dict.fromkeys(passing), ref)
        git(made.folder, "switch", "--quiet", "--detach", MAIN)
        git(made.folder, "merge", "--quiet", "--no-ff", "-m", "Land", ref)
        if passing:
            assert_refused(made, "R010", f"HEAD:{MAIN}")
        else:
            assert_taken(made, f"HEAD:{MAIN}")


def test_what_another_commit_says_better_is_taken(made: TestRegister) -> None:
    made.add(good_record(title="The meter is faulty"), accept=False, ref=REF)
    made.change(ID, good_record(), accept=False, ref=REF)
    assert_taken(made, REF)


def test_a_secret_in_a_comment_of_a_party(made: TestRegister) -> None:
    path = "policy/parties/dcc.yaml"
    party = made.read(path)
    file(made, path, b"# ring 01632 960983\n" + party)
    assert_refused(made, "R109", REF)
    file(made, path, b"# the DCC\n" + party, f"{REF}-2")
    assert_taken(made, f"{REF}-2")


def test_a_merge_that_hides_a_file_of_its_own(made: TestRegister) -> None:
    made.add(good_record(), accept=False, ref=REF)
    hidden = dump(good_record(id="DR-CCCC-DDDD", classification="red")).encode()
    git(made.folder, "switch", "--quiet", REF.removeprefix("refs/heads/"))
    made.say(LANDED, statement("report", "supplier-two", says="We see it too."))
    git(made.folder, "merge", "--quiet", "--no-commit", "--no-ff", MAIN)
    place = made.folder / record_path("DR-CCCC-DDDD")
    place.parent.mkdir(parents=True)
    place.write_bytes(hidden)
    git(made.folder, "add", ".")
    git(made.folder, "commit", "--quiet", "-m", "Merge")
    git(made.folder, "rm", "--quiet", str(place))
    git(made.folder, "commit", "--quiet", "-m", "Nothing to see")
    assert_taken(made, MAIN)
    assert_refused(made, "R010", REF)


def test_a_statement_beside_a_record_that_cannot_be_read(made: TestRegister) -> None:
    red = statement("cause", "dcc", cause="suspected", says="x", classification="red", of=ID)
    path = f"{statements_folder(ID)}/2026-03-03-cause-dcc.yaml"
    red_file = dump({**red, "date": "2026-03-03"}).encode()
    file(made, record_path(ID), b"not: [closed\n")
    refused = push(made, REF)
    assert refused.code != 0
    assert "error[Y" in refused.err
    git(made.folder, "update-ref", "-d", REF)
    file(made, path, red_file)
    assert_refused(made, "R004", REF)


def test_files_that_are_no_texts_of_a_register(made: TestRegister) -> None:
    file(made, record_path(ID), b"a" * 70_000)
    assert_refused(made, "G006", REF)
    file(made, "records/7K/notes.txt", b"x\n", f"{REF}-2")
    assert_refused(made, "G003", f"{REF}-2")
    git(made.folder, "switch", "--quiet", "--create", "submit/link")
    (made.folder / "templates" / "link").symlink_to("/etc/passwd")
    git(made.folder, "add", ".")
    git(made.folder, "commit", "--quiet", "-m", "Link")
    assert_refused(made, "G004", "submit/link")


def test_one_bad_request_beside_a_good_one(made: TestRegister) -> None:
    made.add(good_record(), accept=False, ref=REF)
    made.add(good_record(id="DR-CCCC-DDDD", classification="red"), accept=False, ref=f"{REF}-2")
    assert_refused(made, "R010", REF, f"{REF}-2")
    assert_taken(made, REF)


def test_mistakes_and_what_is_awaited_are_still_talked_about(made: TestRegister) -> None:
    made.add(good_record(title="The meter is faulty"), accept=False, ref=REF)
    assert_taken(made, REF)


def test_a_push_of_thousands_of_branches_is_told_that_it_is_too_many(made: TestRegister) -> None:
    refused = push(made, *(f"{MAIN}:refs/heads/submit/n{number}" for number in range(1001)))
    assert "a push moves at most 1,000 branches" in refused.err
    assert len(on_server(made)) == 1
