"""What may never enter the register, found in a text: a person, a premises, an installed Device.

Each kind is recognised by its form, by a check digit where it has one, or by a word beside it.
The judgement leans towards refusing: git remembers, and a person can reword. A sighting says where
and of which kind, never what, so that no message repeats personal data.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from defectreg.register.plaintext import places, plain


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


@dataclass(frozen=True, slots=True)
class _Detector:
    """One form of a kind. The group ``it``, where the pattern has one, is what is sighted."""

    kind: str
    pattern: re.Pattern[str]
    is_it: Callable[[re.Match[str]], bool]


_Sign = Callable[[str], object]
"""Asked of a text first, and cheap: without it no detector of the group runs."""

_ALERT_CODES_BEGIN = "8"
_MPAN_WEIGHTS = (3, 5, 7, 13, 17, 19, 23, 29, 31, 37, 41, 43)
_ORDINALS_AND_UNITS = frozenset(
    ("st", "nd", "rd", "th", "gb", "tb", "db", "gw", "wh", "ah", "hz", "ft", "pt", "ls")
)
_ORGANISATION_WORD = (
    "administrator|agent|board|body|centre|communications|company|council|customer|data|dcc|"
    "department|desk|devices?|division|electricity|energy|engineering|firmware|first|gas|group|"
    "help|helpdesk|home|hub|industries|installer|limited|line|lost|ltd|mailbox|maker|manager|"
    "manufacturer|meter|metering|meters|none|north|not|number|office|officer|one|operations|panel|"
    "party|plc|power|programme|provider|renewables|reporter|sec|secas|second|security|services?|"
    "smart|solutions|south|supplier|support|systems|team|technical|technologies|three|trading|two|"
    "unknown|utilities|utility|validators?|water"
)
_STREETS = (
    "Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Close|Drive|Crescent|Terrace|Gardens|Grove|Mews|Way|"
    "Court|Place|Square|Hill|Park|Walk"
)
_NOT_A_STREET_NAME = (
    "a|across|along|an|and|any|at|by|customers?|days?|devices?|down|each|every|from|homes?|hours?|"
    "hubs?|in|is|it|its|km|may|meters?|metres?|miles?|minutes?|months?|of|off|on|one|or|other|our|"
    "out|per|premises|same|sites?|the|this|times|to|up|was|weeks?|were|with|years?"
)
_BETWEEN = r"""(?:[\s:=\#("'.,<>-]|(?i:is|was|are|were|of|for|numbers?|nos?|ref|reference|the|this
    |value|and|code)(?![A-Za-z0-9])){0,24}"""
"""What may stand between a word such as *serial* and the number that it announces."""


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


def mpan_check_digit(first_twelve: str) -> int:
    """The thirteenth digit of an MPAN whose first twelve digits are given."""
    products = (
        int(digit) * weight for digit, weight in zip(first_twelve, _MPAN_WEIGHTS, strict=True)
    )
    return sum(products) % 11 % 10


def _precedence(sighting: Sighting) -> tuple[int, int]:
    return sighting.start, tuple(KINDS).index(sighting.kind)


def _moved(sighting: Sighting, origins: Sequence[int]) -> Sighting:
    return Sighting(sighting.kind, origins[sighting.start], origins[sighting.end - 1] + 1)


def _sightings(text: str) -> Iterator[Sighting]:
    for sign, detectors in _groups():
        if sign(text):
            for detector in detectors:
                for found in detector.pattern.finditer(text):
                    if detector.is_it(found):
                        yield Sighting(detector.kind, *_span(found))


def _span(found: re.Match[str]) -> tuple[int, int]:
    return found.span("it") if "it" in found.re.groupindex else found.span()


def _always(found: re.Match[str]) -> bool:
    return True


def _any_of(*words: str) -> _Sign:
    """Whether one of the words, given in lower case, stands in the text in any case."""

    def sign(text: str) -> bool:
        lowered = text.lower()
        return any(word in lowered for word in words)

    return sign


def _shaped(pattern: str) -> _Sign:
    return re.compile(pattern).search


def _row_of(digits: bytes, count: int) -> _Sign:
    """Whether so many of the digits follow one another, separators left out."""
    alike = bytes.maketrans(digits, b"0" * len(digits))
    return lambda text: (
        b"0" * count in text.encode("ascii", "replace").translate(alike, b" \t\r\n\v\f-:.()")
    )


def _has_long_rows(text: str) -> bool:
    return len(text) >= 256 and any(len(row) >= 40 for row in text.split())


def _detector(
    kind: str, pattern: str, is_it: Callable[[re.Match[str]], bool] = _always
) -> _Detector:
    return _Detector(kind, re.compile(pattern, re.VERBOSE), is_it)


@cache
def _groups() -> tuple[tuple[_Sign, tuple[_Detector, ...]], ...]:
    """The detectors, behind the signs that call them. Compiled once, when first needed."""
    return (
        (_row_of(b"0123456789ABCDEFabcdef", 16), _hexadecimal()),
        (_row_of(b"0123456789", 10), (_mpan(), _phone())),
        (_shaped("[0-9][A-Za-z]{2}(?![0-9A-Za-z])"), (_postcode(),)),
        (_shaped(r"[0-9][A-Za-z]?,?\s{1,3}[A-Z]"), (_address(),)),
        (_any_of("street", "road", "avenue", "lane", "crescent"), (_address_in_lower_case(),)),
        (_shaped(r"[0-9][A-Za-z]{1,2}\s?[0-9]{5}"), (_serial_by_form(),)),
        (_any_of("serial", "s/n", "sn", "s.n."), (_serial_by_word(),)),
        (_any_of("mprn", "mpxn", "meter point"), _numbers_by_word("mprn", _MPRN, 6, 10)),
        (_any_of("uprn", "property ref"), _numbers_by_word("uprn", _UPRN, 4, 12)),
        (_shaped(r"@[\w-]{1,63}\.\w"), (_e_mail(),)),
        (_shaped(r"(?:Mr|Ms|Mx|Miss|Dr)(?:s?\.|s?\s)"), (_titled_name(),)),
        (_shaped(r"[:=]\s{0,3}[A-Z][a-z]"), (_labelled_name(),)),
        (_has_long_rows, (_firmware_image(),)),
    )


# --- hexadecimal: Device IDs, install codes, images --------------------------------------------

_EDGE_BEFORE, _EDGE_AFTER = r"(?<![0-9A-Za-z])", r"(?![0-9A-Za-z])"


def _hexadecimal() -> tuple[_Detector, ...]:
    pair, four = (rf"[0-9A-Fa-f]{{{count}}}{_EDGE_AFTER}" for count in (2, 4))
    pairs = rf"{_EDGE_BEFORE}{pair}([-:\ ]){pair}(?:\1{pair}){{6,}}"
    fours = rf"{_EDGE_BEFORE}{four}([-:.\ ]){four}(?:\1{four}){{2,}}"
    bare = rf"{_EDGE_BEFORE}(?:0[xX])?(?P<it>[0-9A-Fa-f]{{%s}}){_EDGE_AFTER}"
    return (
        _detector("install-code", bare % "32"),
        _detector("install-code", bare % "36"),
        _detector("install-code", pairs, lambda it: _pairs(it) in (16, 18)),
        _detector("install-code", fours, _is_install_code),
        _detector("firmware-image", pairs, lambda it: _pairs(it) >= 128),
        _detector("device-id", pairs, _holds_device_ids),
        _detector("device-id", fours, lambda it: it[1] != " " and _fours(it) == 4),
        _detector("device-id", bare % "16", _is_bare_device_id),
    )


def _has_letter(text: str) -> bool:
    return not text.isdecimal() and any(character.isalpha() for character in text)


def _pairs(found: re.Match[str]) -> int:
    """How many pairs of hexadecimal digits; 0 for a list of two-digit numbers."""
    return 0 if found[1] == " " and not _has_letter(found[0]) else (len(found[0]) + 1) // 3


def _fours(found: re.Match[str]) -> int:
    """How many groups of four; 0 for a list of years or of alert codes."""
    groups = found[0].split(found[1])
    is_list = all(group.startswith(_ALERT_CODES_BEGIN) for group in groups)
    return 0 if is_list or not _has_letter(found[0]) else len(groups)


def _is_install_code(found: re.Match[str]) -> bool:
    fingerprints = (10, 16)
    return _fours(found) >= 8 and _fours(found) not in fingerprints


def _holds_device_ids(found: re.Match[str]) -> bool:
    """Whether pairs are a Device ID, or a message that carries some; not a fingerprint."""
    fingerprints, other_kinds = (20, 32), (16, 18)
    return 8 <= _pairs(found) < 128 and _pairs(found) not in fingerprints + other_kinds


def _is_bare_device_id(found: re.Match[str]) -> bool:
    before = found.string[max(0, found.start() - 24) : found.start()].lower()
    if any(word in before for word in ("eui", "device id", "deviceid", "guid")):
        return True
    return _has_letter(found["it"]) and any(digit in found["it"] for digit in "0123456789")


def _firmware_image() -> _Detector:
    row = r":?[0-9A-Za-z+/_-]{40,}+={0,2}"
    return _detector(
        "firmware-image", rf"(?<![0-9A-Za-z+/_-]){row}(?:\s{{1,3}}{row})*+", _is_an_image
    )


def _is_an_image(found: re.Match[str]) -> bool:
    """Whether rows are a block of data: 256 characters or more, no ruler, no list of hashes."""
    rows = found[0].split()
    if len(rows) < 16 and all(_is_hash(row) for row in rows):
        return False
    return sum(map(len, rows)) >= 256 and any(character.isalnum() for character in found[0])


def _is_hash(row: str) -> bool:
    return len(row) in (40, 64) and all(character in "0123456789abcdefABCDEF" for character in row)


# --- numbers -----------------------------------------------------------------------------------


def _mpan() -> _Detector:
    # A lookahead, so that a number that stands before an MPAN does not swallow its first digits.
    core = r"(?:[0-9](?:\s{1,2}|-)?){12}[0-9]"
    top_line = r"(?:[Ss]\s?)?(?:[0-9]{2}[\s-]?[0-9]{3}[\s-]?[0-9A-Za-z]{3}[\s-]?)?"
    return _detector(
        "mpan", rf"{_EDGE_BEFORE}(?=(?P<it>{top_line}(?P<core>{core})){_EDGE_AFTER})", _is_mpan
    )


def _is_mpan(found: re.Match[str]) -> bool:
    groups = re.split(r"\s+|-", found["core"])
    digits = "".join(groups)
    is_spelt_as_one = len(groups) <= 6 or len(groups) == len(digits)
    is_mixed = "-" in found["core"] and any(blank.isspace() for blank in found["core"])
    if digits.startswith("0") or is_mixed or not is_spelt_as_one:  # no distributor begins with 0
        return False
    return mpan_check_digit(digits[:12]) == int(digits[12])


def _phone() -> _Detector:
    rest = r"[1-35789](?:[\s().-]{0,2}[0-9]){8,9}"
    abroad = r"(?:\+|00)\s?44\)?[\s.-]{0,2}(?:\(0\)[\s.-]{0,2}|0)?"
    return _detector("phone", rf"(?<![0-9A-Za-z.+])(?:{abroad}|\(?0){rest}{_EDGE_AFTER}", _is_phone)


def _is_phone(found: re.Match[str]) -> bool:
    """Whether digits are grouped as a phone number is, not as dates or firmware versions are."""
    groups = re.findall("[0-9]+", found[0])
    if len(groups) == 1 or found[0].startswith(("+", "00")):
        return True
    return len(groups[0]) <= 6 and len(groups[0]) + len(groups[1]) >= 5


_MPRN = r"MPRNs?|MPxNs?|meter\s+point(?:\s+reference)?(?:\s+number)?"
_UPRN = r"UPRNs?|(?:unique\s+)?property\s+reference(?:\s+number)?"


def _numbers_by_word(kind: str, words: str, shortest: int, longest: int) -> tuple[_Detector, ...]:
    """Numbers of so many digits after their word, or before it: *1234567 (MPRN)*, *is the MPRN*."""
    number = rf"(?P<it>[0-9](?:\s?[0-9]){{{shortest - 1},{longest - 1}}}){_EDGE_AFTER}(?!-[0-9])"
    after = rf"(?i:{words}){_BETWEEN}{_EDGE_BEFORE}{number}"
    before = rf"{_EDGE_BEFORE}{number}\s{{0,2}}[(,]?\s?(?:is\s|as\s)?(?:the\s|an?\s)?(?i:{words})"
    return (_detector(kind, after), _detector(kind, before + r"(?![a-z])", _is_announced))


def _is_announced(found: re.Match[str]) -> bool:
    """Whether more than a blank joins number and word: *300000 MPRN checks* counts something."""
    joint = found.string[found.end("it") : found.end()].split()
    return joint[0] in ("is", "as", ",") or joint[0].startswith(("(", ","))


def _serial_by_form() -> _Detector:
    return _detector(
        "serial-number",
        rf"""{_EDGE_BEFORE}(?:[A-Za-z][0-9]{{2}}[A-Za-z]{{1,2}}\s?[0-9]{{5,10}}
        |[EGMegm][0-9][A-Za-z][0-9]{{8,13}}|[0-9]{{2}}[A-Z][0-9]{{7}}){_EDGE_AFTER}""",
    )


def _serial_by_word() -> _Detector:
    return _detector(
        "serial-number",
        rf"""(?<![A-Za-z])(?i:serials?|s/n|s\.n\.|msn|sn(?=\s?[:\#=])){_BETWEEN}
        (?P<it>(?=[A-Za-z/-]{{0,6}}[0-9])[0-9A-Za-z][0-9A-Za-z/-]{{0,24}}(?:\s[0-9]{{3,12}}){{0,3}})
        {_EDGE_AFTER}(?!\s?(?:baud|bps|kbps|bits?|Bd)\b)""",
        _is_serial,
    )


def _is_serial(found: re.Match[str]) -> bool:
    is_date = re.fullmatch(r"[0-9]{4}-[0-9]{2}(?:-[0-9]{2})?", found["it"])
    return not is_date and sum(character.isdecimal() for character in found["it"]) >= 4


# --- people and places -------------------------------------------------------------------------


def _postcode() -> _Detector:
    return _detector(
        "postcode",
        rf"""{_EDGE_BEFORE}(?i:gir\s{{0,2}}0aa|(?P<outward>[a-pr-uwyz](?:[0-9]{{1,2}}
        |[a-hk-y][0-9]{{1,2}}|[0-9][a-hjkpstuw]|[a-hk-y][0-9][abehmnprvwxy]))
        (?P<blank>\s{{0,2}})[0-9](?P<inward>[abd-hjlnp-uw-z]{{2}})){_EDGE_AFTER}""",
        _is_postcode,
    )


def _is_postcode(found: re.Match[str]) -> bool:
    """Whether it is more than a code before an ordinal or a unit (*N13 2nd*), or part of a hash."""
    outward, blank, inward = found["outward"], found["blank"], found["inward"]
    if not inward or inward.isupper():
        return True
    return bool(blank) and outward.islower() and inward not in _ORDINALS_AND_UNITS


_HOUSE = r"""[0-9](?<![0-9A-Za-z.:/-][0-9])[0-9]{0,3}[A-Za-z]?
    (?:\s?[-/]\s?[0-9]{1,4}[A-Za-z]?)?,?\s{1,3}"""


def _address() -> _Detector:
    name = r"(?:[A-Z][A-Za-z'.]{0,20}\s{1,3}){1,3}"
    return _detector("address", rf"{_HOUSE}{name}(?:{_STREETS}|{_STREETS.upper()}){_EDGE_AFTER}")


def _address_in_lower_case() -> _Detector:
    name = rf"(?:(?!(?:{_NOT_A_STREET_NAME})\s)[a-z]{{2,20}}\s){{1,2}}"
    return _detector("address", rf"{_HOUSE}{name}(?:street|road|avenue|lane|crescent){_EDGE_AFTER}")


def _e_mail() -> _Detector:
    return _detector(
        "e-mail",
        r"[\w.%+'-]{1,64}@(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24}(?![\w])",
        _is_outside_a_combination,
    )


def _is_outside_a_combination(found: re.Match[str]) -> bool:
    """Whether it is not the model and firmware of the notation: ``IHD:maker/model-2@v1.beta``."""
    before = found.string[max(0, found.start() - 100) : found.start()]
    return not re.search(r"(?:^|[\s+(])[A-Z]{3,6}:[^\s/:]{1,90}/\Z", before)


def _titled_name() -> _Detector:
    return _detector(
        "person-name",
        rf"""{_EDGE_BEFORE}(?:Mrs?|Ms|Mx|Miss|Dr)\.?\s{{1,3}}
        (?:[A-Z]\.?\s{{1,2}}){{0,3}}(?!(?:Rates?|Ratio|Counts?)\b)[A-Z][A-Z'-]{{0,3}}[a-z]+""",
    )


def _labelled_name() -> _Detector:
    word = r"[A-Z][a-z]{1,20}(?:['-][A-Z][a-z]{1,20})?"
    return _detector(
        "person-name",
        rf"[:=]\s{{0,3}}(?P<it>{word}\s(?:[A-Z]\.?\s)?{word}){_EDGE_AFTER}",
        _names_a_contact,
    )


def _names_a_contact(found: re.Match[str]) -> bool:
    """Whether the label asks for a person and the words are not those of an organisation."""
    before = found.string[max(0, found.start() - 40) : found.start()]
    label = r"(?i:\b(?:contact|caller|customer|consumer|occupier|householder|tenant|resident|fitter"
    label += r"|engineer|reporter)(?:\s(?:name|person))?\s?)\Z"
    return bool(re.search(label, before)) and not re.search(
        rf"(?i:\b(?:{_ORGANISATION_WORD})\b)", found["it"]
    )
