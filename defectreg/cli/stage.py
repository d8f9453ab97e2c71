"""How a demonstration is played: real commands, each printed before what it says."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from defectreg.cli.output import bold, escape
from defectreg.register.errors import CannotRun

if TYPE_CHECKING:
    from collections.abc import Mapping

_WIDTH = 100
"""Characters of a line of the transcript; what is longer is cut."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Where the commands run: a folder with keys, and the register in it."""

    home: Path
    register: Path

    def run(
        self,
        *words: str,
        folder: Path | None = None,
        expected: int = 0,
        must_say: Sequence[str] = (),
        shown: int = 12,
    ) -> str:
        """Run a command as it would be typed and show both; returns what it printed.

        Raises CannotRun where it ends otherwise than expected, or does not say what it must.
        """
        print(f"\n{bold(_as_typed(words))}")
        answer = subprocess.run(
            [sys.executable, "-m", *words] if words[0] == "defectreg" else list(words),
            cwd=folder or self.register,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            encoding="utf-8",
            errors="backslashreplace",
        )
        lines = answer.stdout.splitlines()
        if lines:
            print("\n".join(map(_plain, lines[:shown])))
        if len(lines) > shown:
            print(f"... {len(lines) - shown} more lines")
        missing = [text for text in must_say if text not in answer.stdout]
        if answer.returncode != expected or missing:
            print("\n".join(map(_plain, lines[shown:])))
            raise CannotRun(
                f"this step ended with {answer.returncode} instead of {expected}"
                + (f", without saying {missing[0]}" if missing else ""),
                f"what it left stands in {self.home}; `defectreg doctor` looks at this machine",
            )
        return answer.stdout

    def quietly(self, *words: str, folder: Path) -> None:
        """Run what is no part of the story; raises CannotRun where it fails."""
        answer = subprocess.run(
            list(words), cwd=folder, env=_environment(), stdin=subprocess.DEVNULL,
            capture_output=True, check=False,
        )  # fmt: skip
        if answer.returncode != 0:
            raise CannotRun(
                f"{shlex.join(words[:3])} ended with {answer.returncode}",
                f"what it left stands in {self.home}; `defectreg doctor` looks at this machine",
            )

    def say(self, sentence: str) -> None:
        """A line between two commands."""
        print(f"\n{sentence}")


def _environment() -> Mapping[str, str]:
    """The caller's, without what would make the commands another Party's or another key's."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("DEFECTREG_", "GIT_", "_DEFECTREG"))
    }
    named = {
        f"GIT_{role}_{what}": text
        for role in ("AUTHOR", "COMMITTER")
        for what, text in (("NAME", "dcc"), ("EMAIL", "dcc@parties.invalid"))
    }
    unsigned = {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "commit.gpgSign",
        "GIT_CONFIG_VALUE_0": "false",
    }
    return {**kept, **named, **unsigned, "NO_COLOR": "1"}


def _as_typed(words: Sequence[str]) -> str:
    """A command as it is typed; a long one with each option on a line of its own."""
    line = escape(f"$ {shlex.join(words)}")
    return line if len(line) <= _WIDTH else line.replace(" --", " \\\n    --")


def _plain(line: str) -> str:
    text = f"  {escape(line)}".rstrip()
    return text if len(text) <= _WIDTH else f"{text[: _WIDTH - 3]}..."
