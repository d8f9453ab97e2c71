"""The pages say what is so: their links lead somewhere, and what they tell to type is there."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from textwrap import dedent

import pytest

from defectreg.cli.sections import SECTIONS
from defectreg.register.public import DISCLAIMER

_BELOW = ("docs", "spec")
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_FENCED = re.compile(r"^```[^\n]*\n(.*?)^```", re.DOTALL | re.MULTILINE)
_COMMAND = re.compile(r"^(?:\$ )?defectreg ([a-z][a-z-]*)", re.MULTILINE)
_OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*")
_TARGET = re.compile(r"(?:^(?:\$ )?|`)make ([a-z][a-z-]*)", re.MULTILINE)


def pages(repository: Path) -> Iterator[tuple[Path, str]]:
    """The Markdown pages at the root and under ``docs/`` and ``spec/``, with their text."""
    places = [repository.glob("*.md"), *((repository / top).rglob("*.md") for top in _BELOW)]
    for place in places:
        for path in sorted(place):
            yield path, path.read_text(encoding="utf-8")


def local_links(path: Path, text: str) -> Iterator[Path]:
    """The files that the page ``path`` points at, without the part after ``#``."""
    for target in _LINK.findall(text):
        if not re.match(r"[a-z]+:|#", target):
            yield path.parent / target.split("#")[0]


def test_every_link_of_a_page_leads_to_a_file(repository: Path) -> None:
    lost = [
        f"{path.relative_to(repository)}: {target}"
        for path, text in pages(repository)
        for target in local_links(path, text)
        if not target.exists()
    ]
    assert lost == []


def test_the_readme_leads_to_every_page(repository: Path) -> None:
    linked = {
        target.resolve()
        for target in local_links(
            repository / "README.md", (repository / "README.md").read_text(encoding="utf-8")
        )
    }
    assert set((repository / "docs").glob("*.md")) - linked == set()


def test_every_command_that_a_page_shows_is_there(repository: Path) -> None:
    known = {entry.name for section in SECTIONS for entry in section.entries}
    shown = {
        name
        for _, text in pages(repository)
        for block in _FENCED.findall(text)
        for name in _COMMAND.findall(block)
    }
    assert shown - known == set()


def test_every_option_that_a_page_shows_is_one_of_its_command(repository: Path) -> None:
    unknown = [
        f"{path.name}: {line}"
        for path, text in pages(repository)
        for line in typed_lines(text)
        for option in _OPTION.findall(line)
        if option not in _OPTION.findall(help_of(line.split()[1], repository))
    ]
    assert unknown == []


def typed_lines(text: str) -> Iterator[str]:
    """What a page tells to type: ``defectreg`` and a command, in a block or in a sentence."""
    joined = text.replace("\\\n", " ")
    yield from re.findall(r"^ *(?:\$ )?(defectreg [a-z].*)$", joined, re.MULTILINE)
    yield from re.findall(r"`(defectreg\s[a-z][^`]*)`", text)


def help_of(command: str, repository: Path) -> str:
    """The help of a command and of those below it, as the reference has it."""
    reference = (repository / "docs" / "reference" / "commands.md").read_text(encoding="utf-8")
    return "".join(re.findall(rf"^## defectreg {command}\b.*?(?=^## |\Z)", reference, re.M | re.S))


def test_every_question_that_the_pages_ask_finds_something_in_this_register(
    repository: Path,
) -> None:
    for name in ("docs/engineers.md", "CONTRIBUTING.md"):
        text = (repository / name).read_text(encoding="utf-8")
        asked = re.findall(r"^ +(defectreg (?:search|show|log) .*)$", text, re.MULTILINE)
        asked += re.findall(r"`(defectreg (?:show|log) [a-z0-9]{4})`", text)
        assert asked, name
        for line in asked:
            words = shlex.split(re.sub(r"   +\S.*", "", line))
            answer = subprocess.run(
                [sys.executable, "-m", *words],
                cwd=repository,
                capture_output=True,
                check=False,
                encoding="utf-8",
            )
            assert (answer.returncode, "nothing was found" in answer.stderr) == (0, False), line
            assert "DR-" in answer.stdout, line


def test_the_rule_that_contributors_are_shown_is_there_as_it_is_shown(repository: Path) -> None:
    page = (repository / "CONTRIBUTING.md").read_text(encoding="utf-8")
    block = re.search(r"^ +```python\n(.*?)^ +```", page, re.DOTALL | re.MULTILINE)
    assert block is not None
    modules = (repository / "defectreg" / "register" / "rules").glob("*.py")
    assert any(dedent(block[1]) in path.read_text(encoding="utf-8") for path in modules)


def test_the_readme_carries_the_disclaimer_word_for_word(repository: Path) -> None:
    readme = (repository / "README.md").read_text(encoding="utf-8")
    assert DISCLAIMER in re.sub(r"\n> ", " ", readme)


@pytest.mark.parametrize(
    "surroundings",
    [
        {"COLUMNS": "40", "PYTHONHASHSEED": "1", "LC_ALL": "C", "FORCE_COLOR": "1"},
        {"COLUMNS": "200", "PYTHONHASHSEED": "2", "LC_ALL": "C.UTF-8", "TERMINAL_WIDTH": "200"},
    ],
)
def test_the_references_are_as_the_program_is_whatever_the_terminal(
    repository: Path, surroundings: dict[str, str]
) -> None:
    answer = subprocess.run(
        [sys.executable, "docs/generate.py", "--check"],
        cwd=repository,
        env={**os.environ, **surroundings},
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    assert (answer.returncode, answer.stdout, answer.stderr) == (0, "", "")


def test_every_target_of_make_that_a_page_names_is_there(repository: Path) -> None:
    makefile = (repository / "Makefile").read_text(encoding="utf-8")
    known = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    named = {name for _, text in pages(repository) for name in _TARGET.findall(text)}
    assert {"demo", "test"} <= named
    assert named - known == set()


def test_the_explanation_of_how_it_works_fits_150_lines(repository: Path) -> None:
    page = repository / "docs" / "how-it-works.md"
    assert len(page.read_text(encoding="utf-8").splitlines()) <= 150


def test_no_file_of_the_set_up_names_a_host_or_a_path_of_a_machine(repository: Path) -> None:
    for name in ("pyproject.toml", "constraints.txt", "Makefile", ".ci/run", ".ci/machine"):
        text = (repository / name).read_text(encoding="utf-8")
        assert not re.search(r"https?://|--index-url|@ file:|/home/|/root/", text), name


def test_every_dependency_says_what_we_would_write_without_it(repository: Path) -> None:
    text = (repository / "pyproject.toml").read_text(encoding="utf-8")
    listed = text.partition("dependencies = [")[2].partition("\n]")[0]
    lines = [line.strip() for line in listed.splitlines() if line.strip()]
    for before, line in pairwise(lines):
        if line.startswith('"'):
            assert before.startswith("#"), line


def test_everything_that_is_installed_is_locked(repository: Path) -> None:
    import tomllib
    from importlib.metadata import requires

    locked = (repository / "constraints.txt").read_text(encoding="utf-8")
    names = {
        re.sub(r"[-_.]+", "-", line.partition("==")[0]).lower()
        for line in locked.splitlines()
        if "==" in line
    }
    project = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    for requirement in asked:
        name = _distribution(requirement)
        assert name in names, requirement
        for further in requires(name) or ():
            if ";" not in further:
                assert _distribution(further) in names, further


def _distribution(requirement: str) -> str:
    name = re.split(r"[^A-Za-z0-9._-]", requirement, maxsplit=1)[0]
    return re.sub(r"[-_.]+", "-", name).lower()
