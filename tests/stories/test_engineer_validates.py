"""An engineer asks whether the files are well formed, and what a code means."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from defectreg.register.record import record_path, statements_folder
from defectreg.register.yamltext import dump
from tests.registers import (
    ID,
    ROOT,
    TestRegister,
    good_record,
    make_register,
    public_key,
    run_in,
    sign,
    statement,
)

RECORD = record_path(ID)
BLAME = "After the Hub takes 00020002 the faulty meter sends no 8F1E at the end of a period."


@pytest.fixture
def register(tmp_path: Path) -> TestRegister:
    return make_register(tmp_path / "register", [good_record()])


def edit(register: TestRegister, path: str, text: str | bytes) -> None:
    place = register.folder / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(text.encode() if isinstance(text, str) else text)


def test_a_good_register_is_well_formed(register: TestRegister) -> None:
    answer = register.run("validate")
    assert (answer.code, answer.out, answer.err) == (0, "The record is well formed.\n", "")


def test_a_bad_record_is_refused_with_place_code_sentence_and_hint(register: TestRegister) -> None:
    edit(register, RECORD, dump(good_record(behaviour=BLAME, kind="bug")))
    answer = register.run("validate")
    assert answer.code == 1
    assert f"{RECORD}:3:7: error[S004]: kind is not one of the values allowed\n" in answer.out
    assert "\n  hint: one of issue, defect, " in answer.out
    assert answer.out.endswith("Found 1 error in 1 record.\n")
    assert answer.err == ""


def test_a_word_of_blame_is_answered_with_neutral_words(register: TestRegister) -> None:
    edit(register, RECORD, dump(good_record(behaviour=BLAME)))
    answer = register.run("validate", RECORD)
    assert answer.code == 1
    assert "error[R040]: public text does not say 'faulty'\n  hint: say affected\n" in answer.out


def test_what_is_only_awaited_is_told_apart_and_is_exit_code_1(register: TestRegister) -> None:
    edit(register, RECORD, dump(good_record(frequency="monthly")))
    answer = register.run("validate")
    assert answer.code == 1
    assert "awaited[R013]" in answer.out
    assert "error[" not in answer.out
    assert answer.out.endswith("The record is well formed. Awaited: 1 thing.\n")


def test_a_warning_changes_no_exit_code(register: TestRegister) -> None:
    register.change(ID, good_record(alerts=["8F1E", "0001"]))
    answer = register.run("validate", ID)
    assert answer.code == 0
    assert "warning[R033]" in answer.out
    assert answer.out.endswith("Found 1 warning in 1 record.\n")
    assert "warning[" not in register.run("validate", ID, "--quiet").out


def test_an_unsigned_statement_is_told_as_what_the_gate_will_ask(register: TestRegister) -> None:
    said = statement("report", "supplier-two", of=ID, date="2026-03-09", devices="2-9")
    order = ("of", "kind", "by", "date", "devices")
    place = f"{statements_folder(ID)}/2026-03-09-report-supplier-two.yaml"
    edit(register, place, dump({key: said[key] for key in order}))
    answer = register.run("validate", "--json")
    assert answer.code == 1
    (finding,) = json.loads(answer.out)["findings"]
    assert finding["file"] == place
    assert (finding["code"], finding["severity"]) == ("R090", "awaited")
    assert f"defectreg key sign {ID}" in finding["hint"]


def test_a_signed_statement_that_was_changed_is_refused(register: TestRegister) -> None:
    (name,) = register.say(ID, statement("report", "supplier-two", says="Seen in the North."))
    place = register.folder / statements_folder(ID) / name
    register_bytes = register.read(f"{statements_folder(ID)}/{name}")
    place.write_bytes(register_bytes.replace(b"North", b"South"))
    answer = register.run("validate")
    assert answer.code == 1
    assert "error[R096]" in answer.out


def test_json_says_counts_and_findings(register: TestRegister) -> None:
    edit(register, RECORD, dump(good_record(behaviour=BLAME)))
    answer = json.loads(register.run("validate", "--format", "json").out)
    assert answer["schema_version"] == 1
    assert answer["counts"] == {"records": 1, "error": 1, "warning": 0, "awaited": 1}
    assert {finding["code"] for finding in answer["findings"]} == {"R040", "R013"}
    assert set(answer["findings"][0]) == {
        "file",
        "line",
        "column",
        "code",
        "severity",
        "sentence",
        "hint",
    }


@pytest.mark.parametrize("form", ["text", "json", "sarif", "junit", "markdown"])
def test_what_is_remembered_of_the_last_time_is_told_as_if_all_were_judged(
    register: TestRegister, form: str
) -> None:
    other = "DR-0000-0001"
    register.add(good_record(id=other, alerts=["8F1E", "0001"]))
    subprocess.run(["git", "reset", "-q", "--hard"], cwd=register.folder, check=True)
    first = register.run("validate", "--format", form)
    assert "R033" in first.out
    assert register.run("validate", "--format", form) == first
    edit(register, RECORD, dump(good_record(behaviour=BLAME)))
    edited = register.run("validate", "--format", form)
    assert "R033" in edited.out
    assert "R040" in edited.out
    assert register.run("validate", "--format", form, "--no-cache") == edited


def test_without_cache_nothing_is_kept(register: TestRegister) -> None:
    kept = register.folder / ".git" / "defectreg" / "validated.json"
    assert register.run("validate", "--no-cache").code == 0
    assert not kept.exists()
    assert register.run("validate").code == 0
    assert kept.exists()


def test_a_record_that_stands_only_on_a_request_is_found(register: TestRegister) -> None:
    other = "DR-0000-0001"
    register.add(good_record(id=other, behaviour=BLAME), ref=f"refs/heads/submit/{other}")
    answer = register.run("validate", "0000")
    assert answer.code == 1
    assert f"{record_path(other)}:" in answer.out
    assert "R040" in answer.out


def test_what_a_request_adds_to_a_landed_record_is_judged_with_it(register: TestRegister) -> None:
    said = {"of": ID, "kind": "fix", "by": "maker-one", "date": "2026-03-02", "says": "Update it."}
    path = f"{statements_folder(ID)}/2026-03-02-fix-maker-one.yaml"
    register.commit({path: sign("maker-one", said)[0]}, f"refs/heads/submit/{ID}-maker-one")
    answer = register.run("validate", ID)
    assert answer.code == 1
    assert "error[R014]" in answer.out
    assert answer.out.endswith("in 1 record.\n")


def of_a_key_that_nobody_holds(register: TestRegister) -> tuple[bytes, bytes]:
    """A Party's file that gives it the key, and a statement that is signed with it."""
    party = register.read("policy/parties/supplier-two.yaml")
    known, added = (str(public_key(name)).encode() for name in ("supplier-two", "nobody"))
    said = {"of": ID, "kind": "report", "by": "supplier-two", "date": "2026-03-02"}
    return party.replace(known, added), sign("nobody", {**said, "says": "Seen."})[0]


