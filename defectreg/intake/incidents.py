"""Which incidents were filed already, and as what, so that none is filed twice."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from defectreg.formats.columns import from_csv, to_csv
from defectreg.store.files import FileProblem, read_bounded
from defectreg.store.intake.outside import Outside

DECIDED_AGAINST = ""
"""The record of an incident about which a person decided that it is no report."""
_NAMES = ("reference", "record", "day")
_LARGEST = 1 << 28


@dataclass(frozen=True, slots=True)
class Filed:
    """An incident that was filed: on which record, and on which day (ISO 8601)."""

    reference: str
    record_id: str
    day: str


def read_filed(outside: Outside) -> dict[str, Filed]:
    """The incidents that were filed, by reference. Raises FileProblem for a file that is torn."""
    path = outside.incidents
    if not path.exists():
        return {}
    data = read_bounded(path, _LARGEST + 1)
    try:
        names, *rows = from_csv(data.decode("utf-8"))
        filed = [Filed(*row) for row in rows]
    except (UnicodeDecodeError, ValueError, TypeError, csv.Error) as error:
        raise _torn(outside) from error
    if tuple(names) != _NAMES or len(data) > _LARGEST:
        raise _torn(outside)
    return {each.reference: each for each in filed}


def filed_text(filed: Mapping[str, Filed], further: Iterable[Filed]) -> str:
    """The file of incidents with further ones at its end."""
    each = {**filed, **{one.reference: one for one in further}}
    return to_csv(_NAMES, ((one.reference, one.record_id, one.day) for one in each.values()))


def _torn(outside: Outside) -> FileProblem:
    return FileProblem(
        f"{outside.incidents} is no list of incidents that were filed",
        "take it from a backup: without it incidents would be filed twice",
    )
