"""Text files that a person may edit: several documents of our YAML, each below a line ``---``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from defectreg.register.errors import UsageProblem
from defectreg.register.yamltext import Document, YamlError, dump, load
from defectreg.store.inventory.sources import whole_of

_BETWEEN = "---"
_LARGEST = 1 << 28


@dataclass(frozen=True, slots=True)
class Section:
    """One document of a file: ``first`` is the file's line on which it begins."""

    file: Path
    first: int
    document: Document

    @property
    def data(self) -> Mapping[str, Any]:
        """What it says: every scalar as the text that stands there."""
        return self.document.data

    def wrong(self, key: str, sentence: str, hint: str = "") -> UsageProblem:
        """What is wrong at one of its keys, as file, line and column."""
        at = self.document.position((key,) if key in self.data else ())
        return UsageProblem(f"{self.file}:{self.first - 1 + at.line}:{at.column}: {sentence}", hint)

    def text(self, key: str) -> str:
        """The text of a key; empty where it is not there. Raises UsageProblem for another value."""
        value = self.data.get(key, "")
        if not isinstance(value, str):
            raise self.wrong(key, f"{key} is one text")
        return value


def sections_text(remark: Sequence[str], documents: Iterable[Mapping[str, Any]]) -> str:
    """The file's text, below a remark that says what it is."""
    head = "".join(f"# {line}\n" for line in remark)
    return head + f"{_BETWEEN}\n".join(map(dump, documents))


def read_sections(path: Path) -> list[Section]:
    """The documents of a file. Raises UsageProblem where one is none."""
    try:
        text = whole_of(path, _LARGEST).decode("utf-8")
    except UnicodeDecodeError as error:
        raise UsageProblem(f"{path}: the text is not UTF-8", "save it as UTF-8") from error
    return [_section(path, first, part) for first, part in _parts(text)]


def _parts(text: str) -> Iterator[tuple[int, str]]:
    """Each document's text, and the line on which it begins."""
    first = 1
    lines: list[str] = []
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), 1):
        if line.rstrip() == _BETWEEN:
            yield first, "\n".join([*lines, ""])
            first, lines = number + 1, []
        else:
            lines.append(line)
    yield first, "\n".join(lines)


def _section(path: Path, first: int, text: str) -> Section:
    try:
        return Section(path, first, load(text.encode()))
    except YamlError as error:
        where = f"{path}:{first - 1 + error.line}:{error.column}"
        raise UsageProblem(f"{where}: {error.sentence}", error.hint) from error