def test_a_request_is_judged_by_the_rules_of_main_and_not_by_its_own(
    register: TestRegister,
) -> None:
    party, report = of_a_key_that_nobody_holds(register)
    branch, place = f"submit/{ID}-supplier-two", "policy/parties/supplier-two.yaml"
    path = f"{statements_folder(ID)}/2026-03-02-report-supplier-two.yaml"
    register.commit({place: party, path: report}, f"refs/heads/{branch}")
    for checked_out in ("main", branch):
        git(register.folder, "switch", "--quiet", checked_out)
        answer = register.run("validate", ID)
        assert (answer.code, f"{path}:" in answer.out) == (1, True), checked_out
    register.commit({place: party})
    assert register.run("validate", ID).code == 0


def test_a_request_takes_away_nothing_and_changes_no_statement(register: TestRegister) -> None:
    branch = f"refs/heads/submit/{ID}"
    path = f"{statements_folder(ID)}/2026-03-02-report-supplier-one.yaml"
    said = {"of": ID, "kind": "report", "by": "supplier-one", "date": "2026-03-02"}
    register.commit({path: sign("supplier-one", {**said, "says": "Otherwise."})[0]}, branch)
    answer = register.run("validate", ID)
    assert answer.code == 1
    assert f"{path}:1:1: error[G001]: the request changes a statement" in answer.out
    register.commit({path: None}, branch)
    answer = register.run("validate", ID)
    assert answer.code == 1
    assert f"{path}:1:1: error[G001]: the request takes away" in answer.out
    register.commit({path: register.read(path)}, branch)
    assert register.run("validate", ID).code == 0


