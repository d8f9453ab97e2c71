"""An engineer who has never seen the register reports an issue: by flags, a file, an editor."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from defectreg.register.record import record_path, statements_folder
from defectreg.register.statement import signed_part
from defectreg.register.yamltext import load
from defectreg.store.git import Repository
from defectreg.store.signatures import check
from tests.registers import (
    ID,
    NAMESPACE,
    Result,
    TestRegister,
    good_record,
    key_of,
    make_register,
    public_key,
    run_in,
)

TITLE = "Meter forgets its tariff after a power outage"
BEHAVIOUR = "After a power outage of a minute the meter charges by its first tariff."
FLAGS = (
    "--title", TITLE,
    "--affected", "esme:ff03/00010100@00030000 in North",
    "--behaviour", BEHAVIOUR,
    "--alert", "0x8f1e",
    "--trigger", "power-outage",
    "--impact-consumers", "high",
    "--devices", "2-9",
    "--seen-since", "2026-01-05",
)  # fmt: skip


@pytest.fixture(scope="module")
def landed(tmp_path_factory: pytest.TempPathFactory) -> TestRegister:
    folder = tmp_path_factory.mktemp("landed") / "register"
    return make_register(
        folder, [good_record()], day=(datetime.now(UTC) - timedelta(days=30)).date()
    )


@pytest.fixture
def register(landed: TestRegister, tmp_path: Path) -> TestRegister:
    """A clone of its own, as an engineer has one."""
    folder = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", str(landed.folder), str(folder)], check=True)
    return TestRegister(folder, Repository.find(folder))


def key(person: str = "supplier-one") -> tuple[str, str]:
    return "--key", str(key_of(person))


def branches(register: TestRegister) -> dict[str, str]:
    return register.repository.refs("refs/heads/submit/")


def the_id(result: Result) -> str:
    assert result.code == 0, result
    (line,) = [line for line in result.out.splitlines() if line.startswith("Committed on")]
    return line.rpartition(" ")[2]


def drafts(register: TestRegister) -> list[Path]:
    return sorted((register.repository.common_dir / "defectreg" / "drafts").glob("*"))


def editor(tmp_path: Path, script: str) -> str:
    """An editor that is a script of sed: it edits the file it is given."""
    path = tmp_path / "editor"
    path.write_text(f"#!/bin/sh\nsed -i '{script}' \"$1\"\n")
    path.chmod(0o700)
    return str(path)


def test_flags_make_a_record_and_its_signed_report_in_one_commit(register: TestRegister) -> None:
    before = register.repository.head()
    result = register.run("add", *FLAGS, *key())
    record_id = the_id(result)
    ref = f"refs/heads/submit/{record_id}"
    tip = branches(register)[ref]
    (report,) = register.repository.listing(tip, statements_folder(record_id))
    step = list(register.repository.steps(tip, since=before))
    assert [sorted(one.added) for one in step] == [sorted([record_path(record_id), report])]
    record = load(register.read(record_path(record_id), ref)).data
    assert record == {
        "id": record_id,
        "title": TITLE,
        "affected": ["ESME:FF03/00010100@00030000 in North"],
        "behaviour": BEHAVIOUR,
        "trigger": "power-outage",
        "alerts": ["8F1E"],
        "impact": {"consumers": "high"},
    }
    source = register.read(report, ref)
    said = load(source).data
    assert (said["by"], said["devices"], said["since"]) == ("supplier-one", "2-9", "2026-01-05")
    signature = str(said["signature"])
    assert check(signed_part(source), signature, NAMESPACE, public_key("supplier-one")) is None


def test_the_end_says_what_to_do_next(register: TestRegister) -> None:
    result = register.run("add", *FLAGS, *key())
    record_id = the_id(result)
    assert result.out.endswith(
        "\nNext:\n"
        f"  defectreg validate {record_id}\n"
        f"  git push origin submit/{record_id}\n"
        f"  a validator: defectreg review {record_id} --accept\n"
    )
    validated = register.run("validate", record_id)
    assert "error" not in validated.out.replace("0 errors", "")


def test_where_there_is_nowhere_to_push_to_nobody_is_told_to(register: TestRegister) -> None:
    validate, push = "defectreg validate {id}", "git push origin submit/{id}"
    for expected in ([validate, push], [validate]):
        told = json.loads(register.run("add", *FLAGS, *key(), "--json").out)
        assert told["next"] == [command.format(id=told["id"]) for command in expected]
        remove = ["git", "-C", str(register.folder), "remote", "remove", "origin"]
        subprocess.run(remove, check=len(expected) == 2, capture_output=True)


def test_the_branch_and_the_files_one_works_on_stay_as_they_are(register: TestRegister) -> None:
    (register.folder / "notes.txt").write_text("mine")
    (register.folder / "policy" / "register.yaml").write_text("name: other\n")
    before = register.repository.head(), register.repository.branch()
    changed = register.repository.changed()
    assert register.run("add", *FLAGS, *key()).code == 0
    assert (register.repository.head(), register.repository.branch()) == before
    assert register.repository.changed() == changed


def test_the_commit_names_the_party_and_neither_title_nor_person(register: TestRegister) -> None:
    record_id = the_id(register.run("add", *FLAGS, *key()))
    form = "--format=%an <%ae> %cn <%ce>%n%B"
    said = subprocess.run(
        ["git", "-C", str(register.folder), "log", "-1", form, f"submit/{record_id}"],
        capture_output=True, text=True, check=True,
    ).stdout.strip()  # fmt: skip
    who = "supplier-one <supplier-one@parties.invalid>"
    assert said == f"{who} {who}\nAdd {record_id}"


def test_who_will_read_it_is_said_before_it_is_written(register: TestRegister) -> None:
    result = register.run("add", *FLAGS, *key(), "--dry-run")
    first, second, *_ = result.err.splitlines()
    assert first == (
        "Everyone with a clone of for-tests (the SEC Parties) can read this, and that supplier-one "
        "says it today. Git keeps it for ever."
    )
    assert second.startswith("Leave out Device IDs, ")


def test_a_dry_run_shows_both_files_and_writes_nothing(register: TestRegister) -> None:
    result = register.run("add", *FLAGS, *key(), "--dry-run")
    assert result.code == 0
    assert f"title: {TITLE}\n" in result.out
    assert "kind: report\n" in result.out
    assert branches(register) == {}


def test_records_that_are_like_it_are_named_and_it_goes_on(register: TestRegister) -> None:
    same = good_record()
    result = register.run(
        "add", "--title", str(same["title"]), "--affected", same["affected"][0],
        "--behaviour", str(same["behaviour"]), *key(),
    )  # fmt: skip
    assert result.code == 0
    assert f"1. {ID}  {same['title']}" in result.err
    assert "defectreg add report" in result.err


def test_a_twin_that_only_waits_is_named_with_its_branch(
    register: TestRegister, tmp_path: Path
) -> None:
    waiting = the_id(register.run("add", *FLAGS, *key()))
    colleague = tmp_path / "colleague"
    subprocess.run(["git", "clone", "-q", str(register.folder), str(colleague)], check=True)
    for clone, branch in (
        (register, f"submit/{waiting}"),
        (TestRegister(colleague, Repository.find(colleague)), f"origin/submit/{waiting}"),
    ):
        again = clone.run("add", *FLAGS, *key("supplier-two"), "--dry-run")
        assert f"1. {waiting}  {TITLE}  (on {branch})\n" in again.err
        told = json.loads(clone.run("add", *FLAGS, *key(), "--dry-run", "--json").out)
        assert [(one["id"], one["request"]) for one in told["similar"][:1]] == [(waiting, branch)]


def test_a_report_on_a_twin_that_only_waits_goes_to_the_head_of_its_request(
    register: TestRegister,
) -> None:
    waiting = the_id(register.run("add", *FLAGS, *key()))
    result = register.run(
        "add", "report", waiting, "Seen on nine meters.", "--devices", "2-9", *key("supplier-two")
    )
    assert result.code == 0
    (ref,) = branches(register)
    assert ref == f"refs/heads/submit/{waiting}"
    names = register.repository.listing(branches(register)[ref], statements_folder(waiting))
    assert sorted(name.rpartition("-report-")[2] for name in names) == [
        "supplier-one.yaml", "supplier-two.yaml",
    ]  # fmt: skip


def test_a_program_reads_the_answer_as_json(register: TestRegister) -> None:
    result = register.run("add", *FLAGS, *key(), "--json")
    told = json.loads(result.out)
    assert told["schema_version"] == 1
    assert told["branch"] == f"submit/{told['id']}"
    assert told["commit"] == branches(register)[f"refs/heads/submit/{told['id']}"]
    assert told["signed"] is True
    assert set(told["files"]) == {
        record_path(told["id"]),
        *register.repository.listing(told["commit"], statements_folder(told["id"])),
    }


def test_without_a_terminal_nothing_is_asked_and_the_flags_are_named(
    register: TestRegister,
) -> None:
    result = register.run("add", "--title", TITLE, *key())
    assert result.code == 2
    assert "a new issue needs --affected, --behaviour" in result.err
    assert [load(path.read_bytes()).data for path in drafts(register)] == [{"title": TITLE}]


def test_a_file_says_the_fields_and_a_flag_goes_before_it(
    register: TestRegister, tmp_path: Path
) -> None:
    path = tmp_path / "issue.yaml"
    path.write_text(
        f"title: {TITLE}\naffected: [esme:ff03/00010100]\nbehaviour: {BEHAVIOUR}\n"
        "alerts: [0x8f1e]\nreport:\n  region: North\n"
    )
    record_id = the_id(register.run("add", "--from", str(path), "--kind", "defect", *key()))
    ref = f"refs/heads/submit/{record_id}"
    record = load(register.read(record_path(record_id), ref)).data
    assert (record["kind"], record["alerts"]) == ("defect", ["8F1E"])
    assert record["affected"] == ["ESME:FF03/00010100"]
    (report,) = register.repository.listing(branches(register)[ref], statements_folder(record_id))
    assert load(register.read(report, ref)).data["region"] == "North"


def test_standard_input_says_the_fields_with_a_new_id_but_not_with_one_that_exists(
    register: TestRegister,
) -> None:
    form = f"title: {TITLE}\naffected: [ESME:FF03/00010100]\nbehaviour: {BEHAVIOUR}\n"
    fresh = register.run("add", "--from", "-", *key(), given=f"id: DR-0000-0001\n{form}")
    assert the_id(fresh) == "DR-0000-0001"
    for known in (ID, "DR-0000-0001"):
        again = register.run("add", "--from", "-", *key(), given=f"id: {known}\n{form}")
        assert (again.code, f"{known} already" in again.err) == (2, True)
    assert len(branches(register)) == 1


def test_an_editor_shows_a_form_and_what_is_filled_in_is_added(
    register: TestRegister, tmp_path: Path
) -> None:
    script = (
        f"s/^title:.*/title: {TITLE}/; s|^  -$|  - ESME:FF03/00010100|; "
        f"s/^behaviour:.*/behaviour: {BEHAVIOUR}/"
    )
    result = register.run("add", "--editor", *key(), VISUAL=editor(tmp_path, script))
    record_id = the_id(result)
    record = load(register.read(record_path(record_id), f"refs/heads/submit/{record_id}")).data
    assert (record["title"], record["behaviour"]) == (TITLE, BEHAVIOUR)
    assert drafts(register) == []


@pytest.mark.parametrize(
    "command",
    [("add", "--title", TITLE), ("add", "cause", ID), ("edit", ID)],
)
def test_without_a_terminal_no_editor_is_started_but_the_one_that_was_named(
    register: TestRegister, tmp_path: Path, command: tuple[str, ...]
) -> None:
    programs, started = tmp_path / "programs", tmp_path / "started"
    programs.mkdir()
    for name in ("sensible-editor", "nano", "vi"):
        (programs / name).write_text(f'#!/bin/sh\ntouch "{started}"\n')
        (programs / name).chmod(0o700)
    path = f"{programs}:{os.environ['PATH']}"
    said = (*command, "--editor", "--party", "supplier-one")
    result = register.run(*said, PATH=path, VISUAL="", EDITOR="")
    assert (result.code, "--editor needs a terminal" in result.err) == (2, True), result
    assert not started.exists()
    register.run(*said, PATH=path, VISUAL="", EDITOR="nano")
    assert started.exists()


def test_the_command_that_goes_on_can_be_pasted_into_a_shell(tmp_path: Path) -> None:
    folder = tmp_path / "Zählers' reports"
    folder.mkdir()
    register = make_register(folder / "register", [good_record()], signs=False)
    result = register.run("add", "--title", TITLE, *key())
    (place,) = drafts(register)
    assert f"what you typed is kept in {place}\n" in result.err
    (hint,) = [line for line in result.err.splitlines() if line.startswith("hint: to go on: ")]
    words = ["defectreg", "add", "--from", str(place), "--editor"]
    assert shlex.split(hint.removeprefix("hint: to go on: ")) == words


def test_a_form_that_is_left_as_it_was_adds_nothing(register: TestRegister, tmp_path: Path) -> None:
    result = register.run("add", "--editor", *key(), VISUAL=editor(tmp_path, ""))
    assert (result.code, branches(register), drafts(register)) == (1, {}, [])


def test_a_wrong_form_is_kept_with_what_is_wrong_at_its_top_and_can_be_taken_up_again(
    register: TestRegister, tmp_path: Path
) -> None:
    wrong = (
        f"s/^title:.*/title: {TITLE}/; s|^  -$|  - ESME:FF03/00010100|; "
        "s/^behaviour:.*/behaviour: No/"
    )
    result = register.run("add", "--editor", *key(), EDITOR=editor(tmp_path, wrong))
    assert result.code == 1
    assert "behaviour: error[S006]" in result.out
    (place,) = drafts(register)
    assert "#! behaviour: S006: " in place.read_text()
    assert str(place) in result.err
    right = editor(tmp_path, f"s/^behaviour:.*/behaviour: {BEHAVIOUR}/")
    again = register.run("add", "--from", str(place), "--editor", *key(), EDITOR=right)
    assert the_id(again)


def test_what_is_refused_is_kept_readable_to_its_author_alone(register: TestRegister) -> None:
    result = register.run("add", *FLAGS, "--kind", "rumour", *key())
    assert result.code == 1
    assert "kind: error[S004]" in result.out
    assert branches(register) == {}
    (place,) = drafts(register)
    assert str(place) in result.err
    assert place.stat().st_mode & 0o077 == 0
    kept = load(place.read_bytes()).data
    assert (kept["behaviour"], kept["report"]) == (
        BEHAVIOUR,
        {"devices": "2-9", "since": "2026-01-05"},
    )
    again = register.run("add", "--from", str(place), "--kind", "issue", *key())
    assert the_id(again)


def test_a_record_that_touches_security_is_handed_to_the_security_body(
    register: TestRegister,
) -> None:
    result = register.run("add", *FLAGS, "--security", *key())
    assert result.code == 1
    assert "hand it to Security Sub-Committee" in result.out
    assert branches(register) == {}


def test_what_is_classified_above_the_ceiling_stays_outside(register: TestRegister) -> None:
    result = register.run("add", *FLAGS, "--classification", "red", *key())
    assert result.code == 1
    assert "above this register's ceiling (green)" in result.out
    assert branches(register) == {}
    assert register.run("add", *FLAGS, "--classification", "clear", *key()).code == 0


def test_an_option_of_a_statement_is_no_part_of_a_new_issue(register: TestRegister) -> None:
    result = register.run("add", *FLAGS, "--position", "waiver", *key())
    assert (result.code, "--position does not belong to a new issue" in result.err) == (2, True)


def test_of_a_record_that_is_not_there_the_reason_comes_before_where_the_text_is_kept(
    register: TestRegister,
) -> None:
    said = ("add", "workaround", "9zzz", "Restart the display.", *key())
    lines = register.run(*said).err.splitlines()
    assert lines[0] == "defectreg: no record begins with DR-9ZZZ"
    assert lines[2].startswith("defectreg: what you typed is kept in ")
    assert len(drafts(register)) == 1


def test_what_was_only_to_be_shown_leaves_no_draft(register: TestRegister) -> None:
    for said in (("add", "workaround", "9zzz", "Restart it."), ("edit", "9zzz", "title=Anything")):
        result = register.run(*said, *key(), "--dry-run")
        assert (result.code, "no record begins with" in result.err) == (2, True)
    assert register.run("add", *FLAGS, "--kind", "rumour", *key(), "--dry-run").code == 1
    assert register.run("add", "workaround", "9zzz", *key()).code == 2
    assert drafts(register) == []


def test_outside_a_register_a_sentence_says_what_to_do(tmp_path: Path) -> None:
    result = run_in(tmp_path, "add", *FLAGS)
    assert (result.code, "hint:" in result.err) == (3, True)


def test_what_was_told_in_confidence_enters_with_the_consent_of_who_told_it(
    tmp_path: Path,
) -> None:
    made = make_register(tmp_path / "register")
    typed = ["add", "--title", "Display stays dark after an update", "--affected", "IHD:FF03/0001",
             "--behaviour", "It shows nothing for a day.", "--given-in-confidence",
             "--key", str(key_of("supplier-one"))]  # fmt: skip
    refused = made.run(*typed)
    assert refused.code == 1
    assert "R016" in refused.out
    assert "--consent" in refused.out
    result = made.run(*typed, "--consent", "green", "--json")
    assert result.code == 0, result
    told = json.loads(result.out)
    record_id, branch = told["id"], f"refs/heads/{told['branch']}"
    assert [path for path in told["files"] if "-consent-supplier-one" in path]
    accepted = made.run("review", record_id, "--accept", "--yes", "--key", str(key_of("dcc")))
    assert accepted.code == 0, accepted
    landed = made.run("land", record_id, "--key", str(key_of("dcc")))
    assert landed.code == 0, landed
    assert branch not in made.repository.refs(branch)


def test_a_refused_file_is_told_with_line_and_column(landed: TestRegister, tmp_path: Path) -> None:
    file = tmp_path / "issue.yaml"
    file.write_text(
        "title: Display stays dark after an update\naffected:\n  - IHD:FF03\n"
        "behaviour: It shows nothing.\nreport:\n  devices: many\n"
    )
    result = landed.run("add", "--from", str(file), "--party", "supplier-one")
    assert result.code == 1
    assert f"{file}:4:1: behaviour: error[" in result.out
    assert f"{file}:6:3: report: devices: error[" in result.out
    file.write_text("title: 'a\n")
    assert f"{file}:" in landed.run("add", "--from", str(file), "--party", "supplier-one").out
