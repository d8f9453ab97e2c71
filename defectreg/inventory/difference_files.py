"""The answer of ``diff`` for programs and for a Party's own files: JSON, CSV and Parquet.

Each carries the disclaimer. Figures by product are nothing for git or the site.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import Any

from defectreg.formats.columns import BYTE_ORDER_MARK, safe_cell
from defectreg.inventory.differing import ASKED, FOUND, METHOD, OUTCOMES, Count, Name, Summary
from defectreg.register.devices import Device
from defectreg.register.firmware import ExactFirmware, FirmwareSet
from defectreg.register.inventory.variants import FUNCTIONS
from defectreg.register.shown_words import DISCLAIMER
from defectreg.store.inventory.snapshot import Snapshot

SCHEMA_VERSION = 1
FILE_COLUMNS = (*FOUND, "disclaimer")
"""The columns of the files of Devices."""
SHORT_DISCLAIMER = "No recommendations are made or intended."
"""In every row but the first, which has the whole of it."""
_AT_ONCE = 5000


def difference_json(summary: Summary, snapshot: Snapshot) -> dict[str, Any]:
    """The summary as one object of JSON.

    ``schema_version``: 1; ``meta``: ``disclaimer``, ``method``, ``snapshot``, ``as_of``;
    ``asked``: how many ESMEs have an outcome; ``not_asked``: by status; ``outcomes``: by id its
    ``words``, ``devices``, ``proposed`` (a correction is on its way) and ``causes``;
    ``functions``: by letter its ``words`` and how many are ``missing`` it or have it ``extra``, by
    outcome; ``statuses``, ``products``, ``suppliers``, ``regions``: each with ``name`` and
    ``outcomes``, sorted by name.
    """
    return {
        "schema_version": SCHEMA_VERSION,
        "meta": {
            "disclaimer": DISCLAIMER,
            "method": METHOD,
            "snapshot": snapshot.id,
            "as_of": snapshot.as_of,
        },
        "asked": summary.devices,
        "not_asked": dict(summary.not_asked),
        "outcomes": {outcome: _outcome(summary, outcome) for outcome in OUTCOMES},
        "functions": {letter: _function(summary, letter) for letter in FUNCTIONS},
        "statuses": _named(summary, "status"),
        "products": _named(summary, "product"),
        "suppliers": _named(summary, "supplier"),
        "regions": _named(summary, "region"),
    }


def with_disclaimer(rows: Iterable[Sequence[str]]) -> Iterator[tuple[str, ...]]:
    """Rows under ``FILE_COLUMNS``."""
    says = chain((DISCLAIMER,), iter(lambda: SHORT_DISCLAIMER, None))
    for row, disclaimer in zip(rows, says, strict=False):
        yield (*row, disclaimer)


def csv_pieces(names: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """A table as CSV that no spreadsheet spoils, in pieces; the first row names the columns."""
    yield BYTE_ORDER_MARK.encode()
    left = chain((names,), rows)
    while piece := list(islice(left, _AT_ONCE)):
        yield csv_bytes(piece)


def csv_bytes(rows: Iterable[Sequence[str]]) -> bytes:
    """Rows of a CSV file, as ``csv_pieces`` writes them."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows(map(safe_cell, row) for row in rows)
    return text.getvalue().encode("utf-8", "backslashreplace")


def product_words(name: Name) -> str:
    """Manufacturer, model and firmware as the notation writes them; as they are where it cannot."""
    manufacturer, model, firmware = name
    if not manufacturer or not model:
        return f"ESME:{manufacturer or '?'}/{model or '?'}@{firmware or '?'}"
    patterns = (ExactFirmware(firmware),) if firmware else ()
    return str(Device("ESME", manufacturer, model, FirmwareSet(patterns)))


def in_order(part: str, names: Iterable[Name]) -> list[Name]:
    """Commissioned first of statuses; all else by its text, so that nothing is ranked."""
    if part != "status":
        return sorted(names)
    places = {status: place for place, status in enumerate(ASKED)}
    return sorted(names, key=lambda name: (places.get(name[0], len(ASKED)), name))


def letters(summary: Summary, part: str, letter: str) -> dict[str, int]:
    """Outcome to how many Devices are missing a function, or have it extra."""
    found: dict[str, int] = {}
    for (functions,), outcomes in summary.by(part).items():
        if letter in functions:
            for outcome, count in outcomes.items():
                found[outcome] = found.get(outcome, 0) + count.devices
    return _sorted(found)


def _outcome(summary: Summary, outcome: str) -> dict[str, Any]:
    causes = {
        name[0]: _figures(outcomes[outcome])
        for name, outcomes in summary.by("cause").items()
        if outcome in outcomes
    }
    return {
        "words": OUTCOMES[outcome],
        "devices": summary.of(outcome),
        "proposed": summary.proposed(outcome),
        "causes": causes,
    }


def _function(summary: Summary, letter: str) -> dict[str, Any]:
    missing, extra = (letters(summary, part, letter) for part in ("missing", "extra"))
    return {"words": FUNCTIONS[letter], "missing": missing, "extra": extra}


def _named(summary: Summary, part: str) -> list[dict[str, Any]]:
    found = summary.by(part)
    return [
        {
            "name": product_words(name) if part == "product" else name[0],
            "outcomes": _sorted({o: _figures(count) for o, count in found[name].items()}),
        }
        for name in in_order(part, found)
    ]


def _figures(count: Count) -> dict[str, int]:
    return {"devices": count.devices, "proposed": count.proposed}


def _sorted(found: Mapping[str, Any]) -> dict[str, Any]:
    """In the order of the outcomes."""
    return {outcome: found[outcome] for outcome in OUTCOMES if outcome in found}
