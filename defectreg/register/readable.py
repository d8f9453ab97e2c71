"""What an audience may read at each place of a schema: found out once, asked of every value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from defectreg.register.classification import may_read
from defectreg.register.public import BANDS, least_of
from defectreg.register.schema import Schema

_UNKNOWN: Mapping[str, Any] = {}
"""The schema of what a schema does not know."""


@dataclass(frozen=True, slots=True)
class Place:
    """What an audience may read at one place of a schema."""

    node: Mapping[str, Any]
    """The place's own schema; kept, so that no other one takes its place in memory."""
    known: Mapping[str, Mapping[str, Any]]
    items: Mapping[str, Any]
    is_let_out: bool
    is_as_it_is: bool
    """Whether a text is let out as it stands."""
    is_band: bool
    notation: str


class Places:
    """The places of schemas, as one audience may read them."""

    def __init__(self, audience: str) -> None:
        self._audience = audience
        self._found: dict[int, Place] = {}
        """By the identity of a place's schema."""

    def find(self, schema: Schema, node: Mapping[str, Any]) -> Place:
        """What may be read at a place of a schema; of what it does not classify, nothing."""
        return self._found.get(id(node)) or self._find(schema, node)

    def _find(self, schema: Schema, node: Mapping[str, Any]) -> Place:
        meant = schema.resolve(node)
        classification = meant.get("x-classification")
        is_let_out = classification is not None and may_read(self._audience, classification)
        is_band = tuple(meant.get("enum", ())) == BANDS
        notation = meant.get("x-notation", "")
        place = self._found[id(node)] = Place(
            node=node,
            known=meant.get("properties", _UNKNOWN),
            items=meant.get("items", _UNKNOWN),
            is_let_out=is_let_out,
            is_as_it_is=is_let_out and not is_band and not notation,
            is_band=is_band,
            notation=notation,
        )
        return place


@lru_cache(maxsize=64)
def shown_band(band: str, smallest: int) -> str:
    """A band of Devices as it may be shown: the bands that begin under ``smallest`` are one."""
    small = sum(least_of(other) < smallest for other in BANDS)
    merged = BANDS[: max(small, 2)] if small else ()
    if band not in merged:
        return band
    last = merged[-1].partition("-")[2]
    return f"1-{last}" if last else "1+"
