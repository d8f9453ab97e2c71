"""The page of sources: each of its tables is filled, and what it names as an answer is there."""

from __future__ import annotations

import ast
import json
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

from defectreg.cli.sections import SECTIONS
from defectreg.intake.forms import SAID_KINDS
from tests.conftest import REPOSITORY

PAGE = (REPOSITORY / "docs" / "sources.md").read_text(encoding="utf-8")

LEAST = {
    "Panel paper, 1: Purpose": 7,
    "Panel paper, 2.1: Summary of the problem": 8,
    "Panel paper, 2.2: Alerts": 9,
    "Panel paper, 3.1: Option 1, continue as is": 4,
    "Panel paper, 3.2: Option 2, the Panel asks the DCC": 3,
    "Panel paper, 3.3: Option 3, separate communications": 13,
    "Panel paper, 3.4: Option 4, a central register": 11,
    "Panel paper, 4: Recommendations": 2,
    "MP137, about the document": 2,
    "MP137, 1: Summary": 10,
    "MP137, 2: Issue": 9,
    "MP137, 3: Solution": 11,
    "MP137, 4: Impacts": 8,
    "MP137, 5: Costs": 5,
    "MP137, 6: Implementation approach": 2,
    "MP137, 7: Areas for assessment": 16,
    "MP137, 7: Base data": 4,
    "MP137, 7: Legal issues": 10,
    "MP137, 7: Manufacturers' concerns": 10,
    "MP137, 7: DMC and firmware": 6,
    "MP137, 7: Mandatory input and validation": 4,
    "MP137, 7: Alternatives": 7,
    "MP137, appendices": 2,
    "MP125, about the document": 2,
    "MP125, 1: Summary": 6,
    "MP125, 2: Issue": 11,
    "MP125, 3: Solution": 2,
    "MP125, 4: Impacts": 6,
    "MP125, 5: Costs": 3,
    "MP125, 6: Implementation approach": 2,
    "MP125, 7: Assessment of the proposal": 13,
    "MP125, 8: Case for change": 7,
    "MP125, appendices": 2,
    "Slips of the Panel paper": 3,
    "Slips of MP137": 9,
    "Slips of MP125": 12,
}
"""Every table of the page, in order, and how many rows it has at least."""

NUMBERS = (
    *("719,543", "about 5000 reports a week", "£15,000-£25,000", "£3,500", "30 Working Days"),
    *("£600", "£81,000", "£80,995", "£51,593", "£24,938", "£4,464", "£1,200", "£100k-£250k"),
    *("12 months", "six months of lead time", "five responses", "about three months"),
    *("half a day", "two days of effort", "the 25 codes"),
    *("7 november 2024", "7 august 2024", "27 february 2025", "27 november 2025", "24 april 2024"),
    *("29 june 2023", "29 december 2022", "2 november 2023", "2 february 2023", "24 august 2022"),
)
QUESTIONS_OF_MP137 = 8
"""Which the Refinement Consultation was to ask."""

_CITES = re.compile(r"MP125|MP137|Panel paper")
_SPAN = re.compile(r"`([^`]*)`")
_OPTION = re.compile(r"--[a-z][a-z-]*")
_TEST = re.compile(r"tests/[a-z_/]+\.py::test_[a-z0-9_]+")
_FORMS = re.compile(r"`(?:defectreg|policy:|page:) |not software: .|not done: .")


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table under ``heading``."""

    heading: str
    where: str
    says: str
    answer: str
    test: str

    @property
    def parts(self) -> list[str]:
        """The answers of the row: semicolons stand between them."""
        return self.answer.split("; ")

    @property
    def spans(self) -> list[str]:
        return _SPAN.findall(self.answer)

    @property
    def is_answered_by_the_program(self) -> bool:
        """Whether something that is there is named; tests show it, and nothing else has a test."""
        return any(span.startswith(("defectreg ", "policy: ", "page: ")) for span in self.spans)


def rows_of(text: str) -> Iterator[Row]:
    heading = ""
    for line in text.splitlines():
        if line.startswith("#"):
            heading = line.lstrip("# ")
        elif line.startswith("| ") and not line.startswith(("| Where |", "| --- |")):
            cells = [cell.strip() for cell in line.strip("|").split(" | ")]
            assert len(cells) == 4, line
            yield Row(heading, *cells)


ROWS = tuple(rows_of(PAGE))


# What is there.


@cache
def options_of(command: str) -> frozenset[str]:
    """The options that the help of a command of one or two words names."""
    answer = subprocess.run(
        [sys.executable, "-m", "defectreg", *command.split(), "--help"],
        cwd=REPOSITORY,
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    return frozenset(_OPTION.findall(answer.stdout))


@cache
def commands() -> frozenset[str]:
    """What may be typed after ``defectreg``: a command of a group with the group's name."""
    found: set[str] = set()
    for entry in (entry for section in SECTIONS for entry in section.entries):
        if entry.form == f"{entry.name} COMMAND":
            group = import_module(entry.module).COMMANDS
            found.update(f"{entry.name} {each.name}" for each in group.entries)
        else:
            found.add(entry.words)
    return frozenset(found)


