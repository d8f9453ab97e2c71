"""Decide: land requests as one step of the main branch."""

from __future__ import annotations

import datetime
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from defectreg.cli.completing import complete_id
from defectreg.cli.errors import FINDINGS
from defectreg.cli.findings import counted, counts_json, finding_json, print_findings, summary
from defectreg.cli.options import DryRunOption, JsonOption, KeyOption, PartyOption
from defectreg.cli.output import bold, emit_json, escape, progress
from defectreg.cli.today import today
from defectreg.register.errors import UsageProblem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defectreg.gate.landing import Attempt
    from defectreg.gate.moving import Landed

app = typer.Typer()

SCHEMA_VERSION = 1
_STAGES = 2
"""Judging the step, and moving the branch."""
_MOST_SHOWN = 20
"""Names that one line of text lists."""


@app.callback()
def landing() -> None:
    """Makes typer keep the command's name where it is the only one."""


_EXAMPLES = """\b
Examples:
  defectreg land 7k3q                 land what requests bring of one record
  defectreg land --all --dry-run      what is ready, and what is not
  defectreg land 7k3q 9pmw --no-push  land here alone"""


@app.command(epilog=_EXAMPLES)
def land(
    ids: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ID]...", autocompletion=complete_id, help="Records."),
    ] = None,
    all_ready: Annotated[
        bool, typer.Option("--all", help="Every record of a request against which nothing stands.")
    ] = False,
    remote: Annotated[
        str | None,
        typer.Option(
            "--push",
            metavar="REMOTE",
            help="Push the step there. Without it, to the upstream of the main branch if it has "
            "one.",
        ),
    ] = None,
    no_push: Annotated[
        bool, typer.Option("--no-push", help="Land it in this clone alone.")
    ] = False,
    party: PartyOption = None,
    key: KeyOption = None,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Land what requests bring of these records as one step of the main branch.

    What is not named stays on its request, and so do sign-offs that read what is not there. The
    branches of which nothing is left are removed. Exit code 1: something is wrong, or awaited.
    """
    from defectreg.gate.landing import Lander
    from defectreg.gate.moving import Wanted
    from defectreg.gate.moving import land as move
    from defectreg.store.identity import identify
    from defectreg.store.places import meant_id, open_register

    if bool(ids) == all_ready:
        raise UsageProblem(
            "land takes the ids of records, or --all", "`defectreg queue` lists what waits"
        )
    if no_push and remote:
        raise UsageProblem("--push and --no-push say different things", "use one of them")
    register = open_register(Path())
    now = datetime.datetime.now(datetime.UTC)
    lander = Lander(identify(register, party, key).party, now, today(now))
    record_ids = tuple(meant_id(register, typed) for typed in ids or ())
    wanted = Wanted(record_ids, remote, not no_push, dry_run)
    with progress("land", _STAGES) as done:
        landed = move(register, wanted, lander, done)
    if as_json:
        emit_json(landed_json(landed))
    else:
        _print(landed, dry_run=dry_run)
    if not landed.attempt.judgement.passes:
        raise typer.Exit(FINDINGS)


def landed_json(landed: Landed) -> dict[str, Any]:
    """What landed, as one object of JSON.

    ``schema_version``: 1; ``landed``; ``commit`` (null where nothing landed); ``branch`` and
    ``remote`` (to which it was pushed, or null); ``records`` (ids), ``files`` (paths),
    ``left_out`` (paths of sign-offs that read what is not there), ``unsigned`` (paths of what waits
    for its Party's signature and stays on its request), ``renamed`` (path → the name that the
    statement had on its request); ``not_ready`` (ids that ``--all`` left out), ``nothing_new`` (ids
    that were named and stand there already); ``removed`` (branches of which nothing was left),
    ``notes`` (sentences); ``counts`` and ``findings`` as in ``validate``.
    """
    attempt = landed.attempt
    gathered, judgement = attempt.gathered, attempt.judgement
    return {
        "schema_version": SCHEMA_VERSION,
        "landed": landed.commit is not None,
        "commit": landed.commit,
        "branch": landed.onto.name,
        "remote": landed.remote,
        "records": list(gathered.record_ids),
        "files": sorted(gathered.files),
        "left_out": list(gathered.left_out),
        "unsigned": list(gathered.unsigned),
        "renamed": dict(gathered.renamed),
        "not_ready": list(attempt.not_ready),
        "nothing_new": list(attempt.nothing_new),
        "removed": list(landed.removed),
        "notes": list(landed.notes),
        "counts": counts_json(judgement.findings),
        "findings": [finding_json(each) for each in judgement.findings],
    }


def _print(landed: Landed, *, dry_run: bool) -> None:
    judgement = landed.attempt.judgement
    print_findings(judgement.findings)
    print("\n".join(_lines(landed, dry_run=dry_run)))
    for note in landed.notes:
        print(f"note: {escape(note)}", file=sys.stderr)


def _lines(landed: Landed, *, dry_run: bool) -> Iterator[str]:
    attempt = landed.attempt
    gathered, judgement = attempt.gathered, attempt.judgement
    what = f"{counted(len(gathered.record_ids), 'record')}, {counted(len(gathered.files), 'file')}"
    yield from _passed_over_lines(attempt)
    if not judgement.passes:
        yield summary(judgement.findings, what, "Nothing is wrong.")
        yield f"{bold('Not landed')}: {what}."
    elif attempt.commit is None:
        yield "Nothing is ready to land."
    elif landed.commit is None:
        yield f"{'Would land' if dry_run else 'Not landed'} on {escape(landed.onto.name)}: {what}."
    else:
        yield from _landed_lines(landed, what)


def _passed_over_lines(attempt: Attempt) -> Iterator[str]:
    gathered = attempt.gathered
    if attempt.not_ready:
        yield f"Not ready: {_named(attempt.not_ready)}; `defectreg land ID --dry-run` says why"
    if attempt.nothing_new:
        yield f"Nothing new: {_named(attempt.nothing_new)}; what requests brought has landed"
    for path in gathered.left_out:
        yield f"Left out: {escape(path)} reads what is not there"
    for path in gathered.unsigned:
        yield f"Left out: {escape(path)} is not signed yet"
    for path, name in gathered.renamed.items():
        yield f"Renumbered: {escape(name)} lands as {escape(path.rpartition('/')[2])}"


def _landed_lines(landed: Landed, what: str) -> Iterator[str]:
    pushed = f", pushed to {escape(landed.remote)}" if landed.remote else ""
    files = sorted(landed.attempt.gathered.files)
    yield f"{bold('Landed')} on {escape(landed.onto.name)}{pushed}: {what}."
    yield f"  commit {landed.commit}"
    yield from (f"  {escape(path)}" for path in files[:_MOST_SHOWN])
    if len(files) > _MOST_SHOWN:
        yield f"  and {len(files) - _MOST_SHOWN} more: git show --stat lists them"
    if landed.removed:
        yield f"  removed {_named(landed.removed)}"


def _named(names: tuple[str, ...]) -> str:
    more = len(names) - _MOST_SHOWN
    text = ", ".join(map(escape, names[:_MOST_SHOWN]))
    return f"{text} and {more} more" if more > 0 else text
