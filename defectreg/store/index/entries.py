"""What of a record the index knows: its words, facets and models."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from unicodedata import category, normalize

from defectreg.register.devices import Combination, Device, NotationError, parse_combination
from defectreg.register.notation import upper
from defectreg.register.schema import Leaf, Schema
from defectreg.register.schema.annotations import ITEMS
from defectreg.register.standing import Standing
from defectreg.register.statement import Statement

REGION = "region"
HAS_FIX = "has-fix"
ANYWHERE = ""
"""The region of an entry that names none: it holds in each."""
_HEXADECIMAL = re.compile(r"\b0[xX](?=[0-9A-Fa-f]{2,8}\b)")


@dataclass(frozen=True, slots=True)
class Passage:
    """A text of a record that can be found: ``key`` is its field's, ``file`` where it stands."""

    file: str
    key: str
    text: str
    indexed: str
    """The text as it is found: of Devices without their manufacturers."""


@dataclass(frozen=True, slots=True)
class Filed:
    """A Device of an affected combination with bounds of its firmware; all texts in upper case.

    Of a Communications Hub either half stands for the other.
    """

    product: str
    """``TYPE:MANUFACTURER/MODEL``"""
    manufacturer: str
    model: str
    lowest: str
    highest: str
    place: int
    """Which of the record's combinations it belongs to."""
    device: int
    """Which Device of that combination it is."""
    devices: int
    """How many Devices that combination has."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the index. Of a withdrawn record nothing of its claim is in it."""

    record_id: str
    is_withdrawn: bool
    title: str
    text: str
    facets: frozenset[tuple[str, str]]
    models: frozenset[Filed]


def entry_of(
    standing: Standing, waiting: tuple[Statement, ...], schemas: Mapping[str, Schema]
) -> Entry:
    """The entry of a record; ``waiting`` are statements that have not landed yet."""
    record = standing.record
    found = list(passages(standing, waiting, schemas))
    is_withdrawn = standing.withdrawal is not None
    texts = [record.id, *(passage.indexed for passage in found if passage.key != "title")]
    return Entry(
        record_id=record.id,
        is_withdrawn=is_withdrawn,
        title="" if is_withdrawn else without_prefix(record.title),
        text="\n".join(map(without_prefix, texts)),
        facets=frozenset() if is_withdrawn else frozenset(_facets(standing, schemas["record"])),
        models=frozenset() if is_withdrawn else frozenset(models_of(record.affected)),
    )


def passages(
    standing: Standing, waiting: tuple[Statement, ...], schemas: Mapping[str, Schema]
) -> Iterator[Passage]:
    """The texts by which a record is found: its own, and those of what counts or is to land.

    Of a withdrawn record, the coded reason and the responses of manufacturers.
    """
    withdrawal = standing.withdrawal
    if withdrawal is None:
        record = standing.record
        yield from _marked(f"{record.id}.yaml", record.data, schemas["record"])
        said = [*(item.statement for item in standing.counting), *waiting]
    else:
        statement = withdrawal.statement
        for key in ("code", "other"):
            yield Passage(statement.file, key, statement.text(key), statement.text(key))
        said = [item.statement for item in standing.of_kind("response")]
    for statement in said:
        yield from _marked(statement.file, statement.data, schemas["statement"])


def without_prefix(text: str) -> str:
    """The text with ``0x8F1E`` as ``8F1E``: both are one code."""
    return _HEXADECIMAL.sub("", text)


def tokens(text: str) -> tuple[str, ...]:
    """The words of a text as the index cuts it: runs of letters, digits and their marks."""
    normal = normalize("NFC", without_prefix(text))
    return tuple("".join(c if category(c)[0] in "LNM" else " " for c in normal).split())


def folded(word: str) -> str:
    """A word as the index compares it: without case and diacritics."""
    return "".join(c for c in normalize("NFD", word.lower()) if category(c) != "Mn")


def _marked(file: str, data: Mapping[str, Any], schema: Schema) -> Iterator[Passage]:
    for leaf in schema.leaves:
        if leaf.schema.get("x-search") or leaf.property_schema.get("x-search"):
            for value in values_at(data, leaf.path):
                yield Passage(file, leaf.key, str(value), _indexed(str(value), leaf))


def values_at(data: Any, path: tuple[str, ...]) -> Iterator[Any]:
    """The scalars of data at the path of a leaf."""
    if not path:
        yield data
    elif path[0] == ITEMS:
        for item in data:
            yield from values_at(item, path[1:])
    elif path[0] in data:
        yield from values_at(data[path[0]], path[1:])


def _indexed(text: str, leaf: Leaf) -> str:
    """Devices are found by model and firmware, never by their manufacturer alone."""
    if "x-notation" not in leaf.schema or ":" not in text:
        return text
    try:
        combination = parse_combination(text)
    except NotationError:
        return text.partition(":")[0]
    devices = (f"{d.type} {d.model} {d.firmware}" for d in combination.devices)
    return " , ".join([*devices, *combination.regions])


def _facets(standing: Standing, schema: Schema) -> Iterator[tuple[str, str]]:
    record = standing.record
    for leaf in schema.leaves:
        name = leaf.property_schema.get("x-facet")
        if name:
            found = [str(value) for value in values_at(record.data, leaf.path)]
            default = leaf.property_schema.get("default")
            yield from ((name, value) for value in found or ([default] if default else []))
    for combination in record.affected:
        yield from ((REGION, region) for region in combination.regions or (ANYWHERE,))
    yield HAS_FIX, "true" if standing.of_kind("fix") else "false"


def models_of(affected: Iterable[Combination]) -> Iterator[Filed]:
    """All under which these combinations are filed."""
    for place, combination in enumerate(affected):
        for number, device in enumerate(combination.devices):
            for half in _halves(device):
                product, made_by, model = half.product, upper(half.manufacturer), upper(half.model)
                for lowest, highest in half.firmware.bounds:
                    yield Filed(product, made_by, model, lowest, highest,
                                place, number, len(combination.devices))  # fmt: skip


def _halves(device: Device) -> tuple[Device, ...]:
    return Combination((device,)).with_whole_hub().devices
