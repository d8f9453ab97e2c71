"""What the register has about Superfluous Alerts, to stand beside a report's figures."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Collection

from defectreg.alerts.reporting import Entry
from defectreg.register.stage import marks_of
from defectreg.store.index import NOT_JUDGED, AnyOf, Hit, Index, Query, open_index
from defectreg.store.places import Register

_KIND = "superfluous-alerts"
_TOLD = frozenset({"report", "cause", "fix", "workaround", "confirmation", "challenge", "response"})


def entries_about(
    register: Register, codes: Collection[str], day: datetime.date, audience: str
) -> tuple[Entry, ...]:
    """The entries about Superfluous Alerts with one of these codes, with the marks they have for an
    audience; withdrawn and held ones are left out.
    """
    if not codes:
        return ()
    asked = AnyOf("kind", (_KIND,)), AnyOf("alert", tuple(sorted(codes)))
    with open_index(register) as index:
        hits = index.search(Query(facets=asked), sys.maxsize, day, audience).hits
        entries = [_entry(hit, index, audience) for hit in hits if hit.stage.name != "held"]
    return tuple(sorted(entries, key=lambda entry: entry.id))


def _entry(hit: Hit, index: Index, audience: str) -> Entry:
    record, grounds = hit.standing.record, index.grounds
    return Entry(
        record.id,
        record.title,
        tuple(record.affected),
        frozenset(map(str, record.data.get("alerts", ()))),
        ()
        if hit.stage == NOT_JUDGED
        else marks_of(hit.standing, grounds.catalogue, audience, grounds.policy),
        tuple(
            (landed.landing.day, landed.statement.kind)
            for landed in hit.standing.shown_to(audience, grounds.policy)
            if landed.statement.kind in _TOLD
        ),
    )
