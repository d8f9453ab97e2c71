"""Combination: what is installed with a Device, as `add` and `search` take it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from defectreg.cli.errors import FINDINGS
from defectreg.cli.inventory.options import InventoryOption
from defectreg.cli.options import JsonOption
from defectreg.cli.output import emit_json, escape
from defectreg.register.errors import UsageProblem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from defectreg.inventory.combining import Installed

app = typer.Typer()
SCHEMA_VERSION = 1
_EXAMPLES = """\b
Examples:
  defectreg inventory combination 00-DB-12-34-56-78-90-A1
  defectreg add --affected "$(defectreg inventory combination 00-DB-12-34-56-78-90-A1)\""""


@app.command("combination", short_help="Print a Device's combination.", epilog=_EXAMPLES)
def combination(
    device: Annotated[
        str, typer.Argument(metavar="DEVICE", help="Its Device ID, as 00-DB-12-34-56-78-90-A1.")
    ],
    inventory: InventoryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print what is installed with a Device, in the notation and without any Device ID.

    One line for each premises where the newest snapshot has it. Exit code 1: it has it nowhere, or
    nothing of it can be written.
    """
    from defectreg.inventory.combining import combinations_with
    from defectreg.register.inventory.identifiers import IdentifierError, parse_device_id
    from defectreg.store.inventory.places import open_inventory

    try:
        device_id = parse_device_id(device.strip())
    except IdentifierError as error:
        raise UsageProblem(error.sentence, "write it as 00-DB-12-34-56-78-90-A1") from error
    found = combinations_with(open_inventory(inventory), device_id)
    if as_json:
        emit_json(combinations_json(found))
    else:
        sys.stdout.writelines(f"{each.combination}\n" for each in found if each.combination)
        sys.stdout.flush()
    for line in _remarks(found):
        print(escape(line), file=sys.stderr)
    if not any(each.combination for each in found):
        raise typer.Exit(FINDINGS)


def combinations_json(found: Sequence[Installed]) -> dict[str, Any]:
    """What is installed with a Device, as one object of JSON.

    ``schema_version``: 1; ``combinations``, one for each premises, each with ``combination`` (in
    the notation; null where nothing of it can be written), ``has_hub`` (whether it has a
    Communications Hub) and ``problems`` (each with ``device_type`` and a ``sentence``).
    """
    return {
        "schema_version": SCHEMA_VERSION,
        "combinations": [
            {
                "combination": each.combination and str(each.combination),
                "has_hub": each.has_hub,
                "problems": [
                    {"device_type": device_type, "sentence": sentence}
                    for device_type, sentence in each.problems
                ],
            }
            for each in found
        ],
    }


def _remarks(found: Sequence[Installed]) -> Iterator[str]:
    if not found:
        yield "the newest snapshot does not have this Device as installed"
    for each in found:
        for device_type, sentence in each.problems:
            yield f"{device_type or 'a Device'}: {sentence}"
        if not each.has_hub:
            yield "no Communications Hub is known of it"
