"""Every page of help, as a newcomer reads it."""

from __future__ import annotations

import json
import re
from functools import cache

import pytest
from typer.testing import CliRunner

from defectreg.cli.app import app
from defectreg.cli.sections import SECTIONS
from defectreg.intake.forms import SAID_KINDS
from defectreg.search.language import fields_of
from defectreg.store.files import packaged
from tests.registers import grounds

COMMANDS = sorted({entry.words for section in SECTIONS for entry in section.entries} | {"policy"})


@cache
def page(command: str) -> str:
    runner = CliRunner(env={"COLUMNS": "80", "NO_COLOR": "1", "TERM": "dumb"})
    answer = runner.invoke(app, [*command.split(), "--help"], prog_name="defectreg")
    assert answer.exit_code == 0
    return answer.output


def in_one_line(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_a_page_shows_no_bracket_of_a_program_and_cuts_no_sentence(command: str) -> None:
    shown = page(command)
    assert re.findall(r"[{}<>]|[a-z]\.\.\.$", shown, re.MULTILINE) == []
    assert "\u2011" not in shown


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_a_page_fits_a_terminal_of_80_columns(command: str) -> None:
    assert [line for line in page(command).splitlines() if len(line) > 80] == []


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_no_word_is_broken_at_its_hyphen(command: str) -> None:
    assert re.findall(r"\w-$", page(command), re.MULTILINE) == []


@pytest.mark.parametrize("option", ["--party PARTY", "--key FILE", "--as-of DATE"])
def test_an_option_is_explained_in_the_same_words_everywhere(option: str) -> None:
    found = {
        match[1]
        for command in COMMANDS
        if (match := re.search(rf"{option} +(.*?) -", in_one_line(page(command))))
    }
    assert len(found) == 1


def test_who_speaks_and_signs_is_said_to_come_from_the_environment_or_git() -> None:
    shown = in_one_line(page("review"))
    for name in ("$DEFECTREG_PARTY", "config defectreg.party", "$DEFECTREG_KEY", "defectreg.key"):
        assert name in shown


def test_key_sign_has_a_page_of_its_own() -> None:
    assert page("key sign").startswith("Usage: defectreg key sign [OPTIONS] ID\n")
    assert "Sign what your Party left unsigned" not in page("key")


def test_init_names_every_category_and_role() -> None:
    properties = json.loads((packaged("schema") / "party.schema.json").read_bytes())["properties"]
    roles = properties["people"]["items"]["properties"]["roles"]["items"]["enum"]
    shown = in_one_line(page("init"))
    for heading, values in (("Categories", properties["category"]["enum"]), ("Roles", roles)):
        assert f"{heading}: {', '.join(values)}." in shown


def test_search_names_every_field_and_the_values_of_its_filters() -> None:
    fields = fields_of(grounds().schemas["record"])
    shown = in_one_line(page("search"))
    for name in ("kind", "certainty", "region", "stage"):
        assert f": {', '.join(fields[name].values)}. " in shown
    listed = re.split(r"[^a-z-]+", shown.partition("Fields: ")[2].partition("Examples")[0])
    assert set(fields) <= set(listed)


def test_a_new_issue_is_told_what_it_needs() -> None:
    needed = page("add").partition("A new issue needs:")[2].partition("It may also say:")[0]
    assert re.findall(r"--[a-z]+", needed) == ["--title", "--affected", "--behaviour"]


@pytest.mark.parametrize("kind", SAID_KINDS)
def test_the_page_of_a_kind_shows_only_what_that_kind_may_say(kind: str) -> None:
    shown = page(f"add {kind}")
    assert "--title" not in shown.partition("Examples:")[0]
    assert ("--position" in shown) is (kind == "response")
    assert ("--about" in shown) is (kind in ("confirmation", "challenge"))


def test_the_list_of_commands_says_that_ids_may_be_shortened() -> None:
    assert "An ID may be any beginning that no other record has" in in_one_line(page(""))
    assert "customize" not in page("")
