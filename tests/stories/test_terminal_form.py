"""An engineer is asked, field by field, in a terminal."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pexpect
import pytest

from defectreg.register.record import record_path, statements_folder
from defectreg.register.yamltext import load
from tests.registers import ID, ROOT, TestRegister, good_record, key_of, make_register

BEHAVIOUR = "After a power outage the meter charges by its first tariff."
LONG = "| "


@pytest.fixture
def register(tmp_path: Path) -> TestRegister:
    day = (datetime.now(UTC) - timedelta(days=30)).date()
    return make_register(tmp_path / "register", [good_record()], signs=False, day=day)


class Terminal:
    """The program in a terminal, as a person sits before it."""

    def __init__(self, register: TestRegister, *arguments: str) -> None:
        words = ["-m", "defectreg", "-C", str(register.folder), *arguments]
        environment = {**os.environ, "TERM": "dumb", "COLUMNS": "200"}
        self.child: pexpect.spawn[str] = pexpect.spawn(
            sys.executable, words, encoding="utf-8", timeout=60, env=environment,
            cwd=str(ROOT), dimensions=(50, 250),
        )  # fmt: skip

    def answer(self, question: str, *lines: str) -> None:
        """Wait for a question and type the lines that answer it."""
        self.child.expect_exact(question)
        for line in lines:
            self.child.sendline(line)

    def write(self, question: str, *lines: str) -> None:
        """Wait for a question, and type a text of several lines."""
        self.child.expect_exact(question)
        for line in (*lines, "."):
            self.child.expect_exact(LONG)
            self.child.sendline(line)

    def shown(self, text: str) -> None:
        self.child.expect_exact(text)

    def end(self) -> int:
        """Its exit code, once it has ended."""
        self.child.expect(pexpect.EOF)
        self.child.close()
        return int(self.child.exitstatus if self.child.exitstatus is not None else -1)


@contextmanager
def terminal(register: TestRegister, *arguments: str) -> Iterator[Terminal]:
    opened = Terminal(register, *arguments)
    try:
        yield opened
    finally:
        opened.child.close(force=True)


def key() -> tuple[str, str]:
    return "--key", str(key_of("supplier-one"))


def sent(asked: Terminal, ending: signal.Signals, words: str) -> None:
    """Send a signal until it is heard: one that comes just before readline waits, waits with it."""
    for _ in range(20):
        asked.child.kill(ending)
        if asked.child.expect_exact([words, pexpect.TIMEOUT], timeout=3) == 0:
            return
    raise AssertionError(f"{ending.name} was not heard")


def begin(asked: Terminal) -> None:
    """Answer what comes before the circumstances."""
    asked.answer("Title: what is observed", "Meter forgets its tariff after a power outage")
    asked.answer("Kind (issue, defect, unusual-behaviour", "unus")
    asked.answer("Affected combination", "ESME:FF03/00010100 in North")
    asked.answer("and: ", "")
    asked.write("What is observed", BEHAVIOUR)
    asked.write("What was expected instead")


def finish(asked: Terminal) -> None:
    """Leave open what may be left open."""
    asked.write("In which circumstances", "Only at night.", "", "Never at noon.")
    asked.answer("What it follows", "power")
    asked.answer("How often", "")
    asked.answer("Alert codes", "0x8F1E, n13")
    asked.answer("Impact on DCC services", "")
    asked.answer("Impact on consumers", "high")
    asked.answer("Impact on Parties", "")
    asked.answer("Does it touch security [y/N]", "")
    asked.answer("On how many Devices", "2-9")
    asked.answer("In which region", "North")


def test_every_field_of_the_schema_is_asked_and_the_answers_are_the_record(
    register: TestRegister,
) -> None:
    with terminal(register, "add", *key()) as asked:
        asked.shown("Everyone with a clone of for-tests")
        begin(asked)
        finish(asked)
        asked.answer("Is it one of these?", "")
        asked.shown("Committed on the branch submit/")
        assert asked.end() == 0
    (ref,) = register.repository.refs("refs/heads/submit/")
    record_id = ref.rpartition("/")[2]
    assert load(register.read(record_path(record_id), ref)).data == {
        "id": record_id,
        "title": "Meter forgets its tariff after a power outage",
        "kind": "unusual-behaviour",
        "affected": ["ESME:FF03/00010100 in North"],
        "behaviour": BEHAVIOUR,
        "circumstances": "Only at night.\n\nNever at noon.\n",
        "trigger": "power-outage",
        "alerts": ["8F1E", "N13"],
        "impact": {"consumers": "high"},
    }


def test_a_wrong_combination_is_shown_at_its_column_and_asked_again(
    register: TestRegister,
) -> None:
    with terminal(register, "add", *key(), "--title", "Meter forgets its tariff") as asked:
        asked.answer("Kind (", "rumour")
        asked.shown("! kind is not one of the values allowed")
        asked.answer("Kind (", "")
        asked.answer("Affected combination", "ESME:FF03/00010100 in Nrth")
        asked.shown("  ESME:FF03/00010100 in Nrth\r\n  " + " " * 22 + "^\r\n")
        asked.shown("! Nrth is not a region")
        asked.answer("Affected combination", "")
        asked.shown("! this one is needed")
        asked.answer("Affected combination", "esme:ff03/00010100")
        asked.shown("read as ESME:FF03/00010100")


def test_the_tab_key_completes_what_the_catalogue_lists(register: TestRegister) -> None:
    product = min(register.register().grounds.catalogue.completions(), key=len)
    beginning = product[:-1]
    completions = register.register().grounds.catalogue.completions()
    assert [one for one in completions if one.startswith(beginning)] != []
    with terminal(
        register, "add", *key(), "--title", "A title that is long", "--kind", "issue"
    ) as (asked):
        asked.shown("Affected combination")
        asked.shown("): ")
        asked.child.send(beginning.lower()[: len("esme:ff")] + "\t\t")
        asked.shown(product.split(":")[0])


def test_a_number_adds_a_report_to_a_record_that_is_there_already(register: TestRegister) -> None:
    same = good_record()
    flags = (
        "--title", str(same["title"]), "--affected", str(same["affected"][0]),
        "--behaviour", str(same["behaviour"]), "--devices", "2-9",
    )  # fmt: skip
    with terminal(register, "add", *flags, *key()) as asked:
        asked.shown(f"1. {ID}")
        asked.answer("Is it one of these?", "7")
        asked.shown("! type a number from 1 to 1")
        asked.answer("Is it one of these?", "1")
        asked.shown("what you typed is kept in")
        assert asked.end() == 0
    (ref,) = register.repository.refs("refs/heads/submit/")
    assert ref.endswith(f"submit/{ID}-supplier-one")
    paths = register.repository.listing(register.repository.refs(ref)[ref], statements_folder(ID))
    newest = max(paths)
    said = load(register.read(newest, ref)).data
    assert (said["kind"], said["says"], said["devices"]) == ("report", same["behaviour"], "2-9")


def test_a_number_adds_a_report_to_a_record_that_waits_on_a_request(register: TestRegister) -> None:
    flags = (
        "--title", "Display blanks while a tariff is read", "--affected", "ESME:FF03/00010100",
        "--behaviour", "The display is blank for a minute.",
    )  # fmt: skip
    assert register.run("add", *flags, *key()).code == 0
    ((ref, before),) = register.repository.refs("refs/heads/submit/").items()
    waiting = ref.rpartition("/")[2]
    with terminal(register, "add", *flags, "--devices", "2-9", *key()) as asked:
        asked.shown(f"1. {waiting}")
        asked.shown(f"on submit/{waiting}")
        asked.answer("Is it one of these?", "1")
        assert asked.end() == 0
    ((same, after),) = register.repository.refs("refs/heads/submit/").items()
    assert same == ref
    assert register.repository.first_parents(after, before) == [after]
    assert len(register.repository.listing(after, statements_folder(waiting))) == 2


def test_what_was_typed_before_ctrl_c_is_kept(register: TestRegister) -> None:
    with terminal(register, "add", *key()) as asked:
        begin(asked)
        asked.shown("In which circumstances")
        asked.shown(LONG)
        asked.child.sendline("Only at night.")
        asked.shown(LONG)
        sent(asked, signal.SIGINT, "stopped, as you asked")
        asked.shown("what you typed is kept in")
        assert asked.end() == 130
    (place,) = (register.repository.git_dir / "defectreg" / "drafts").iterdir()
    kept = load(place.read_bytes()).data
    assert (kept["behaviour"], kept["circumstances"]) == (BEHAVIOUR, "Only at night.\n")
    assert kept["affected"] == ["ESME:FF03/00010100 in North"]
    assert register.repository.refs("refs/heads/submit/") == {}


@pytest.mark.parametrize("ending", [signal.SIGHUP, signal.SIGTERM])
def test_what_was_typed_before_the_window_was_closed_is_kept(
    register: TestRegister, ending: signal.Signals
) -> None:
    with terminal(register, "add", *key()) as asked:
        begin(asked)
        asked.shown("In which circumstances")
        asked.shown(LONG)
        asked.child.sendline("Only at night.")
        asked.shown(LONG)
        sent(asked, ending, "what you typed is kept in")
        assert asked.end() == 128 + ending
    (place,) = (register.repository.git_dir / "defectreg" / "drafts").iterdir()
    kept = load(place.read_bytes()).data
    assert kept["title"] == "Meter forgets its tariff after a power outage"
    assert kept["affected"] == ["ESME:FF03/00010100 in North"]
    assert (kept["behaviour"], kept["circumstances"]) == (BEHAVIOUR, "Only at night.\n")
    assert register.repository.refs("refs/heads/submit/") == {}


def test_enter_skips_a_text_that_may_be_left_out_and_no_other(register: TestRegister) -> None:
    flags = ("--title", "Meter forgets its tariff", "--kind", "issue",
             "--affected", "ESME:FF03/00010100")  # fmt: skip
    with terminal(register, "add", *flags, *key()) as asked:
        asked.answer("What is observed", "")
        asked.shown("! this one is needed")
        asked.write("What is observed", BEHAVIOUR)
        asked.answer("What was expected instead (may be left empty)", "")
        asked.answer("In which circumstances (may be left empty)", "")
        asked.shown("What it follows")


def test_a_statement_is_asked_for_what_its_kind_needs(register: TestRegister) -> None:
    with terminal(register, "add", "cause", "7k3q", *key()) as asked:
        asked.write("What is said", "The clock is reset.")
        asked.answer("Is the cause identified or suspected", "")
        asked.shown("! this one is needed")
        asked.answer("Is the cause identified or suspected", "susp")
        asked.shown("Committed on the branch submit/")
        assert asked.end() == 0


def test_an_editor_opens_again_with_what_is_wrong_until_it_is_right(
    register: TestRegister, tmp_path: Path
) -> None:
    script = tmp_path / "editor"
    script.write_text(
        '#!/bin/sh\nif grep -q "^#! title" "$1"\n'
        'then sed -i "s/^title:.*/title: A good title/" "$1"\n'
        'else sed -i "s/^title:.*/title: No/" "$1"; fi\n'
    )
    script.chmod(0o700)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VISUAL", str(script))
        with terminal(register, "edit", ID, "--editor", "--party", "supplier-one") as asked:
            asked.shown("title: error[S006]")
            asked.answer("Open the editor again? [Y/n]", "")
            asked.shown("  + A good title")
            assert asked.end() == 0
    (ref,) = register.repository.refs("refs/heads/submit/")
    assert load(register.read(record_path(ID), ref)).data["title"] == "A good title"
    assert b"#!" not in register.read(record_path(ID), ref)
