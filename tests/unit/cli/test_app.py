from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import defectreg
from defectreg.cli.sections import SECTIONS
from tests.conftest import REPOSITORY
from tests.registers import ID, good_record, make_register

HEAVY = (
    "attr",
    "git",
    "importlib.metadata",
    "jinja2",
    "json",
    "jsonschema",
    "jsonschema_rs",
    "rapidfuzz",
    "rich",
    "sqlite3",
    "yaml",
)


def ask(
    *arguments: str, folder: Path | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "defectreg", *arguments],
        cwd=folder,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_version_is_that_of_the_package() -> None:
    answer = ask("--version")
    assert (answer.returncode, answer.stdout) == (0, f"defectreg {defectreg.__version__}\n")


@pytest.mark.parametrize("option", ["-h", "--help"])
def test_help_lists_every_command_in_its_section(option: str) -> None:
    answer = ask(option)
    places = [answer.stdout.index(f"\n{section.heading}:\n") for section in SECTIONS]
    assert answer.returncode == 0
    assert places == sorted(places)
    for section in SECTIONS:
        for entry in section.entries:
            assert f"  {entry.form} " in answer.stdout


@pytest.mark.parametrize("option", ["--version", "--help"])
def test_what_needs_no_library_loads_none(option: str) -> None:
    question = (
        "import sys\n"
        "from defectreg.cli.app import main\n"
        f"sys.argv = ['defectreg', {option!r}]\n"
        "main()\n"
        f"print(*sorted(set({HEAVY!r}) & set(sys.modules)), file=sys.stderr)\n"
        "print(*[name for name in sys.modules if name.startswith('defectreg.')], file=sys.stderr)\n"
    )
    answer = subprocess.run(
        [sys.executable, "-c", question], capture_output=True, text=True, check=True
    )
    heavy, ours = answer.stderr.splitlines()
    assert heavy == ""
    assert set(ours.split()) == {
        "defectreg.cli",
        "defectreg.cli.app",
        "defectreg.cli.errors",
        "defectreg.cli.output",
        "defectreg.cli.pages",
        "defectreg.cli.sections",
        "defectreg.formats",
        "defectreg.formats.visible",
        "defectreg.register",
        "defectreg.register.errors",
    }


UNUSED = (
    "csv",
    "duckdb",
    "git",
    "holidays",
    "importlib.metadata",
    "jinja2",
    "jsonschema",
    "jsonschema_rs",
    "markdown_it",
    "rapidfuzz",
    "rich",
    "rich.progress",
    "xml",
    "yaml",
    "defectreg.publication",
    "defectreg.intake",
    "defectreg.gate",
    "defectreg.register.checking",
    "defectreg.register.public",
    "defectreg.register.rules",
    "defectreg.register.similarity",
    "defectreg.register.yamltext",
    "defectreg.store.landings",
)


@pytest.mark.parametrize("words", [("show", ID), ("search", "billing"), ("show", ID, "--json")])
def test_a_question_to_an_index_that_is_filled_loads_nothing_it_does_not_use(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    made = make_register(tmp_path / "r", [good_record()], signs=False)
    question = (
        "import sys\n"
        "from defectreg.cli.app import main\n"
        f"sys.argv = {['defectreg', *words]!r}\n"
        "assert main() == 0\n"
        f"print(*sorted(set({UNUSED!r}) & set(sys.modules)), file=sys.stderr)\n"
    )
    command = [sys.executable, "-c", question]
    first, again = (
        subprocess.run(command, cwd=made.folder, capture_output=True, text=True, check=True)
        for _ in range(2)
    )
    assert "yaml" in first.stderr.split()
    assert again.stderr == "\n"
    assert again.stdout == first.stdout


def test_an_unknown_command_is_a_problem_of_usage_with_the_nearest_name() -> None:
    answer = ask("serch")
    assert answer.returncode == 2
    assert answer.stderr == (
        "defectreg: there is no command 'serch'\nhint: did you mean search or serve?\n"
    )


def test_a_command_unlike_any_other_is_sent_to_the_list() -> None:
    assert ask("qqqqqq").stderr.endswith("hint: defectreg --help lists the commands\n")


def test_nothing_asked_shows_the_help_as_a_problem_of_usage() -> None:
    answer = ask()
    assert (answer.returncode, answer.stdout) == (2, "")
    assert "Write:" in answer.stderr


def test_a_folder_that_is_not_there_is_a_problem_of_usage(tmp_path: Path) -> None:
    answer = ask("-C", "absent", "show", folder=tmp_path)
    assert answer.returncode == 2
    assert answer.stderr.startswith("defectreg: cannot go to absent: ")


def test_the_program_runs_as_if_started_in_the_folder_named(tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    question = (
        "import os, sys\n"
        "from defectreg.cli.app import main\n"
        "sys.argv = ['defectreg', '-C', 'inner', '--version']\n"
        "main()\n"
        "print(os.getcwd())\n"
    )
    answer = subprocess.run(
        [sys.executable, "-c", question], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert answer.stdout.splitlines()[-1] == str(inner)


def test_no_color_is_passed_on_to_what_the_program_starts() -> None:
    question = (
        "import os, sys\n"
        "from defectreg.cli.app import main\n"
        "sys.argv = ['defectreg', '--no-color', '--version']\n"
        "main()\n"
        "print(os.environ.get('NO_COLOR'))\n"
    )
    answer = subprocess.run(
        [sys.executable, "-c", question], capture_output=True, text=True, check=True
    )
    assert answer.stdout.splitlines()[-1] == "1"


def test_names_of_commands_are_completed() -> None:
    answer = ask(_DEFECTREG_COMPLETE="complete_bash", COMP_WORDS="defectreg se", COMP_CWORD="1")
    assert answer.stdout.split() == ["search", "serve"]


def test_the_script_that_completes_names_the_program() -> None:
    assert "_DEFECTREG_COMPLETE=complete_bash" in ask("--show-completion", "bash").stdout


def test_a_reader_that_leaves_ends_the_program_without_a_word() -> None:
    read, write = os.pipe()
    os.close(read)
    try:
        answer = subprocess.run(
            [sys.executable, "-m", "defectreg", "--help"],
            stdout=write,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    finally:
        os.close(write)
    assert (answer.returncode, answer.stderr) == (141, "")


def test_a_locale_without_the_character_shows_its_code(tmp_path: Path) -> None:
    answer = ask("-C", "Zähler", "show", folder=tmp_path, PYTHONIOENCODING="ascii")
    assert answer.returncode == 2
    assert r"Z\xe4hler" in answer.stderr


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", "<&- >&- 2>&-"])
def test_what_was_closed_leads_nowhere(closed: str) -> None:
    command = f"{shlex.quote(sys.executable)} -m defectreg --version {closed}"
    answer = subprocess.run(
        ["sh", "-c", command], capture_output=True, text=True, check=False, cwd=REPOSITORY
    )
    assert (answer.returncode, answer.stderr) == (0, "")
    assert bool(answer.stdout) is (">&-" not in closed.replace("2>&-", ""))
