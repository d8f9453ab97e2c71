"""What programs read: JSON of each entry, all entries in shards, and what crawlers are told.

A shard is the entries whose ids begin alike, so that one changed entry rewrites one shard.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import groupby

from defectreg.formats.columns import BYTE_ORDER_MARK, to_csv
from defectreg.publication.cards import Cards, Sheet, digest
from defectreg.publication.documents import head, headed, json_bytes
from defectreg.publication.pages import Pages, has_bulk, is_indexed
from defectreg.publication.tables import table_names, table_row
from defectreg.register.public import DISCLAIMER, PublicField, PublicRecord, PublicRegister

WHOLE = "all"
"""Names the only shard of a small register; an id's symbols are upper case."""
_IN_A_SHARD = 500
"""Entries that a shard has on average at most."""
_SYMBOLS = 32
_PREFIX = len("DR-")


def entry_file(record_id: str, made: bytes, register: PublicRegister) -> tuple[str, bytes]:
    """The JSON file of one entry, from the entry as ``record_bytes`` gives it."""
    return f"records/{record_id}.json", headed(register, "record", made)


def everything_index(register: PublicRegister, pages: Pages) -> Iterator[tuple[str, bytes]]:
    """Which shards there are, for programs and for people."""
    if not has_bulk(register):
        return
    width = shard_width(len(pages.titles))
    shards = sorted({shard_name(identifier, width) for identifier in pages.titles}) or [WHOLE]
    listed = [{"shard": shard, "json": f"{shard}.json", "csv": f"{shard}.csv"} for shard in shards]
    document = {**head(register), "commit": register.commit, "shards": listed}
    yield "all/index.json", json_bytes(document)
    yield "all/index.html", pages.page("all.html", "all/index.html", shards=listed)


def bulk_shards(register: PublicRegister, pages: Pages, cards: Cards) -> Iterator[Sheet]:
    """All entries, in shards, where the search level allows it."""
    if not has_bulk(register):
        return
    width = shard_width(len(cards.digests))
    shards = {
        name: tuple(ids)
        for name, ids in groupby(sorted(cards.digests), lambda each: shard_name(each, width))
    }
    for name, ids in (shards or {WHOLE: ()}).items():
        key = digest(*(cards.digests[each] for each in ids))
        yield Sheet(f"all/{name}", key, partial(_shard, name, ids, cards, register))


def _shard(
    name: str, ids: Sequence[str], cards: Cards, register: PublicRegister
) -> Iterator[tuple[str, bytes]]:
    entries = b", ".join(cards.file.files("json", ids))
    yield f"all/{name}.json", headed(register, "records", b"[%s]" % entries)
    rows = "".join(cards.file.files("row", ids))
    names = table_names(register.fields)
    # Without an entry the disclaimer would be missing.
    rows = rows or to_csv([*("" for _ in names[:-1]), DISCLAIMER], ())
    yield f"all/{name}.csv", (BYTE_ORDER_MARK + to_csv(names, ()) + rows).encode()


def row_of(record: PublicRecord, fields: tuple[PublicField, ...]) -> str:
    """An entry as a line of a table; the last cell is the disclaimer."""
    return to_csv(table_row(record, fields), ())


def shard_width(number: int) -> int:
    """How many symbols of an id name its shard in a register of so many entries: 0, 1 or 2."""
    return next((width for width in (0, 1) if number <= _IN_A_SHARD * _SYMBOLS**width), 2)


def shard_name(identifier: str, width: int) -> str:
    """The shard of an entry: the first symbols of its id."""
    return identifier[_PREFIX : _PREFIX + width] or WHOLE


def robots(register: PublicRegister, pages: Pages) -> Iterator[tuple[str, bytes]]:
    """What crawlers are told."""
    rule = "Allow" if is_indexed(register) else "Disallow"
    address = register.policy.address if is_indexed(register) else ""
    where = f"Sitemap: {address}sitemap.xml\n" if address else ""
    yield "robots.txt", f"# {DISCLAIMER}\nUser-agent: *\n{rule}: /\n{where}".encode()
