"""The group ``inventory``: each command is there, and none is loaded before it is called."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module

import pytest
import typer

from defectreg.cli.inventory import COMMANDS
from defectreg.cli.sections import Entry

_HEAVY = ("duckdb", "pyarrow", "openpyxl", "python_calamine", "sqlglot", "pyspark")


@pytest.mark.parametrize("entry", COMMANDS.entries, ids=lambda entry: entry.name)
def test_each_line_of_the_list_has_its_command(entry: Entry) -> None:
    app = import_module(entry.module).app
    assert isinstance(app, typer.Typer)
    made = typer.main.get_group(app)
    assert entry.name in made.list_commands(typer.Context(made))


@pytest.mark.parametrize(
    "module", ["defectreg.cli.inventory", *(entry.module for entry in COMMANDS.entries)]
)
def test_what_is_heavy_is_not_imported_with_a_command(module: str) -> None:
    asked = f"import sys, {module}; print(*(name for name in {_HEAVY} if name in sys.modules))"
    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, check=True, text=True)
    assert said.stdout.strip() == ""


def test_the_group_alone_loads_no_command() -> None:
    asked = "import sys, defectreg.cli.inventory; print(*sys.modules)"
    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, check=True, text=True)
    loaded = said.stdout.split()
    assert "defectreg.cli.inventory" in loaded
    assert not {entry.module for entry in COMMANDS.entries}.intersection(loaded)
