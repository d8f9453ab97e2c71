"""A validator reads what requests bring, and accepts it with a signature that anyone can check."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pexpect
import pytest

from defectreg.register.record import record_path, statements_folder
from defectreg.register.yamltext import load
from tests.registers import (
    ID,
    NAMESPACE,
    ROOT,
    TestRegister,
    good_record,
    key_of,
    make_register,
    public_key,
    sha256,
    statement,
)

BRANCH = f"submit/{ID}"
REF = f"refs/heads/{BRANCH}"
AS_VALIDATOR = ("--key", str(key_of("dcc")))


@pytest.fixture
def made(tmp_path: Path) -> TestRegister:
    """A register with one record on a request."""
    made = make_register(tmp_path / "register")
    made.add(good_record(), accept=False, ref=REF)
    return made


def git(made: TestRegister, *words: str) -> str:
    answer = subprocess.run(
        ["git", "-c", "user.name=dcc", "-c", "user.email=dcc@parties.invalid", *words],
        cwd=made.folder, check=True, capture_output=True, text=True,
    )  # fmt: skip
    return answer.stdout.strip()


def sign_offs(made: TestRegister, ref: str = REF) -> list[str]:
    tip = made.repository.refs(ref)[ref]
    return [path for path in made.repository.listing(tip, "records") if "sign-off" in path]


def test_what_awaits_a_sign_off_is_listed(made: TestRegister) -> None:
    result = made.run("review")
    assert result.code == 0
    assert result.out.startswith("No recommendations are made or intended.")
    assert f"{ID}  Meter stops sending billing alerts" in result.out
    assert f"on {BRANCH}, awaits: {ID}.yaml" in result.out


def test_a_record_is_shown_with_all_that_is_said_of_it(made: TestRegister) -> None:
    result = made.run("review", "7k3q")
    assert result.code == 0
    for text in (
        "Meter stops sending billing alerts after a Hub update",
        "CHF:FF02/00020001 + ESME:FF03/00010100",
        "After the Hub takes 00020002",
        "report by supplier-one",
        "We see this too.",
        f"defectreg review {ID} --accept",
    ):
        assert text in result.out, text
    assert sign_offs(made) == []


def test_an_accept_is_one_signed_statement_on_the_request(made: TestRegister) -> None:
    before = made.repository.refs("refs/heads/main")
    result = made.run("review", ID, "--accept", "--yes", *AS_VALIDATOR)
    assert (result.code, result.err) == (0, "")
    assert f"defectreg land {ID}" in result.out
    (path,) = sign_offs(made)
    data = load(made.read(path, REF)).data
    assert data["decision"] == "accept"
    assert data["role"] == "validator"
    answers = ("data-correct", "fixes-checked", "presentation-consistent")
    assert [data[key] for key in answers] == ["true"] * 3
    assert data["read"] == [f"{sha256(made.read(record_path(ID), REF))}  {ID}.yaml"]
    assert "replaces" not in data
    assert git(made, "log", "-1", "--format=%an <%ae>", BRANCH) == "dcc <dcc@parties.invalid>"
    assert made.repository.refs("refs/heads/main") == before
    assert git(made, "status", "--porcelain") == ""


def test_anyone_can_check_the_sign_off_with_sed_and_ssh_keygen_alone(
    made: TestRegister, tmp_path: Path
) -> None:
    made.run("review", ID, "--accept", "--yes", *AS_VALIDATOR)
    (path,) = sign_offs(made)
    (tmp_path / "file").write_bytes(made.read(path, REF))
    (tmp_path / "allowed").write_text(f"dcc {public_key('dcc')}\n")
    script = (
        "sed '/^signature:/,$d' file > said; sed -n '/^signature:/,$s/^  //p' file > armour; "
        f"ssh-keygen -Y verify -f allowed -I dcc -n {NAMESPACE} -s armour < said"
    )
    subprocess.run(["sh", "-c", script], cwd=tmp_path, check=True, capture_output=True)


def test_once_merged_the_record_is_published(made: TestRegister) -> None:
    made.run("review", ID, "--accept", "--yes", *AS_VALIDATOR)
    git(made, "merge", "-q", "--no-ff", "-m", "Land it", BRANCH)
    assert made.run("review").out.endswith("Nothing on a request awaits a sign-off.\n")
    shown = json.loads(made.run("policy", "try", "certainty-threshold=confirmed", "--json").out)
    assert [(move["how"], move["before"]) for move in shown["moves"]] == [("goes", "published")]


def test_the_accept_of_a_changed_record_says_what_it_replaces(tmp_path: Path) -> None:
    made = make_register(tmp_path / "register", [good_record()])
    landed = made.read(record_path(ID))
    made.later().change(ID, good_record(frequency="daily"), accept=False, ref=REF)
    shown = made.run("review", ID)
    assert "    frequency:\n      + daily" in shown.out
    assert made.run("review", ID, "--accept", "--yes", *AS_VALIDATOR).code == 0
    data = load(made.read(sign_offs(made)[-1], REF)).data
    assert data["replaces"] == hashlib.sha256(landed).hexdigest()


def test_a_cause_on_a_landed_record_is_accepted_on_its_own_request(tmp_path: Path) -> None:
    made = make_register(tmp_path / "register", [good_record()])
    ref = f"{REF}-supplier-two"
    cause = statement("cause", "supplier-two", cause="suspected", says="The clock drifts.")
    (name,) = made.later().say(ID, cause, ref=ref)
    assert made.run("review", ID, "--accept", "--yes", *AS_VALIDATOR).code == 0
    data = load(made.read(sign_offs(made, ref)[-1], ref)).data
    read = made.read(f"{statements_folder(ID)}/{name}", ref)
    assert data["read"] == [f"{sha256(read)}  {name}"]


def test_a_cause_that_landed_unaccepted_is_accepted_on_a_new_request(tmp_path: Path) -> None:
    made = make_register(tmp_path / "register", [good_record()])
    made.say(ID, statement("cause", "supplier-two", cause="suspected", says="The clock drifts."))
    result = made.run("review", ID, "--accept", "--yes", *AS_VALIDATOR)
    assert result.code == 0
    assert f"on submit/{ID}-dcc" in result.out


def test_several_records_are_accepted_in_one_act(made: TestRegister) -> None:
    other = made.add(good_record(id="DR-AAAA-BBBB"), accept=False,
                     ref="refs/heads/submit/DR-AAAA-BBBB")  # fmt: skip
    result = made.run("review", ID, other, "--accept", "--yes", *AS_VALIDATOR, "--json")
    records = json.loads(result.out)["records"]
    assert [(record["id"], record["decided"]) for record in records] == [(ID, True), (other, True)]
    assert made.run("review").out.endswith("Nothing on a request awaits a sign-off.\n")


def test_one_refused_record_keeps_no_other_from_being_accepted(made: TestRegister) -> None:
    bad = made.add(good_record(id="DR-AAAA-BBBB", title="Faulty meter sends no alerts"),
                   accept=False, ref="refs/heads/submit/DR-AAAA-BBBB")  # fmt: skip
    result = made.run("review", ID, bad, "--accept", "--yes", *AS_VALIDATOR)
    assert result.code == 1
    assert f"{ID}: accepted the record" in result.out
    assert f"{bad}: not accepted.\n  R040" in result.out
    assert len(sign_offs(made)) == 1
    assert sign_offs(made, "refs/heads/submit/DR-AAAA-BBBB") == []


def test_a_dry_run_says_what_it_would_sign_and_writes_nothing(made: TestRegister) -> None:
    result = made.run("review", ID, "--accept", "--dry-run", *AS_VALIDATOR)
    assert (result.code, sign_offs(made)) == (0, [])
    assert f"{ID}: the record would be accepted." in result.out


def test_without_a_terminal_nothing_is_asked(made: TestRegister) -> None:
    result = made.run("review", ID, "--accept", *AS_VALIDATOR)
    assert (result.code, sign_offs(made)) == (2, [])
    assert "--yes" in result.err


def test_an_accept_without_an_id_is_refused(made: TestRegister) -> None:
    result = made.run("review", "--accept", "--yes", *AS_VALIDATOR)
    assert result.code == 2
    assert "--accept takes the ids of records" in result.err


def test_a_reporter_is_refused_in_a_sentence(made: TestRegister) -> None:
    key = str(key_of("supplier-one"))
    result = made.run("review", ID, "--accept", "--yes", "--key", key)
    assert (result.code, sign_offs(made)) == (1, [])
    assert "has not the role validator" in result.out


def test_without_a_key_nothing_is_accepted(made: TestRegister) -> None:
    result = made.run("review", ID, "--accept", "--yes", "--party", "dcc")
    assert result.code == 2
    assert "no key is named" in result.err


@pytest.mark.parametrize(("answers", "signs"), [("yyy", 1), ("yny", 0)])
def test_on_a_terminal_three_questions_are_asked_and_one_no_ends_it(
    made: TestRegister, answers: str, signs: int
) -> None:
    words = ["-m", "defectreg", "-C", str(made.folder), "review", ID, "--accept", *AS_VALIDATOR]
    environment = {**os.environ, "NO_COLOR": "1"}
    child = pexpect.spawn(sys.executable, words, cwd=str(ROOT), env=environment,
                          encoding="utf-8", timeout=60)  # fmt: skip
    questions = ("Are the data correct", "Were references to fixes", "Is the presentation")
    for question, answer in zip(questions, answers, strict=True):
        child.expect(question)
        child.sendline(answer)
        if answer == "n":
            break
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 1 - signs
    assert len(sign_offs(made)) == signs


def test_a_request_that_changes_what_has_landed_is_not_accepted(made: TestRegister) -> None:
    other = made.add(good_record(id="DR-AAAA-BBBB"))
    report = f"{statements_folder(other)}/2026-03-02-report-supplier-one.yaml"
    cause = statement("cause", "supplier-two", cause="suspected", says="The clock drifts.")
    branch = f"refs/heads/submit/{other}-supplier-two"
    made.say(other, cause, ref=branch)
    made.commit({report: None}, branch)
    result = made.run("review", other, "--accept", "--yes", *AS_VALIDATOR)
    assert (result.code, "G001: the request takes away" in result.out) == (1, True)
    made.commit({report: made.read(report)}, branch)
    assert made.run("review", other, "--accept", "--yes", *AS_VALIDATOR).code == 0


def test_what_was_left_unsigned_is_signed_and_then_accepted(tmp_path: Path) -> None:
    made = make_register(tmp_path / "register", signs=False)
    made.add(good_record(), accept=False, ref=REF)
    unsigned = made.run("review", ID, "--accept", "--yes", *AS_VALIDATOR)
    assert unsigned.code == 1
    assert "is not signed yet" in unsigned.out
    signed = made.run("key", "sign", ID, "--key", str(key_of("supplier-one")))
    assert (signed.code, signed.err) == (0, "")
    assert "2026-03-02-report-supplier-one.yaml" in signed.out
    assert made.run("review", ID, "--accept", "--yes", *AS_VALIDATOR).code == 0


def test_a_sign_off_that_read_the_unsigned_bytes_is_named(tmp_path: Path) -> None:
    made = make_register(tmp_path / "register", signs=False)
    cause = statement("cause", "supplier-one", cause="suspected", says="The clock drifts.")
    made.add(good_record(), statement("report", "supplier-one", says="Seen."), cause, ref=REF)
    result = made.run("key", "sign", ID, "--key", str(key_of("supplier-one")))
    assert result.code == 0
    assert (
        "2026-03-02-sign-off-dcc.yaml read 2026-03-02-cause-supplier-one.yaml as it was before "
        "its signature" in result.err
    )


@pytest.mark.parametrize(
    ("ref", "by", "sentence"),
    [
        (REF, "dcc", "dcc left nothing unsigned on the requests of"),
        ("refs/heads/main", "supplier-one", "has landed, and can no longer be signed"),
    ],
)
def test_nothing_to_sign_is_a_sentence(tmp_path: Path, ref: str, by: str, sentence: str) -> None:
    made = make_register(tmp_path / "register", signs=False)
    made.add(good_record(), accept=False, ref=ref)
    result = made.run("key", "sign", ID, "--key", str(key_of(by)))
    assert result.code == 2
    assert sentence in result.err


def test_a_branch_on_which_nothing_awaits_is_no_refusal_of_the_other(tmp_path: Path) -> None:
    made = make_register(tmp_path / "register", [good_record()])
    report = statement("report", "supplier-two", says="We see this too.")
    cause = statement("cause", "supplier-two", cause="suspected", says="A counter overflows.")
    made.say(ID, report, ref=f"refs/heads/submit/{ID}-supplier-two")
    made.say(ID, cause, ref=f"refs/heads/submit/{ID}-supplier-two-2")
    answer = made.run("review", ID, "--accept", "--yes", "--key", str(key_of("dcc")))
    assert answer.code == 0, answer.out + answer.err
    assert "not accepted" not in answer.out
