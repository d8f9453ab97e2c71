from __future__ import annotations

from typing import ClassVar

import pytest
import typer
from typer.main import get_command
from typer.testing import CliRunner

from defectreg.cli.sections import SECTIONS, Entry, Section, SectionedGroup

HERE = "tests.unit.cli.commands_for_tests"


class SmallGroup(SectionedGroup):
    sections: ClassVar[tuple[Section, ...]] = (
        Section("Second in the alphabet", (Entry("zeta [NAME]", HERE, "Greet."),)),
        Section(
            "First in the alphabet",
            (
                Entry("alpha", HERE, "Do nothing."),
                Entry("alpha KIND", HERE, "Do nothing of a kind."),
                Entry("absent", "tests.unit.cli.no_such_module", "Never there."),
            ),
        ),
    )


def small_app() -> typer.Typer:
    app = typer.Typer(cls=SmallGroup, rich_markup_mode=None, add_completion=False)
    app.callback()(lambda: None)
    return app


def help_page() -> str:
    return CliRunner().invoke(small_app(), ["--help"]).output


def test_help_shows_the_sections_in_the_order_of_the_list() -> None:
    page = help_page()
    assert page.index("Second in the alphabet:") < page.index("First in the alphabet:")


def test_help_shows_every_line_of_a_command_under_its_heading() -> None:
    lines = [line.split() for line in help_page().splitlines()]
    heading = lines.index(["First", "in", "the", "alphabet:"])
    assert lines[heading + 1] == ["alpha", "Do", "nothing."]
    assert lines[heading + 2] == ["alpha", "KIND", "Do", "nothing", "of", "a", "kind."]


def test_help_needs_no_command_to_be_there() -> None:
    assert "Never there." in help_page()


def test_a_command_of_the_list_runs_with_its_arguments() -> None:
    result = CliRunner().invoke(small_app(), ["zeta", "Ada"])
    assert (result.exit_code, result.output) == (0, "hello Ada\n")


def test_the_help_of_a_command_is_drawn_without_boxes() -> None:
    output = CliRunner().invoke(small_app(), ["zeta", "--help"]).output
    assert output.startswith("Usage: ")
    assert "─" not in output


def test_a_command_with_several_lines_is_one_command() -> None:
    group = get_command(small_app())
    assert isinstance(group, SmallGroup)
    assert [entry.name for entry in group.entries()] == ["zeta", "alpha", "absent"]


def test_names_are_completed_without_loading_a_command() -> None:
    group = get_command(small_app())
    context = group.make_context("small", [], resilient_parsing=True)
    assert [item.value for item in group.shell_complete(context, "a")] == ["alpha", "absent"]


def test_the_sections_stand_in_the_order_of_the_design() -> None:
    headings = [section.heading for section in SECTIONS]
    order = ["Write", "Ask", "Judge", "Decide", "Publish", "Keep", "Groups"]
    assert headings == [heading for heading in order if heading in headings]


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.heading)
def test_all_lines_of_a_command_stand_in_one_module(section: Section) -> None:
    modules: dict[str, set[str]] = {}
    for entry in section.entries:
        modules.setdefault(entry.name, set()).add(entry.module)
    assert {name: len(found) for name, found in modules.items()} == dict.fromkeys(modules, 1)


def test_a_module_holds_commands_of_one_section() -> None:
    of_module: dict[str, set[str]] = {}
    for section in SECTIONS:
        for entry in section.entries:
            of_module.setdefault(entry.module, set()).add(section.heading)
    assert [module for module, headings in of_module.items() if len(headings) > 1] == []


def test_every_help_line_fits_a_terminal_of_80_columns() -> None:
    widest = max(len(entry.form) for section in SECTIONS for entry in section.entries)
    for section in SECTIONS:
        for entry in section.entries:
            assert 2 + widest + 2 + len(entry.sentence) <= 80, entry.form