def test_what_a_checked_out_request_brings_has_not_landed(register: TestRegister) -> None:
    said = {"of": ID, "kind": "report", "by": "supplier-two", "date": "2026-03-02"}
    source = sign("supplier-two", {**said, "says": "Seen in the North."})[0]
    path = f"{statements_folder(ID)}/2026-03-02-report-supplier-two.yaml"
    branch = f"submit/{ID}-supplier-two"
    register.commit({path: source.replace(b"North", b"South")}, f"refs/heads/{branch}")
    git(register.folder, "switch", "--quiet", branch)
    for asked in ((), (path,), (ID,)):
        answer = register.run("validate", *asked)
        assert (answer.code, "error[R096]" in answer.out) == (1, True), asked


def test_a_request_whose_history_is_cut_off_is_judged_all_the_same(
    register: TestRegister, tmp_path: Path
) -> None:
    other = "DR-0000-0001"
    branch = f"submit/{other}"
    register.add(good_record(id=other, behaviour=BLAME), ref=f"refs/heads/{branch}")
    register.add(good_record(id="DR-0000-0002"))
    there = tmp_path / "there"
    source = f"file://{register.folder}"
    git(tmp_path, "clone", "--quiet", "--depth", "1", "--no-single-branch", source, str(there))
    answer = run_in(there, "validate", other)
    assert (answer.code, "error[R040]" in answer.out) == (1, True)


@pytest.mark.parametrize("typed", ["DR-0000-9999", "nothere.yaml", "/etc/hostname"])
def test_what_is_not_there_is_a_usage_error(register: TestRegister, typed: str) -> None:
    answer = register.run("validate", typed)
    assert answer.code == 2
    assert answer.out == ""
    assert "hint: " in answer.err


def test_a_folder_and_a_path_from_within_it_are_understood(register: TestRegister) -> None:
    edit(register, RECORD, dump(good_record(behaviour=BLAME)))
    inside = register.folder / "records" / "7K"
    for folder, typed in ((register.folder, "records/"), (inside, f"{ID}.yaml"), (inside, ".")):
        answer = run_in(folder, "validate", typed)
        assert (answer.code, "R040" in answer.out) == (1, True), typed


def test_a_file_that_is_no_part_of_the_register_is_found(register: TestRegister) -> None:
    edit(register, "records/7K/notes.txt", "Ask again.\n")
    answer = register.run("validate")
    assert "records/7K/notes.txt:1:1: error[S011]" in answer.out


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", str(folder), *arguments], check=True, capture_output=True)


def test_a_folder_without_a_repository_is_answered_with_a_sentence(tmp_path: Path) -> None:
    answer = run_in(tmp_path, "validate")
    assert answer.code == 3
    assert "is not in a git repository" in answer.err
    assert "hint: " in answer.err


