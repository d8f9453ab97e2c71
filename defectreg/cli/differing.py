"""How differences between two texts of a record are told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from defectreg.cli.output import escape

if TYPE_CHECKING:
    from defectreg.register.difference import Difference


def difference_lines(one: Difference, indent: str = "") -> Iterator[str]:
    """A field, and below it what went and what came, line by line; without line feeds."""
    yield f"{indent}{escape(one.field)}:"
    if one.is_rearranged:
        yield f"{indent}  the same in another order"
    for sign, values in (("-", one.removed), ("+", one.added)):
        for value in values:
            for line in value.rstrip("\n").split("\n"):
                yield f"{indent}  {sign} {escape(line)}"


def difference_json(one: Difference) -> dict[str, object]:
    """A difference as JSON: ``field``, and lists of its values ``before`` and ``after``."""
    return {"field": one.field, "before": list(one.before), "after": list(one.after)}
