"""The text search of the site: its page, and the index that the reader's browser reads.

What is found is what is shown: the id, the title, the record's own texts and codes, and what was
said that counts. Never a manufacturer: of a combination no more than its Device Types, models,
firmware and regions, below the search level ``model`` no model and no firmware either, for which
*Check my devices* is. What is kept back so is no word of the index wherever it stands in a text,
as far as it can be told: ``defectreg.publication.unfound`` says how. Alert codes are always words.

Files, JSON each, ``disclaimer`` first. Entries have numbers from 0, oldest first; a withdrawn one
keeps its own and is in no list.

- ``search/index.json``: ``size`` (how many numbers), ``entries`` and ``tokens`` (how many entries
  are searched and how many words they have, for BM25), ``kept`` (see ``postings``), ``per_file``,
  ``alone`` and ``beginnings`` (which file has a word), ``filters`` (field → value → the value in
  words), ``level``.
- ``search/words/w-WORD.json`` for a word in ``alone``, else ``search/words/b-BEGINNING.json`` for
  the beginning that it has; ``words``: word → [entries, list, set], the set empty where the list
  has all. In file names every octet but a-z and 0-9 is written as ``_`` and two hexadecimal digits.
- ``search/filters/all.json`` and ``search/filters/FIELD-VALUE.json``: ``numbers``, a set.
- ``search/entries/N.json``: ``entries`` from ``N * per_file`` on, each null or [id, title, kind in
  words, marks (each with its words), first day, last day]. What else is shown of a result stands in
  ``records/ID.json``.

Lists and sets: ``defectreg.publication.postings``.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from defectreg.publication.cards import Cards, Sheet, digest
from defectreg.publication.pages import Pages
from defectreg.publication.postings import KEPT, LONGEST, places_of, set_text
from defectreg.publication.relisting import bring_lists
from defectreg.publication.unfound import Known, named_in, read_notation
from defectreg.publication.word_files import file_name, shared_out
from defectreg.publication.words import DEVICE_TYPES, MARKS
from defectreg.register.devices import REGIONS
from defectreg.register.public import (
    DISCLAIMER,
    KIND_WORDS,
    PublicCombination,
    PublicDevice,
    PublicRecord,
    PublicRegister,
    PublicStatement,
)
from defectreg.store.cardfile import CardFile, WordShape
from defectreg.store.index.entries import without_prefix
from defectreg.store.json_texts import loaded
from defectreg.store.textindex import Cutter

PER_FILE = 64
"""Entries in a file of ``search/entries/``."""
_TEXTS = ("behaviour", "expected", "circumstances")
_CODES = ("alerts", "service-requests")
_FILTER_WORDS = {
    "kind": {**KIND_WORDS, "defect": "Defects, possible and confirmed"},
    "type": DEVICE_TYPES,
    "has-fix": {"true": "With a fix", "false": "Without a fix"},
}
"""Filter → value → what it is called, where that is not the value itself."""


@dataclass(frozen=True, slots=True)
class Found:
    """What the text search takes of an entry: each a column of its card."""

    length: int
    """How many words it has in all."""
    words: str
    places: str
    """Where each word stands, as ``postings`` writes it; blanks between, as in ``words``."""
    filters: str
    """What it is found by, as JSON: pairs of a filter and a value."""
    head: str
    """What a result shows, as JSON."""
    unfound: str
    """Manufacturers and products that it names, as JSON: see ``unfound``."""


def found_of(record: PublicRecord, level: str, cutter: Cutter) -> Found:
    """What the text search takes of an entry; of a withdrawn one nothing."""
    if record.withdrawal is not None:
        return Found(0, "", "", "[]", "", "[[],[],[]]")
    title = cutter.cut(without_prefix(record.title))
    text = cutter.cut(indexed_text(record, level))
    places = {word: at for word, at in places_of(title, text).items() if len(word) <= LONGEST}
    return Found(
        len(title) + len(text),
        " ".join(places),
        " ".join(places.values()),
        _compact(sorted(set(_filters(record)))),
        _compact(_head(record)),
        _compact(named_in(record)),
    )


def text_search(register: PublicRegister, pages: Pages, cards: Cards) -> Iterator[Sheet]:
    """The page, its scripts, and the index."""
    numbers = _numbers(cards)
    cards.file.number(numbers)
    bring_lists(cards.file)
    filters = _filter_sets(cards.file)
    values = _filter_values(filters)
    yield Sheet("search page", "", lambda: _page(pages, values))
    alone: list[str] = []
    beginnings: list[str] = []
    for beginning, shapes in shared_out(_found_words(register, cards, filters)):
        is_alone = not beginning
        name = shapes[0].word if is_alone else beginning
        (alone if is_alone else beginnings).append(name)
        path = f"search/words/{'w' if is_alone else 'b'}-{file_name(name)}.json"
        key = digest(b"".join(one.stamp for one in shapes))
        words = tuple(one.word for one in shapes)
        yield Sheet(path, key, partial(_word_file, path, cards.file, words))
    size = len(numbers)
    yield from _filter_sheets(filters, size)
    yield from _entry_sheets(cards, numbers)
    entries, tokens = cards.file.totals()
    index = _json(
        size=size,
        entries=entries,
        tokens=tokens,
        kept=KEPT,
        per_file=PER_FILE,
        alone=alone,
        beginnings=beginnings,
        filters=values,
        level=register.policy.search_level,
    )
    yield Sheet.of("search/index.json", digest(index), lambda: index)


def indexed_text(record: PublicRecord, level: str) -> str:
    """What of an entry is searched beside its title, put together as the command line does."""
    values = record.values
    parts = [record.id]
    parts += (_combination_text(combination, level) for combination in record.affected)
    parts += (str(values[key]) for key in _TEXTS if key in values)
    parts += (str(code) for key in _CODES for code in values.get(key, ()))
    for statement in record.statements:
        if not statement.is_superseded:
            parts += _said(statement, level)
    return "\n".join(map(without_prefix, parts))


def value_name(value: str) -> str:
    """A filter's value as it stands in the name of a file."""
    return value.lower().replace(" ", "-")


