"""The whole way of an issue, shown: the real commands, run one after the other on real git."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from defectreg.cli.errors import FINDINGS
from defectreg.cli.output import bold, escape
from defectreg.register.errors import CannotRun

if TYPE_CHECKING:
    from collections.abc import Mapping

app = typer.Typer()

_WIDTH = 100
"""Characters of a line of the transcript; what is longer is cut."""
_FOUNDERS = (
    *("--person", "supplier-one:large-supplier:reporter:keys/supplier-one"),
    *("--person", "dcc:dcc:validator+administrator:keys/dcc"),
    *("--person", "secas:secas:publisher+administrator:keys/secas"),
)
_ISSUE = (
    *("--title", "Meter stops sending billing alerts after a Hub firmware update"),
    *("--affected", "CHF:FF02/00020001 + ESME:FF01/00010100@0001* in North"),
    *(
        "--behaviour",
        "After the Hub takes 00020002 the meter sends no 8F0A at the end of a period.",
    ),
    *("--alert", "8F0A", "--certainty", "suspected", "--impact-consumers", "medium"),
)
_BAD_ISSUE = (
    *("--title", "Faulty meter sends no billing alerts"),
    *("--affected", "ESME:FF01/00010100"),
    *("--behaviour", "The meter at AB10 1AB, which should be recalled, sends no 8F0A."),
)
_AS_SUPPLIER = ("--key", "../keys/supplier-one")
_AS_VALIDATOR = ("--key", "../keys/dcc")


@app.callback()
def showing() -> None:
    """Makes typer keep the command's name where it is the only one."""


@app.command()
def demo() -> None:
    """See the whole way of an issue in a minute, and publish a register.

    Everything is written to a new temporary folder; in the program's own clone its register is
    published into public/ too.
    """
    home = Path(tempfile.mkdtemp(prefix="defectreg-demo-"))
    stage = _Stage(home, home / "register")
    print(f"All of this happens in a new folder; nothing is sent anywhere.\n  {escape(str(home))}")
    _start(stage)
    record_id = _report(stage)
    _accept(stage, record_id)
    page = _publish(stage)
    _say_what_next(stage, record_id, page)


@dataclass(frozen=True, slots=True)
class _Stage:
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

    def say(self, sentence: str) -> None:
        """A line between two commands."""
        print(f"\n{sentence}")


def _start(stage: _Stage) -> None:
    stage.say("Three people make their keys, and a register is started with them.")
    for person in ("supplier-one", "dcc", "secas"):
        stage.run("defectreg", "key", f"keys/{person}", folder=stage.home, shown=2)
    stage.run(
        *("defectreg", "init", "register", "--name", "demo", *_FOUNDERS), folder=stage.home, shown=3
    )


def _report(stage: _Stage) -> str:
    """Add an issue, and have a bad one refused; returns the good one's id."""
    stage.say("A supplier's engineer reports an issue. It goes on a branch of its own.")
    stage.run("defectreg", "add", *_ISSUE, *_AS_SUPPLIER, must_say=["submit/DR-"])
    record_id = _the_request(stage.register)
    stage.say("What may not stand in a register is refused, and nothing typed is lost.")
    stage.run(
        "defectreg", "add", *_BAD_ISSUE, *_AS_SUPPLIER, expected=FINDINGS, must_say=["error["]
    )
    return record_id


def _accept(stage: _Stage, record_id: str) -> None:
    stage.say("The validator reads it and signs, and the request is merged.")
    stage.run("defectreg", "review", record_id, must_say=[record_id], shown=30)
    stage.run(
        *("defectreg", "review", record_id, "--accept", "--yes", *_AS_VALIDATOR),
        must_say=["sign-off"],
    )
    stage.run("git", "merge", "--quiet", "--no-ff", "-m", "Land it", f"submit/{record_id}")
    stage.run("defectreg", "validate")
    stage.say("Now everybody finds it.")
    stage.run("defectreg", "search", "billing alerts", must_say=[record_id], shown=30)


def _publish(stage: _Stage) -> Path:
    """Publish the clone's own register, else the new one; returns the front page."""
    clone = _clone()
    folder = clone or stage.register
    if clone is not None:
        stage.say("This clone is a register too, of invented records. It is published.")
    else:
        stage.say("The register is published.")
    stage.run(
        *("defectreg", "publish", "--output", "public"),
        folder=folder,
        must_say=["No recommendations are made or intended"],
    )
    return folder / "public" / "index.html"


def _say_what_next(stage: _Stage, record_id: str, page: Path) -> None:
    program = shlex.quote(_typed_program())
    print(f"\n{bold('Open')}  {escape(str(page))}")
    print(f"{bold('Try')}   cd {escape(shlex.quote(str(stage.register)))}")
    for command in (
        f"show {record_id}",
        f"add fix {record_id[3:7].lower()} 'Update the meter.' --device ESME --firmware 00030005 "
        f"{' '.join(_AS_SUPPLIER)}",
        "policy try certainty-threshold=confirmed",
        "--help",
    ):
        print(f"      {program} {command}")


def _typed_program() -> str:
    """How the program is typed here: as it was, made to work in any folder."""
    given = Path(sys.argv[0])
    return str(given.absolute()) if given.name == "defectreg" and given.parent.name else "defectreg"


def _the_request(register: Path) -> str:
    from defectreg.store.places import open_register

    branches = [ref.rpartition("/")[2] for ref in open_register(register).requests()]
    if len(branches) != 1:
        raise CannotRun("adding the issue did not make one branch submit/DR-...")
    return branches[0]


def _clone() -> Path | None:
    """The program's own clone, where the command was started inside it."""
    clone = Path(__file__).resolve().parents[2]
    is_register = (clone / "policy" / "register.yaml").is_file() and (clone / "records").is_dir()
    return clone if is_register and Path.cwd().resolve().is_relative_to(clone) else None


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
