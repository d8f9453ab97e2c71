"""Letters that are due, as values: to whom, of which kind, and about what. No record is in them."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from defectreg.register.public import PublicBulletin, PublicRecord

KINDS: Mapping[str, str] = {
    "manufacturer": "to a manufacturer: an apparent issue with its Devices, and a form for a reply",
    "reminder": "to a manufacturer: that a reply is awaited",
    "parties": "to Parties: that a possible issue was identified",
    "dcc": "to the DCC: to coordinate",
    "security": "to the Security Sub-Committee: that a security item exists",
    "received": "to who reported: it was received",
    "returned": "to who reported: it was returned, with the reason",
    "landed": "to who reported: it stands in the register",
    "fix": "to who reported: a fix is known",
    "thanks": "to a manufacturer: thanks for a response",
    "publication": "to manufacturers and who reported: it is published",
    "correction": "to who was told: it was corrected",
    "withdrawal": "to who was told or reported it: it was withdrawn",
    "general": "to all Parties: the yearly reminder",
    "digest": "to the groups of the SEC Panel (OPSG, TABASC): the monthly digest",
    "bulletin": "to all Parties: the month's bulletin",
}
"""Kind of letter → what it is."""
FIRST = frozenset({"manufacturer", "parties", "dcc", "publication", "correction"})
"""Kinds that tell what an entry says: who got one is told of corrections and of withdrawal."""


@dataclass(frozen=True, slots=True)
class Objection:
    """Why a letter is not sent: a code, the file that is to be mended, a sentence and what to do.

    It names no mailbox and quotes nobody.
    """

    code: str
    file: str
    sentence: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Addressee:
    """A Party as letters name it; ``mailbox`` is empty where it has none."""

    slug: str
    name: str
    mailbox: str


@dataclass(frozen=True, slots=True)
class Subject:
    """What a letter says of one record.

    ``key``, ``read`` and ``told`` are those of the telling; ``own`` are the affected models that
    the addressee answers for; ``view`` is what would be shown of it, None where nothing is.
    """

    record_id: str
    key: str
    read: str = ""
    told: Mapping[str, Any] = field(default_factory=dict)
    why: str = ""
    until: datetime.date | None = None
    own: tuple[str, ...] = ()
    view: PublicRecord | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A switch of the policy that was changed: its title, before and after in words."""

    title: str
    before: str
    after: str
    decided: str


@dataclass(frozen=True, slots=True)
class Digest:
    """A month in numbers: by kind, by age, by stage; and what was changed of the policy."""

    month: str
    kinds: tuple[tuple[str, int], ...]
    ages: tuple[tuple[str, int], ...]
    stages: tuple[tuple[str, int], ...]
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Due:
    """A letter that is due. ``about`` names a year, month or commit where it is of no record."""

    kind: str
    to: Addressee
    subjects: tuple[Subject, ...] = ()
    about: str = ""
    digest: Digest | None = None
    bulletin: PublicBulletin | None = None

    def identity(self, register: str) -> str:
        """SHA-256 of what it tells, to whom: the same on every day, of every run."""
        said = [[each.record_id, each.key, each.read] for each in self.subjects]
        text = json.dumps([register, self.kind, self.to.slug, self.about, said])
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def keys(self) -> tuple[tuple[str, str], ...]:
        """What the journal knows it by: record and key of each subject, or what it is about."""
        return tuple((each.record_id, each.key) for each in self.subjects) or (("", self.about),)
