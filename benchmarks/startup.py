"""What a command costs before it does anything: its start beside Python's own, and its imports.

Measured as installed, with every module compiled: into a folder of its own, so that neither an
edited module nor ``PYTHONDONTWRITEBYTECODE`` is counted.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

RUNS = 15
PYTHON = (sys.executable, "-c", "pass")
HEAVY = ("duckdb", "git", "holidays", "jinja2", "jsonschema", "jsonschema_rs", "rich", "yaml")
"""Libraries that a command names in its row when it loads them."""


@dataclass(frozen=True)
class Start:
    """What a command takes of a processor, in seconds, beside ``python -c pass``; the target."""

    command: str
    ours: float
    python: float
    target: str = "at most 7x"

    def __str__(self) -> str:
        return (
            f"| `{self.command}` | {self.ours * 1000:.0f} ms | {self.python * 1000:.0f} ms | "
            f"{self.ours / self.python:.1f}x | {self.target} |"
        )


@dataclass(frozen=True)
class Imports:
    """The modules that a command loads, how many are this program's, and what loading took."""

    command: str
    modules: int
    own: int
    milliseconds: float
    heavy: tuple[str, ...]

    def __str__(self) -> str:
        return (
            f"| `{self.command}` | {self.modules} | {self.own} | {self.milliseconds:.0f} ms | "
            f"{', '.join(self.heavy) or 'none'} |"
        )


def commands(record_id: str) -> tuple[tuple[str, ...], ...]:
    """The commands that are asked most, of a register that has this record."""
    return (
        ("--version",),
        ("--help",),
        ("show", record_id),
        ("log", record_id),
        ("search", "billing"),
        ("queue",),
        ("validate",),
        ("explain", "R001"),
        ("policy", "show"),
    )


def starts(register: Path, record_id: str, compiled: Path) -> list[Start]:
    """Median processor time of each command and of Python's start, measured in turn."""
    asked = commands(record_id)
    taken: dict[tuple[str, ...], list[float]] = {command: [] for command in (PYTHON, *asked)}
    for command in asked:  # compiles, and fills what is kept in the clone
        _processor(_defectreg(command), register, compiled)
    for _ in range(RUNS):
        for command, times in taken.items():
            words = command if command == PYTHON else _defectreg(command)
            times.append(_processor(words, register, compiled))
    python = statistics.median(taken.pop(PYTHON))
    return [
        Start(" ".join(command), statistics.median(times), python)
        for command, times in taken.items()
    ]


def imports(register: Path, record_id: str, compiled: Path) -> list[Imports]:
    """What each command loads once all is compiled and kept; milliseconds as Python tells them."""
    rows = []
    for command in commands(record_id):
        _processor(_defectreg(command), register, compiled)
        words = _defectreg(command, "-X", "importtime")
        said = subprocess.run(
            words,
            cwd=register,
            env=_environment(compiled),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        ).stderr
        rows.append(_row(" ".join(command), said))
    return rows


def _row(command: str, said: str) -> Imports:
    """The lines ``import time: own | all | module``, in microseconds, after a heading."""
    lines = [line.partition(":")[2].split("|") for line in said.splitlines() if _is_told(line)]
    loaded = {module.strip(): int(own) for own, _, module in lines}
    roots = {module.partition(".")[0] for module in loaded}
    return Imports(
        command,
        len(loaded),
        sum(module.partition(".")[0] == "defectreg" for module in loaded),
        sum(loaded.values()) / 1000,
        tuple(name for name in HEAVY if name in roots),
    )


def _is_told(line: str) -> bool:
    return line.startswith("import time:") and "self [us]" not in line


def _defectreg(command: Sequence[str], *options: str) -> list[str]:
    return [sys.executable, *options, "-m", "defectreg", *command]


def _processor(words: Sequence[str], folder: Path, compiled: Path) -> float:
    """Seconds of processor time, the program's own and the system's, git's included."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        words,
        cwd=folder,
        env=_environment(compiled),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _environment(compiled: Path) -> dict[str, str]:
    kept = {name: text for name, text in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPYCACHEPREFIX": str(compiled), "PYTHONSAFEPATH": "1"}
