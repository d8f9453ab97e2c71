"""An engineer corrects a typo in a landed record, and brings files into their one form."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from defectreg.register.record import record_path, statements_folder
from defectreg.register.yamltext import load
from tests.registers import ID, MAIN, TestRegister, good_record, make_register, sign_off

PATH = record_path(ID)
REMARK = "# told on the telephone\n"
BRANCH = f"refs/heads/submit/{ID}-supplier-two"
OTHER = "DR-0000-0001"


@pytest.fixture
def register(tmp_path: Path) -> TestRegister:
    day = (datetime.now(UTC) - timedelta(days=30)).date()
    made = make_register(tmp_path / "register", signs=False, day=day)
    made.add(good_record(title="Meter stops sendign billing alerts"), accept=False)
    made.commit({PATH: REMARK.encode() + made.read(PATH)})
    return made


def editor(tmp_path: Path, script: str) -> str:
    path = tmp_path / "editor"
    path.write_text(f"#!/bin/sh\nsed -i '{script}' \"$1\"\n")
    path.chmod(0o700)
    return str(path)


def test_one_field_changes_on_a_branch_of_its_own_and_comments_stay(
    register: TestRegister,
) -> None:
    before = register.read(PATH)
    title = "Meter stops sending billing alerts"
    result = register.run("edit", "7k3q", f"title={title}", "--party", "supplier-two")
    assert result.code == 0
    assert register.read(PATH, BRANCH) == before.replace(b"sendign", b"sending")
    assert f"title:\n  - Meter stops sendign billing alerts\n  + {title}\n" in result.out
    assert f"defectreg review {ID} --accept" in result.out
    refs = register.repository.refs(BRANCH, MAIN)
    (step,) = register.repository.steps(refs[BRANCH], since=refs[MAIN])
    assert (step.added, step.changed, step.removed) == ((), (PATH,), ())


def test_several_fields_and_lists_change_at_once(register: TestRegister) -> None:
    result = register.run(
        "edit", ID, "alerts+=0x81a0", "impact.parties=low", "trigger=", "--party", "supplier-two",
        "--json",
    )  # fmt: skip
    told = json.loads(result.out)
    assert told["differences"] == [
        {"field": "trigger", "before": ["firmware-update"], "after": []},
        {"field": "alerts", "before": ["8F1E"], "after": ["8F1E", "81A0"]},
        {"field": "impact.parties", "before": [], "after": ["low"]},
    ]
    assert load(register.read(PATH, BRANCH)).data["alerts"] == ["8F1E", "81A0"]


def test_an_editor_shows_the_whole_record(register: TestRegister, tmp_path: Path) -> None:
    script = editor(tmp_path, "s/sendign/sending/")
    result = register.run("edit", ID, "--editor", "--party", "supplier-two", VISUAL=script)
    assert result.code == 0
    assert register.read(PATH, BRANCH) == register.read(PATH).replace(b"sendign", b"sending")
    assert not list((register.repository.git_dir / "defectreg").glob("drafts/*"))


@pytest.mark.parametrize(
    ("change", "code", "told"),
    [
        ("id=DR-0000-0000", 2, "the id of a record never changes"),
        ("titel=x", 2, "did you mean title?"),
        ("title=No", 1, "title: error[S006]"),
        ("affected=nothing", 1, "affected: error[R001]"),
        ("behaviour=", 1, "S002"),
    ],
)
def test_a_change_that_would_be_wrong_is_refused_and_kept(
    register: TestRegister, change: str, code: int, told: str
) -> None:
    result = register.run("edit", ID, change, "--party", "supplier-two")
    assert (result.code, told in result.out + result.err) == (code, True)
    (place,) = (register.repository.git_dir / "defectreg" / "drafts").iterdir()
    assert place.read_text() == f"{change}\n"
    assert str(place) in result.err
    assert register.repository.refs("refs/heads/submit/") == {}


def test_an_editor_cannot_change_the_id(register: TestRegister, tmp_path: Path) -> None:
    script = editor(tmp_path, "s/^id:.*/id: DR-0000-0000/")
    result = register.run("edit", ID, "--editor", "--party", "supplier-two", VISUAL=script)
    assert result.code == 2
    assert register.repository.refs("refs/heads/submit/") == {}


def test_a_statement_is_never_changed_but_superseded(register: TestRegister) -> None:
    (name,) = [
        path.rpartition("/")[2]
        for path in register.repository.listing(
            register.repository.refs(MAIN)[MAIN], statements_folder(ID)
        )
    ]
    result = register.run("edit", name, "says=Other", "--party", "supplier-two")
    assert (result.code, "--supersedes" in result.err) == (2, True)


def test_what_the_record_says_already_is_not_written_again(register: TestRegister) -> None:
    result = register.run("edit", ID, "trigger=firmware-update", "--party", "supplier-two")
    assert (result.code, register.repository.refs("refs/heads/submit/")) == (0, {})


def test_a_dry_run_shows_the_difference_and_writes_nothing(register: TestRegister) -> None:
    result = register.run("edit", ID, "trigger=radio", "--dry-run", "--party", "supplier-two")
    assert (result.code, "  + radio\n" in result.out) == (0, True)
    assert register.repository.refs("refs/heads/submit/") == {}


def test_a_record_on_a_request_is_changed_on_the_request(register: TestRegister) -> None:
    request = f"refs/heads/submit/{OTHER}"
    register.add(good_record(id=OTHER), accept=False, ref=request)
    result = register.run("edit", OTHER, "trigger=radio", "--party", "supplier-two")
    assert result.code == 0
    assert load(register.read(record_path(OTHER), request)).data["trigger"] == "radio"


def crooked(register: TestRegister) -> bytes:
    """The work tree's record as somebody in a hurry wrote it."""
    text = register.read(PATH).replace(b"trigger: ", b"trigger:    ")
    (register.folder / PATH).write_bytes(text)
    return text


