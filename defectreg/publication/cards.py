"""What pages of the whole take of each entry: its card; and the sheets that they are made in.

Lists, shards and the text search look at every entry, of which most are as they were in the last
edition. So what they take of an entry is made once, and kept by a digest of the entry.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from defectreg.store.cardfile import CardFile, Columns
from defectreg.store.kept import KeptRecords


class Asked(NamedTuple):
    """What is asked of every card; days as ISO 8601 writes them, lists with blanks between."""

    first_day: str
    last_day: str
    is_withdrawn: bool
    named: str
    """The ids of other entries that it names."""
    listed: str
    """The day by which lists order it."""
    fixed: str
    """The day on which the newest fix that counts was entered; empty for none."""
    said: str
    """What counts of it for activity, as JSON: see ``about``."""
    types: str
    """Device Types of its affected Devices."""
    lists: str
    """The lists in which it stands: ``kind-issue``."""
    models: str
    """The keys of the models under which it stands."""
    devices: str
    """These models, as JSON: see ``models``."""
    digests: str
    """Under which models' digests it is filed; see ``checking_devices``."""
    filters: str
    """What it is found by, as JSON; see ``searching``."""
    unfound: str
    """Manufacturers and products that it names, as JSON: see ``unfound``."""


class InFiles(NamedTuple):
    """What of a card stands in files as it is."""

    line: str
    """As every list shows it."""
    checked: bytes
    """As shards of devices hold it."""
    head: str
    """What a result of the text search shows, as JSON."""
    json: bytes
    """As every file of JSON holds it."""
    row: str
    """As a table holds it."""


COLUMNS = Columns(Asked._fields, InFiles._fields)


@dataclass(frozen=True, slots=True)
class Cards:
    """The card of every entry, and the entries themselves."""

    file: CardFile
    records: KeptRecords
    digests: Mapping[str, bytes]
    """Id → digest of the entry."""


class Sheet(NamedTuple):
    """Files that are made together; with the same key, which is empty for none, the same."""

    name: str
    key: str
    make: Callable[[], Iterable[tuple[str, bytes]]]

    @classmethod
    def of(cls, path: str, key: str, made: Callable[[], bytes]) -> Sheet:
        """A sheet of one file, which has its name."""
        return cls(path, key, lambda: ((path, made()),))


def digest(*parts: bytes) -> str:
    """A digest of parts, which are told apart."""
    found = hashlib.sha256()
    for part in parts:
        found.update(b"%d\n" % len(part))
        found.update(part)
    return found.hexdigest()
