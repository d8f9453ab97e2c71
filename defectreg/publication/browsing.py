"""Ways to all entries without a search: by kind, combination, alert code, region, month, model.

Never by manufacturer. Small numbers are no more shown than elsewhere, though the lists are.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from operator import itemgetter

from defectreg.publication.bulletin import month_words
from defectreg.publication.cards import Cards, Sheet
from defectreg.publication.listing import Listing, list_sheets
from defectreg.publication.models import Models, has_model_pages
from defectreg.publication.pages import Pages
from defectreg.publication.tracker import tracker_sheets
from defectreg.publication.words import DEVICE_TYPES
from defectreg.register.devices import REGIONS
from defectreg.register.public import KIND_WORDS, PublicRecord, PublicRegister

_WITHDRAWN = "withdrawn"
_KINDS = {
    **KIND_WORDS,
    "issue": "Issues",
    "defect": "Defects, possible and confirmed",
    _WITHDRAWN: "Withdrawn entries",
}
_NO_REGION = "not-given"


@dataclass(frozen=True, slots=True)
class Facet:
    """Something by which entries are listed; of each value there is a list."""

    name: str
    title: str
    note: str
    values: Callable[[PublicRecord], Iterable[str]]
    """What an entry is listed under: parts of file names, in lower case."""
    words: Callable[[str], str]
    heading: Callable[[str], str]
    order: Callable[[str], tuple[int, str]]
    """What values are sorted by."""
    beside: str = ""
    """What its lists say besides."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """The lists of a facet, in their order: of each the words, the path and how many entries,
    which is empty where the number is not shown."""

    facet: Facet
    lists: tuple[tuple[str, str, str], ...]


def lists_of(record: PublicRecord) -> Iterator[str]:
    """The lists in which an entry stands: ``kind-issue``."""
    for facet in FACETS:
        for value in dict.fromkeys(facet.values(record)):
            yield f"{facet.name}-{value}"


def browse(register: PublicRegister, pages: Pages, cards: Cards) -> Iterator[Sheet]:
    """The page from which to browse, the lists of each facet, and of each model where allowed.

    The tracker of Superfluous Alerts is made of the same lists: nobody reads all cards twice.
    """
    facets = facets_of(register)
    found: defaultdict[str, list[str]] = defaultdict(list)
    models = Models()
    for record_id, lists, keys, devices in _newest_first(cards):
        for name in lists.split(" "):
            found[name].append(record_id)
        models.take(keys, devices, record_id)
    listings: dict[str, dict[str, list[str]]] = {facet.name: {} for facet in facets}
    for name, ids in found.items():
        of, _, value = name.partition("-")
        listings[of][value] = ids
    yield Sheet("browse index", "", partial(_index, register, pages, listings, models))
    for facet in facets:
        for value, ids in listings[facet.name].items():
            listing = Listing(_name(facet, value), facet.heading(value), ids)
            yield from list_sheets(listing, pages, cards, "browse-list.html", beside=facet.beside)
    yield from models.sheets(pages, cards)
    yield from tracker_sheets(register, pages, cards, listings)


def _newest_first(cards: Cards) -> Iterator[tuple[str, ...]]:
    """Id, lists, models (keys, devices) of every entry; of one day in the order of their ids."""
    known = [*cards.file.read("listed", "id", "lists", "models", "devices")]
    known.sort(key=itemgetter(0), reverse=True)  # what is equal keeps its order
    return (each[1:] for each in known)


def _index(
    register: PublicRegister,
    pages: Pages,
    listings: dict[str, dict[str, list[str]]],
    models: Models,
) -> Iterator[tuple[str, bytes]]:
    path, least = "browse/index.html", register.policy.small_cell
    shelves = [_shelf(facet, listings[facet.name], least) for facet in facets_of(register)]
    yield (
        path,
        pages.page(
            "browse.html",
            path,
            shelves=[shelf for shelf in shelves if shelf.lists],
            types=tuple(models.types()),
            by_model=has_model_pages(register.policy),
        ),
    )


def _shelf(facet: Facet, listings: dict[str, list[str]], least: int) -> Shelf:
    lists = (
        (
            facet.words(value),
            f"{_name(facet, value)}.html",
            f"{len(lines):,}" if len(lines) >= least else "",
        )
        for value, lines in sorted(listings.items(), key=lambda item: facet.order(item[0]))
    )
    return Shelf(facet, tuple(lists))


def _name(facet: Facet, value: str) -> str:
    return f"browse/{facet.name}-{value}"


def facets_of(register: PublicRegister) -> tuple[Facet, ...]:
    """The facets, with alert codes in the words that the register's catalogue has for them."""
    names = dict(register.alerts)

    def words(value: str) -> str:
        code = value.upper()
        return f"{code}: {names[code]}" if code in names else code

    def heading(value: str) -> str:
        return f"Alert code {words(value)}"

    return tuple(
        replace(facet, words=words, heading=heading) if facet.name == "alert" else facet
        for facet in FACETS
    )