def _page(pages: Pages, values: Mapping[str, Mapping[str, str]]) -> Iterator[tuple[str, bytes]]:
    yield "search.html", pages.page("search.html", "search.html", filters=values)
    for name in ("words.js", "search.js"):
        yield name, f"/* {DISCLAIMER} */\n".encode() + pages.plain(name)


def _numbers(cards: Cards) -> dict[str, int | None]:
    """The number of every entry, the oldest first; a withdrawn one keeps its own, unused."""
    known = [*cards.file.read("first_day", "id", "is_withdrawn")]
    # Of one day the greatest id comes first: read backwards, as results are, by id.
    known.sort(key=lambda each: each[1], reverse=True)
    known.sort(key=lambda each: each[0])
    return {
        record_id: None if is_withdrawn else number
        for number, (_, record_id, is_withdrawn) in enumerate(known)
    }


def _found_words(
    register: PublicRegister, cards: Cards, filters: Mapping[tuple[str, str], object]
) -> Iterator[WordShape]:
    known = Known(register)
    for named in loaded(one for (one,) in cards.file.read("unfound")):
        known.take(*named)
    alerts = (value for name, value in filters if name == "alert")
    unfound = known.unfound(lambda word: _entries_with(cards.file, word), alerts)
    shapes = [*cards.file.shapes()]
    left_out = unfound.among(one.word for one in shapes)
    return (one for one in shapes if one.word not in left_out)


def _entries_with(file: CardFile, word: str) -> int:
    one = file.list_of(word)
    return 0 if one is None else one.entries


