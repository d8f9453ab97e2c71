"""The pages say what is so: their links lead somewhere, and what they tell to type is there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from defectreg.cli.sections import SECTIONS

_BELOW = ("docs", "spec")
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_FENCED = re.compile(r"^```[^\n]*\n(.*?)^```", re.DOTALL | re.MULTILINE)
_COMMAND = re.compile(r"^(?:\$ )?defectreg ([a-z][a-z-]*)", re.MULTILINE)
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


def test_every_command_that_a_page_shows_is_there(repository: Path) -> None:
    known = {entry.name for section in SECTIONS for entry in section.entries}
    shown = {
        name
        for _, text in pages(repository)
        for block in _FENCED.findall(text)
        for name in _COMMAND.findall(block)
    }
    assert shown - known == set()


def test_the_readme_shows_every_command(repository: Path) -> None:
    readme = (repository / "README.md").read_text(encoding="utf-8")
    for section in SECTIONS:
        for entry in section.entries:
            assert re.search(rf"\b{entry.name}\b", readme), entry.form


def test_every_target_of_make_that_a_page_names_is_there(repository: Path) -> None:
    makefile = (repository / "Makefile").read_text(encoding="utf-8")
    known = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
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
