"""The whole publication: every part in turn, each file checked, the checksums last."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from html import unescape
from itertools import groupby
from typing import Any, TypeAlias

from defectreg.publication import (
    about,
    advisories,
    browsing,
    bulletin,
    checking_devices,
    dataset,
    feeds,
    interface,
    machine,
    readable,
    searching,
    sources,
)
from defectreg.publication.pages import Pages, has_bulk
from defectreg.publication.sums import sums_files
from defectreg.register.errors import CannotRun
from defectreg.register.public import DISCLAIMER, PublicRecord, PublicRegister
from defectreg.store.building import Edition
from defectreg.store.kept import KeptRecords
from defectreg.store.manifest import Unit

Files: TypeAlias = Iterator[tuple[str, bytes]]
"""Paths from the top of the site, and bytes."""
Part: TypeAlias = Callable[[PublicRegister, Pages], Files]
"""Makes some of the files of the whole register."""
RecordPart: TypeAlias = Callable[[PublicRecord, PublicRegister, Pages], Files]
"""Makes the files of one entry.

They may show the entry, titles of entries that it names (``pages.titles``) and what the register
says of itself, but no commit and nothing of other entries: where none of that changed, they are
not made again. The register that is given here has neither entries nor a commit.
"""
ShardPart: TypeAlias = Callable[
    [str, Sequence[PublicRecord], PublicRegister], tuple[str, bytes]
]  # fmt: skip
"""Makes a file of the entries whose ids begin alike; bound as what makes those of one entry is."""

RECORD_PARTS: tuple[RecordPart, ...] = (
    readable.record_page,
    machine.record_json,
    advisories.record_advisory,
)
SHARD_PARTS: tuple[ShardPart, ...] = (machine.shard_json, machine.shard_csv)
PARTS: tuple[Part, ...] = (
    searching.text_search,
    checking_devices.check_my_devices,
    browsing.browse,
    readable.front_page,
    about.about_page,
    about.glossary_page,
    about.report_page,
    sources.sources_page,
    bulletin.bulletin_pages,
    bulletin.bulletin_tables,
    feeds.feed_of_everything,
    feeds.feeds_of_types,
    feeds.feed_of_bulletins,
    interface.api_page,
    machine.everything_index,
    machine.robots,
    dataset.dataset,
    dataset.sitemap,
    readable.looks,
)
"""What a publication is made of besides, what takes longest first; a new page or export is one
function and one line here, or above."""
MARK = "A publication of defectreg; replaced whole, so keep nothing of your own here."
"""The first remark in SUMS, by which the folder is known."""
_NOT_TEXT = re.compile(r"<!--.*?-->|<[^>]*>", re.DOTALL)
_ID = re.compile(rb"DR-[0-9A-Z]{4}-[0-9A-Z]{4}")
_FIRST, _, _REST = DISCLAIMER.partition(". ")
_AS_USUAL = f"<p><strong>{_FIRST}.</strong> {_REST}</p>".encode()
"""How most pages show the disclaimer."""


@dataclass(frozen=True, slots=True)
class Site:
    """A publication that can be made in units, one independent of the other."""

    register: PublicRegister
    bare: PublicRegister
    """Without entries and commit."""
    pages: Pages
    records: KeptRecords
    shards: Mapping[str, range]
    """Shard → the places of its entries."""

    @classmethod
    def of(cls, register: PublicRegister, templates: Mapping[str, str]) -> Site:
        """The publication of a register by templates, which are given by file name."""
        records = KeptRecords.of(register.records)
        register = replace(register, records=records)
        bare = replace(register, records=(), bulletins=(), manufacturers=(), commit="")
        pages = Pages.of(replace(register, manufacturers=()), templates)
        return cls(register, bare, pages, records, _shards(register, records))

    def edition(self, program: object = None) -> Edition:
        """What is to stand in a folder; ``program`` is what tells this program from others."""
        return Edition(self.units(program), self.make, self.last, MARK)

    def units(self, program: object = None) -> list[Unit]:
        """What there is to make.

        A unit with a key makes the same files wherever and whenever the key is the same.
        """
        common = _digest([program, dict(self.pages.templates), _plain(self.bare)]).encode()
        units = [Unit(f"part {number}", "") for number in range(len(PARTS))]
        units += [
            Unit(f"shard {name}", _key(common, *map(self.records.kept.__getitem__, places)))
            for name, places in self.shards.items()
        ]
        pairs = zip(self.records.ids, self.records.kept, strict=True)
        return units + [Unit(name, _key(common, *self._said_in(data))) for name, data in pairs]

    def make(self, unit: Unit) -> Files:
        """The files of a unit. Raises CannotRun for one without the disclaimer, and where a
        template is wrong."""
        for path, data in self._files(unit.name):
            if not shows_disclaimer(path, data):
                raise CannotRun(
                    f"{path} is without the disclaimer", "show it in the template as it is given"
                )
            yield path, data

    def last(self, sums: Mapping[str, str]) -> Files:
        """The lists of checksums, by the SHA-256 of every other file."""
        # The next publication proves what landed since the commit that this one names.
        return sums_files(sums, (MARK, DISCLAIMER, f"commit {self.register.commit}"))

    def _files(self, name: str) -> Files:
        kind, _, which = name.partition(" ")
        if kind == "part":
            yield from PARTS[int(which)](self.register, self.pages)
        elif kind == "shard":
            places = self.shards[which]
            records = self.records[places.start : places.stop]
            yield from (make(which, records, self.bare) for make in SHARD_PARTS)
        elif (record := self.records.find(name)) is not None:
            for part in RECORD_PARTS:
                yield from part(record, self.bare, self.pages)

    def _said_in(self, kept: bytes) -> Iterator[bytes]:
        """An entry, and the titles of the others that it names."""
        yield kept
        for name in sorted({*_ID.findall(kept)}):
            yield self.pages.titles.get(name.decode(), "").encode()


def files_of(register: PublicRegister, templates: Mapping[str, str]) -> Files:
    """Every file of the publication: a function of the register and the templates alone.

    Raises CannotRun for a file without the disclaimer, and where a template is wrong.
    """
    site = Site.of(register, templates)
    sums: dict[str, str] = {}
    for unit in site.units():
        for path, data in site.make(unit):
            if path in sums:
                raise CannotRun(f"two parts of the publication make {path}")
            sums[path] = hashlib.sha256(data).hexdigest()
            yield path, data
    yield from site.last(sums)


def shows_disclaimer(path: str, data: bytes) -> bool:
    """Whether the disclaimer stands in a file; in a page, in what is read and not in a comment."""
    if _AS_USUAL in data and b"<!--" not in data:
        return True
    text = data.decode()
    if path.endswith(".html"):
        text = unescape(_NOT_TEXT.sub("", text))
    return DISCLAIMER in " ".join(text.split())


def _shards(register: PublicRegister, records: KeptRecords) -> dict[str, range]:
    if not has_bulk(register):
        return {}
    if not records:
        return {machine.WHOLE: range(0)}
    width = machine.shard_width(len(records))
    places = groupby(range(len(records)), lambda at: machine.shard_name(records.ids[at], width))
    return {name: range((held := list(group))[0], held[-1] + 1) for name, group in places}


def _key(*parts: bytes) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(b"%d\n" % len(part))
        digest.update(part)
    return digest.hexdigest()


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()


def _plain(value: Any) -> Any:
    """A value without what differs from run to run: the order of sets."""
    if is_dataclass(value) and not isinstance(value, type):
        return [_plain(getattr(value, field.name)) for field in fields(value)]
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, frozenset | set):
        return sorted(map(str, value))
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value
