"""The issue record: what its file says, as a value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from defectreg.register.devices import Combination, NotationError, parse_combination
from defectreg.register.findings import Problem

SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32."""
CERTAINTIES = ("reported", "suspected", "correlated", "confirmed")
IMPACTS = ("none", "low", "medium", "high")
IMPACT_AXES = ("dcc-services", "consumers", "parties")
KINDS_WITHOUT_FIX = frozenset({"superfluous-alerts", "device-information"})
"""Kinds that need no fix to be shown: they tell of a state, not of something to be ended."""
ID_PATTERN = r"DR-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}"
"""An id as part of a pattern; of ASCII."""
_SYMBOLS_OF_AN_ID = 8
_ID = re.compile(ID_PATTERN, re.ASCII)
_RECORD_PATH = re.compile(rf"records/(..)/(?=DR-\1)({ID_PATTERN})\.yaml", re.ASCII)


@dataclass(frozen=True)
class Record:
    """An issue record that holds against the schema, its combinations parsed."""

    data: Mapping[str, Any]
    """What the file says: texts, lists, integers and booleans as the schema names them."""
    sha256: str
    """Of the file's bytes, in lower-case hexadecimal."""

    @property
    def id(self) -> str:
        """``DR-XXXX-XXXX``."""
        return str(self.data["id"])

    @property
    def title(self) -> str:
        """What is observed, in one line."""
        return str(self.data["title"])

    @property
    def kind(self) -> str:
        """issue, defect, unusual-behaviour, superfluous-alerts or device-information."""
        return str(self.data.get("kind", "issue"))

    @property
    def classification(self) -> str:
        """Its class; green where it says none."""
        return str(self.data.get("classification", "green"))

    @property
    def certainty(self) -> str:
        """One of CERTAINTIES."""
        return str(self.data.get("certainty", "reported"))

    @property
    def impact(self) -> str:
        """The highest impact on any axis."""
        axes = self.data.get("impact", {})
        return max((str(axes.get(axis, "none")) for axis in IMPACT_AXES), key=IMPACTS.index)

    @property
    def says_security(self) -> bool:
        """Whether it says that it touches security."""
        return bool(self.data.get("security", False))

    @property
    def is_in_confidence(self) -> bool:
        """Whether it was given in confidence."""
        return bool(self.data.get("given-in-confidence", False))

    @cached_property
    def affected(self) -> tuple[Combination, ...]:
        """The affected combinations. Raises NotationError where one is not in the notation."""
        return tuple(map(parse_combination, self.data["affected"]))

    @cached_property
    def manufacturer_ids(self) -> frozenset[str]:
        """The manufacturer identifiers of the affected Devices, in upper case."""
        return frozenset(
            device.manufacturer.upper() for entry in self.affected for device in entry.devices
        )


def check_notation(data: Mapping[str, Any]) -> Iterator[Problem]:
    """Problems of the combinations that schema-valid data of a record name."""
    for position, text in enumerate(data["affected"]):
        try:
            parse_combination(text)
        except NotationError as error:
            yield Problem(("affected", position), error.sentence, error.hint)


def is_record_id(text: str) -> bool:
    """Whether a text is a whole id in its written form."""
    return _ID.fullmatch(text) is not None


def id_beginning(text: str) -> str | None:
    """What an id typed by a person begins with, in written form; None where it cannot be one.

    Case, the letters that Crockford reads as digits, ``DR-`` and hyphens are forgiven. ``DR``
    without its hyphen is taken off a whole id only: ids may begin with those two symbols.
    """
    symbols = text.upper().removeprefix("DR-").replace("-", "")
    if len(symbols) == len("DR") + _SYMBOLS_OF_AN_ID:
        symbols = symbols.removeprefix("DR")
    symbols = symbols.translate(str.maketrans("OIL", "011"))
    if (
        not symbols
        or len(symbols) > _SYMBOLS_OF_AN_ID
        or any(symbol not in SYMBOLS for symbol in symbols)
    ):
        return None
    return "DR-" + (symbols if len(symbols) <= 4 else f"{symbols[:4]}-{symbols[4:]}")


def new_id(number: int) -> str:
    """The id that a random number below 2**40 stands for."""
    symbols = "".join(SYMBOLS[number >> shift & 31] for shift in range(35, -1, -5))
    return f"DR-{symbols[:4]}-{symbols[4:]}"


def record_path(record_id: str) -> str:
    """Where a record's file stands; it follows from the id alone."""
    return f"records/{record_id[3:5]}/{record_id}.yaml"


def statements_folder(record_id: str) -> str:
    """Where a record's statements stand."""
    return f"records/{record_id[3:5]}/{record_id}"


def id_of_path(path: str) -> str | None:
    """The id of the record whose file stands at a path; None where no record's file may."""
    match = _RECORD_PATH.fullmatch(path)
    return match[2] if match else None
