"""Column maps: which column of somebody's table is which of ours, and which stay outside.

A map is YAML: ``columns:``, of our names to theirs, and ``sheet:`` where a workbook has several.
Where no map says so, columns are known by their names. Columns of personal data never come in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

INVENTORY, ASN, CPL, PRODUCTS = "inventory", "asn", "cpl", "products"
ALERTS = "alerts"
"""A log of alerts: a kind that no table is taken for unless somebody says so."""
GROUPING = "premises"
"""The column whose equal values make one premises; the values themselves are not kept."""

_DEVICE: Mapping[str, str] = {
    "device_id": "deviceid deviceguid guid eui eui64 deviceeui deviceeui64",
    "device_type": "devicetype type",
    "manufacturer": "manufacturer devicemanufacturer manufacturerid manufactureridentifier",
    "model": "model devicemodel modelid modelidentifier",
    "smets_version": "smetsversion smetschtsversion",
    "firmware": "firmware firmwareversion devicefirmware devicefirmwareversion",
    "esme_variant": "esmevariant devicevariant variant",
}
NAMES: Mapping[str, Mapping[str, str]] = {
    INVENTORY: {
        **_DEVICE,
        "device_status": "devicestatus status",
        "firmware_status": "firmwarestatus firmwareversionstatus devicefirmwareversionstatus",
        "cpl_status": "cplstatus",
        "date_commissioned": "datecommissioned commissioneddate commissioningdate commissionedon",
        "region": "region cspregion",
        "gbcs_version": "gbcsversion devicegbcsversion",
        "han_variant": "hanvariant",
        "supplier": "supplier responsiblesupplier supplierid suppliereui responsiblesupplierid "
        "responsiblesuppliereui",
        "supplier_since": "suppliersince supplierfrom suppliersincedate supplystartdate",
        "prenotified_by": "prenotifiedby prenotifyingsupplier installingsupplier",
        "base_letter": "baseletter basevariant reportedvariant",
        "firmware_since": "firmwaresince firmwaredate firmwareupdated firmwareactivated",
        GROUPING: "premises premisesid chfid chfdeviceid chfguid chfeui hubid hubdeviceid "
        "communicationshub communicationshubid communicationshubdeviceid commshubid "
        "commshubdeviceid associatedchf associatedchfdeviceid",
    },
    ASN: {
        "asn_id": "asnid asn asnnumber shipment shipmentid",
        **_DEVICE,
        "ship_date": "shipdate shippeddate shipmentdate dateshipped",
    },
    CPL: {
        **{name: _DEVICE[name] for name in _DEVICE if name not in ("device_id", "esme_variant")},
        "cpl_status": "cplstatus status entrystatus",
    },
    PRODUCTS: {
        **{name: _DEVICE[name] for name in ("manufacturer", "model", "firmware", "esme_variant")},
        "source": "source reference",
    },
    ALERTS: {
        "device_id": _DEVICE["device_id"],
        "alert_code": "alertcode alert code devicealertcode dccalertcode eventcode",
        "time": "time timestamp datetime date day alerttime alertdate alertdatetime receivedat "
        "received raisedat responsedatetime",
        "region": "region cspregion",
        "alerts": "alerts alertcount count number occurrences throttledalertcount",
    },
}
"""Kinds of table: our columns, and the names by which each is known without blanks and signs."""
REQUIRED: Mapping[str, tuple[str, ...]] = {
    INVENTORY: ("device_id", "device_type"),
    ASN: ("asn_id", "device_id", "device_type"),
    CPL: ("manufacturer", "model", "cpl_status"),
    PRODUCTS: ("manufacturer", "model", "esme_variant"),
    ALERTS: ("device_id", "alert_code", "time"),
}
"""What a table of a kind cannot be without."""
_PERSONAL = re.compile(
    r"mpxn|mpan|mprn|uprn|postcode|postalcode|zipcode|address|street|town|city$|house|serial|^msn"
    r"|customer|consumer|occupier|tenant|surname|forename|(?:first|last|full|given|contact|family)"
    r"names?$|^names?$|phone|mobile|email|^mail|installcode|account|latitude|longitude|gridref"
    r"|meterpoint|propertyfilter|propertyreference"
)
_KEYS = ("columns", "sheet")


class ColumnMapError(ValueError):
    """A map, or the names of a table's columns, with which the table cannot be read."""

    def __init__(self, sentence: str, hint: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.hint = hint


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """Our names of columns to the names in somebody's table; the rest is known by its name."""

    columns: Mapping[str, str] = field(default_factory=dict)
    sheet: str = ""

    @classmethod
    def of(cls, document: Mapping[str, object]) -> ColumnMap:
        """The map that a YAML document says; ours are written with hyphens: ``device-id``.

        Raises ColumnMapError.
        """
        columns, sheet = document.get("columns", {}), document.get("sheet", "")
        if not set(document) <= set(_KEYS) or not isinstance(columns, dict):
            raise ColumnMapError(
                "a column map has columns: and, for a workbook, sheet:",
                'for example columns: {device-id: "Device GUID"}',
            )
        if not isinstance(sheet, str):
            raise ColumnMapError("sheet: is the name of one sheet")
        return cls(dict(_entry(*entry) for entry in columns.items()), sheet)


NO_MAP = ColumnMap()


@dataclass(frozen=True, slots=True)
class Matched:
    """What the columns of a table are."""

    kind: str
    """A key of NAMES."""
    places: Mapping[str, int]
    """Our columns that the table has, to their place in a row, from 0."""
    personal: tuple[str, ...]
    """Names of columns that hold personal data, as their names say. They are left out."""
    unknown: tuple[str, ...]
    """Names of the other columns that are left out."""
    unsure: tuple[str, ...] = ()
    """Our columns that several of the table may be."""
    is_mapped: bool = False
    """Whether it is the table that the map is for."""


def match_columns(
    header: Sequence[str],
    columns: ColumnMap = NO_MAP,
    kind: str | None = None,
    beside: Sequence[str] = (),
) -> Matched:
    """What the columns of a table are; ``kind`` None is found out by the names.

    ``beside`` are columns that stand after its own, such as its folders', and count only for what
    none of its own may be.
    A map none of whose names is in the table is a map for another table of the same load.
    Raises ColumnMapError.
    """
    names, own = [name.strip() for name in (*header, *beside)], len(header)
    mapped = _mapped(names, columns)
    kinds = [kind] if kind else [each for each in NAMES if each != ALERTS]
    matches = [_matched(names, own, mapped, each) for each in kinds]
    found = [match for match in matches if _is_enough(match, match.kind)]
    if not found:
        raise _not_enough(matches[0], kind)
    best = max(found, key=_rank)
    if best.unsure:
        raise _ambiguous(best.unsure[0])
    return best


def is_personal(name: str) -> bool:
    """Whether a column is one of personal data, as its name says."""
    return bool(_PERSONAL.search(_bare(name)))


def _entry(name: str, column: object) -> tuple[str, str]:
    ours = name.replace("-", "_")
    if not any(ours in names for names in NAMES.values()):
        known = sorted({each.replace("_", "-") for names in NAMES.values() for each in names})
        raise ColumnMapError(f"a column map says {name!a:.40}", f"it may say {', '.join(known)}")
    if not isinstance(column, str) or not column:
        raise ColumnMapError(f"{ours.replace('_', '-')} is the name of one column")
    if is_personal(column) and ours != GROUPING:
        raise ColumnMapError(
            f"a column of personal data is mapped to {ours.replace('_', '-')}",
            "personal columns stay outside; one may only say which Devices are of one premises",
        )
    return ours, column


def _mapped(names: Sequence[str], columns: ColumnMap) -> dict[str, int]:
    """Our columns that the map names, to their places."""
    missing = [ours for ours, theirs in columns.columns.items() if theirs not in names]
    if len(missing) == len(columns.columns):
        return {}
    if missing:
        raise ColumnMapError(
            f"the table has no column that the map calls {missing[0].replace('_', '-')}",
            "write the name as it stands in the table's first line",
        )
    twice = [ours for ours, theirs in columns.columns.items() if names.count(theirs) > 1]
    if twice:
        raise _ambiguous(twice[0])
    return {ours: names.index(theirs) for ours, theirs in columns.columns.items()}


def _matched(names: Sequence[str], own: int, mapped: Mapping[str, int], kind: str) -> Matched:
    places = {ours: place for ours, place in mapped.items() if ours in NAMES[kind]}
    taken = set(mapped.values())
    free = {
        place: _bare(name)
        for place, name in enumerate(names)
        if place not in taken and not is_personal(name)
    }
    unsure = []
    for ours, known in NAMES[kind].items():
        fitting = [place for place, name in free.items() if name in known.split()]
        fitting = [place for place in fitting if place < own] or fitting
        if ours not in places and len(fitting) == 1:
            places[ours] = fitting[0]
        elif ours not in places and fitting:
            unsure.append(ours)
    rest = enumerate(names[:own])
    left = [name for place, name in rest if place not in places.values() and name]
    personal = tuple(name for name in left if is_personal(name))
    unknown = tuple(name for name in left if not is_personal(name))
    return Matched(kind, places, personal, unknown, tuple(unsure), bool(mapped))


def _bare(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.lower())


def _is_enough(matched: Matched, kind: str) -> bool:
    return all(name in matched.places or name in matched.unsure for name in REQUIRED[kind])


def _rank(matched: Matched) -> tuple[bool, int, int]:
    """Of two kinds that fit, the one that leaves fewer columns out; then the more demanding."""
    return (
        "device_id" in matched.places,
        len(matched.places),
        len(REQUIRED[matched.kind]),
    )


def _ambiguous(ours: str) -> ColumnMapError:
    name = ours.replace("_", "-")
    return ColumnMapError(
        f"two columns of the table may be {name}", f"say in a column map which is {name}:"
    )


def _not_enough(matched: Matched, kind: str | None) -> ColumnMapError:
    if kind is None:
        return ColumnMapError(
            "the names of its columns do not say what it is",
            "say it: --as inventory, asn, cpl or products; and --columns FILE maps the names",
        )
    missing = [name for name in REQUIRED[kind] if name not in matched.places]
    words = ", ".join(name.replace("_", "-") for name in missing)
    return ColumnMapError(
        f"the table has no column for {words}", "--columns FILE says which column is which"
    )
