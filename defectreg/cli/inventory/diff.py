"""Diff: which ESME Variants disagree with what product and firmware imply."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from defectreg.cli.errors import FINDINGS
from defectreg.cli.findings import counted
from defectreg.cli.inventory.options import EngineOption, InventoryOption
from defectreg.cli.options import JsonOption
from defectreg.cli.output import bold, disclaimer_lines, emit_json, escape, progress, wrapped

if TYPE_CHECKING:
    from defectreg.inventory.differing import Count, Difference, Summary

app = typer.Typer()
_MOST = 20
"""Lines of a table that are shown."""
_EXAMPLES = """\b
Examples:
  defectreg inventory diff
  defectreg inventory diff --csv wrong.csv --chart wrong.svg
  defectreg inventory correct shows what SR8.4 would correct of it"""


@app.command("diff", short_help="Show which ESME Variants disagree, and why.", epilog=_EXAMPLES)
def diff(
    csv: Annotated[
        Path | None,
        typer.Option("--csv", metavar="FILE", help="Write each Device that does not agree."),
    ] = None,
    parquet: Annotated[
        Path | None, typer.Option("--parquet", metavar="FILE", help="The same, as Parquet.")
    ] = None,
    chart: Annotated[
        Path | None, typer.Option("--chart", metavar="FILE", help="Draw the outcomes, as SVG.")
    ] = None,
    engine: EngineOption = "duckdb",
    inventory: InventoryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Compare the ESME Variants of the inventory with what product and firmware imply.

    Of ESMEs that are Commissioned, InstalledNotCommissioned or Whitelisted: how many agree, how
    many not and why, by product, Supplier, region and status. What is written stays outside git.
    Exit code 1: some do not agree.
    """
    from defectreg.inventory.difference_files import difference_json
    from defectreg.inventory.differing import open_difference
    from defectreg.store.inventory.outgoing import check_outside_git
    from defectreg.store.inventory.places import open_inventory

    for path in filter(None, (csv, parquet, chart)):
        check_outside_git(path)
    with open_difference(open_inventory(inventory), engine) as difference:
        summary = difference.summary
        _write_files(difference, csv, parquet, chart)
        if as_json:
            emit_json(difference_json(summary, difference.snapshot))
        else:
            print("\n".join(_lines(difference, [*filter(None, (csv, parquet, chart))])))
    if not summary.is_clean:
        raise typer.Exit(FINDINGS)


def _write_files(
    difference: Difference, csv: Path | None, parquet: Path | None, chart: Path | None
) -> None:
    from defectreg.inventory.charting import chart as drawn
    from defectreg.inventory.difference_files import FILE_COLUMNS, csv_pieces, with_disclaimer
    from defectreg.register.shown_words import DISCLAIMER
    from defectreg.store.inventory.outgoing import outgoing
    from defectreg.store.tables.parquet import write_parquet

    summary = difference.summary
    if csv is not None:
        with outgoing(csv) as file:
            file.writelines(csv_pieces(FILE_COLUMNS, with_disclaimer(_counted(difference))))
    if parquet is not None:
        with outgoing(parquet) as file:
            rows = with_disclaimer(_counted(difference))
            write_parquet(file, FILE_COLUMNS, rows, {"disclaimer": DISCLAIMER})
    if chart is not None:
        with outgoing(chart) as file:
            file.write(drawn(summary, difference.snapshot.as_of).encode())


def _counted(difference: Difference) -> Iterator[tuple[str, ...]]:
    """The Devices that do not agree, with a bar for those who wait."""
    summary = difference.summary
    with progress("Writing", summary.devices - summary.of("agrees")) as stepped:
        for row in difference.found():
            yield row
            stepped(1)


def _lines(difference: Difference, written: list[Path]) -> Iterator[str]:
    from defectreg.inventory.differing import METHOD

    summary, snapshot = difference.summary, difference.snapshot
    yield from disclaimer_lines()
    yield ""
    yield from wrapped(METHOD, "")
    yield ""
    asked = counted(summary.devices, "ESME")
    yield bold(
        f"Of {asked}, {summary.of('differs'):,} differ from what product and firmware imply. "
        f"Extract of {escape(snapshot.as_of)}."
    )
    yield from _outcome_lines(summary)
    yield from _function_lines(summary)
    for part, heading in _PARTS.items():
        yield from _part_lines(summary, part, heading)
    if summary.not_asked:
        statuses = (f"{escape(s)} {n:,}" for s, n in summary.not_asked.items())
        yield ""
        yield from wrapped(f"Not asked about: {', '.join(statuses)}.", "  ", "")
    for path in written:
        yield f"Written: {escape(str(path))}"


_PARTS = {"status": "Status", "region": "Region", "supplier": "Supplier", "product": "Product"}


def _outcome_lines(summary: Summary) -> Iterator[str]:
    from defectreg.inventory.differing import CAUSES, OUTCOMES

    for outcome, words in OUTCOMES.items():
        number = summary.of(outcome)
        if not number:
            continue
        proposed = summary.proposed(outcome)
        note = f" (of {proposed:,} a correction is proposed)" if proposed else ""
        yield f"{number:>12,}  {words}{note}"
        for name, outcomes in summary.by("cause").items():
            if outcome in outcomes and CAUSES[name[0]]:
                yield f"{outcomes[outcome].devices:>16,}  {CAUSES[name[0]]}"


def _function_lines(summary: Summary) -> Iterator[str]:
    from defectreg.inventory.difference_files import letters
    from defectreg.register.inventory.variants import FUNCTIONS

    lines = []
    for part in ("missing", "extra"):
        for letter, words in FUNCTIONS.items():
            number = sum(letters(summary, part, letter).values())
            name = f"{words} ({letter})" if words else letter
            if number:
                lines.append(f"{number:>12,}  {part}: {name}")
    if lines:
        yield ""
        yield bold("Functions that the recorded variant lacks, or has too many")
        yield from lines


def _part_lines(summary: Summary, part: str, heading: str) -> Iterator[str]:
    from defectreg.inventory.difference_files import in_order, product_words

    found = summary.by(part)
    names = [name for name in in_order(part, found) if _other_than_agrees(found[name])]
    if not names:
        return
    yield ""
    yield bold(f"{heading:<36} {'all':>12} {'agree':>12} {'differ':>9} {'other':>9}")
    for name in names[:_MOST]:
        words = product_words(name) if part == "product" else name[0]
        yield f"{escape(words) or 'not given':<36} {_figures(found[name])}"
    if len(names) > _MOST:
        yield f"and {len(names) - _MOST:,} more; --json lists all"


def _other_than_agrees(outcomes: dict[str, Count]) -> bool:
    return any(outcome != "agrees" for outcome in outcomes)


def _figures(outcomes: dict[str, Count]) -> str:
    every = sum(count.devices for count in outcomes.values())
    agree, differ = (
        outcomes[outcome].devices if outcome in outcomes else 0 for outcome in ("agrees", "differs")
    )
    return f"{every:>12,} {agree:>12,} {differ:>9,} {every - agree - differ:>9,}"
