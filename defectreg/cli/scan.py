"""Scan: which installed Devices are in the register, and whether there is a fix."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from defectreg.cli.errors import FINDINGS
from defectreg.cli.inventory.options import InventoryOption, PadZerosOption
from defectreg.cli.options import AsOfOption, AudienceOption, JsonOption
from defectreg.cli.output import emit_json, progress
from defectreg.cli.scan_lines import lines_of
from defectreg.cli.today import asked_day
from defectreg.register.classification import ALIASES, CLASSES
from defectreg.register.errors import CannotRun, UsageProblem

if TYPE_CHECKING:
    from defectreg.inventory.portfolio.news import State
    from defectreg.inventory.scanning import Asked, Scan
    from defectreg.store.places import Register

app = typer.Typer()

_EXAMPLES = """\b
Examples:
  defectreg scan portfolio.xlsx --columns columns.yaml --pad-zeros
  defectreg scan --baseline last-week.json --csv known.csv
  defectreg scan 'CHF:FF02/00020001@00020002 + ESME:FF01/00010100@00010203'"""
_MOST_SHOWN = 20
"""Combinations, and Devices that could not be judged, of a listing."""
_LARGEST_SCAN = 1 << 30


def _at_least_one(number: int) -> int:
    if number < 1:
        raise UsageProblem(f"--limit {number} shows nothing", "type a number from 1 on")
    return number


@app.command(epilog=_EXAMPLES)
def scan(
    arguments: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[FILE|COMBINATION]...",
            help="A sheet (CSV or XLSX), a snapshot's folder, or a combination in quotation marks. "
            "Without any, the inventory's newest snapshot.",
        ),
    ] = None,
    inventory: InventoryOption = None,
    columns: Annotated[
        Path | None,
        typer.Option(
            "--columns",
            metavar="FILE",
            help="A column map: which column of a sheet is which of ours, such as esme-model. "
            "Without it, names are guessed.",
        ),
    ] = None,
    pad_zeros: PadZerosOption = False,
    baseline: Annotated[
        Path | None,
        typer.Option(
            "--baseline",
            metavar="FILE",
            help="What an earlier scan printed with --json: show what is new, and what is gone.",
        ),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(
            "--since", metavar="REV", help="Show what the register learnt since that commit."
        ),
    ] = None,
    csv: Annotated[
        Path | None,
        typer.Option("--csv", metavar="FILE", help="Write all that was found as CSV."),
    ] = None,
    xlsx: Annotated[
        Path | None,
        typer.Option("--xlsx", metavar="FILE", help="Write all that was found as a workbook."),
    ] = None,
    limit: Annotated[
        int,
        typer.Option(
            "--limit",
            metavar="NUMBER",
            callback=_at_least_one,
            help="List at most so many combinations; --json, --csv and --xlsx have all.",
        ),
    ] = _MOST_SHOWN,
    as_json: JsonOption = False,
    as_of: AsOfOption = None,
    audience: AudienceOption = None,
) -> None:
    """Say which installed Devices are in the register, and whether there is a fix.

    Nothing leaves this machine. Exit code 1: something is known, or could not be judged.
    """
    from defectreg.inventory.scan_results import scan_json

    if baseline is not None and since is not None:
        raise UsageProblem("--baseline and --since cannot go together", "choose one of them")
    wanted = _Wanted(tuple(arguments or ()), inventory, columns, pad_zeros)
    asked, earlier, found = _scanned(wanted, (audience, as_of), baseline, since)
    _write(found, csv, xlsx)
    if as_json:
        emit_json(scan_json(found, asked, earlier, has_baseline=baseline is not None))
    else:
        sys.stdout.writelines(f"{line}\n" for line in lines_of(found, limit))
    if not found.is_clean:
        raise typer.Exit(FINDINGS)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is to be scanned, as it was typed."""

    arguments: tuple[str, ...]
    inventory: Path | None
    columns: Path | None
    pads: bool


def _scanned(
    wanted: _Wanted,
    whom_and_when: tuple[str | None, str | None],
    baseline: Path | None,
    since: str | None,
) -> tuple[Asked, str | None, Scan]:
    """For whom it was asked, the earlier commit that was named, and what was found."""
    from defectreg.inventory.portfolio.groups import Kinds
    from defectreg.inventory.portfolio.opening import named, open_portfolios, read_columns
    from defectreg.inventory.scanning import Asked, scan, state_at, with_news
    from defectreg.store.places import open_register
    from defectreg.store.processes import keep_values

    keep_values()
    meant = named(wanted.arguments)
    register = open_register(Path.cwd())
    audience, as_of = whom_and_when
    asked = Asked(_audience_of(audience, register), asked_day(as_of))
    earlier = None if since is None else _commit(register, since)
    before = None if baseline is None else _read_baseline(baseline)
    kinds = Kinds(pads=wanted.pads)
    with progress("rows") as step:
        columns = read_columns(wanted.columns)
        portfolios = open_portfolios(meant, wanted.inventory, columns, kinds, step)
    if earlier is not None:
        before = state_at(earlier, portfolios, kinds, register, asked)
    found = scan(portfolios, kinds, register, asked)
    return asked, earlier, found if before is None else with_news(found, before)


def _audience_of(typed: str | None, register: Register) -> str:
    if typed is None:
        return register.grounds.policy.audience
    typed = ALIASES.get(typed, typed)
    if typed not in CLASSES:
        raise UsageProblem(f"{typed!a:.40} is no audience", f"one of {', '.join(CLASSES)}")
    return typed


def _commit(register: Register, typed: str) -> str:
    commit = register.repository.resolve(typed)
    if commit is None:
        raise UsageProblem(f"{typed!a:.80} is no commit of this clone", "git log shows them")
    return commit


def _read_baseline(path: Path) -> State:
    from defectreg.inventory.portfolio.news import NotAScan, state_of_json
    from defectreg.store.inventory.sources import whole_of

    try:
        return state_of_json(whole_of(path, _LARGEST_SCAN))
    except NotAScan as error:
        raise CannotRun(f"{path}: {error}", "--baseline takes what scan --json printed") from error


def _write(found: Scan, csv: Path | None, xlsx: Path | None) -> None:
    from defectreg.formats.spreadsheets import SpreadsheetError
    from defectreg.inventory.scan_results import scan_csv, scan_xlsx
    from defectreg.store.inventory.outgoing import outgoing

    if csv is not None:
        with outgoing(csv, names_devices=False) as file:
            file.write(scan_csv(found))
    try:
        if xlsx is not None:
            with outgoing(xlsx, names_devices=False) as file:
                file.write(scan_xlsx(found))
    except SpreadsheetError as error:
        raise CannotRun(f"{xlsx}: {error.sentence}", error.hint) from error
