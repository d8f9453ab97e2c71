"""Public values for tests of the publication: one good entry, one tombstone, one register."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from defectreg.publication.carding import cards_of
from defectreg.publication.cards import COLUMNS
from defectreg.publication.pages import Pages
from defectreg.publication.site import CardPart, Site, files_of
from defectreg.register.policy import Policy
from defectreg.register.public import (
    PublicCombination,
    PublicDevice,
    PublicEvent,
    PublicField,
    PublicRecord,
    PublicRegister,
    PublicStatement,
    PublicSwitch,
    PublicWithdrawal,
)
from defectreg.store.cardfile import CardFile, card_file
from defectreg.store.kept import KeptRecords
from tests.unit.register.cases import policy

DAY = datetime.date(2026, 3, 9)
ID = "DR-7K3Q-X4MB"
OTHER = "DR-2222-2222"
TEMPLATES = {
    path.name: path.read_text()
    for path in (Path(__file__).parents[3] / "templates" / "site").iterdir()
}
DEVICE = PublicDevice(
    "ESME", "FF01", "00010100", "0001*,00030000..00030004",
    "ESME:FF01/00010100@0001*,00030000..00030004",
)  # fmt: skip
FIELDS = (
    PublicField(("id",), "Id", "id", None, False),
    PublicField(("title",), "Title", "title", None, False),
    PublicField(("affected",), "Affected combinations", "affected", None, False),
    PublicField(("behaviour",), "Observed behaviour", "behaviour", None, False),
    PublicField(("alerts",), "Alert codes", "alerts", None, False),
    PublicField(("certainty",), "Certainty", "certainty", "reported", True),
    PublicField(("impact", "consumers"), "Impact on consumers", "impact-consumers", "none", True),
    PublicField(("evidence", "devices"), "Devices seen", "evidence-devices", None, True),
    PublicField(("evidence", "laboratory"), "Seen in a laboratory", "laboratory", False, False),
)


def said(kind: str, key: str = "", **keys: Any) -> PublicStatement:
    """A statement; names of PublicStatement's fields set those, all others are what it says."""
    own: dict[str, Any] = {
        "whose": "Large Supplier",
        "devices": (),
        "about": "",
        "is_superseded": False,
        "is_from_manufacturer": False,
    }
    own |= {name: keys.pop(name) for name in own.keys() & keys.keys()}
    values = {name.replace("_", "-"): value for name, value in keys.items()}
    values.setdefault("says", f"The text of a {kind}.")
    return PublicStatement(key=key or f"{kind}-1", kind=kind, day=DAY, values=values, **own)


def entry(*statements: PublicStatement, **changes: Any) -> PublicRecord:
    """An entry as the audience may see it."""
    values = {
        "id": ID,
        "title": "Meter stops sending billing alerts",
        "affected": [DEVICE.text],
        "behaviour": "After the update the meter sends no alert.",
        "alerts": ["8F1E"],
        "impact": {"consumers": "high"},
        "evidence": {"devices": "2-9"},
        **changes.pop("values", {}),
    }
    fields: dict[str, Any] = {
        "id": ID,
        "first_day": datetime.date(2026, 3, 2),
        "last_day": DAY,
        "kind": "unusual-behaviour",
        "kind_words": "Unusual behaviour",
        "affected": (PublicCombination((DEVICE,), ("North",), f"{DEVICE.text} in North"),),
        "marks": ("cause-unknown",),
        "values": values,
        "statements": statements,
        "timeline": (PublicEvent(DAY, "report", "Large Supplier"),),
        "reporters": ("Large Supplier",),
        "is_provided_by_manufacturer": False,
        "is_validated_by_its_reporter": False,
        "untold": (),
        "withdrawal": None,
    }
    return PublicRecord(**{**fields, **changes})


def tombstone(*statements: PublicStatement, **changes: Any) -> PublicRecord:
    """What is left of a withdrawn entry."""
    fields: dict[str, Any] = {
        "id": OTHER,
        "kind": "",
        "kind_words": "Withdrawn entry",
        "affected": (),
        "marks": ("duplicate",),
        "timeline": (),
        "reporters": (),
        "untold": (),
        "withdrawal": PublicWithdrawal(DAY, "duplicate-of", ID),
        **changes,
    }
    made = entry(*statements, **fields)
    return PublicRecord(**{**_fields(made), "values": {}})


def register(*records: PublicRecord, **changes: Any) -> PublicRegister:
    """A register; ``policy`` takes its switches as a dictionary."""
    rules: Policy = policy(**changes.pop("policy", {}))
    fields: dict[str, Any] = {
        "title": "Register of issues",
        "contact": "",
        "audience": "green",
        "day": DAY,
        "commit": "c" * 40,
        "is_demonstration": False,
        "policy": rules,
        "fields": FIELDS,
        "switches": (PublicSwitch("audience", "Audience", "the SEC Parties", ""),),
        "records": tuple(sorted(records, key=lambda record: record.id)),
    }
    return PublicRegister(**{**fields, **changes})


def published(*records: PublicRecord, **changes: Any) -> dict[str, str]:
    """The files of a publication, as text by path."""
    return {
        path: data.decode() for path, data in files_of(register(*records, **changes), TEMPLATES)
    }


def of_cards(
    part: CardPart, shown: PublicRegister, templates: Mapping[str, str] = TEMPLATES
) -> Iterator[tuple[str, bytes]]:
    """The files that a part makes of the cards of a register."""
    made = Pages.of(shown, templates)
    with card_file(COLUMNS, "", None) as file:
        cards = cards_of(KeptRecords.of(shown.records), shown, made, file)
        for sheet in part(shown, made, cards):
            yield from sheet.make()


def site_of(shown: PublicRegister, templates: Mapping[str, str] = TEMPLATES) -> Site:
    """The site of a register, of which nothing is kept."""
    return Site.of(shown, templates, CardFile(COLUMNS, ""))


def pages(**changes: Any) -> Pages:
    """The pages of a register with the program's templates."""
    return Pages.of(register(**changes), TEMPLATES)


def _fields(record: PublicRecord) -> dict[str, Any]:
    return {name: getattr(record, name) for name in record.__slots__}
