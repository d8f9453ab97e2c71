"""What content rules ask of a schema's annotations, worked out once for each schema."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from defectreg.register.classification import CLASSES, may_read
from defectreg.register.findings import DataPath
from defectreg.register.schema import Leaf, Schema

Places: TypeAlias = "Mapping[str, Places | None]"
"""Keys that lead to texts; None where a text, or a list of texts, stands."""

CODED = frozenset(
    "id of by from to supersedes about causes other related alerts variants service-requests "
    "period letter replaces read signature".split()
)
"""Keys whose schema fixes their written form, so that nothing else fits in."""
NAMED = frozenset({"firmware"})
"""Keys that hold an identifier and no words."""


@dataclass(frozen=True, slots=True)
class Shape:
    """One schema, as content rules see it."""

    prose: Places
    """Where a person typed words that are shown to readers."""
    named: Places
    """Where a person typed any other text: Devices, versions, references."""
    above: Mapping[str, tuple[tuple[str, ...], ...]]
    """By a register's ceiling: the leaves that may not be filled in it."""
    kinds: Mapping[str, frozenset[str]]
    """Key → the kinds of statement in which it may stand; keys of all kinds are left out."""
    needs: Mapping[str, tuple[str, ...]]
    """Kind of statement → the keys that it needs."""

    @classmethod
    def of(cls, schema: Schema) -> Shape:
        """The shape that a schema's annotations say."""
        typed = [leaf for leaf in schema.leaves if _is_typed(leaf)]
        return cls(
            prose=_places(leaf for leaf in typed if _is_prose(leaf)),
            named=_places(leaf for leaf in typed if not _is_prose(leaf)),
            above={ceiling: tuple(_above(schema, ceiling)) for ceiling in CLASSES},
            kinds={
                key: frozenset(about["x-kinds"])
                for key, about in schema.properties.items()
                if "x-kinds" in about
            },
            needs=_needs(schema),
        )


def texts(data: Any, places: Places, above: DataPath = ()) -> list[tuple[DataPath, str]]:
    """The texts that stand at these places of a document's data, with their paths.

    ``above`` is where the data themselves stand.
    """
    found: list[tuple[DataPath, str]] = []
    for key, inner in places.items():
        if key in data:
            for path, value in _items((*above, key), data[key]):
                found.extend([(path, value)] if inner is None else texts(value, inner, path))
    return found


def _items(path: DataPath, value: Any) -> list[tuple[DataPath, Any]]:
    if isinstance(value, list):
        return [((*path, place), item) for place, item in enumerate(value)]
    return [(path, value)]


def is_filled(data: Any, path: tuple[str, ...]) -> bool:
    """Whether data have a value at a leaf's path, in any item of the lists on the way."""
    if isinstance(data, list):
        return any(is_filled(item, path) for item in data)
    return not path or (path[0] in data and is_filled(data[path[0]], path[1:]))


def _is_typed(leaf: Leaf) -> bool:
    about = leaf.schema
    is_text = about.get("type") == "string" and not {"enum", "const", "format"} & about.keys()
    return is_text and _names(leaf)[-1] not in CODED


def _is_prose(leaf: Leaf) -> bool:
    is_shown = may_read("green", leaf.classification)
    return is_shown and "x-notation" not in leaf.schema and _names(leaf)[-1] not in NAMED


def _names(leaf: Leaf) -> list[str]:
    return leaf.key.split(".")


def _places(leaves: Iterable[Leaf]) -> Places:
    tree: dict[str, Any] = {}
    for leaf in leaves:
        *outer, last = _names(leaf)
        branch = tree
        for name in outer:
            branch = branch.setdefault(name, {})
        branch[last] = None
    return tree


def _above(schema: Schema, ceiling: str) -> Iterator[tuple[str, ...]]:
    """Green leaves may stand under any ceiling: the envelope of every statement is green."""
    allowed = "green" if ceiling == "clear" else ceiling
    for leaf in schema.leaves:
        if not may_read(allowed, leaf.classification):
            yield tuple(_names(leaf))


def _needs(schema: Schema) -> dict[str, tuple[str, ...]]:
    asked = {key: about.get("x-required-in", ()) for key, about in schema.properties.items()}
    kinds = schema.properties.get("kind", {}).get("enum", ())
    return {kind: tuple(key for key, those in asked.items() if kind in those) for kind in kinds}