@cache
def switches() -> dict[str, str]:
    """The switches of a policy, each with the source that it cites."""
    schema = REPOSITORY / "schema" / "policy.schema.json"
    properties = json.loads(schema.read_text(encoding="utf-8"))["properties"]
    return {key: about.get("x-source", "") for key, about in properties.items()}


@cache
def codes() -> frozenset[str]:
    page = (REPOSITORY / "docs" / "reference" / "rules.md").read_text(encoding="utf-8")
    return frozenset(re.findall(r"^## ([YSGR][0-9]{3})$", page, re.MULTILINE))


@cache
def functions_of(path: str) -> frozenset[str]:
    """The test functions of a file, none where there is no such file."""
    file = REPOSITORY / path
    if not file.is_file():
        return frozenset()
    parts = ast.walk(ast.parse(file.read_text(encoding="utf-8")))
    return frozenset(part.name for part in parts if isinstance(part, ast.FunctionDef))


# What is wrong in a row.


def problems(row: Row) -> Iterator[str]:
    """What is wrong: cells, forms, and names of things that are not there."""
    if not (row.where and row.says):
        yield "a cell is empty"
    for part in row.parts:
        if not _FORMS.match(part):
            yield f"no known form of an answer: {part}"
    for span in row.spans:
        yield from problems_of_span(span)
    yield from problems_of_tests(row)


def problems_of_span(span: str) -> Iterator[str]:
    form, _, rest = span.partition(" ")
    if form == "defectreg":
        yield from problems_of_command(rest)
    elif form == "policy:":
        yield from () if rest in switches() else (f"no such switch: {rest}",)
    elif form == "page:":
        places = [REPOSITORY / above / rest for above in ("", "templates/site")]
        yield from () if any(place.is_file() for place in places) else (f"no such page: {rest}",)
    else:
        yield f"a code span of no known form: {span}"


def problems_of_command(line: str) -> Iterator[str]:
    words = shlex.split(line)
    both = " ".join(words[:2])
    command = both if both in commands() else words[0]
    if command not in commands():
        yield f"no such command: {line}"
        return
    for option in sorted(set(_OPTION.findall(line)) - options_of(command)):
        yield f"no such option of {command}: {option}"
    given = words[1] if len(words) > 1 else ""
    if command == "add" and given and not given.startswith("-") and given not in SAID_KINDS:
        yield f"nothing that may be added: {given}"
    if command == "explain" and given not in codes():
        yield f"no such code: {given}"
    for pair in re.findall(r"([a-z-]+)=\S+", line if command == "policy try" else ""):
        if pair not in switches():
            yield f"no such switch: {pair}"


def problems_of_tests(row: Row) -> Iterator[str]:
    if not row.is_answered_by_the_program:
        if row.test != "-":
            yield f"a test of what is not there: {row.test}"
        return
    for one in row.test.split(", "):
        name = one.strip("`")
        path, _, function = name.partition("::")
        if one != f"`{name}`" or not _TEST.fullmatch(name):
            yield f"no test is named: {one}"
        elif function not in functions_of(path):
            yield f"no such test: {name}"


# The tests.


def test_every_section_of_each_source_has_its_table() -> None:
    found = [row.heading for row in ROWS]
    assert list(dict.fromkeys(found)) == list(LEAST)
    assert {name: found.count(name) for name in LEAST if found.count(name) < LEAST[name]} == {}
    assert PAGE.count("| Where | What it says | Answer | Test |\n| --- |") == len(LEAST)
    assert len(ROWS) == len(re.findall(r"^\|", PAGE, re.MULTILINE)) - 2 * len(LEAST)


