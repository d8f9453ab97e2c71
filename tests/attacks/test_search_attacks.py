"""What is typed or recorded bends neither the full-text search, nor the terminal, nor a sheet."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from defectreg.cli.completing import (
    complete_combination,
    complete_id,
    complete_party,
    complete_query,
    completes_field,
)
from tests.registers import ID, TestRegister, good_record, make_register

BELL = "DR-BBBB-0001"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> TestRegister:
    register = make_register(tmp_path_factory.mktemp("attacks") / "r", signs=False)
    register.add(good_record())
    register.add(
        good_record(
            id=BELL,
            title="=SUM(1+1) [bold]late[/bold] {x} %s readings",
            behaviour="Readings come [link=http://x.invalid]late[/link] and *NEAR* the end.",
        )
    )
    return register


@pytest.mark.parametrize(
    "typed",
    [
        '" OR 1=1 --',
        "billing') OR 1 --",
        "title : billing",
        "bill*",
        "NEAR(billing alerts, 2)",
        "billing AND",
        "{title text} : billing",
        "^billing",
        "'; DROP TABLE words; --",
        "a" * 3000,
        "(" * 1000,
        "\u202ebilling\u200b",
        "\udcff",
        "💥",
        "id:%",
    ],
)
def test_no_text_is_taken_for_a_language_below(made: TestRegister, typed: str) -> None:
    answer = made.run("search", "--", typed)
    assert answer.code in (0, 2)
    assert "Traceback" not in answer.err
    assert "fts5" not in answer.err
    assert "syntax" not in answer.err
    assert made.run("search", "billing").out.count(ID) == 1  # the harmless twin


def test_words_that_mean_something_to_the_search_engine_are_words(made: TestRegister) -> None:
    assert BELL in made.run("search", "NEAR").out
    assert ID not in made.run("search", "NEAR").out


def test_markup_of_a_record_is_printed_as_it_is(made: TestRegister) -> None:
    for arguments in (["search", "readings"], ["show", BELL], ["log", BELL]):
        assert "[bold]late[/bold] {x} %s" in made.run(*arguments).out


def test_a_cell_is_no_formula(made: TestRegister) -> None:
    table = made.run("search", "readings", "--csv").out
    assert "\"'=SUM(1+1)" in table
    assert '"=SUM' not in table


def test_a_question_cannot_steer_the_terminal(made: TestRegister) -> None:
    for typed in ("knd\x1b[31m:x", "kind:\x1b]0;title\x07", "\x1b[2J"):
        answer = made.run("search", "--", typed)
        assert "\x1b" not in answer.out + answer.err
        assert "\x07" not in answer.out + answer.err
    told = json.loads(made.run("search", "--json", "--", "\x1b[2Jbilling").out)
    assert told["meta"]["query"] == "\x1b[2Jbilling"


def test_a_name_of_a_branch_cannot_steer_the_terminal(made: TestRegister) -> None:
    made.add(good_record(id="DR-CCCC-0001"), ref="refs/heads/submit/DR-CCCC-0001")
    assert "submit/DR-CCCC-0001" in made.run("show", "CCCC").out


@pytest.mark.parametrize("typed", ["", "\ud800", "DR-\x00", "x" * 10_000, "[", "ESME:", "kind:("])
def test_completion_never_fails_and_never_prints(
    made: TestRegister,
    typed: str,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    offers = (complete_id, complete_party, complete_combination, complete_query)
    for folder in (made.folder, tmp_path):
        monkeypatch.chdir(folder)
        for offer in (*offers, completes_field("kind"), completes_field("alert")):
            assert isinstance(offer(typed), list)
    assert capfd.readouterr() == ("", "")


def test_completion_offers_what_there_is(
    made: TestRegister, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(made.folder / "records")
    assert complete_id("7k3") == ["7k3Q-X4MB"]
    assert complete_id("7K3Q-") == ["7K3Q-X4MB"]
    assert {BELL, ID} <= set(complete_id(""))
    assert complete_id("DR-7") == [ID]
    assert complete_party("supplier") == ["supplier-one", "supplier-two"]
    assert "chf:ff02/00020001" in complete_combination("chf:ff02")
    assert all(text.startswith("ESME:FF01/1 + chf:") for text in
               complete_combination("ESME:FF01/1 + chf:"))  # fmt: skip
    assert complete_query("kind:d") == ["kind:defect", "kind:device-information"]
    assert complete_query("-kind:i") == ["-kind:issue"]
    assert complete_query("region:4G N") == ['region:"4G North"']
