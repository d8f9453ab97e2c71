"""What may never enter the register, found in a text: a person, a premises, an installed Device.

Each kind is recognised by its form, by a check digit where it has one, or by a word beside it.
The judgement leans towards refusing: git remembers, and a person can reword. A sighting says where
and of which kind, never what, so that no message repeats personal data.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

from defectreg.register import detected_codes as codes
from defectreg.register import detected_names as names
from defectreg.register import detected_people as people
from defectreg.register.detected_codes import mpan_check_digit
from defectreg.register.detecting import (
    DIGITS,
    HEXADECIMAL,
    WORD_OF_DATA,
    Detector,
    Sign,
    always,
    any_of,
    apart,
    both,
    holds,
    row_of,
    shaped,
    span,
)
from defectreg.register.plaintext import places, plain

__all__ = ["KINDS", "Kind", "Sighting", "find", "mpan_check_digit"]


@dataclass(frozen=True, slots=True)
class Sighting:
    """Where a text holds what it must not: ``text[start:end]`` is of ``kind``, a key of KINDS."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing that is kept out. ``name`` has its article, as in *this looks like a …*."""

    name: str
    hint: str


KINDS: dict[str, Kind] = {
    "firmware-image": Kind(
        "a firmware image", "name the firmware version; an image never enters the register"
    ),
    "install-code": Kind("an install code", "leave it out; no issue needs one"),
    "device-id": Kind(
        "the Device ID of an installed Device",
        "name the Device by its type, manufacturer and model: ESME:FF01/00010100",
    ),
    "serial-number": Kind(
        "the serial number of an installed Device",
        "name the Device by its type, manufacturer and model: ESME:FF01/00010100",
    ),
    "mpan": Kind("an MPAN", "leave it out; say how many premises, as a band"),
    "mprn": Kind("an MPRN", "leave it out; say how many premises, as a band"),
    "uprn": Kind("a UPRN", "leave it out; name the region: North, Central or South"),
    "postcode": Kind("a postcode", "leave it out; name the region: North, Central or South"),
    "address": Kind("an address", "leave it out; name the region: North, Central or South"),
    "phone": Kind("a phone number", "leave it out; a Party is reached through its role mailbox"),
    "e-mail": Kind("an e-mail address", "leave it out; name the Party, not its mailbox"),
    "person-name": Kind("a person's name", "name the Party or the role, not the person"),
}
"""In order of precedence: of two sightings that begin together the earlier kind is told."""


def find(text: str) -> Iterator[Sighting]:
    """What of `KINDS` stands in ``text``: in order, none overlapping another.

    Look-alike digits, dashes and blanks of other alphabets are read as their ASCII twins.
    The work grows with the length of the text, whatever is in it.
    """
    read = plain(text)
    end, origins = 0, None
    for sighting in sorted(_sightings(read), key=_precedence):
        if sighting.start >= end:
            end = sighting.end
            origins = places(text) if origins is None else origins
            yield _moved(sighting, origins)


def _precedence(sighting: Sighting) -> tuple[int, int]:
    return sighting.start, tuple(KINDS).index(sighting.kind)


def _moved(sighting: Sighting, origins: Sequence[int]) -> Sighting:
    return Sighting(sighting.kind, origins[sighting.start], origins[sighting.end - 1] + 1)


def _sightings(text: str) -> Iterator[Sighting]:
    lowered = text.lower()
    for calling, groups in _groups():
        for sign, detectors in groups if calling(text, lowered) else ():
            if sign(text, lowered):
                for detector in detectors:
                    for found in detector.pattern.finditer(text):
                        if detector.is_it(found):
                            yield Sighting(detector.kind, *span(found))


_Groups: TypeAlias = tuple[tuple[Sign, tuple[Detector, ...]], ...]


@cache
def _groups() -> tuple[tuple[Sign, _Groups], ...]:
    """The detectors, behind the signs that call them. Compiled once, when first needed."""
    return (
        (always, _groups_of_any_text()),
        (row_of(DIGITS, 1), _groups_with_digits()),
        (any_of("[", "(", "{"), ((_AT_IN_BRACKETS, (people.e_mail_in_disguise(),)),)),
        (any_of(":", "="), ((shaped(r"[:=]\s{0,3}[A-Z][a-z]"), (people.labelled_name(),)),)),
    )


_AT_IN_BRACKETS = any_of(*(f"{sign}{at}" for sign in "[({" for at in ("at", " at", "@", " @")))


def _groups_of_any_text() -> _Groups:
    return (
        # Two dots stand between the firmware versions of a range, and in no identifier.
        (apart("..", row_of(HEXADECIMAL, 16)), codes.hexadecimal()),
        (any_of(*people.LOWER_HOUSES), (people.address_of_a_named_house(),)),
        (shaped(r"@[\w-]{1,63}\.\w"), (people.e_mail(),)),
        (holds("Mr", "Ms", "Mx", "Miss", "Dr"), (people.titled_name(),)),
        (
            both(shaped(r"[ecnECN][rtRT]\s{1,2}[A-Z]"), any_of(*people.PEOPLE.split("|"))),
            (people.name_after_a_word(),),
        ),
        (names.two_capitalised(), (names.untitled_name(),)),
        (row_of(WORD_OF_DATA, 40, between=b""), (codes.firmware_image(),)),
    )


def _groups_with_digits() -> _Groups:
    return (
        (row_of(DIGITS, 10), (codes.mpan(), codes.phone())),
        (shaped("[0-9][A-Za-z]{2}(?![0-9A-Za-z])"), (people.postcode(),)),
        (shaped(r"[0-9][A-Za-z]?,?\s{1,3}[A-Z]"), (people.address(),)),
        (any_of(*people.LOWER_STREETS), (people.address_in_lower_case(),)),
        (any_of("flat", "apartment", "apt"), (people.address_of_a_flat(),)),
        (shaped(r"[0-9][A-Za-z]{1,2}\s?[0-9]{5}"), (codes.serial_by_form(),)),
        (any_of("serial", "s/n", "sn", "s.n."), (codes.serial_by_word(),)),
        (any_of("mpan", "supply number"), codes.numbers_by_word("mpan", codes.MPAN, 13, 21)),
        (any_of("mprn", "mpxn", "point"), codes.numbers_by_word("mprn", codes.MPRN, 6, 10)),
        (any_of("uprn", "property ref"), codes.numbers_by_word("uprn", codes.UPRN, 4, 12)),
    )