def test_what_every_row_names_is_there() -> None:
    wrong = [f"{row.heading}, {row.where}: {one}" for row in ROWS for one in problems(row)]
    assert wrong == []


def test_each_form_of_an_answer_is_met() -> None:
    spans = [span.partition(" ")[0] for row in ROWS for span in row.spans]
    least = {"defectreg": 80, "policy:": 60, "page:": 15}
    assert {form: spans.count(form) for form, few in least.items() if spans.count(form) < few} == {}
    parts = [part.partition(":")[0] for row in ROWS for part in row.parts]
    assert {"not software", "not done"} <= set(parts)
    assert sum(row.is_answered_by_the_program for row in ROWS) >= 110
    assert len({test for row in ROWS for test in _TEST.findall(row.test)}) >= 70


_GOOD = Row(
    "MP137, 3: Solution", "3", "Fixes can be recorded.",
    "`defectreg add fix --device ESME`; `policy: cadence`; `page: check.html`; "
    "not done: prices, which are nobody's here",
    f"`tests/documentation/{Path(__file__).name}::test_what_every_row_names_is_there`",
)  # fmt: skip


def test_a_good_row_has_nothing_wrong() -> None:
    assert list(problems(_GOOD)) == []


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ("it is answered by `defectreg add`", "no known form"),
        ("`defectreg add`; and much besides", "no known form"),
        ("", "no known form"),
        ("not software", "no known form"),
        ("`defectreg improve`", "no such command"),
        ("`defectreg policy`", "no such command"),
        ("`defectreg policy change`", "no such command"),
        ("`defectreg inventory`", "no such command"),
        ("`defectreg inventory mend`", "no such command"),
        ("`defectreg add --colour red`", "no such option of add"),
        ("`defectreg policy show --csv`", "no such option of policy show"),
        ("`defectreg inventory log --csv FILE`", "no such option of inventory log"),
        ("`defectreg add opinion`", "nothing that may be added"),
        ("`defectreg explain R999`", "no such code"),
        ("`defectreg policy try speed=high`", "no such switch"),
        ("`policy: speed`", "no such switch"),
        ("`page: nowhere.html`", "no such page"),
        ("`defectreg add` and `git add`", "of no known form"),
        ("not done yet: some day", "no known form"),
        ("not software: law", "a test of what is not there"),
    ],
)
def test_a_wrong_answer_is_found(answer: str, told: str) -> None:
    assert any(told in one for one in problems(replace(_GOOD, answer=answer)))


@pytest.mark.parametrize(
    ("test", "told"),
    [
        ("-", "no test is named"),
        ("", "no test is named"),
        (_GOOD.test.strip("`"), "no test is named"),
        (f"{_GOOD.test} and more", "no test is named"),
        (_GOOD.test.replace("every", "no"), "no such test"),
        (_GOOD.test.replace("sources", "springs"), "no such test"),
    ],
)
def test_a_wrong_test_is_found(test: str, told: str) -> None:
    assert any(one.startswith(told) for one in problems(replace(_GOOD, test=test)))


def test_every_switch_that_cites_a_source_is_an_answer() -> None:
    citing = {key for key, source in switches().items() if _CITES.search(source)}
    assert len(citing) >= 15
    assert citing - {span.partition(" ")[2] for row in ROWS for span in row.spans} == set()


def test_every_number_and_question_of_the_sources_is_carried_over() -> None:
    told = " ".join(f"{row.says} {row.answer}" for row in ROWS).lower()
    assert [number for number in NUMBERS if number.lower() not in told] == []
    asked = [row for row in ROWS if row.where == "7, question"]
    assert len(asked) == QUESTIONS_OF_MP137
    assert all(row.says.endswith("?") and row.is_answered_by_the_program for row in asked)


def test_the_page_is_plain_and_names_no_place_of_a_machine() -> None:
    prose = _SPAN.sub("", PAGE)
    odd = r"<[A-Za-z/!]|&[a-z]+;|[*~\\]|\]\(|^```|^[ \t]+\S|^[-+>] |^[0-9]+[.)] "
    assert re.findall(odd, prose, re.MULTILINE) == []
    assert {line.partition(" ")[0] for line in PAGE.splitlines() if line.startswith("#")} == {
        "#",
        "##",
        "###",
    }
    assert re.findall(r"/home/|/root/|/tmp/|/usr/", PAGE) == []
    assert max(len(cell) for row in ROWS for cell in (row.where, row.says)) <= 200
