"""What an audience may be shown: values without a field that is not released."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from defectreg.register.policy import Policy
from defectreg.register.shown_words import DISCLAIMER as DISCLAIMER  # noqa: PLC0414  # pages take
from defectreg.register.shown_words import KIND_WORDS as KIND_WORDS  # noqa: PLC0414  # them here

SHOWN_KINDS = (
    "report",
    "cause",
    "fix",
    "workaround",
    "accommodation",
    "confirmation",
    "challenge",
    "response",
)
"""Kinds of statement whose text a publication shows."""
CHANGES = ("fix-lost", "fix", "added", "corrected", "withdrawn", "said")
"""What a month may bring of an entry: it has a fix no longer, gained one, is new, says something
else of what it said, was withdrawn, or more was said of it."""
CORRECTIONS = ("since-withdrawn", "fix-gone")
"""What a month showed and no longer stands: the entry, or all fixes that it had then."""
NOT_TOLD = "not-told"
"""In place of the code of a withdrawal whose sign-off the audience may not read."""
BANDS = ("1", "2-9", "10-99", "100-999", "1000-9999", "10000+")
"""How many Devices, as the schemas write it."""


def least_of(band: str) -> int:
    """The smallest number that a band stands for."""
    return int(band.rstrip("+").partition("-")[0])


@dataclass(frozen=True, slots=True)
class PublicDevice:
    """A Device as the policy lets it be shown; ``manufacturer`` may be a name, or nothing."""

    type: str
    manufacturer: str
    model: str
    firmware: str
    text: str
    """In the notation, or near to it where the manufacturer is not shown."""


@dataclass(frozen=True, slots=True)
class PublicCombination:
    """Devices and regions; ``text`` is the notation where the policy shows manufacturers."""

    devices: tuple[PublicDevice, ...]
    regions: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class PublicStatement:
    """A statement that counts, or that its own Party replaced since."""

    key: str
    """Its name on the page, ``fix-1``: file names carry Parties."""
    kind: str
    whose: str
    devices: tuple[str, ...]
    """The affected models that a manufacturer who says it answers for, as they may be shown."""
    day: datetime.date
    about: str
    """behaviour, scope or the key of another statement, for a confirmation or challenge."""
    is_superseded: bool
    is_from_manufacturer: bool
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PublicEvent:
    """Something said on a day: kind of statement, or decision of a sign-off; and whose."""

    day: datetime.date
    what: str
    whose: str


@dataclass(frozen=True, slots=True)
class PublicWithdrawal:
    """Why an entry was withdrawn: a coded reason, and the other record where it names one."""

    day: datetime.date
    code: str
    other: str


@dataclass(frozen=True, slots=True)
class PublicRecord:
    """An entry as one audience may see it on one day. Of a withdrawn one the claim is gone."""

    id: str
    first_day: datetime.date
    last_day: datetime.date
    kind: str
    kind_words: str
    affected: tuple[PublicCombination, ...]
    marks: tuple[str, ...]
    values: Mapping[str, Any]
    statements: tuple[PublicStatement, ...]
    timeline: tuple[PublicEvent, ...]
    reporters: tuple[str, ...]
    is_provided_by_manufacturer: bool
    is_validated_by_its_reporter: bool
    untold: tuple[str, ...]
    """The affected models of whose manufacturer no Party is, as they may be shown: nobody was
    told."""
    withdrawal: PublicWithdrawal | None

    @property
    def kind_code(self) -> str:
        """Its kind for programs: until confirmed a defect is a ``possible-defect``."""
        is_possible = self.kind == "defect" and self.kind_words != KIND_WORDS["defect"]
        return "possible-defect" if is_possible else self.kind

    @property
    def title(self) -> str:
        """Its title; of a withdrawn entry, that it is one."""
        return str(self.values.get("title", "Withdrawn entry"))


@dataclass(frozen=True, slots=True)
class PublicField:
    """A field of the record that the audience may read, in the schema's order."""

    path: tuple[str, ...]
    """Keys that lead to it in ``PublicRecord.values``."""
    title: str
    column: str
    """Its name as a column; empty where it is none."""
    default: str | bool | None
    """What it means that the value is absent; None where that means nothing."""
    is_coded: bool
    """Whether its values are words of a fixed list, not somebody's text."""


@dataclass(frozen=True, slots=True)
class PublicSwitch:
    """A switch of the policy in words; ``decided`` is empty for the program's default."""

    key: str
    title: str
    words: str
    decided: str


@dataclass(frozen=True, slots=True)
class PublicChange:
    """What a month's bulletin says of one entry: what it said then, and may be shown of it now."""

    what: str
    """One of CHANGES, or of CORRECTIONS."""
    id: str
    title: str
    kind_words: str
    marks: tuple[str, ...]
    affected: tuple[str, ...]
    """Its combinations in the notation, or near to it; none where its text is another now."""
    fixes: tuple[str, ...]
    """Device and firmware of each fix that counted then and counts now."""
    said: tuple[str, ...]
    """Kinds of statement, where all that is new is that something was said."""
    withdrawal: PublicWithdrawal | None
    is_changed_since: bool = False
    """Whether what it says is another text now, in whose words it is named."""


@dataclass(frozen=True, slots=True)
class PublicBulletin:
    """What a month brought, by the publisher's signed pointer, and what was corrected since."""

    month: str
    """As ``2026-10``."""
    day: datetime.date
    """As of which day the month is shown."""
    commit: str
    since: datetime.date | None
    """The day of the bulletin before it; None where it is the first."""
    is_signed: bool
    corrections: tuple[PublicChange, ...]
    """What it showed and no longer stands."""
    changes: tuple[PublicChange, ...]
    """In the order of CHANGES, then of ids."""


@dataclass(frozen=True, slots=True)
class PublicRegister:
    """All that a publication is made of: a function of a commit and a day."""

    title: str
    contact: str
    audience: str
    day: datetime.date
    commit: str
    is_demonstration: bool
    policy: Policy
    fields: tuple[PublicField, ...]
    switches: tuple[PublicSwitch, ...]
    records: Sequence[PublicRecord]
    """Published and withdrawn entries, sorted by id. They may be made anew whenever one is asked
    for: what goes through all takes what it needs of each, and keeps none."""
    bulletins: tuple[PublicBulletin, ...] = ()
    """Those of the signed months, the newest first."""
    alerts: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    """Alert codes of which the catalogue says in a few words what they mean, and those words."""
    manufacturers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    """Identifier and name of each that the register knows, either may be empty: only to keep them
    out of the text search. No file shows them."""
