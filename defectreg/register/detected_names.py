"""Names of people without a title: *told by John Smith*."""

from __future__ import annotations

import re

from defectreg.register.detecting import EDGE_AFTER, Detector, Sign, detector
from defectreg.register.given_names import (
    FAMILY_NAMES_TOO,
    GIVEN_NAMES,
    NAMES_AND_WORDS,
    NOT_IN_A_NAME,
    OF_AN_ORGANISATION,
)

_BEFORE = 40
"""Characters before a name in which its announcement is looked for."""
_BY_A_PERSON = """advised called checked confirmed found handled mentioned noted noticed observed
phoned raised repaired replaced reported said seen spotted tested told visited written"""
_ANNOUNCES = re.compile(
    rf"""(?<![0-9A-Za-z])(?i:(?:{"|".join(_BY_A_PERSON.split())})\s(?:to\sus\s)?by
    |(?:spoke|spoken|speak|talked)\s(?:to|with)|told|asked?|rang|phoned|e-?mailed
    |contact(?:ed)?|informed|(?:call|letter|e-?mail|message)\sfrom|according\sto
    |on\sbehalf\sof)\s{{1,2}}\Z""",
    re.VERBOSE,
)
_HINTS = re.compile(
    r"""(?<![0-9A-Za-z])(?:by|from|with|to|and|named|ask|colleague|engineer|customer|contact|caller
    |consumer|occupier|householder|tenant|resident|fitter|reporter|installer|manager|neighbour
    |owner|landlord)\s{1,2}\Z""",
    re.VERBOSE,
)
_WORD_AFTER = re.compile(r"\s{1,2}([A-Za-z]{1,20})")
_THINGS = frozenset(
    "device devices display displays firmware hub hubs meter meters module sensor".split()
)
"""After two capitalised words, in lower case, these say that the words name a product."""
_PARTICLES = (" van ", " von ", " de ", " al ", " der ")
_UPPER = bytes.maketrans(bytes(range(ord("A"), ord("Z") + 1)), b"A" * 26)
_LOWER = bytes(range(ord("a"), ord("z") + 1)) + b"'-"
_BLANKS = bytes.maketrans(b"\r\n\t", b"   ")


def two_capitalised() -> Sign:
    """Whether two words side by side begin with a capital, or a name may be in parts.

    Such as *J. Smith* and *Anna van den Berg*.
    """
    table = bytes(_BLANKS[letter] for letter in _UPPER)

    def is_there(text: str, lowered: str) -> bool:
        initials = text.encode("ascii", "replace").translate(table, _LOWER)
        if b"A A" in initials or b" A. A" in initials:
            return True
        return any(map(lowered.__contains__, _PARTICLES))

    return is_there


def untitled_name() -> Detector:
    """A given name, initials, and a family name, each with its capital or all in capitals."""
    part = r"(?:[DO]')?[A-Z][a-z]{1,20}(?:[A-Z][a-z]{1,20})?"
    given = rf"(?P<given>{part}|[A-Z]{{3,20}}|[A-Z]\b\.?)(?:-{part})?"
    between = r"(?:[A-Z]\.?\s{1,2}){0,2}(?:(?:al|de|da|del|den|der|di|el|la|le|van|von)\s){0,2}"
    family = rf"(?P<family>{part}|[A-Z]{{3,20}})(?:['-][A-Z][a-z]{{1,20}})*"
    name = rf"(?P<it>{given}\s{{1,2}}{between}{family}){EDGE_AFTER}(?!-[0-9A-Z])"
    # A capital first, and what is around it later: the search goes from capital to capital.
    # Names are looked ahead for, so that a word which begins none may be followed by one.
    return detector("person-name", rf"[A-Z](?<![0-9A-Za-z][A-Z])(?<=(?={name})[A-Z])", _is_a_person)


def _is_a_person(found: re.Match[str]) -> bool:
    """Whether the words are a person's, by the given name or by what stands before them."""
    given, family = found["given"].lower(), found["family"].lower()
    if found["family"].isupper():
        return found["given"].isupper() and len(given) > 3 and _is_given(found, given, family)
    return _is_given(found, given, family) or _is_announced(found, given, family)


def _is_given(found: re.Match[str], given: str, family: str) -> bool:
    if given not in GIVEN_NAMES or (family in NOT_IN_A_NAME and family not in FAMILY_NAMES_TOO):
        return False
    return _next_word(found).lower() not in OF_AN_ORGANISATION


def _is_announced(found: re.Match[str], given: str, family: str) -> bool:
    """Whether what stands before it says that it is a person: *spoke to*, *told by*."""
    after = _next_word(found)
    goes_on = NOT_IN_A_NAME if after[:1].isupper() else _THINGS
    if given in GIVEN_NAMES or family in NOT_IN_A_NAME or after.lower() in goes_on:
        return False
    if given in NAMES_AND_WORDS:
        return _stands_after(_HINTS, found) or _stands_after(_ANNOUNCES, found)
    return given not in NOT_IN_A_NAME and _stands_after(_ANNOUNCES, found)


def _next_word(found: re.Match[str]) -> str:
    """The word after it; empty where a sentence ends."""
    after = _WORD_AFTER.match(found.string, found.end("it"))
    return after[1] if after else ""


def _stands_after(announcement: re.Pattern[str], found: re.Match[str]) -> bool:
    start = found.start("it")
    return announcement.search(found.string[max(0, start - _BEFORE) : start]) is not None
