"""What the pages say that the program prints, it prints.

``REFRESH=1 pytest tests/documentation/test_transcripts.py`` writes what is printed now in the
place of what no longer agrees: shorten it by lines of ``…``, and read the difference before
committing it.
"""

from __future__ import annotations

import datetime
import os
import re
from pathlib import Path

import pytest

from defectreg.cli.sections import SECTIONS
from tests.documentation.transcripts import Call, Names, Session, agrees, calls_of

REPOSITORY = Path(__file__).resolve().parents[2]
METHOD = REPOSITORY / "docs" / "alerts-method.md"
PAGES = sorted([*REPOSITORY.glob("*.md"), *REPOSITORY.glob("docs/*.md")])
WITH_TRANSCRIPTS = [page for page in PAGES if "```console" in page.read_text("utf-8")]
REFRESH = "REFRESH"


@pytest.mark.parametrize("page", WITH_TRANSCRIPTS, ids=lambda page: page.name)
def test_every_command_of_a_transcript_prints_what_is_written(page: Path, tmp_path: Path) -> None:
    session = Session.begin(tmp_path / "home" / "you")
    differing: list[tuple[Call, list[str]]] = []
    for call in calls_of(page.read_text("utf-8")):
        printed = session.run(call.typed)
        if not agrees(call.printed, printed):
            differing.append((call, printed))
    if os.environ.get(REFRESH) == "1":
        _rewrite(page, differing)
    else:
        assert not differing, "\n".join(_complaint(page, call, now) for call, now in differing)


def _complaint(page: Path, call: Call, printed: list[str]) -> str:
    return "\n".join(
        [f"{page.name}:{call.first}: $ {call.typed}", "written:", *call.printed, "now:", *printed]
    )


def _rewrite(page: Path, differing: list[tuple[Call, list[str]]]) -> None:
    lines = page.read_text("utf-8").split("\n")
    for call, printed in reversed(differing):
        lines[call.first : call.last] = printed
    page.write_text("\n".join(lines), "utf-8")


def test_the_readme_tries_every_command() -> None:
    readme = (REPOSITORY / "README.md").read_text("utf-8")
    typed = [call.typed for call in calls_of(readme)]
    for section in SECTIONS:
        for entry in section.entries:
            # What is typed as it stands, up to what a person chooses: `key sign` of `key sign ID`.
            words = re.match(r"[a-z]+(?: [a-z]+)*", entry.form)
            assert words is not None, entry.form
            shown = f"defectreg {words[0]}"
            if words[0] == "demo":
                # It is this transcript, told by the program; it is shown by its target of make.
                is_shown = "    make demo " in readme
            elif words[0] == "serve":
                # It ends when a person stops it.
                is_shown = "`defectreg serve`" in readme
            elif words[0] == "alerts":
                # It asks for months of alerts; its page says what it prints.
                is_shown = "`defectreg alerts correlate`" in METHOD.read_text("utf-8")
            elif words[0] == "hook pre":
                # Git calls it, where somebody pushes.
                is_shown = _is_typed("git push", typed)
            else:
                is_shown = _is_typed(shown, typed)
            assert is_shown, entry.form
    assert any(re.match(r"defectreg add [a-z]+ 7k3q", line) for line in typed), "add KIND ID TEXT"


def _is_typed(shown: str, typed: list[str]) -> bool:
    return any(re.match(rf"{re.escape(shown)}(?![\w-])", line) for line in typed)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_block_with_a_prompt_escapes_the_run(page: Path) -> None:
    text = page.read_text("utf-8")
    prompts = len(re.findall(r"^ *\$ ", text, re.MULTILINE))
    assert prompts == sum(1 for _ in calls_of(text))


WRITTEN = ("one", "…", "five")


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        (["one", "two", "five"], True),
        (["one", "two", "three", "five"], True),
        (["one", "five"], False),
        (["one", "two", "six"], False),
        (["one", "two", "five", "six"], False),
        (["zero", "one", "two", "five"], False),
        ([], False),
    ],
)
def test_a_line_of_dots_stands_for_one_or_more_lines(printed: list[str], expected: bool) -> None:
    assert agrees(WRITTEN, printed) is expected


def test_dots_at_the_end_stand_for_the_rest_of_that_line_alone() -> None:
    assert agrees(["ok  git: …"], ["ok  git: version 2"])
    assert not agrees(["ok  git: …"], ["no  git: version 2"])
    assert not agrees(["ok  git: …"], ["ok  git: version 2", "more"])


def test_what_is_written_is_taken_as_it_is_and_not_as_a_pattern() -> None:
    assert agrees(["0001* (a.b)"], ["0001* (a.b)"])
    assert not agrees(["a.b"], ["axb"])


def test_a_transcript_is_read_as_commands_and_what_each_prints() -> None:
    page = (
        "text\n```console\n$ one \\\n    --more\nprinted\n\nagain\n$ two\n```\n```\n$ other\n```\n"
    )
    assert list(calls_of(page)) == [
        Call("one \\\n    --more", ("printed", "", "again"), 4, 7),
        Call("two", (), 8, 8),
    ]


def test_a_transcript_that_begins_with_no_command_is_refused() -> None:
    with pytest.raises(ValueError, match="line 2"):
        list(calls_of("```console\nprinted\n```\n"))


def test_what_is_random_is_shown_as_the_same_example_every_time() -> None:
    runs = [
        ("DR-0A1B-2C3D", "5cd9ab7e2fbacf23a5c21d08eed1af93916ad707"),
        ("DR-ZYXW-VTSR", "ca4351da8f2ee99eb6034ba06dfd414a4f73f951"),
    ]
    shown = {
        _names().shown(f"{record_id} records/{record_id[3:5]}/ {commit} {record_id}")
        for record_id, commit in runs
    }
    assert len(shown) == 1
    assert shown.pop().startswith("DR-7K3Q-X4MB records/7K/ ")


def test_a_second_commit_is_shown_as_another_one_than_the_first() -> None:
    names = _names()
    first, second = names.shown("1" * 40), names.shown("2" * 40)
    assert first != second
    assert names.shown("1" * 40) == first


def test_a_command_of_a_page_is_run_with_the_id_and_the_day_of_the_run() -> None:
    names = _names()
    names.shown("Committed DR-0A1B-2C3D")
    typed = "defectreg show 7k3q records/7K/DR-7K3Q-X4MB/2026-10-21-fix-maker-one.yaml"
    meant = "defectreg show 0a1b records/0A/DR-0A1B-2C3D/2027-03-04-fix-maker-one.yaml"
    assert names.meant(typed) == meant


def test_the_day_and_the_home_of_the_run_are_shown_as_the_examples() -> None:
    assert _names().shown("on 2027-03-04, 4 March 2027, in /tmp/x/key") == (
        "on 2026-10-21, 21 October 2026, in /home/you/key"
    )


def _names() -> Names:
    return Names("/tmp/x", datetime.date(2027, 3, 4))
