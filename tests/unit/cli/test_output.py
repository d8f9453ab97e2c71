from __future__ import annotations

import json
import sys

import pexpect
import pytest

from defectreg.cli.output import bold, emit_json, escape, escape_block, progress


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred", r"\x1b[31mred"),
        ("\x9b31mred", r"\x9b31mred"),
        ("bell\x07", r"bell\x07"),
        ("delete\x7f", r"delete\x7f"),
        ("two\nlines", r"two\nlines"),
        ("back\rover", r"back\rover"),
        ("a\tb", r"a\tb"),
        ("abc\u202edef", r"abc\u202edef"),
        ("\u2066isolated\u2069", r"\u2066isolated\u2069"),
        ("zero\u200bwidth", r"zero\u200bwidth"),
        ("joined\u200d", r"joined\u200d"),
        ("mark\ufeff", r"mark\ufeff"),
        ("line\u2028break", r"line\u2028break"),
        ("filler\u3164", r"filler\u3164"),
        ("variation\ufe0f", r"variation\ufe0f"),
        ("tag\U000e0041", r"tag\U000e0041"),
        ("surrogate\udc80", r"surrogate\udc80"),
    ],
)
def test_what_cannot_be_seen_is_shown(text: str, shown: str) -> None:
    assert escape(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "",
        "CHF:FF02/00020001",
        "naïve “quoted” …",
        "50\u00a0kW",
        "電力量計",
        "मीटर",
        "🔌",
        r"\x1b",
    ],
)
def test_what_can_be_seen_stays_as_it_is(text: str) -> None:
    assert escape(text) == text


def test_a_block_keeps_its_lines_and_nothing_else() -> None:
    assert escape_block("one\n\ttwo\r\nthree\n") == "one\n\\ttwo\\r\nthree\n"


def test_json_is_indented_and_ends_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    emit_json({"records": [{"title": "naïve"}]})
    assert capsys.readouterr().out == (
        '{\n  "records": [\n    {\n      "title": "naïve"\n    }\n  ]\n}\n'
    )


@pytest.mark.parametrize(
    "text", ["\x1b[2J", "\x7f\x9b", "a\u202eb", "\u2028", "\U000e0041", "\ud800", "\n\t\\"]
)
def test_json_shows_what_cannot_be_seen_and_loses_nothing(
    text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    emit_json([text])
    printed = capsys.readouterr().out
    assert printed.replace("\n", "").isprintable()
    assert json.loads(printed) == [text]


class Terminal:
    """Standard output, said to be a terminal."""

    def isatty(self) -> bool:
        return True


def test_bold_is_plain_where_nobody_sees_it() -> None:
    assert bold("8F1E") == "8F1E"


def test_bold_stands_out_in_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stdout", Terminal())
    assert bold("8F1E") == "\x1b[1m8F1E\x1b[22m"


@pytest.mark.parametrize(("variable", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_a_terminal_may_decline_colours(
    variable: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv(variable, value)
    monkeypatch.setattr(sys, "stdout", Terminal())
    assert bold("8F1E") == "8F1E"


def test_progress_is_silent_where_nobody_watches(capsys: pytest.CaptureFixture[str]) -> None:
    with progress("Reading", 3) as advance:
        advance(2)
        advance(1)
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", "")


def test_progress_is_drawn_in_a_terminal_and_taken_away_at_its_end() -> None:
    program = (
        "from defectreg.cli.output import progress\n"
        "with progress('[b]Reading[/b]', 3) as advance:\n"
        "    advance(3)\n"
    )
    child = pexpect.spawn(sys.executable, ["-c", program], encoding="utf-8", timeout=20)
    drawn = child.read()
    assert "[b]Reading[/b]" in drawn
    assert "3/3" in drawn
    assert drawn.rstrip().endswith("\x1b[2K")


def test_within_the_work_of_a_bar_no_other_is_drawn() -> None:
    program = (
        "from defectreg.cli.output import progress\n"
        "with progress('Outer', 2) as outer, progress('Inner', 9) as inner:\n"
        "    inner(9)\n"
        "    outer(2)\n"
        "with progress('Next', 1) as following:\n"
        "    following(1)\n"
    )
    child = pexpect.spawn(sys.executable, ["-c", program], encoding="utf-8", timeout=20)
    drawn = child.read()
    assert "Outer" in drawn
    assert "Inner" not in drawn
    assert "Next" in drawn


def test_the_first_reading_of_a_large_register_is_shown_and_a_small_one_is_not() -> None:
    program = (
        "from defectreg.cli.output import LONG, watch\n"
        "for label, total in (('Small', LONG - 1), ('Large', LONG)):\n"
        "    with watch(label, total) as done:\n"
        "        done(total)\n"
    )
    child = pexpect.spawn(sys.executable, ["-c", program], encoding="utf-8", timeout=20)
    drawn = child.read()
    assert "Large" in drawn
    assert "Small" not in drawn
