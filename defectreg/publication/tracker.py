"""The tracker of Superfluous Alerts: for each alert code what it is correlated with, and where.

Of entries of that kind alone. Where entries are not to be looked up by model, only entries and
regions are named. Nothing is counted or sorted by manufacturer.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from defectreg.formats.heatmap import Square, heatmap
from defectreg.formats.svg import Lane, Mark, Span, Svg, timeline
from defectreg.publication.cards import Cards, Sheet, digest
from defectreg.publication.models import has_model_pages
from defectreg.publication.pages import Pages
from defectreg.publication.words import STATEMENTS, coded_words, day_words
from defectreg.register.devices import REGIONS
from defectreg.register.public import (
    PublicCombination,
    PublicRecord,
    PublicRegister,
    PublicStatement,
    least_of,
)

KIND = "superfluous-alerts"
ANY = "Any region"
"""The column of what names no region."""
_MOST = 200
"""Entries on the page of an alert code, the newest."""
_MOST_LANES = 40
_ROW_NAME = 36
"""Characters of a row's name that fit beside each other on a telephone."""
_WIDE = 4
"""Columns that fit beside each other there."""
_LEVELS = (10_000, 1_000, 100, 10, 1)
"""From how many Devices on a field's colour is how strong, the strongest first."""
_SAID = ("cause", "fix", "workaround", "accommodation", "confirmation", "challenge")


@dataclass(frozen=True, slots=True)
class Tracked:
    """An alert code with entries: what it means in a few words, and in which regions it is seen."""

    code: str
    words: str
    path: str
    regions: tuple[str, ...]