def test_a_repository_without_a_commit_is_answered_with_a_sentence(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    answer = run_in(tmp_path, "validate")
    assert answer.code == 3
    assert "no commit yet" in answer.err


def test_a_repository_that_is_no_register_is_answered_with_a_sentence(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    git(tmp_path, *identity, "commit", "--quiet", "--allow-empty", "-m", "Start")
    answer = run_in(tmp_path, "validate")
    assert answer.code == 3
    assert "is not a register" in answer.err


def test_without_git_the_answer_says_what_to_install(register: TestRegister) -> None:
    answer = register.run("validate", PATH=str(register.folder))
    assert answer.code == 3
    assert "git was not found" in answer.err
    assert "apt-get install git" in answer.err


def test_a_detached_head_and_a_dirty_tree_are_judged_all_the_same(register: TestRegister) -> None:
    git(register.folder, "checkout", "--quiet", "--detach")
    edit(register, "notes.txt", "not of the register\n")
    assert register.run("validate").code == 0


def test_a_broken_policy_is_answered_with_its_place(register: TestRegister) -> None:
    edit(register, "policy/register.yaml", "name: for-tests\nceiling: purple\n")
    answer = register.run("validate")
    assert answer.code == 3
    assert "policy/register.yaml:2:10: ceiling is not one of the values allowed" in answer.err


def test_a_missing_policy_is_answered_with_what_to_do(register: TestRegister) -> None:
    (register.folder / "policy/register.yaml").unlink()
    answer = register.run("validate")
    assert answer.code == 3
    assert "policy/register.yaml is missing" in answer.err
    assert "hint: `git restore policy/register.yaml` brings it back" in answer.err


def test_a_code_is_explained(tmp_path: Path) -> None:
    answer = run_in(tmp_path, "explain", "r014")
    assert answer.code == 0
    assert answer.out.startswith("R014 (error): A fix says which Device ")
    assert "\nHint: add device and firmware" in answer.out
    assert "\nSource: MP137 section 3" in answer.out
    assert "\nWrong:\n\n    device: ESME\n" in answer.out
    assert '\nRight:\n\n    device: ESME\n    firmware: "00030005"\n' in answer.out


def test_all_codes_are_listed(tmp_path: Path) -> None:
    listed = [line.split()[0] for line in run_in(tmp_path, "explain").out.splitlines()]
    assert {"Y001", "S001", "R001", "R014", "R112"} <= set(listed)
    assert len(listed) == len(set(listed))


def test_codes_are_explained_as_json(tmp_path: Path) -> None:
    answer = json.loads(run_in(tmp_path, "explain", "Y022", "--json").out)
    (page,) = answer["codes"]
    assert page["code"] == "Y022"
    assert page["wrong"] == "title: Another title of it"
    assert page["right"] == "circumstances: abc"


def test_what_was_found_is_written_for_the_hosts_of_requests(
    register: TestRegister, tmp_path: Path
) -> None:
    edit(register, RECORD, dump(good_record(behaviour=BLAME)))
    files = {name: tmp_path / name for name in ("sarif", "junit", "codequality", "markdown")}
    reports = [f"--report={name}={path}" for name, path in files.items()]
    answer = register.run("validate", "--format", "annotations", *reports)
    assert answer.code == 1
    assert answer.out.startswith(f"::error file={RECORD},line=")
    for name, path in files.items():
        assert path.read_text("utf-8") == register.run("validate", "--format", name).out
        assert "R040" in path.read_text("utf-8")


@pytest.mark.parametrize("typed", ["text=file", "sarif", "sarif=", "tap=file", "=file"])
def test_a_report_in_no_known_form_is_a_usage_error(register: TestRegister, typed: str) -> None:
    answer = register.run("validate", "--report", typed)
    assert answer.code == 2
    assert "hint: --report takes FORM=FILE" in answer.err


def test_with_output_closed_the_exit_code_still_tells(register: TestRegister) -> None:
    edit(register, RECORD, dump(good_record(behaviour=BLAME)))
    command = f"{sys.executable} -m defectreg -C {register.folder} validate >&-"
    answer = subprocess.run(
        ["sh", "-c", command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (answer.returncode, answer.stderr) == (1, "")


def test_an_unknown_code_is_a_usage_error_with_near_ones(tmp_path: Path) -> None:
    answer = run_in(tmp_path, "explain", "R14")
    assert answer.code == 2
    assert "R014" in answer.err


def test_by_its_id_a_record_is_judged_with_what_differs_in_the_work_tree(
    register: TestRegister,
) -> None:
    assert register.run("validate", ID).code == 0
    edit(register, RECORD, (register.folder / RECORD).read_text().replace("meter", "faulty meter"))
    answer = register.run("validate", ID)
    assert answer.code == 1
    assert "R040" in answer.out


def test_a_record_that_was_only_written_down_is_found_by_its_id(register: TestRegister) -> None:
    other = good_record(id="DR-9999-9999")
    edit(register, record_path("DR-9999-9999"), dump(other))
    answer = register.run("validate", "9999")
    assert answer.code == 1
    assert "records/99/DR-9999-9999.yaml" in answer.out
