"""The statement: what somebody says of a record, dated and signed."""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from typing import Any

from defectreg.register.record import ID_PATTERN, id_of_path
from defectreg.register.sshkeys import Signature

KINDS = (
    "report",
    "cause",
    "fix",
    "workaround",
    "accommodation",
    "confirmation",
    "challenge",
    "response",
    "consent",
    "notice",
    "sign-off",
)
ACCEPTED_KINDS = frozenset(
    {"cause", "fix", "workaround", "accommodation", "confirmation", "challenge"}
)
"""Kinds that count once they are accepted; the others count as they land."""
DISPUTING_POSITIONS = frozenset({"not-reproduced", "supplier-process", "disputed"})
_STATEMENT_PATH = re.compile(rf"records/(..)/(?=DR-\1)({ID_PATTERN})/([^/]+\.yaml)", re.ASCII)
_FURTHER = re.compile(r"(?:-[1-9][0-9]{0,3})?\.yaml")
"""What ends the name of a statement's file as it may stand in a register."""
_NUMBER = re.compile(r"(?:-[0-9]+)?\.yaml")
"""What ends the name of a statement's file: no part of a Party's slug begins with a digit."""
_SIGNATURE_KEY = b"signature:"


@dataclass(frozen=True, slots=True)
class Reading:
    """One line of ``read``: the SHA-256 that counts, and a file's name for people."""

    sha256: str
    name: str


@dataclass(frozen=True)
class Statement:
    """A statement that holds against the schema."""

    file: str
    """The name of its file, ``<date>-<kind>-<party>[-n].yaml``."""
    data: Mapping[str, Any]
    sha256: str
    """Of the whole file, signature included, in lower-case hexadecimal."""

    @property
    def of(self) -> str:
        """The id of the record it is said of."""
        return str(self.data["of"])

    @property
    def kind(self) -> str:
        """One of KINDS."""
        kind: str = self.data["kind"]
        return kind

    @property
    def by(self) -> str:
        """The slug of the Party that says it."""
        by: str = self.data["by"]
        return by

    @cached_property
    def date(self) -> datetime.date:
        """The day on which it claims to be said."""
        return datetime.date.fromisoformat(self.data["date"])

    @property
    def says(self) -> str:
        """Its text; empty where its kind needs none."""
        return str(self.data.get("says", ""))

    @property
    def classification(self) -> str:
        """Its class; green where it says none."""
        return str(self.data.get("classification", "green"))

    @property
    def is_in_confidence(self) -> bool:
        """Whether it was given in confidence."""
        return bool(self.data.get("given-in-confidence", False))

    @cached_property
    def read(self) -> tuple[Reading, ...]:
        """The files that were read."""
        return tuple(Reading(line[:64], line[66:]) for line in self.data.get("read", ()))

    @cached_property
    def read_sha256s(self) -> frozenset[str]:
        """The SHA-256 of each file that was read."""
        return frozenset(line[:64] for line in self.data.get("read", ()))

    def text(self, key: str) -> str:
        """The text of one key; empty where the statement does not have it."""
        return str(self.data.get(key, ""))

    @property
    def is_signed(self) -> bool:
        """Whether it bears a signature, good or not."""
        return "signature" in self.data

    @cached_property
    def bears(self) -> Signature | None:
        """What its signature says of itself; None unsigned or unreadable.

        Nothing is verified here: what stands on ``main`` is believed.
        """
        try:
            return Signature.parse(self.data.get("signature", ""))
        except ValueError:
            return None

    @cached_property
    def signer(self) -> str | None:
        """Fingerprint of the key it says it is signed with; None unsigned or unreadable."""
        return self.bears.fingerprint if self.bears else None


def signed_part(source: bytes) -> bytes:
    """The bytes of a statement's file that a signature covers: every line above ``signature:``."""
    if source.startswith(_SIGNATURE_KEY):
        return b""
    place = source.find(b"\n" + _SIGNATURE_KEY)
    return source if place < 0 else source[: place + 1]


def ends_with_signature(source: bytes, signature: str) -> bool:
    """Whether all that a statement says stands above its signature, and so is signed."""
    lines = signature.removesuffix("\n").replace("\n", "\n  ")
    return source == signed_part(source) + f"signature: |\n  {lines}\n".encode()


def statement_name(date: datetime.date, kind: str, party: str, number: int = 1) -> str:
    """A statement's file name; the first of its day bears no number."""
    suffix = "" if number == 1 else f"-{number}"
    return f"{date.isoformat()}-{kind}-{party}{suffix}.yaml"


def free_name(file: str, taken: Collection[str]) -> str:
    """A statement's file name, or with the next number that none of those taken bears."""
    if file not in taken:
        return file
    stem = _NUMBER.sub("", file)
    return next(name for n in count(2) if (name := f"{stem}-{n}.yaml") not in taken)


def name_fits(file: str, data: Mapping[str, Any]) -> bool:
    """Whether a file's name says the date, kind and Party that its data say."""
    beginning = f"{data['date']}-{data['kind']}-{data['by']}"
    return file.startswith(beginning) and bool(_FURTHER.fullmatch(file, len(beginning)))


def place_of_statement(path: str) -> tuple[str, str] | None:
    """Record id and file name of a path where a statement may stand, else None."""
    match = _STATEMENT_PATH.fullmatch(path)
    return (match[2], match[3]) if match else None


def record_of(path: str) -> str | None:
    """The id of the record whose file, or statement, stands at a path; None for other files."""
    place = place_of_statement(path)
    return place[0] if place else id_of_path(path)
