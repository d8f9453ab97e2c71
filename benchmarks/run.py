"""Runs the benchmarks side by side and writes the table of ratios.

``make bench`` or ``python -m benchmarks.run [NAME…] [--records N]``. Registers and results stay in
a folder of the system's temporary one, so that a second run need not make them again.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from benchmarks import registers

LIMIT = 600
"""Seconds after which something is stopped, and reported as such."""
BIN = Path(sys.executable).parent
WORK = Path(tempfile.gettempdir()) / "defectreg-benchmarks"
BATCH = 4000
"""Files given to check-jsonschema at once: a command line holds no more."""


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
        return (
            f"| {self.work} | {self.ours:.2f} s | {self.against} | {self.other:.2f} s | "
            f"{shown} | {self.target} |"
        )


def timed(*commands: Sequence[str], folder: Path, accepted: tuple[int, ...] = (0,)) -> float:
    """Seconds that commands take one after the other; LIMIT where they were stopped."""
    start = time.perf_counter()
    try:
        for command in commands:
            left = LIMIT - (time.perf_counter() - start)
            done = subprocess.run(
                command,
                cwd=folder,
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


def validate(records: int) -> list[Row]:
    """``validate`` of a whole register, cold, against check-jsonschema on the same files."""
    folder = registers.make(WORK / f"register-{records}", records)
    ours = min(timed([str(BIN / "defectreg"), "validate", "--quiet"], folder=folder)
               for _ in range(3))  # fmt: skip
    files = sorted(folder.glob("records/*/*.yaml"))
    statements = sorted(folder.glob("records/*/*/*.yaml"))
    commands = [
        [str(BIN / "check-jsonschema"), "--schemafile", f"schema/{schema}.schema.json",
         *(str(path.relative_to(folder)) for path in group[start : start + BATCH])]
        for schema, group in (("record", files), ("statement", statements))
        for start in range(0, len(group), BATCH)
    ]  # fmt: skip
    other = timed(*commands, folder=folder)
    work = f"validate {len(files)} records and {len(statements)} statements, cold"
    return [Row(work, ours, other, f"check-jsonschema {version('check-jsonschema')}", "≥ 15x")]


def start_up(_: int) -> list[Row]:
    """The start-up of a command that reads nothing, against Python's own."""
    ours = min(timed([str(BIN / "defectreg"), "--version"], folder=WORK) for _ in range(15))
    other = min(timed([sys.executable, "-c", "pass"], folder=WORK) for _ in range(15))
    return [Row("defectreg --version", ours, other, "python -c pass", "≤ 7x as long")]


BENCHMARKS: dict[str, Callable[[int], list[Row]]] = {"validate": validate, "start-up": start_up}


def main() -> None:
    """Runs what was named, all without a name, and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", choices=[[], *BENCHMARKS])
    parser.add_argument("--records", type=int, default=10_000)
    given = parser.parse_args()
    WORK.mkdir(exist_ok=True)
    rows = [row for name in given.names or BENCHMARKS for row in BENCHMARKS[name](given.records)]
    print(f"Python {platform.python_version()}, {os.cpu_count()} processors\n")
    print("| work | ours | against | theirs | ratio | target |")
    print("|---|---|---|---|---|---|")
    print("\n".join(map(str, rows)))


if __name__ == "__main__":
    main()
