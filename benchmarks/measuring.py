"""What was measured, as rows of a table, and how: whole programs, by the clock on the wall."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

LIMIT = int(os.environ.get("BENCHMARK_LIMIT", "600"))
"""Seconds after which something is stopped, and reported as such."""
BIN = Path(sys.executable).parent
WORK = Path(tempfile.gettempdir()) / "defectreg-benchmarks"

_AS_INSTALLED = {
    **{name: text for name, text in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
    "PYTHONPYCACHEPREFIX": str(WORK / "compiled"),
}
"""The environment of what is measured: with every module compiled, as an installed program is."""


@dataclass(frozen=True)
class Row:
    """One comparison: seconds of ours and of the other, and the ratio that is aimed at."""

    work: str
    ours: float
    other: float
    against: str
    target: str

    def __str__(self) -> str:
        ratio = self.other / self.ours
        shown = f"{ratio:.1f}x faster" if ratio >= 1 else f"{1 / ratio:.1f}x as long"
        if LIMIT in (self.ours, self.other):
            shown = "stopped: not known" if ratio <= 1 else f"at least {shown}"
        return (
            f"| {self.work} | {_shown(self.ours)} | {self.against} | {_shown(self.other)} | "
            f"{shown} | {self.target} |"
        )


def _shown(seconds: float) -> str:
    return f"stopped after {LIMIT} s" if seconds == LIMIT else f"{seconds:.2f} s"


@dataclass(frozen=True)
class Figure:
    """Something measured that is compared with nothing but its target."""

    work: str
    measured: str
    target: str

    def __str__(self) -> str:
        return f"| {self.work} | {self.measured} | {self.target} |"


def timed(*commands: Sequence[str], folder: Path, accepted: tuple[int, ...] = (0,)) -> float:
    """Seconds that commands take one after the other; LIMIT where they were stopped."""
    start = time.perf_counter()
    try:
        for command in commands:
            left = LIMIT - (time.perf_counter() - start)
            done = subprocess.run(
                command,
                cwd=folder,
                env=_AS_INSTALLED,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                timeout=left,
                check=False,
            )
            if done.returncode not in accepted:
                raise SystemExit(f"{command[:4]}: exit {done.returncode}: {done.stderr[-2000:]!r}")
    except subprocess.TimeoutExpired:
        return float(LIMIT)
    return time.perf_counter() - start


@dataclass(frozen=True)
class Spent:
    """What a command took: seconds by the clock and of the processors, megabytes at most."""

    seconds: float
    processor: float
    memory: float
    """Of the largest of its processes; at least what this one has, of which they are forked."""

    def __str__(self) -> str:
        return f"{self.seconds:.2f} s, of processors {self.processor:.2f} s, {self.memory:.0f} MB"


def spent(command: Sequence[str], folder: Path, accepted: tuple[int, ...] = (0,)) -> Spent:
    """Run a command to its end, however long it takes."""
    start = time.perf_counter()
    with subprocess.Popen(
        command, cwd=folder, env=_AS_INSTALLED, stdout=subprocess.DEVNULL
    ) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in accepted:
        raise SystemExit(f"{command[:4]}: exit {process.returncode}")
    seconds = time.perf_counter() - start
    return Spent(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def best(*commands: Sequence[str], folder: Path, accepted: tuple[int, ...] = (0,)) -> float:
    """The shortest of three times, the first of which is not counted: it fills what is kept."""
    timed(*commands, folder=folder, accepted=accepted)
    return min(timed(*commands, folder=folder, accepted=accepted) for _ in range(3))


def defectreg(*words: str) -> list[str]:
    """The command line of this program."""
    return [str(BIN / "defectreg"), *words]


def in_own_process(name: str, act: Callable[[], None]) -> float:
    """Run something in a process of its own; print its time and memory; its processor time."""
    sys.stdout.flush()
    started, child = time.perf_counter(), os.fork()
    if not child:
        act()
        os._exit(0)
    _, status, used = os.wait4(child, 0)
    if status:
        raise SystemExit(f"{name} ended with {status}")
    spent = used.ru_utime + used.ru_stime
    print(f"{name}: {time.perf_counter() - started:.1f} s, {spent:.1f} s of processors, "
          f"{used.ru_maxrss / (1 << 20):.2f} GB")  # fmt: skip
    return spent