def _word_file(path: str, file: CardFile, words: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
    found = (one for one in map(file.list_of, words) if one is not None)
    lists = {one.word: [one.entries, one.postings, one.members] for one in found}
    yield path, _json(words=lists)


def _head(record: PublicRecord) -> list[Any]:
    return [
        record.id,
        record.title,
        record.kind_words,
        [
            [mark, MARKS[mark][0]]
            for mark in record.marks
            if mark != "fix" or "fixed" not in record.marks
        ],
        record.first_day.isoformat(),
        record.last_day.isoformat(),
    ]


def _said(statement: PublicStatement, level: str) -> Iterator[str]:
    values = statement.values
    if "says" in values:
        yield str(values["says"])
    if "device" in values:
        yield _notation_text(str(values["device"]), level)
    if "firmware" in values and level == "model":
        yield str(values["firmware"])
    for combination in values.get("tried-with", ()):
        yield _notation_text(str(combination), level)


def _combination_text(combination: PublicCombination, level: str) -> str:
    devices = (
        f"{device.type} {device.model} {device.firmware}" if level == "model" else device.type
        for device in combination.devices
    )
    return " , ".join([*devices, *combination.regions])


def _notation_text(text: str, level: str) -> str:
    if ":" not in text:
        return text
    combination = read_notation(text)
    if combination is None:
        return text.partition(":")[0]
    devices = tuple(
        PublicDevice(device.type, "", device.model, str(device.firmware), "")
        for device in combination.devices
    )
    return _combination_text(PublicCombination(devices, combination.regions, ""), level)


def _alerts(record: PublicRecord) -> list[str]:
    return [str(code) for code in record.values.get("alerts", ())]


def _filters(record: PublicRecord) -> Iterator[tuple[str, str]]:
    yield "kind", record.kind
    for combination in record.affected:
        yield from (("type", device.type) for device in combination.devices)
        # An entry that names no region holds in each.
        yield from (("region", region) for region in combination.regions or REGIONS)
    has_fix = any(said.kind == "fix" and not said.is_superseded for said in record.statements)
    yield "has-fix", "true" if has_fix else "false"
    yield from (("alert", code) for code in _alerts(record))


def _filter_sets(file: CardFile) -> dict[tuple[str, str], list[int]]:
    """Which numbers have each value of each filter, and of ``all``."""
    alike: defaultdict[str, list[int]] = defaultdict(list)
    for number, filters in file.read("number", "filters"):
        if number is not None:
            alike[filters].append(number)
    sets: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for pairs, numbers in zip(loaded(alike), alike.values(), strict=True):
        for name, value in [("all", ""), *pairs]:
            sets[name, value] += numbers
    return sets


def _filter_values(filters: Collection[tuple[str, str]]) -> dict[str, dict[str, str]]:
    """What can be chosen and what it is called, in the order in which it is offered."""
    order = {
        "kind": list(KIND_WORDS),
        "type": list(DEVICE_TYPES),
        "region": list(REGIONS),
        "has-fix": ["true", "false"],
        "alert": sorted({value for name, value in filters if name == "alert"}),
    }
    return {
        name: {
            value: _FILTER_WORDS.get(name, {}).get(value, value)
            for value in values
            if (name, value) in filters
        }
        for name, values in order.items()
    }


def _filter_sheets(sets: Mapping[tuple[str, str], list[int]], size: int) -> Iterator[Sheet]:
    for (name, value), numbers in sorted({("all", ""): [], **sets}.items()):
        path = f"search/filters/{f'{name}-{value_name(value)}' if value else name}.json"
        text = set_text(numbers)
        yield Sheet.of(path, digest(text.encode()), partial(_json, numbers=text))


def _entry_sheets(cards: Cards, numbers: Mapping[str, int | None]) -> Iterator[Sheet]:
    ids = [each if number is not None else "" for each, number in numbers.items()]
    for first in range(0, len(ids), PER_FILE):
        some = ids[first : first + PER_FILE]
        path = f"search/entries/{first // PER_FILE}.json"
        key = digest(*(cards.digests.get(each, b"") for each in some))
        yield Sheet.of(path, key, partial(_entries_json, cards.file, some))


def _entries_json(file: CardFile, ids: Sequence[str]) -> bytes:
    heads = file.files("head", filter(None, ids))
    entries = ",".join(next(heads) if each else "null" for each in ids)
    return _escaped(f'{{"disclaimer":{_compact(DISCLAIMER)},"entries":[{entries}]}}')


def _json(**values: Any) -> bytes:
    return _escaped(_compact({"disclaimer": DISCLAIMER, **values}))


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _escaped(text: str) -> bytes:
    """JSON that stays text wherever somebody puts it."""
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return f"{text}\n".encode()
