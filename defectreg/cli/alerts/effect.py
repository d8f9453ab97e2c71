"""The command that measures whether a fix changed the alerts."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from defectreg.cli.alerts.options import AlertOption, alert_codes
from defectreg.cli.errors import FINDINGS
from defectreg.cli.inventory.options import EngineOption, InventoryOption
from defectreg.cli.options import JsonOption, RecordArgument
from defectreg.cli.output import emit_json, escape, progress
from defectreg.register.errors import UsageProblem

if TYPE_CHECKING:
    from defectreg.alerts.effects import Asked, Effect
    from defectreg.register.record import Record
    from defectreg.register.statement import Statement
    from defectreg.store.alerts.asking import Kept

app = typer.Typer()

_EXAMPLES = """\b
Examples:
  defectreg alerts effect 7k3q
  defectreg alerts effect 7k3q --alert 8F1E --json"""


@app.callback()
def keeping() -> None:
    """Makes typer keep the command's name where it is the only one."""


@app.command(epilog=_EXAMPLES)
def effect(
    record_id: RecordArgument,
    fix: Annotated[
        str | None,
        typer.Option("--fix", metavar="FILE", help="Only this fix, by its statement's file name."),
    ] = None,
    alert: AlertOption = None,
    engine: EngineOption = "duckdb",
    inventory: InventoryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Measure whether a record's fix changed the alerts of the premises that took it.

    Alerts for each premises-day before and after, beside like premises that had not yet taken it:
    the same region, and the same combination otherwise. Proposes a confirmation or a challenge with
    the figures; writes nothing. Without --alert, the record's alert codes. Exit code 1: not every
    fix is confirmed by the figures.
    """
    from defectreg.alerts.telling import SCHEMA_VERSION, effect_json, effect_lines
    from defectreg.search.lives import life_of
    from defectreg.store.alerts.asking import open_kept
    from defectreg.store.inventory.places import open_inventory
    from defectreg.store.places import open_register

    life = life_of(open_register(Path.cwd()), record_id)
    record = life.standing.record
    landed = [item.statement for item in life.standing.landed]
    wanted = list(_wanted([*landed, *(item.statement for item in life.waiting)], record, fix))
    codes = alert_codes(alert) or sorted(record.data.get("alerts", ()))
    if not codes:
        raise UsageProblem(f"{record.id} names no alert code", "give --alert CODE")
    kept = open_kept(open_inventory(inventory), None, None)
    with progress("Measuring", len(wanted)) as done:
        measured = [(each, _measured(asked, kept, codes, engine, done)) for each, asked in wanted]
    if as_json:
        effects = [effect_json(made, each) for each, made in measured]
        meta = {"id": record.id, "alerts": codes}
        emit_json({"schema_version": SCHEMA_VERSION, "meta": meta, "effects": effects})
    else:
        for each, made in measured:
            sys.stdout.writelines(f"{escape(line)}\n" for line in effect_lines(made, each))
    if any(made.verdict != "confirmation" for _, made in measured):
        raise typer.Exit(FINDINGS)


def _wanted(
    said: Sequence[Statement], record: Record, file: str | None
) -> Iterator[tuple[Statement, Asked]]:
    """Each fix that can be measured, and what is measured of it."""
    from defectreg.alerts.effects import asked_of

    fixes = [each for each in said if each.kind == "fix" and file in (None, each.file)]
    found = [(each, asked) for each in fixes for asked in asked_of(each, record.affected)]
    if not found:
        raise UsageProblem(
            f"{record.id} has no such fix that names the firmware of an ESME, a GSME or a "
            "Communications Hub",
            f"`defectreg show {record.id}` lists what was said",
        )
    yield from found


def _measured(
    asked: Asked, kept: Kept, codes: Sequence[str], engine: str, done: Callable[[int], None]
) -> Effect:
    from defectreg.alerts.effects import measure
    from defectreg.store.tables.engine import many, open_engine, read_sql

    sql = kept.views + read_sql("defectreg.alerts", "effect.sql")
    tables = {**kept.tables, "codes": many([[code] for code in codes], "code")}
    with open_engine(engine).run(sql, tables, asked.parameters) as answer:
        effect = measure(asked, answer.rows())
    done(1)
    return effect
