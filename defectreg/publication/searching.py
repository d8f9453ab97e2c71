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
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from defectreg.publication.pages import Pages
from defectreg.publication.postings import KEPT, Texts, WordList, set_text
from defectreg.publication.unfound import Known, read_notation
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
from defectreg.store.index.entries import without_prefix
from defectreg.store.kept import KeptRecords
from defectreg.store.textindex import Cutter

PER_FILE = 64
"""Entries in a file of ``search/entries/``."""
LARGEST = 32 * 1024
"""Characters of lists that share a file."""
_ALONE = LARGEST // 2
"""From so many characters on, a word's list has a file of its own."""
_LONGEST_NAME = 120
_DEEPEST = 24
"""Characters of the longest beginning by which words are shared out."""
_TEXTS = ("behaviour", "expected", "circumstances")
_CODES = ("alerts", "service-requests")
_FILTER_WORDS = {
    "kind": {**KIND_WORDS, "defect": "Defects, possible and confirmed"},
    "type": DEVICE_TYPES,
    "has-fix": {"true": "With a fix", "false": "Without a fix"},
}
"""Filter → value → what it is called, where that is not the value itself."""
_UNSAFE = re.compile(rb"[^a-z0-9]")


@dataclass(slots=True)
class _Gathered:
    """What is taken of the entries, one after the other."""

    texts: Texts
    known: Known
    filters: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    heads: dict[int, list[Any]] = field(default_factory=dict)


def text_search(register: PublicRegister, pages: Pages) -> Iterator[tuple[str, bytes]]:
    """The page, its scripts, and the index."""
    gathered = _gather(register)
    values = _filter_values(gathered)
    yield "search.html", pages.page("search.html", "search.html", filters=values)
    for name in ("words.js", "search.js"):
        yield name, f"/* {DISCLAIMER} */\n".encode() + pages.plain(name)
    alone: list[str] = []
    beginnings: list[str] = []
    alerts = (value for name, value in gathered.filters if name == "alert")
    unfound = gathered.known.unfound(gathered.texts.found, alerts)
    for beginning, lists in _shared_out(gathered.texts.word_lists(unfound)):
        is_alone = not beginning
        name = lists[0].word if is_alone else beginning
        (alone if is_alone else beginnings).append(name)
        words = {one.word: [one.entries, one.postings, one.members] for one in lists}
        yield f"search/words/{'w' if is_alone else 'b'}-{file_name(name)}.json", _json(words=words)
    yield from _filter_files(gathered)
    yield from _entry_files(gathered)
    yield (
        "search/index.json",
        _json(
            size=gathered.texts.size,
            entries=gathered.texts.entries,
            tokens=gathered.texts.tokens,
            kept=KEPT,
            per_file=PER_FILE,
            alone=alone,
            beginnings=beginnings,
            filters=values,
            level=register.policy.search_level,
        ),
    )


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


def file_name(word: str) -> str:
    """A word as it stands in the name of a file."""
    return _UNSAFE.sub(lambda found: b"_" + found[0].hex().encode(), word.encode()).decode()


def value_name(value: str) -> str:
    """A filter's value as it stands in the name of a file."""
    return value.lower().replace(" ", "-")


def _gather(register: PublicRegister) -> _Gathered:
    days = KeptRecords.of(register.records).days()
    records = [(first_day, record_id) for first_day, _, record_id in days]
    # Of one day the greatest id comes first: read backwards, as results are, by id.
    records.sort(key=lambda known: known[1], reverse=True)
    records.sort(key=lambda known: known[0])
    numbers = {record_id: number for number, (_, record_id) in enumerate(records)}
    gathered = _Gathered(Texts(len(numbers)), Known(register))
    level = register.policy.search_level
    with Cutter() as cutter:
        for record in register.records:
            if record.withdrawal is None:
                _take(gathered, record, numbers[record.id], level, cutter)
    return gathered


def _take(
    gathered: _Gathered, record: PublicRecord, number: int, level: str, cutter: Cutter
) -> None:
    title = cutter.cut(without_prefix(record.title))
    gathered.texts.add(number, title, cutter.cut(indexed_text(record, level)))
    gathered.heads[number] = [
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
    for pair in set(_filters(record)):
        gathered.filters.setdefault(pair, []).append(number)
    gathered.known.take(record)


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


def _filter_values(gathered: _Gathered) -> dict[str, dict[str, str]]:
    """What can be chosen and what it is called, in the order in which it is offered."""
    order = {
        "kind": list(KIND_WORDS),
        "type": list(DEVICE_TYPES),
        "region": list(REGIONS),
        "has-fix": ["true", "false"],
        "alert": sorted({value for name, value in gathered.filters if name == "alert"}),
    }
    return {
        name: {
            value: _FILTER_WORDS.get(name, {}).get(value, value)
            for value in values
            if (name, value) in gathered.filters
        }
        for name, values in order.items()
    }


def _filter_files(gathered: _Gathered) -> Iterator[tuple[str, bytes]]:
    size = gathered.texts.size
    yield "search/filters/all.json", _json(numbers=set_text(gathered.heads, size))
    for (name, value), numbers in sorted(gathered.filters.items()):
        path = f"search/filters/{name}-{value_name(value)}.json"
        yield path, _json(numbers=set_text(numbers, size))


def _entry_files(gathered: _Gathered) -> Iterator[tuple[str, bytes]]:
    for first in range(0, gathered.texts.size, PER_FILE):
        last = min(first + PER_FILE, gathered.texts.size)
        entries = [gathered.heads.get(number) for number in range(first, last)]
        yield f"search/entries/{first // PER_FILE}.json", _json(entries=entries)


def _shared_out(lists: Iterable[WordList]) -> Iterator[tuple[str, list[WordList]]]:
    """Words with the beginning that all in a file have; without one, a word that is alone."""
    for first, begun in groupby(lists, key=lambda one: one.word[0]):
        few = []
        for one in begun:
            if _characters(one) >= _ALONE and len(file_name(one.word)) <= _LONGEST_NAME:
                yield "", [one]
            else:
                few.append(one)
        yield from _divided(first, few)


def _divided(beginning: str, lists: list[WordList]) -> Iterator[tuple[str, list[WordList]]]:
    if sum(map(_characters, lists)) <= LARGEST or len(beginning) == _DEEPEST:
        if lists:
            yield beginning, lists
        return
    length = len(beginning)
    for longer, begun in groupby(lists, key=lambda one: one.word[: length + 1]):
        if longer == beginning:
            yield "", list(begun)
        else:
            yield from _divided(longer, list(begun))


def _characters(one: WordList) -> int:
    return len(one.word) + len(one.postings) + len(one.members) + 16


def _json(**values: Any) -> bytes:
    """JSON that stays text wherever somebody puts it."""
    document = {"disclaimer": DISCLAIMER, **values}
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return f"{text}\n".encode()
