"""A letter of each kind with nothing in it that anybody wrote: what templates are judged by."""

from __future__ import annotations

import datetime

from defectreg.register.public import (
    PublicBulletin,
    PublicCombination,
    PublicRecord,
    PublicStatement,
)
from defectreg.store.letters.due import KINDS, Addressee, Digest, Due, Subject

_ID = "DR-0000-0000"
_TO = Addressee("a-party", "A Party", "role@party.invalid")
_OCCASIONAL = frozenset({"general", "digest", "bulletin"})


def samples(day: datetime.date) -> dict[str, Due]:
    """Kind → a letter of it."""
    return {kind: _sample(kind, day) for kind in KINDS}


def _sample(kind: str, day: datetime.date) -> Due:
    month = day.isoformat()[: len("2026-01")]
    if kind not in _OCCASIONAL:
        told = {"certainty": "suspected", "impact": "medium"}
        subject = Subject(
            _ID,
            "",
            told=told,
            why="acknowledged",
            until=day,
            own=("ESME:FF01/00010100",),
            view=_entry(day),
        )
        return Due(kind, _TO, (subject,))
    about = str(day.year) if kind == "general" else month
    digest = Digest(month, (), (), (), ()) if kind == "digest" else None
    bulletin = PublicBulletin(month, day, "", None, True, (), ()) if kind == "bulletin" else None
    return Due(kind, _TO, about=about, digest=digest, bulletin=bulletin)


def _entry(day: datetime.date) -> PublicRecord:
    text = "ESME:FF01/00010100 in North"
    values = {"device": "ESME", "firmware": "00030005"}
    fix = PublicStatement("fix-1", "fix", "", (), day, "", False, False, values)
    said = {"title": "A title", "behaviour": "What was seen.", "circumstances": "Where.",
            "expected": "What was expected."}  # fmt: skip
    return PublicRecord(
        id=_ID,
        first_day=day,
        last_day=day,
        kind="issue",
        kind_words="Issue",
        affected=(PublicCombination((), ("North",), text),),
        marks=("fix",),
        values=said,
        statements=(fix,),
        timeline=(),
        reporters=(),
        is_provided_by_manufacturer=False,
        is_validated_by_its_reporter=False,
        untold=(),
        withdrawal=None,
    )
