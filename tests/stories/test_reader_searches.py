"""A reader looks for what is known of a combination, reads an entry and follows its life."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pexpect
import pytest

from defectreg.formats.columns import from_csv
from defectreg.register.public import DISCLAIMER
from defectreg.register.record import statements_folder
from tests.registers import (
    ID,
    Result,
    TestRegister,
    good_record,
    make_register,
    sign_off,
    statement,
)

CLOCK = "DR-AAAA-0001"
GONE = "DR-GGGG-0001"
PROPOSED = "DR-PPPP-0001"
FIX = "2026-03-03-fix-supplier-two.yaml"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> TestRegister:
    register = make_register(tmp_path_factory.mktemp("reader") / "r", [good_record()])
    fix = statement(
        "fix", "supplier-two", says="Take 00030005.", device="ESME", firmware="00030005"
    )
    register.later().say(ID, fix, accept=True)
    register.later().say(
        ID, statement("challenge", "supplier-one", about=FIX, says="It came back.")
    )
    register.add(
        good_record(
            id=CLOCK,
            title="Display shows the wrong hour",
            kind="defect",
            behaviour="The display is one hour off after the clocks changed.",
            affected=["ESME:FF01/00010100@0001*"],
            alerts=["8F20"],
        )
    )
    register.add(good_record(id=GONE, title="Readings come late each day"))
    register.later().say(GONE, sign_off("withdraw", code="not-a-defect"))
    register.add(good_record(id=PROPOSED, title="A new thing"), ref=f"refs/heads/submit/{PROPOSED}")
    return register


def found(answer: Result) -> list[str]:
    assert answer.code == 0, answer.err
    return [line.split()[0] for line in answer.out.splitlines() if line.startswith("DR-")]


def parsed(answer: Result) -> dict[str, object]:
    assert answer.code == 0, answer.err
    data = json.loads(answer.out)
    assert isinstance(data, dict)
    return data


def test_the_disclaimer_is_the_first_line_of_every_listing(made: TestRegister) -> None:
    for arguments in (
        ["search"],
        ["search", "no-such-thing"],
        ["show", "7k3q"],
        ["log", "7k3q"],
        ["review"],
        ["review", "7k3q"],
        ["policy", "try", "silence=hold"],
        ["publish", "--dry-run"],
    ):
        assert made.run(*arguments).out.splitlines()[0] == DISCLAIMER


def test_a_reader_sees_the_newest_first_without_a_question(made: TestRegister) -> None:
    assert found(made.run("search")) == [CLOCK, ID]


def test_a_reader_finds_by_words_and_sees_where_they_stand(made: TestRegister) -> None:
    answer = made.run("search", "0x8f1e", "period")
    assert found(answer) == [ID]
    assert "sends no 8F1E at the end of a period." in answer.out


def test_a_reader_leaves_entries_out_with_a_hyphen(made: TestRegister) -> None:
    assert found(made.run("search", "-hour")) == [ID]
    assert found(made.run("search", "-hub", "-kind:issue")) == [CLOCK]


@pytest.mark.parametrize("quoted", [True, False])
def test_a_reader_asks_about_a_combination_as_it_is(made: TestRegister, quoted: bool) -> None:
    typed = "CHF:FF02/00020001 + ESME:FF03/00010100@00010005 in North"
    answer = made.run("search", *([typed] if quoted else typed.split()))
    assert found(answer) == [ID]
    assert "possibly applies" not in answer.out


def test_a_reader_who_does_not_know_the_firmware_sees_what_possibly_applies(
    made: TestRegister,
) -> None:
    answer = made.run("search", "ESME:FF01/00010100")
    assert found(answer) == [CLOCK]
    assert "possibly applies" in answer.out


def test_a_reader_filters_by_options(made: TestRegister) -> None:
    assert found(made.run("search", "--kind", "defect")) == [CLOCK]
    assert found(made.run("search", "--alert", "0x8F1E", "--has-fix", "true")) == [ID]
    assert found(made.run("search", "--region", "South")) == [CLOCK]
    assert found(made.run("search", "--certainty", "suspected", "--limit", "1")) == [CLOCK]
    wrong = made.run("search", "--kind", "defct")
    assert (wrong.code, "did you mean defect?" in wrong.err) == (2, True)


def test_a_reader_is_told_that_nothing_found_says_nothing(made: TestRegister) -> None:
    answer = made.run("search", "xylophone")
    assert (answer.code, found(answer)) == (0, [])
    assert "not every issue is reported" in answer.err
    assert "with its model" in made.run("search", "FF01").err


def test_a_reader_cannot_list_by_manufacturer_alone(made: TestRegister) -> None:
    alone = made.run("search", "manufacturer:FF01")
    assert (alone.code, "only together with model:" in alone.err) == (2, True)
    assert found(made.run("search", "manufacturer:FF01", "model:00010100")) == [CLOCK]


def test_a_withdrawn_entry_is_a_tombstone_and_only_where_asked_for(made: TestRegister) -> None:
    assert found(made.run("search", "readings")) == []
    asked = made.run("search", "stage:withdrawn")
    assert found(asked) == [GONE]
    shown = made.run("show", GONE)
    for answer in (asked, shown, made.run("show", GONE, "--json"), made.run("log", GONE)):
        assert answer.code == 0
        assert "Readings come late" not in answer.out
    assert "not-a-defect" in shown.out


def test_a_program_reads_json(made: TestRegister) -> None:
    data = parsed(made.run("search", "billing", "--json", "--as-of", "2026-04-01"))
    assert data["schema_version"] == 1
    meta, results = data["meta"], data["results"]
    assert isinstance(meta, dict)
    assert isinstance(results, list)
    assert meta["disclaimer"] == DISCLAIMER
    assert (meta["query"], meta["as_of"], meta["audience"]) == ("billing", "2026-04-01", "green")
    assert (meta["total"], meta["commit"]) == (1, made.repository.head())
    assert results[0]["id"] == ID
    assert results[0]["stage"]["name"] == "published"


def test_a_spreadsheet_reads_csv(made: TestRegister) -> None:
    answer = made.run("search", "--csv")
    names, *rows = from_csv(answer.out)
    table = [dict(zip(names, row, strict=True)) for row in rows]
    assert [row["id"] for row in table] == [CLOCK, ID]
    assert {row["disclaimer"] for row in table} == {DISCLAIMER}
    assert table[1]["affected"] == good_record()["affected"][0]
    both = made.run("search", "--csv", "--json")
    assert both.code == 2


def test_the_stage_depends_on_the_audience_and_the_day(made: TestRegister) -> None:
    assert "published" in made.run("search", "billing").out
    assert "recorded: waits for" in made.run("search", "billing", "--audience", "clear").out
    assert made.run("search", "--audience", "everyone").code == 2
    assert made.run("search", "--as-of", "2026-02-30").code == 2


def test_a_reader_reads_an_entry_fixes_first(made: TestRegister) -> None:
    shown = made.run("show", "7k3q").out
    places = [
        shown.index(text)
        for text in (
            "Meter stops sending billing alerts",
            "Unusual behaviour",
            "published",
            "\nFixes",
            "Take 00030005.",
            "\nAffected",
            "CHF:FF02/00020001",
            "\nObserved behaviour",
            "It came back.",
            "awaiting acceptance",
        )
    ]
    assert places == sorted(places)


def test_a_reader_reads_a_possible_defect_as_possible(made: TestRegister) -> None:
    assert "Possible defect" in made.run("show", CLOCK).out


def test_a_reporter_reads_what_stands_only_on_a_request(made: TestRegister) -> None:
    for verb in ("show", "log"):
        answer = made.run(verb, "pppp")
        assert answer.code == 0
        assert f"submit/{PROPOSED}" in answer.out
        assert "not landed" in answer.out
    assert parsed(made.run("show", PROPOSED, "--json"))["landed"] is False
    assert PROPOSED not in made.run("search").out


def test_a_reader_follows_the_life_of_an_entry(made: TestRegister) -> None:
    events = parsed(made.run("log", ID, "--json"))["events"]
    assert isinstance(events, list)
    assert [(event["landed"], event["kind"], event["decision"]) for event in events] == [
        ("2026-03-02", "report", ""),
        ("2026-03-02", "sign-off", "accept"),
        ("2026-03-03", "fix", ""),
        ("2026-03-03", "sign-off", "accept"),
        ("2026-03-04", "challenge", ""),
    ]
    assert {event["key"] for event in events} == {"active"}
    assert events[2]["signed_by"] == "supplier-two"
    assert f"signed by supplier-two (active key) · {FIX}" in made.run("log", ID).out


def test_a_change_of_the_record_is_in_its_life(tmp_path: Path) -> None:
    made = make_register(tmp_path / "r", [good_record()], signs=False)
    made.later().change(ID, good_record(title="Meter sends no billing alerts", alerts=["8F0A"]))
    (line,) = [line for line in made.run("log", ID).out.splitlines() if "changed" in line]
    assert line == "2026-03-03  2026-03-03  record changed: title, alerts"
    events = parsed(made.run("log", ID, "--json"))["events"]
    assert isinstance(events, list)
    assert [event["kind"] for event in events] == ["report", "sign-off", "change", "sign-off"]


def test_what_landed_is_shown_while_an_older_branch_is_checked_out(tmp_path: Path) -> None:
    made = make_register(tmp_path / "r", signs=False)
    made.add(good_record(id=PROPOSED, title="A new thing"), ref=f"refs/heads/submit/{PROPOSED}")
    made.add(good_record())
    head = made.repository.git_dir / "HEAD"
    head.write_text(f"ref: refs/heads/submit/{PROPOSED}\n", "ascii")
    shown = parsed(made.run("show", ID, "--json"))
    meta = shown["meta"]
    assert isinstance(meta, dict)
    assert (meta["ref"], shown["landed"]) == ("main", True)
    assert "report · supplier-one" in made.run("log", ID).out
    assert "well formed" in made.run("validate", ID).out


def test_a_report_that_says_nothing_leaves_no_blank(tmp_path: Path) -> None:
    made = make_register(tmp_path / "r", [good_record()], signs=False)
    made.later().say(ID, statement("report", "supplier-two"))
    file = "2026-03-03-report-supplier-two.yaml"
    shown = made.run("show", ID).out.splitlines()
    line = shown.index(f"    (counts, landed 2026-03-03 · supplier-two · {file})")
    assert shown[line - 1].startswith("    (counts, landed 2026-03-02 · supplier-one · ")


def test_a_sign_off_is_shown_in_a_line_and_whole_in_json(made: TestRegister) -> None:
    shown = made.run("show", ID).out
    assert f"  accept of {ID}.yaml · dcc as validator · counts, landed 2026-03-02\n" in shown
    assert "Data correct" not in shown
    said = parsed(made.run("show", ID, "--json"))["statements"]
    assert isinstance(said, list)
    assert said[1]["data"]["data-correct"] is True


def test_a_terminal_gets_the_disclaimer_fitted_to_its_width(made: TestRegister) -> None:
    command = f"{sys.executable} -m defectreg -C {made.folder} show {ID}"
    surroundings = {**os.environ, "NO_COLOR": "1", "COLUMNS": "60"}
    printed: bytes = pexpect.run(command, env=surroundings)  # type: ignore[assignment]
    lines = printed.decode().splitlines()
    assert " ".join(lines[: lines.index("")]) == DISCLAIMER
    assert max(map(len, lines)) <= 60


def test_what_waits_on_a_request_is_in_the_life_of_a_landed_entry(tmp_path: Path) -> None:
    made = make_register(tmp_path / "r", [good_record()], signs=False)
    ref = f"refs/heads/submit/{ID}-supplier-two"
    made.later().say(ID, statement("workaround", "supplier-two", says="Restart it."), ref=ref)
    logged = made.run("log", ID).out
    assert f"on submit/{ID}-supplier-two" in logged
    assert "unsigned" in logged
    assert "Restart it." in made.run("show", ID).out


def test_a_record_of_which_something_cannot_be_read_is_not_called_published(
    tmp_path: Path,
) -> None:
    made = make_register(tmp_path / "r", [good_record()], signs=False)
    name = "2026-03-05-sign-off-ssc.yaml"
    path = f"{statements_folder(ID)}/{name}"
    assert "published" in made.run("search", "billing").out
    made.commit({path: b"decision: [hold"})
    listed, shown = made.run("search", "billing"), made.run("show", ID)
    assert "not-judged: waits for files that can be read" in listed.out
    assert "Stage      not-judged" in shown.out
    assert f"Unread     {name}; `defectreg validate {ID}` says why" in shown.out
    assert "published" not in listed.out + shown.out
    assert found(made.run("search", "--stage", "not-judged")) == [ID]
    data = parsed(made.run("show", ID, "--json"))
    assert (data["unread"], data["marks"]) == ([name], [])
    made.commit({path: None})
    assert "published" in made.run("show", ID).out


def test_what_is_typed_is_completed(made: TestRegister) -> None:
    def offered(words: str) -> list[str]:
        typed = words.split(" ")
        variables = {
            "_DEFECTREG_COMPLETE": "complete_bash",
            "COMP_WORDS": words,
            "COMP_CWORD": str(len(typed) - 1),
        }
        answer = subprocess.run(
            [sys.executable, "-c", "from defectreg.cli.app import main; main()"],
            cwd=made.folder, env={**os.environ, **variables}, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        assert answer.stderr == ""
        return answer.stdout.split("\n")[:-1]

    assert offered("defectreg show DR-7") == [ID]
    assert offered("defectreg log PP") == ["PPPP-0001"]
    assert "unusual-behaviour" in offered("defectreg search --kind u")
    assert "stage:" in offered("defectreg search st")


def test_outside_a_register_a_reader_is_told_what_to_do_and_offered_nothing(
    tmp_path: Path,
) -> None:
    lost = TestRegister(tmp_path, None)  # type: ignore[arg-type]  # there is no repository
    for arguments in (["search"], ["show", "7k"], ["log", "7k"]):
        answer = lost.run(*arguments)
        assert (answer.code, "hint:" in answer.err) == (3, True)


def test_a_table_has_every_entry_unless_told_otherwise(tmp_path: Path) -> None:
    symbols = "0123456789ABCDEFGHJKMNPQRS"
    many = [good_record(id=f"DR-9{symbol}99-9999") for symbol in symbols]
    made = make_register(tmp_path / "register", many, signs=False)
    assert len(list(csv.reader(made.run("search", "--csv").out.splitlines()))) > len(many)
    assert made.run("search", "--csv", "--limit", "3").out.count("DR-9") < len(many)
    assert f"20 of {len(many)} entries" in made.run("search").out


def test_a_star_is_refused_because_words_are_whole(made: TestRegister) -> None:
    answer = made.run("search", "bill*")
    assert answer.code == 2
    assert "words are searched whole" in answer.err


def test_white_is_another_word_for_clear(made: TestRegister) -> None:
    white, clear = (
        made.run("search", "--json", "--audience", name).out for name in ("white", "clear")
    )
    assert white == clear
