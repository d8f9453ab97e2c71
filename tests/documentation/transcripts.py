"""Transcripts in pages: what is typed and printed, run again, and compared with what is written.

A transcript is a fenced block marked ``console``. A line that begins with ``$`` is typed, and goes
on where it ends with a backslash; the lines after it are what is printed. All blocks of a page are
one session: real git, a home folder of its own, ``defectreg`` as ``python -m defectreg``.

- Every command ends with 0, as it would have to in ``set -e``. A refusal is shown by
  ``; echo "exit code $?"`` behind it.
- A line that is only ``…`` stands for one or more lines; a line that ends with `` …`` for every
  line that begins so.
- What differs from run to run is written as one and the same example: see :class:`Names`.
"""

from __future__ import annotations

import base64
import datetime
import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

ELISION = "…"
_FENCE = "```"
_OPENING = f"{_FENCE}console"

RECORD_ID = "DR-7K3Q-X4MB"
DAY = datetime.date(2026, 10, 21)
HOME = "/home/you"


@dataclass(frozen=True, slots=True)
class Call:
    """One command and what it is said to print, at the lines ``first`` to ``last`` of the page.

    ``last`` is the line after the last one, as in a slice.
    """

    typed: str
    printed: tuple[str, ...]
    first: int
    last: int


def calls_of(page: str) -> Iterator[Call]:
    """Every command of the page's transcripts, in order; raises ValueError for text before one."""
    lines = page.split("\n")
    for start, end in _blocks(lines):
        at = start
        while at < end:
            typed, first = _typed(lines, at)
            last = first
            while last < end and not lines[last].startswith("$ "):
                last += 1
            yield Call(typed, tuple(lines[first:last]), first, last)
            at = last


def _blocks(lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    at = 0
    while at < len(lines):
        if lines[at] == _OPENING:
            end = lines.index(_FENCE, at)
            yield at + 1, end
            at = end
        at += 1


def _typed(lines: Sequence[str], at: int) -> tuple[str, int]:
    if not lines[at].startswith("$ "):
        raise ValueError(f"line {at + 1} is printed by no command: {lines[at]}")
    first = at + 1
    while lines[first - 1].endswith("\\"):
        first += 1
    return "\n".join(lines[at:first]).removeprefix("$ "), first


def agrees(written: Sequence[str], printed: Sequence[str]) -> bool:
    """Whether ``printed`` is what ``written`` says, elisions being what the module says."""
    pattern = "".join(map(_pattern, written))
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in printed)) is not None


def _pattern(line: str) -> str:
    if line == ELISION:
        return r"(?:[^\n]*\n)+"
    if line.endswith(f" {ELISION}"):
        return re.escape(line.removesuffix(ELISION)) + r"[^\n]*\n"
    return re.escape(line) + r"\n"


@dataclass(slots=True)
class Names:
    """What this run made, and the example that pages write for it.

    Record ids, commit ids, keys and their fingerprints are random; today, its month and the folder
    of the run are what they are. The first of a sort is always the first example, the second the
    second.
    """

    home: str
    today: datetime.date
    _examples: dict[str, str] = field(default_factory=dict)

    def shown(self, text: str) -> str:
        """The text as a page writes it."""
        text = text.replace(self.home, HOME)
        for pattern, make in _RANDOM:
            for random in re.findall(pattern, text):
                text = text.replace(random, self._example(random, make))
        for record_id, example in self._records():
            text = text.replace(_folder(record_id), _folder(example))
        for form in _DAY_FORMS:
            text = text.replace(form(self.today), form(DAY))
        text = text.replace(_long_month(self.today), _long_month(DAY))
        return _with_month(text, self.today, DAY)

    def meant(self, typed: str) -> str:
        """A command of a page as it is to be run here."""
        for record_id, example in self._records():
            for part in (str, _folder, _beginning):
                typed = typed.replace(part(example), part(record_id))
        return _with_month(typed.replace(DAY.isoformat(), self.today.isoformat()), DAY, self.today)

    def _example(self, random: str, make: Callable[[int], str]) -> str:
        if random not in self._examples:
            used = self._examples.values()
            self._examples[random] = next(one for one in map(make, count()) if one not in used)
        return self._examples[random]

    def _records(self) -> Iterator[tuple[str, str]]:
        """The ids of the run's records, each with its example."""
        return (pair for pair in self._examples.items() if pair[0].startswith("DR-"))