class Seen(NamedTuple):
    """How much an entry is seen in a region: a band of Devices, '' where none is shown."""

    band: str
    since: str
    until: str

    @property
    def words(self) -> str:
        """As a table says it."""
        said = [f"{coded_words(self.band)} Devices" if self.band else "seen"]
        if self.since:
            said.append(f"since {_day(self.since)}")
        if self.until:
            said.append(f"until {_day(self.until)}")
        return ", ".join(said)

    @property
    def level(self) -> int:
        """How strong its colour is, from 1 to 5; what has ended, or has no number, is at 1."""
        if self.until or not self.band:
            return 1
        least = least_of(self.band)
        return len(_LEVELS) - next(place for place, each in enumerate(_LEVELS) if least >= each)

    @property
    def label(self) -> str:
        """The few characters that fit into a field."""
        if self.until:
            return "ended"
        return f"{least_of(self.band):,}+" if self.band else "seen"


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as a row shows it."""

    id: str
    title: str
    certainty: str
    marks: tuple[str, ...]


@dataclass(slots=True)
class Row:
    """A combination, or an entry: of each region what is seen there, and the entries."""

    name: str
    """The notation without regions, or an id."""
    order: tuple[str, ...]
    seen: dict[str, list[Seen]]
    entries: list[Entry]

    def words(self, region: str) -> str:
        """What is seen in a region; empty where nothing is."""
        return "; ".join(each.words for each in self.seen.get(region, ()))


@dataclass(frozen=True, slots=True)
class Life:
    """What was said of an entry, and when, in sentences."""

    entry: Entry
    sentences: tuple[str, ...]


def tracker_sheets(
    register: PublicRegister,
    pages: Pages,
    cards: Cards,
    listings: Mapping[str, Mapping[str, Sequence[str]]],
) -> Iterator[Sheet]:
    """The page that leads to each alert code, and a page for each.

    ``listings`` has the ids of entries, the newest first, by facet and value as ``browsing`` does.
    """
    of_kind = frozenset(listings["kind"].get(KIND, ()))
    in_region = {value: of_kind.intersection(ids) for value, ids in listings["region"].items()}
    names, codes = dict(register.alerts), []
    for value, ids in sorted(listings["alert"].items(), key=lambda item: (len(item[0]), item[0])):
        found = [each for each in ids if each in of_kind]
        if found:
            code = value.upper()
            regions = tuple(_regions_of(found, in_region))
            tracked = Tracked(code, names.get(code, ""), f"tracker/{value}.html", regions)
            codes.append(tracked)
            yield _sheet(register, pages, cards, tracked, found)
    yield Sheet.of(
        "tracker/index.html",
        digest(repr(codes).encode()),
        lambda: pages.page("tracker.html", "tracker/index.html", codes=codes),
    )


def _regions_of(ids: Iterable[str], listed: Mapping[str, frozenset[str]]) -> Iterator[str]:
    """The regions that some of these entries name, in the order of the field, at last any."""
    found = frozenset(ids)
    names = {region.lower().replace(" ", "-"): region for region in REGIONS}
    for value, region in {**names, "not-given": ANY}.items():
        if not found.isdisjoint(listed.get(value, ())):
            yield region


def _sheet(
    register: PublicRegister, pages: Pages, cards: Cards, tracked: Tracked, ids: Sequence[str]
) -> Sheet:
    shown = ids[:_MOST]
    made_of = (repr(tracked), str(len(ids) > len(shown)))
    key = digest(*map(str.encode, made_of), *map(cards.digests.__getitem__, shown))
    is_cut = len(ids) > len(shown)
    return Sheet.of(
        tracked.path, key, partial(_page, register, pages, cards, tracked, shown, is_cut)
    )


def _page(
    register: PublicRegister,
    pages: Pages,
    cards: Cards,
    tracked: Tracked,
    ids: Sequence[str],
    is_cut: bool,
) -> bytes:
    records = [record for each in ids if (record := cards.records.find(each)) is not None]
    by_model = has_model_pages(register.policy)
    rows = rows_of(records, by_model=by_model)
    regions = columns_of(rows)
    lives = tuple(map(life_of, records))
    return pages.page(
        "tracker-code.html",
        tracked.path,
        tracked=tracked,
        by_model=by_model,
        rows=rows,
        regions=regions,
        is_wide=len(regions) > _WIDE,
        map=map_of(tracked.code, rows, regions),
        lives=lives,
        picture=picture_of(tracked.code, records[:_MOST_LANES]),
        is_cut=is_cut,
    )


def rows_of(records: Iterable[PublicRecord], *, by_model: bool) -> list[Row]:
    """A row for each combination or, where models are not to be looked up, for each entry.

    Combinations stand by Device Types and model numbers; those of the same ones in an order that
    says nothing of manufacturers.
    """
    rows: dict[str, Row] = {}
    for record in records:
        entry = _entry(record)
        for combination in record.affected:
            name = _name(combination) if by_model else record.id
            order = _order(combination) if by_model else ("",)
            row = rows.setdefault(name, Row(name, order, {}, []))
            if entry not in row.entries:
                row.entries.append(entry)
            for region, seen in _seen_in(record, combination):
                told = row.seen.setdefault(region, [])
                if seen not in told:
                    told.append(seen)
    return sorted(rows.values(), key=lambda row: row.order)


def columns_of(rows: Iterable[Row]) -> list[str]:
    """The regions in which something is seen, in the order of the field, at last any."""
    found = {region for row in rows for region in row.seen}
    return [region for region in (*REGIONS, ANY) if region in found]


def map_of(code: str, rows: Sequence[Row], regions: Sequence[str]) -> Svg | None:
    """The rows as a picture, of which the table says the same."""
    names = _short_names(rows)
    squares = {
        (name, region): _square(code, row, region)
        for name, row in zip(names, rows, strict=True)
        for region in regions
        if region in row.seen
    }
    return heatmap(
        names,
        regions,
        squares,
        title=f"What alert {code} is correlated with, by region",
        description="The stronger the colour, the more Devices. The table that follows says the "
        "same in words.",
        name="map",
    )


def _square(code: str, row: Row, region: str) -> Square:
    most = max(row.seen[region], key=lambda seen: seen.level)
    where = region if region != ANY else "any region"
    words = f"{code} in {where}, correlated with {row.name}: {row.words(region)}"
    return Square(most.level, most.label, words)


def _short_names(rows: Sequence[Row]) -> list[str]:
    """Names as the picture has room for, each once."""
    names: list[str] = []
    for row in rows:
        parts = row.name.split(" + ")
        name = " + ".join(
            part if len(part) <= _ROW_NAME else f"{part[: _ROW_NAME - 1]}…" for part in parts
        )
        number = sum(other.partition(" (")[0] == name for other in names) + 1
        names.append(name if number == 1 else f"{name} ({number})")
    return names


def life_of(record: PublicRecord) -> Life:
    """What the time-line of an entry says, in sentences."""
    said = [span.words for span in spans_of(record)]
    said += [f"{STATEMENTS[each.kind]}, {day_words(each.day)}" for each in _told(record)]
    return Life(_entry(record), tuple(dict.fromkeys(said)))


def picture_of(code: str, records: Iterable[PublicRecord]) -> Svg | None:
    """When each entry was seen, and what was said of it: a lane for each."""
    lanes = (
        Lane(
            record.id,
            tuple(
                Mark(said.day, f"{STATEMENTS[said.kind]}, {day_words(said.day)}", _look(said))
                for said in _told(record)
            ),
            tuple(spans_of(record)),
        )
        for record in records
    )
    return timeline(
        lanes,
        title=f"Time-line of what alert {code} is correlated with",
        description="When each entry was seen, and when a cause, a fix, a confirmation or a "
        "challenge was said. The list that follows says the same in words.",
        day_words=day_words,
        name="lanes",
    )


def spans_of(record: PublicRecord) -> tuple[Span, ...]:
    """From when to when it was seen, region by region: as the reports say, until one ends it.

    What none has ended was seen until the newest report.
    """
    by_region = {
        region: reports
        for combination in record.affected
        for region, reports in _reports_in(record, combination)
    }
    names = {region: f" in {region}" if len(by_region) > 1 and region != ANY else ""
             for region in by_region}  # fmt: skip
    spans = (
        Span(first, last, f"Seen{names[region]} from {day_words(first)} to {day_words(last)}")
        for region, reports in by_region.items()
        for first, last in _times(record, reports)
    )
    return tuple(dict.fromkeys(spans))


def _times(
    record: PublicRecord, reports: Sequence[PublicStatement]
) -> Iterator[tuple[datetime.date, datetime.date]]:
    """First and last day of each time that it was seen."""
    is_said = any("since" in said.values for said in reports)
    since, day = "" if is_said else str(record.values.get("since", "")), record.first_day
    for said in reports:
        since, day = since or str(said.values.get("since", "")), said.day
        until = str(said.values.get("until", ""))
        if since and until:
            yield _ordered(since, datetime.date.fromisoformat(until))
            since = ""
    if since:
        yield _ordered(since, day)


def _ordered(since: str, last: datetime.date) -> tuple[datetime.date, datetime.date]:
    first = datetime.date.fromisoformat(since)
    return first, max(first, last)


def _look(said: PublicStatement) -> str:
    return {"challenge": "warm", "cause": "hollow"}.get(said.kind, "")


def _told(record: PublicRecord) -> list[PublicStatement]:
    return [said for said in record.statements if said.kind in _SAID and not said.is_superseded]


def _entry(record: PublicRecord) -> Entry:
    certainty = coded_words(str(record.values.get("certainty", "reported")))
    return Entry(record.id, record.title, certainty, record.marks)


def _name(combination: PublicCombination) -> str:
    return " + ".join(device.text for device in combination.devices)


def _order(combination: PublicCombination) -> tuple[str, ...]:
    types = " ".join(device.type for device in combination.devices)
    models = " ".join(device.model.upper() for device in combination.devices)
    firmware = " ".join(device.firmware for device in combination.devices)
    return types, models, firmware, hashlib.sha256(_name(combination).encode()).hexdigest()


def _seen_in(record: PublicRecord, combination: PublicCombination) -> Iterator[tuple[str, Seen]]:
    """The regions of a combination, and what is seen there."""
    for region, reports in _reports_in(record, combination):
        yield region, _seen(record, reports)


def _reports_in(
    record: PublicRecord, combination: PublicCombination
) -> Iterator[tuple[str, Sequence[PublicStatement]]]:
    """The regions of a combination, as it and the reports name them, and the reports on each."""
    reports = [
        said for said in record.statements if said.kind == "report" and not said.is_superseded
    ]
    told = {str(said.values.get("region", "")) for said in reports}
    named = combination.regions or (*sorted(told - {""}), "")
    for region in named:
        of_region = [said for said in reports if said.values.get("region", "") == region]
        of_all = [said for said in reports if "region" not in said.values]
        yield region or ANY, of_region or of_all


def _seen(record: PublicRecord, reports: Sequence[PublicStatement]) -> Seen:
    """What the newest of these reports says; of the beginning, what the earliest knows."""
    newest = reports[-1].values if reports else {}
    evidence = record.values.get("evidence", {})
    band = str(newest.get("devices") or evidence.get("devices", ""))
    since = [str(said.values["since"]) for said in reports if "since" in said.values]
    first = min(since, default=str(record.values.get("since", "")))
    return Seen(band, first, str(newest.get("until", "")))


def _day(text: str) -> str:
    return day_words(datetime.date.fromisoformat(text))
