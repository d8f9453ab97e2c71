"""The whole way of an issue, shown: the real commands, run one after the other on real git."""

from __future__ import annotations

import shlex
import sys
import tempfile
from pathlib import Path

import typer

from defectreg.cli.demo_history import play
from defectreg.cli.errors import FINDINGS
from defectreg.cli.output import bold, escape
from defectreg.cli.stage import Stage
from defectreg.register.errors import CannotRun

app = typer.Typer()

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
    stage = Stage(home, home / "register")
    print(f"All of this happens in a new folder; nothing is sent anywhere.\n  {escape(str(home))}")
    _start(stage)
    record_id = _report(stage)
    _accept(stage, record_id)
    play(home)
    page = _publish(stage)
    _say_what_next(stage, record_id, page)


def _start(stage: Stage) -> None:
    stage.say("Three people make their keys, and a register is started with them.")
    for person in ("supplier-one", "dcc", "secas"):
        stage.run("defectreg", "key", f"keys/{person}", folder=stage.home, shown=2)
    stage.run(
        *("defectreg", "init", "register", "--name", "demo", *_FOUNDERS), folder=stage.home, shown=3
    )


def _report(stage: Stage) -> str:
    """Add an issue, and have a bad one refused; returns the good one's id."""
    stage.say("A supplier's engineer reports an issue. It goes on a branch of its own.")
    stage.run("defectreg", "add", *_ISSUE, *_AS_SUPPLIER, must_say=["submit/DR-"])
    record_id = _the_request(stage.register)
    stage.say("What may not stand in a register is refused, and nothing typed is lost.")
    stage.run(
        "defectreg", "add", *_BAD_ISSUE, *_AS_SUPPLIER, expected=FINDINGS, must_say=["error["]
    )
    return record_id


def _accept(stage: Stage, record_id: str) -> None:
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


def _publish(stage: Stage) -> Path:
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


def _say_what_next(stage: Stage, record_id: str, page: Path) -> None:
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
