"""The whole publication: every part in turn, each file checked, the checksums last."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from html import unescape
from itertools import chain
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
from defectreg.publication.carding import cards_of
from defectreg.publication.cards import COLUMNS, Cards, Sheet, digest
from defectreg.publication.disclaimed import Reader, reader_of
from defectreg.publication.pages import Pages
from defectreg.publication.sums import sums_files
from defectreg.register.errors import CannotRun
from defectreg.register.public import DISCLAIMER, PublicRecord, PublicRegister
from defectreg.store.building import Edition
from defectreg.store.cardfile import CardFile, card_file
from defectreg.store.kept import KeptRecords
from defectreg.store.manifest import Unit

Files: TypeAlias = Iterator[tuple[str, bytes]]
"""Paths from the top of the site, and bytes."""
Part: TypeAlias = Callable[[PublicRegister, Pages], Files]
"""Makes some of the files of the whole register."""
CardPart: TypeAlias = Callable[[PublicRegister, Pages, Cards], Iterator[Sheet]]
"""Makes files of the cards of all entries, sheet by sheet.

A sheet with a key shows what the key is made of, and what the register says of itself, but no
commit.
"""
RecordPart: TypeAlias = Callable[[PublicRecord, PublicRegister, Pages], Files]
"""Makes the files of one entry.

They may show the entry, titles of entries that it names (``pages.titles``) and what the register
says of itself, but no commit and nothing of other entries: where none of that changed, they are
not made again. The register that is given here has neither entries nor a commit.
"""
RECORD_PARTS: tuple[RecordPart, ...] = (
    readable.record_page,
    advisories.record_advisory,
)
CARD_PARTS: tuple[CardPart, ...] = (
    searching.text_search,
    checking_devices.check_my_devices,
    browsing.browse,
    machine.bulk_shards,
    readable.front_page,
    about.about_page,
    feeds.feed_of_everything,
    feeds.feeds_of_types,
)
PARTS: tuple[Part, ...] = (
    about.glossary_page,
    about.report_page,
    sources.sources_page,
    bulletin.bulletin_pages,
    bulletin.bulletin_tables,
    feeds.feed_of_bulletins,
    interface.api_page,
    machine.everything_index,
    machine.robots,
    dataset.dataset,
    dataset.sitemap,
    readable.looks,
)
"""What a publication is made of besides; a new page or export is one function and one line here, or
above."""
MARK = "A publication of defectreg; replaced whole, so keep nothing of your own here."
"""The first remark in SUMS, by which the folder is known."""
_NOT_TEXT = re.compile(r"<!--.*?-->|<[^>]*>", re.DOTALL)
_AS_GIVEN = DISCLAIMER.encode()
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
    reader: Reader | None
    """Reads pages as their templates show them; None for the program's own."""
    cards: Cards
    sheets: Mapping[str, Sheet]
    """What is made of the cards, by name."""

    @classmethod
    def of(
        cls,
        register: PublicRegister,
        templates: Mapping[str, str],
        file: CardFile,
        done: Callable[[int], None] = lambda entries: None,
    ) -> Site:
        """The publication of a register by templates, which are given by file name.

        ``file`` keeps what is made of entries alone; ``done`` is told of how many it is there.
        """
        records = KeptRecords.of(register.records)
        register = replace(register, records=records)
        bare = replace(register, records=(), bulletins=(), manufacturers=(), commit="")
        pages = Pages.of(replace(register, manufacturers=()), templates)
        cards = cards_of(records, bare, pages, file, done)
        made = chain.from_iterable(part(register, pages, cards) for part in CARD_PARTS)
        sheets = {sheet.name: sheet for sheet in made}
        file.settle()
        return cls(register, bare, pages, records, reader_of(templates), cards, sheets)

    def edition(self, program: object = None) -> Edition:
        """What is to stand in a folder; ``program`` is what tells this program from others."""
        return Edition(self.units(program), self.make, self.last, MARK)

    def units(self, program: object = None) -> list[Unit]:
        """What there is to make.

        A unit with a key makes the same files wherever and whenever the key is the same.
        """
        common = _digest([program, dict(self.pages.templates), _plain(self.bare)])
        units = [Unit(f"part {number}", "") for number in range(len(PARTS))]
        units += [
            Unit(sheet.name, sheet.key and common + sheet.key) for sheet in self.sheets.values()
        ]
        digests = self.cards.digests
        return units + [
            Unit(record_id, self._key(f"{common}{digests[record_id].hex()}", named))
            for record_id, named in self.cards.file.read("id", "named")
        ]

    def make(self, unit: Unit) -> Files:
        """The files of a unit. Raises CannotRun for one without the disclaimer, and where a
        template is wrong."""
        for path, data in self._files(unit.name):
            if not shows_disclaimer(path, data) or not self._is_read(path, data):
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
        if name in self.sheets:
            yield from self.sheets[name].make()
        elif kind == "part":
            yield from PARTS[int(which)](self.register, self.pages)
        elif (record := self.records.find(name)) is not None:
            (made,) = self.cards.file.files("json", [name])
            yield machine.entry_file(name, made, self.bare)
            for part in RECORD_PARTS:
                yield from part(record, self.bare, self.pages)

    def _is_read(self, path: str, data: bytes) -> bool:
        if self.reader is None or not path.endswith(".html"):
            return True
        return self.reader.is_shown_disclaimer(data)

    def _key(self, own: str, named: str) -> str:
        """The key of an entry: its own, with the titles of entries that it names."""
        titles = (self.pages.titles.get(each, "").encode() for each in named.split())
        return digest(own.encode(), *titles) if named else own


def files_of(register: PublicRegister, templates: Mapping[str, str]) -> Files:
    """Every file of the publication: a function of the register and the templates alone.

    Raises CannotRun for a file without the disclaimer, and where a template is wrong.
    """
    with card_file(COLUMNS, "", None) as file:
        site = Site.of(register, templates, file)
        sums: dict[str, str] = {}
        for unit in site.units():
            for path, data in site.make(unit):
                if path in sums:
                    raise CannotRun(f"two parts of the publication make {path}")
                sums[path] = hashlib.sha256(data).hexdigest()
                yield path, data
        yield from site.last(sums)


def made_of(register: PublicRegister, templates: Mapping[str, str], program: object) -> str:
    """What decides of cards, beside their entries: a new day does not."""
    about = [register.policy, register.fields, register.audience]
    return _digest([program, dict(templates), _plain(about), COLUMNS])


def shows_disclaimer(path: str, data: bytes) -> bool:
    """Whether the disclaimer stands in a file; in a page, in what is read and not in a comment."""
    if _AS_USUAL in data and b"<!--" not in data:
        return True
    is_page = path.endswith(".html")
    if not is_page and _AS_GIVEN in data:
        return True
    text = data.decode()
    if is_page:
        text = unescape(_NOT_TEXT.sub("", text))
    return DISCLAIMER in " ".join(text.split())


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