def _folder(record_id: str) -> str:
    return f"records/{record_id[3:5]}/"


def _beginning(record_id: str) -> str:
    return f" {record_id[3:7].lower()}"


def _example_id(number: int) -> str:
    return RECORD_ID if number == 0 else f"DR-EXMP-{number:04}"


def _example_commit(number: int) -> str:
    return hashlib.sha1(b"commit %d" % number).hexdigest()


def _example_fingerprint(number: int) -> str:
    digest = hashlib.sha256(b"key %d" % number).digest()
    return f"SHA256:{base64.b64encode(digest).decode().rstrip('=')}"


def _example_key(number: int) -> str:
    digest = hashlib.sha256(b"key %d" % number).digest()
    kind = bytes.fromhex("0000000b") + b"ssh-ed25519" + bytes.fromhex("00000020")
    return base64.b64encode(kind + digest).decode()


def _long_date(day: datetime.date) -> str:
    return f"{day.day} {day:%B %Y}"


def _long_month(day: datetime.date) -> str:
    return f"{day:%B %Y}"


def _with_month(text: str, one: datetime.date, other: datetime.date) -> str:
    """The text with one day's month (``2026-10``) as the other's, where it is no part of a day."""
    return re.sub(rf"{one:%Y-%m}(?!-?[0-9])", f"{other:%Y-%m}", text)


_RANDOM: tuple[tuple[str, Callable[[int], str]], ...] = (
    (r"\bDR(?:-[0-9A-HJKMNP-TV-Z]{4}){2}\b", _example_id),
    (r"\b[0-9a-f]{40}\b", _example_commit),
    (r"SHA256:[A-Za-z0-9+/]{43}(?![A-Za-z0-9+/])", _example_fingerprint),
    (r"\bAAAAC3NzaC1lZDI1NTE5[A-Za-z0-9+/]{48}(?![A-Za-z0-9+/])", _example_key),
)
_DAY_FORMS: tuple[Callable[[datetime.date], str], ...] = (datetime.date.isoformat, _long_date)


@dataclass(slots=True)
class Session:
    """Runs a page's commands one after the other, as they would be typed in one terminal."""

    home: Path
    names: Names
    folder: Path
    environment: dict[str, str]

    @classmethod
    def begin(cls, home: Path) -> Session:
        """A session in an empty home, with ``defectreg`` on the path and no settings of git."""
        programs = home.parent / "bin"
        programs.mkdir(parents=True)
        program = programs / "defectreg"
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m defectreg "$@"\n', "utf-8")
        program.chmod(0o755)
        home.mkdir(parents=True)
        environment = {
            **os.environ,
            "HOME": str(home),
            "XDG_CONFIG_HOME": str(home / ".config"),
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
            "PYTHONUNBUFFERED": "1",  # what both streams print comes in the order of a terminal
            "COLUMNS": "100",
        }
        names = Names(str(home), datetime.datetime.now(ZoneInfo("Europe/London")).date())
        return cls(home, names, home, environment)

    def run(self, typed: str) -> list[str]:
        """What the command prints, on both streams; raises AssertionError unless it ends with 0."""
        if typed.startswith("cd "):
            self.folder = (self.folder / self.names.meant(typed).removeprefix("cd ")).resolve()
            return []
        answer = subprocess.run(
            ["sh", "-c", self.names.meant(typed)],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            encoding="utf-8",
        )
        printed = self.names.shown(answer.stdout)
        if answer.returncode != 0:
            raise AssertionError(f"$ {typed}\nended with {answer.returncode}:\n{printed}")
        return [line.rstrip() for line in printed.rstrip("\n").split("\n")] if printed else []