def test_fmt_writes_the_one_form_and_keeps_comments(register: TestRegister) -> None:
    crooked(register)
    result = register.run("fmt")
    assert (result.code, f"formatted {PATH}\n" in result.out) == (0, True)
    assert (register.folder / PATH).read_bytes() == register.read(PATH)
    assert (register.folder / PATH).read_text().startswith(REMARK)
    assert register.run("fmt", "--check").code == 0


def test_fmt_with_check_or_diff_changes_nothing(register: TestRegister) -> None:
    text = crooked(register)
    check = register.run("fmt", "--check", "records")
    diff = register.run("fmt", "--diff", PATH)
    assert (check.code, f"would format {PATH}\n" in check.out) == (1, True)
    assert (diff.code, "+trigger: firmware-update\n" in diff.out) == (0, True)
    assert (register.folder / PATH).read_bytes() == text


def test_fmt_leaves_what_is_accepted_or_signed_and_says_so(register: TestRegister) -> None:
    register.signs = True
    path = record_path(OTHER)
    register.add(good_record(id=OTHER))
    register.commit({path: register.read(path).replace(b"trigger: ", b"trigger:   ")})
    assert f"would format {path}\n" in register.run("fmt", "--check", "records/00").out
    register.say(OTHER, sign_off("accept"))
    signed = min((register.folder / statements_folder(OTHER)).glob("*-report-*"))
    signed.write_bytes(signed.read_bytes().replace(b"kind: ", b"kind:  "))
    result = register.run("fmt", "records/00")
    assert result.code == 0
    assert f"{path} is not canonical, and stays: it is accepted as it is" in result.err
    assert f"{signed.name} is not canonical, and stays: it is signed" in result.err
    assert b"trigger:   " in (register.folder / path).read_bytes()
    assert b"kind:  " in signed.read_bytes()


def test_fmt_says_what_it_cannot_read_and_goes_on(register: TestRegister) -> None:
    crooked(register)
    (register.folder / statements_folder(ID) / "2026-01-01-report-supplier-two.yaml").write_text(
        "of: &a x\n"
    )
    result = register.run("fmt")
    assert (result.code, "error[Y" in result.out, f"formatted {PATH}" in result.out) == (
        1,
        True,
        True,
    )


@pytest.mark.parametrize("path", ["policy/register.yaml", "/etc/passwd", "nowhere.yaml"])
def test_fmt_touches_nothing_but_records_and_statements(register: TestRegister, path: str) -> None:
    assert register.run("fmt", path).code == 2


def test_what_decided_on_the_text_as_it_was_goes_with_the_change(tmp_path: Path) -> None:
    made = make_register(tmp_path / "register", signs=False, day=datetime.now(UTC).date())
    ref = f"refs/heads/submit/{ID}"
    made.add(good_record(title="Meter stops sendign billing alerts"), ref=ref)
    made.say(ID, sign_off("return", says="See the title."), ref=ref)
    folder = statements_folder(ID)
    before = {
        path.rpartition("/")[2] for path in made.repository.listing(ref_of(made, ref), folder)
    }
    result = made.run("edit", ID, "title=Meter stops sending billing alerts",
                      "--party", "supplier-one")  # fmt: skip
    assert result.code == 0, result.err
    after = {path.rpartition("/")[2] for path in made.repository.listing(ref_of(made, ref), folder)}
    (gone,) = before - after
    assert gone.endswith("-sign-off-dcc.yaml")
    assert f"{gone} decided on the text as it was" in result.err
    assert any(name.endswith("-sign-off-dcc-2.yaml") for name in after)


def ref_of(made: TestRegister, ref: str) -> str:
    return made.repository.refs(ref)[ref]


def test_what_decided_on_a_landed_text_stays(register: TestRegister) -> None:
    register.say(ID, sign_off("accept"))
    result = register.run("edit", ID, "title=Meter stops sending billing alerts",
                          "--party", "supplier-one", "--json")  # fmt: skip
    assert json.loads(result.out)["removed"] == []
    ref = f"refs/heads/submit/{ID}-supplier-one"
    (step,) = register.repository.steps(ref_of(register, ref), since=ref_of(register, MAIN))
    assert step.removed == ()
