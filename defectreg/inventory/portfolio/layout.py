"""How a sheet says what is installed: a Device in each row, or all Devices of a premises in one.

A column map is YAML, ``columns:`` of our names to the sheet's and ``sheet:`` where a workbook has
several. For a Device in each row our names are ``device-type``, ``manufacturer``, ``model``,
``firmware``, ``region``, ``device-status`` and ``premises``, whose equal values make one premises.
For a premises in each row they begin with a Device Type: ``esme-model``, ``chf-firmware``. What no
map says is known by the names of the columns. Columns of personal data are never read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from defectreg.formats.columnmap import GROUPING, INVENTORY, NAMES, ColumnMapError, is_personal
from defectreg.inventory.portfolio.reading import Given, given_of
from defectreg.register.devices import DEVICE_TYPES

_FIELDS = ("manufacturer", "model", "firmware")
_ABOUT_ROWS = ("region", "device_status", GROUPING)
_OTHER_NAMES = {
    "CHF": ("communicationshub", "commshub", "hub"),
    "ESME": ("electricitymeter",),
    "GSME": ("gasmeter",),
}
"""What people call a Device Type in the names of columns, without blanks and signs."""
_KEYS = ("columns", "sheet")
_HINT = 'for example columns: {esme-model: "Meter model", esme-firmware: "Meter firmware"}'


@dataclass(frozen=True, slots=True)
class Columns:
    """A column map: our names, with underscores, to those of a sheet."""

    names: Mapping[str, str]
    sheet: str = ""

    @classmethod
    def of(cls, document: Mapping[str, object]) -> Columns:
        """The map that a YAML document says; raises ColumnMapError."""
        columns, sheet = document.get("columns", {}), document.get("sheet", "")
        if not set(document) <= set(_KEYS) or not isinstance(columns, dict):
            raise ColumnMapError("a column map has columns: and, for a workbook, sheet:", _HINT)
        if not isinstance(sheet, str):
            raise ColumnMapError("sheet: is the name of one sheet")
        return cls(dict(_entry(*entry) for entry in columns.items()), sheet)


@dataclass(frozen=True, slots=True)
class Slot:
    """Where in a row a Device is: places from 0, None where there is no such column."""

    type: str
    """Empty where a column says it."""
    type_place: int | None
    places: tuple[int | None, ...]
    """Of manufacturer, model and firmware."""

    def cells(self, row: Sequence[str]) -> tuple[str, str, str, str]:
        """Device Type, manufacturer, model and firmware, as a row has them."""
        manufacturer, model, firmware = (_cell(row, place) for place in self.places)
        return self.type or _cell(row, self.type_place), manufacturer, model, firmware

    def read(self, cells: tuple[str, str, str, str]) -> Given | None:
        """The Device that these cells say; None where nothing stands in all of them."""
        said = cells[1:] if self.type else cells
        return given_of(*cells) if any(cell.strip() for cell in said) else None


@dataclass(frozen=True, slots=True)
class Layout:
    """What the columns of a sheet are."""

    words: str
    """In which of the two ways it is read, in words."""
    slots: tuple[Slot, ...]
    places: Mapping[str, int]
    """Of ``region``, ``device_status`` and ``premises``, as far as there are such columns."""
    columns: int
    """How many columns have a name."""
    personal: tuple[str, ...]
    """Names of columns of personal data, that are not read."""

    @property
    def is_premises_a_row(self) -> bool:
        """Whether each row is a premises, unless a column groups them."""
        return bool(self.slots[0].type)

    def text(self, name: str, cells: Sequence[str]) -> str:
        """What a row says of its region, status or premises."""
        return _cell(cells, self.places.get(name)).strip()

    def is_too_long(self, cells: Sequence[str]) -> bool:
        """Whether a row goes on behind the last column, so that its cells may be displaced."""
        return len(cells) > self.columns and any(map(str.strip, cells[self.columns :]))


def layout_of(header: Sequence[str], columns: Columns) -> Layout:
    """What the columns of a sheet are, by a map and else by their names.

    Raises ColumnMapError where no Device can be read from it.
    """
    names = [name.strip() for name in header]
    places = _mapped(names, columns)
    by_type = not places.keys().isdisjoint(_names_by_type())
    _guess(names, places, {"region": NAMES[INVENTORY]["region"].split()})
    if not by_type:
        _guess(names, places, _names_of_rows())
    if by_type or "model" not in places or "device_type" not in places:
        _guess(names, places, _names_by_type())
    slots = tuple(_slots(places, by_type=by_type))
    if not slots:
        raise ColumnMapError(
            "no columns of the sheet say Device Type and model",
            "--columns FILE says which column is which: device-type and model, or esme-model",
        )
    about = {name: places[name] for name in _ABOUT_ROWS if name in places}
    personal = tuple(name for name in names if is_personal(name))
    return Layout(_words(slots, about), slots, about, _last_named(names), personal)


def _entry(name: str, column: object) -> tuple[str, str]:
    ours = str(name).replace("-", "_")
    if ours not in NAMES[INVENTORY] and ours not in _names_by_type():
        raise ColumnMapError(f"a column map says {name!a:.40}", _HINT)
    if not isinstance(column, str) or not column:
        raise ColumnMapError(f"{ours.replace('_', '-')} is the name of one column", _HINT)
    if is_personal(column) and ours != GROUPING:
        raise ColumnMapError(
            f"a column of personal data is mapped to {ours.replace('_', '-')}",
            "personal columns stay outside; one may only say which Devices are of one premises",
        )
    return ours, column


def _mapped(names: Sequence[str], columns: Columns) -> dict[str, int]:
    missing = [ours for ours, theirs in columns.names.items() if names.count(theirs) != 1]
    if missing:
        raise ColumnMapError(
            f"the sheet has no column, or several, that the map calls "
            f"{missing[0].replace('_', '-')}",
            "write the name as it stands in the first line of the sheet",
        )
    return {ours: names.index(theirs) for ours, theirs in columns.names.items()}


def _guess(
    names: Sequence[str], places: dict[str, int], known: Mapping[str, Sequence[str]]
) -> None:  # fmt: skip
    """Find columns by their names; raises ColumnMapError where two may be the same."""
    taken = set(places.values())
    bare = {
        place: re.sub(r"[\W_]+", "", name.lower())
        for place, name in enumerate(names)
        if place not in taken and not is_personal(name)
    }
    for ours, meant in known.items():
        fitting = [place for place, name in bare.items() if name in meant]
        if ours in places or not fitting:
            continue
        if len(fitting) > 1:
            name = ours.replace("_", "-")
            raise ColumnMapError(
                f"two columns of the sheet may be {name}", f"say in a column map which is {name}:"
            )
        places[ours] = fitting[0]


def _names_of_rows() -> dict[str, Sequence[str]]:
    wanted = ("device_type", *_FIELDS, *_ABOUT_ROWS)
    return {name: NAMES[INVENTORY][name].split() for name in wanted}


def _names_by_type() -> dict[str, Sequence[str]]:
    """Our names of a premises in each row, and how the sheet's may be spelt."""
    return {
        f"{device_type.lower()}_{name}": [
            called + field
            for called in (device_type.lower(), *_OTHER_NAMES.get(device_type, ()))
            for field in NAMES[INVENTORY][name].split()
        ]
        for device_type in DEVICE_TYPES
        for name in _FIELDS
    }


def _slots(places: Mapping[str, int], *, by_type: bool) -> Iterator[Slot]:
    if not by_type and "device_type" in places and "model" in places:
        yield Slot("", places["device_type"], tuple(map(places.get, _FIELDS)))
        return
    for device_type in DEVICE_TYPES:
        found = tuple(places.get(f"{device_type.lower()}_{name}") for name in _FIELDS)
        if found[1] is not None:
            yield Slot(device_type, None, found)


def _words(slots: Sequence[Slot], about: Mapping[str, int]) -> str:
    if slots[0].type:
        types = ", ".join(slot.type for slot in slots)
        return f"a premises in each row, with columns of {types}"
    if GROUPING in about:
        return "a Device in each row, grouped by the column of their premises"
    return "a Device in each row; nothing says which are of one premises"


def _last_named(names: Sequence[str]) -> int:
    return max((place + 1 for place, name in enumerate(names) if name), default=0)


def _cell(cells: Sequence[str], place: int | None) -> str:
    return "" if place is None or place >= len(cells) else cells[place]