def _kind(record: PublicRecord) -> Iterable[str]:
    return [record.kind if record.withdrawal is None else _WITHDRAWN]


def _combinations(record: PublicRecord) -> Iterable[str]:
    """Device Types that show it together, in the order of the alphabet."""
    for combination in record.affected:
        yield "-".join(sorted({device.type.lower() for device in combination.devices}))


def _alerts(record: PublicRecord) -> Iterable[str]:
    return (str(code).lower() for code in record.values.get("alerts", ()))


def _regions(record: PublicRecord) -> Iterable[str]:
    for combination in record.affected:
        yield from map(_region_name, combination.regions or (_NO_REGION,))


def _month(record: PublicRecord) -> Iterable[str]:
    return [record.first_day.isoformat()[:7]] if record.withdrawal is None else ()


def _region_name(region: str) -> str:
    return region.lower().replace(" ", "-")


_REGION_WORDS = {_region_name(region): region for region in REGIONS}
_REGION_WORDS |= {"unknown": "Unknown region", _NO_REGION: "No region given"}


def _region_heading(value: str) -> str:
    words = _REGION_WORDS[value]
    return words if value in ("unknown", _NO_REGION) else f"Region {words}"


def _combination_words(value: str) -> str:
    """``Communications Hub + electricity meter``."""
    first, *others = (DEVICE_TYPES.get(part.upper(), part.upper()) for part in value.split("-"))
    return " + ".join([first, *map(_within_a_line, others)])


def _within_a_line(words: str) -> str:
    return words[0].lower() + words[1:] if words[1:].islower() else words


def _latest_first(month: str) -> tuple[int, str]:
    return -datetime.date.fromisoformat(f"{month}-01").toordinal(), month


def _place_in(values: Iterable[str]) -> Callable[[str], tuple[int, str]]:
    places = {value: place for place, value in enumerate(values)}
    return lambda value: (places.get(value, len(places)), value)


FACETS = (
    Facet(
        "kind",
        "By kind",
        "A defect is shown as a possible defect until its certainty is confirmed.",
        _kind,
        _KINDS.__getitem__,
        _KINDS.__getitem__,
        _place_in(_KINDS),
    ),
    Facet(
        "combination",
        "By combination",
        "The Device Types that show a behaviour together.",
        _combinations,
        _combination_words,
        _combination_words,
        lambda value: (value.count("-"), value),
    ),
    Facet(
        "alert",
        "By alert code",
        "Device alerts and DCC Alerts that belong to an entry.",
        _alerts,
        str.upper,
        lambda value: f"Alert code {value.upper()}",
        lambda value: (len(value), value),
    ),
    Facet(
        "region",
        "By region",
        "Where an entry names no region, it may be seen in any.",
        _regions,
        _REGION_WORDS.__getitem__,
        _region_heading,
        _place_in(_REGION_WORDS),
        "What names no region may be seen in any, and stands in a list of its own.",
    ),
    Facet(
        "month",
        "By month",
        "The month in which an entry entered the register.",
        _month,
        month_words,
        lambda value: f"Entered in {month_words(value)}",
        _latest_first,
    ),
)
"""In the order of the page; a new one is one more line."""
