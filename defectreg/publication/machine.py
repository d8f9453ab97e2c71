"""What programs read: JSON of each entry, all entries in shards, and what crawlers are told.

A shard is the entries whose ids begin alike, so that one changed entry rewrites one shard.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from defectreg.formats.columns import BYTE_ORDER_MARK, to_csv
from defectreg.publication.documents import head, json_bytes, record_value
from defectreg.publication.pages import Pages, has_bulk, is_indexed
from defectreg.publication.tables import table_names, table_row
from defectreg.register.public import DISCLAIMER, PublicRecord, PublicRegister

WHOLE = "all"
"""Names the only shard of a small register; an id's symbols are upper case."""
_IN_A_SHARD = 500
"""Entries that a shard has on average at most."""
_SYMBOLS = 32
_PREFIX = len("DR-")


def record_json(
    record: PublicRecord, register: PublicRegister, pages: Pages
) -> Iterator[tuple[str, bytes]]:
    """The JSON of one entry. It names no commit: it changes when its entry or the day does."""
    document = {**head(register), "record": record_value(record, register.fields)}
    yield f"records/{record.id}.json", json_bytes(document)


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


def shard_json(
    shard: str, records: Iterable[PublicRecord], register: PublicRegister
) -> tuple[str, bytes]:
    """One shard's entries as JSON, as the file of each has them."""
    values = [record_value(record, register.fields) for record in records]
    return f"all/{shard}.json", json_bytes({**head(register), "records": values})


def shard_csv(
    shard: str, records: Iterable[PublicRecord], register: PublicRegister
) -> tuple[str, bytes]:
    """One shard's entries as a table; the last column is the disclaimer."""
    names = table_names(register.fields)
    rows = [table_row(record, register.fields) for record in records]
    # Without an entry the disclaimer would be missing.
    rows = rows or [["" for _ in names[:-1]] + [DISCLAIMER]]
    return f"all/{shard}.csv", (BYTE_ORDER_MARK + to_csv(names, rows)).encode()


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
