"""The command that measures whether a fix changed the alerts."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from defectreg.cli.alerts.correlated import window_of
from defectreg.cli.alerts.options import AlertOption, alert_codes
from defectreg.cli.errors import FINDINGS
from defectreg.cli.inventory.options import EngineOption, InventoryOption
from defectreg.cli.options import JsonOption, RecordArgument
from defectreg.cli.output import disclaimer_lines, emit_json, escape, progress
from defectreg.register.errors import UsageProblem

if TYPE_CHECKING:
    from defectreg.alerts.effects import Asked, Effect, Scope
    from defectreg.register.record import Record
    from defectreg.register.statement import Statement
    from defectreg.search.lives import Life
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
    the figures, and shows the command that would add it; writes nothing. Without --alert, the
    record's alert codes. Exit code 1: not every fix is confirmed by the figures.
    """
    from defectreg.alerts.effects import Scope
    from defectreg.search.lives import life_of
    from defectreg.store.alerts.asking import open_kept
    from defectreg.store.inventory.places import open_inventory
    from defectreg.store.places import open_register

    register = open_register(Path.cwd())
    life = life_of(register, record_id)
    record = life.standing.record
    wanted = list(_wanted(_said(life, is_any=fix is not None), record, fix))
    codes = alert_codes(alert) or sorted(record.data.get("alerts", ()))
    if not codes:
        raise UsageProblem(f"{record.id} names no alert code", "give --alert CODE")
    kept = open_kept(open_inventory(inventory), None, None)
    with progress("Measuring", len(wanted)) as done:
        measured = [(each, _measured(asked, kept, codes, engine, done)) for each, asked in wanted]
    smallest = register.grounds.policy.small_cell
    scope = Scope(tuple(codes), **window_of(kept), smallest=smallest)
    if as_json:
        emit_json(_json(record, measured, scope))
    else:
        _print(measured, scope)
    if any(made.verdict != "confirmation" for _, made in measured):
        raise typer.Exit(FINDINGS)


def _said(life: Life, *, is_any: bool) -> list[Statement]:
    """What landed and what waits, without what was replaced unless ``is_any`` is asked for."""
    replaced = () if is_any else [item.statement for item in life.standing.superseded]
    landed = [item.statement for item in life.standing.landed if item.statement not in replaced]
    return [*landed, *(item.statement for item in life.waiting)]


def _json(
    record: Record, measured: Sequence[tuple[Statement, Effect]], scope: Scope
) -> dict[str, Any]:
    """What was measured, one of ``effects`` for each fix and model."""
    from defectreg.alerts.telling import SCHEMA_VERSION, effect_json
    from defectreg.register.shown_words import DISCLAIMER

    return {
        "schema_version": SCHEMA_VERSION,
        "meta": {
            "disclaimer": DISCLAIMER,
            "id": record.id,
            "alerts": list(scope.codes),
            "since": scope.since,
            "until": scope.until,
        },
        "effects": [effect_json(made, fix, scope) for fix, made in measured],
    }


def _print(measured: Sequence[tuple[Statement, Effect]], scope: Scope) -> None:
    from defectreg.alerts.telling import effect_lines

    print("\n".join(disclaimer_lines()))
    for fix, made in measured:
        print()
        sys.stdout.writelines(f"{escape(line)}\n" for line in effect_lines(made, fix, scope))


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
    from defectreg.alerts.correlating import MEMORY
    from defectreg.alerts.effects import measure
    from defectreg.store.tables.engine import many, open_engine, read_sql

    sql = kept.views + read_sql("defectreg.alerts", "effect.sql")
    tables = {**kept.tables, "codes": many([[code] for code in codes], "code")}
    with open_engine(engine, MEMORY).run(sql, tables, asked.parameters) as answer:
        effect = measure(asked, answer.rows())
    done(1)
    return effect
