"""What changed between two texts of a record, field by field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from defectreg.register.schema import Schema


@dataclass(frozen=True, slots=True)
class Difference:
    """One field with its values before and after; a field that is not there has none.

    ``field`` is the dotted key. A field that is no list has at most one value on each side.
    """

    field: str
    before: tuple[str, ...]
    after: tuple[str, ...]

    @property
    def removed(self) -> tuple[str, ...]:
        """The values that are no longer there."""
        return tuple(value for value in self.before if value not in self.after)

    @property
    def added(self) -> tuple[str, ...]:
        """The values that were not there before."""
        return tuple(value for value in self.after if value not in self.before)

    @property
    def is_rearranged(self) -> bool:
        """Whether the values are the same in another order, or as often as they were not."""
        return not self.removed and not self.added


def differences(
    before: Mapping[str, Any], after: Mapping[str, Any], schema: Schema
) -> list[Difference]:
    """The fields that are not the same, in the schema's order; what it does not know comes last."""
    old, new = dict(_fields(before, "")), dict(_fields(after, ""))
    known = dict.fromkeys(leaf.key for leaf in schema.leaves)
    return [
        Difference(field, old.get(field, ()), new.get(field, ()))
        for field in dict.fromkeys([*known, *old, *new])
        if old.get(field, ()) != new.get(field, ())
    ]


def _fields(data: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    for key, value in data.items():
        if isinstance(value, Mapping):
            yield from _fields(value, f"{prefix}{key}.")
        elif isinstance(value, list | tuple):
            yield prefix + key, tuple(map(_text, value))
        else:
            yield prefix + key, (_text(value),)


def _text(value: Any) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)
