"""What add and edit must refuse or make harmless, each with a twin that must pass."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from defectreg.register.yamltext import load
from tests.registers import ID, Result, TestRegister, good_record, make_register

TITLE = "Meter forgets its tariff after a power outage"
BEHAVIOUR = "After a power outage of a minute the meter charges by its first tariff."


@pytest.fixture
def register(tmp_path: Path) -> TestRegister:
    day = (datetime.now(UTC) - timedelta(days=30)).date()
    return make_register(tmp_path / "register", [good_record()], signs=False, day=day)


def add(register: TestRegister, **fields: str) -> Result:
    values = {"title": TITLE, "affected": "ESME:FF03/00010100", "behaviour": BEHAVIOUR, **fields}
    flags = [word for key, value in values.items() for word in (f"--{key}", value)]
    return register.run("add", *flags, "--party", "supplier-one")


def nothing_written(register: TestRegister) -> bool:
    return register.repository.refs("refs/heads/submit/") == {}


PERSONAL = [
    (f"{BEHAVIOUR} Seen at 00-0D-6F-00-0B-5A-C3-11.", f"{BEHAVIOUR} Seen with 8F1E."),
    (f"{BEHAVIOUR} Ask someone@supplier.example.", f"{BEHAVIOUR} Ask supplier-one."),
    (f"{BEHAVIOUR} Seen in SW1A 1AA.", f"{BEHAVIOUR} Seen in the North."),
]


@pytest.mark.parametrize(("text", "twin"), PERSONAL)
def test_what_belongs_to_a_premises_or_person_never_reaches_git(
    register: TestRegister, text: str, twin: str
) -> None:
    refused = add(register, behaviour=text)
    assert (refused.code, nothing_written(register)) == (1, True)
    assert "behaviour: error[" in refused.out
    assert add(register, behaviour=twin).code == 0


@pytest.mark.parametrize("odd", ["\x1b[2J", "\u202egnirts", "\u200b", "\x00"[:0] + "\x07"])
def test_what_could_steer_a_terminal_is_refused_and_never_printed(
    register: TestRegister, odd: str
) -> None:
    refused = add(register, title=f"Meter {odd} forgets its tariff")
    assert (refused.code, nothing_written(register)) == (1, True)
    assert odd not in refused.out + refused.err
    assert add(register, title="Meter \u00e9 forgets its tariff").code == 0


@pytest.mark.parametrize(
    "form",
    [
        b"a: &x [1]\nb: *x\n",
        b"title: !!python/object/apply:os.system [id]\n",
        b"{" * 10000,
        b"\xff\xfe",
        b"title: x\n" * 2,
        b"- title\n",
        b"title: " + b"x" * 70000 + b"\n",
    ],
)
def test_a_hostile_file_is_answered_with_a_finding(
    register: TestRegister, tmp_path: Path, form: bytes
) -> None:
    path = tmp_path / "form.yaml"
    path.write_bytes(form)
    refused = register.run("add", "--from", str(path), "--party", "supplier-one")
    assert (refused.code, nothing_written(register)) == (1, True)
    assert "error[Y" in refused.out
    assert "Traceback" not in refused.err
    path.write_text(f"title: {TITLE}\naffected: [ESME:FF03/00010100]\nbehaviour: {BEHAVIOUR}\n")
    assert register.run("add", "--from", str(path), "--party", "supplier-one").code == 0


@pytest.mark.parametrize("key", ["id", "signature", "of", "colour"])
def test_a_file_says_no_key_that_is_not_its_own(
    register: TestRegister, tmp_path: Path, key: str
) -> None:
    form = f"title: {TITLE}\naffected: [ESME:FF03/00010100]\nbehaviour: {BEHAVIOUR}\n"
    path = tmp_path / "form.yaml"
    path.write_text(f"{key}: ../../policy/register\n{form}")
    refused = register.run("add", "--from", str(path), "--party", "supplier-one")
    assert (refused.code in (1, 2), nothing_written(register)) == (True, True)
    path.write_text(f"kind: defect\n{form}")
    assert register.run("add", "--from", str(path), "--party", "supplier-one").code == 0


@pytest.mark.parametrize("key", ["of", "kind", "by", "date", "signature"])
def test_nobody_writes_the_envelope_of_a_statement(
    register: TestRegister, tmp_path: Path, key: str
) -> None:
    path = tmp_path / "form.yaml"
    path.write_text(f"{key}: maker-one\nsays: We see it.\n")
    by = ("--party", "supplier-one")
    refused = register.run("add", "report", ID, "--from", str(path), *by)
    assert (refused.code, nothing_written(register)) == (2, True)
    path.write_text("says: We see it.\n")
    assert register.run("add", "report", ID, "--from", str(path), *by).code == 0


@pytest.mark.parametrize("typed", ["../../etc", "--help; id", "DR-7K3Q-X4MB/..", "HEAD", "\x1b[2J"])
def test_an_id_leads_nowhere_but_to_a_record(register: TestRegister, typed: str) -> None:
    refused = register.run("add", "report", "--party", "supplier-one", "--", typed, "We see it.")
    assert (refused.code, nothing_written(register)) == (2, True)
    assert "\x1b" not in refused.out + refused.err
    twin = register.run("add", "report", "--party", "supplier-one", "--", ID, "We see it.")
    assert twin.code == 0


def test_a_pipe_or_a_link_is_not_read_as_a_form(register: TestRegister, tmp_path: Path) -> None:
    import os

    pipe, link, form = tmp_path / "pipe", tmp_path / "link", tmp_path / "form.yaml"
    form.write_text(f"title: {TITLE}\naffected: [ESME:FF03/00010100]\nbehaviour: {BEHAVIOUR}\n")
    os.mkfifo(pipe)
    link.symlink_to(form)
    for path in (pipe, link):
        assert register.run("add", "--from", str(path), "--party", "supplier-one").code == 3
    assert register.run("add", "--from", str(form), "--party", "supplier-one").code == 0


def test_hooks_of_the_clone_do_not_run(register: TestRegister) -> None:
    hooks = register.repository.git_dir / "hooks"
    hooks.mkdir(exist_ok=True)
    for name in ("pre-commit", "post-commit", "reference-transaction", "commit-msg"):
        (hooks / name).write_text(f"#!/bin/sh\ntouch {register.folder}/ran\nexit 1\n")
        (hooks / name).chmod(0o755)
    assert add(register).code == 0
    assert not (register.folder / "ran").exists()


def test_a_line_that_looks_like_the_programs_own_does_not_hide_a_value(
    register: TestRegister, tmp_path: Path
) -> None:
    script = tmp_path / "editor"
    script.write_text("#!/bin/sh\nprintf '#! x\\n# y\\n' >> \"$1\"\nsed -i 's/Hub/hub/' \"$1\"\n")
    script.chmod(0o700)
    result = register.run("edit", ID, "--editor", "--party", "supplier-one", VISUAL=str(script))
    assert result.code == 0
    (ref,) = register.repository.refs("refs/heads/submit/")
    source = register.read(f"records/7K/{ID}.yaml", ref)
    assert (b"#! x" in source, b"# y" in source) == (False, True)
    assert load(source).data["title"] == "Meter stops sending billing alerts after a hub update"


def test_a_request_is_judged_by_the_policy_of_its_target_and_not_by_its_own(
    register: TestRegister,
) -> None:
    other = "DR-0000-0001"
    request = f"refs/heads/submit/{other}"
    register.add(good_record(id=other), accept=False, ref=request)
    register.commit({"policy/register.yaml": b"name: for-tests\nceiling: red\n"}, ref=request)
    before = register.repository.refs(request)
    by = ("--party", "supplier-one")
    assert register.run("edit", other, "classification=red", *by).code == 1
    assert register.repository.refs(request) == before
    assert register.run("edit", other, "classification=clear", *by).code == 0
