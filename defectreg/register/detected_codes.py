"""Numbers and codes that may never be stored: Device IDs, meter points, serials, phones, images."""

from __future__ import annotations

import re

from defectreg.register.detecting import BETWEEN, EDGE_AFTER, EDGE_BEFORE, Detector, detector

_ALERT_CODES_BEGIN = "8"
_MPAN_WEIGHTS = (3, 5, 7, 13, 17, 19, 23, 29, 31, 37, 41, 43)


def mpan_check_digit(first_twelve: str) -> int:
    """The thirteenth digit of an MPAN whose first twelve digits are given."""
    products = (
        int(digit) * weight for digit, weight in zip(first_twelve, _MPAN_WEIGHTS, strict=True)
    )
    return sum(products) % 11 % 10


def hexadecimal() -> tuple[Detector, ...]:
    pairs, fours, eights = (_groups_of(size, least) for size, least in ((2, 8), (4, 4), (8, 4)))
    bare = rf"{EDGE_BEFORE}(?:0[xX])?(?P<it>[0-9A-Fa-f]{{%s}}){EDGE_AFTER}"
    return (
        detector("install-code", bare % "32"),
        detector("install-code", bare % "36"),
        detector("install-code", pairs, lambda it: _pairs(it) in (16, 18)),
        detector("install-code", fours, _is_install_code),
        detector("install-code", eights, _is_install_code_in_eights),
        detector("firmware-image", pairs, lambda it: _pairs(it) >= 128),
        detector("device-id", pairs, _holds_device_ids),
        detector("device-id", fours, _is_device_id_in_fours),
        detector("device-id", bare % "16", _is_bare_device_id),
    )


def _groups_of(size: int, least: int) -> str:
    """At least so many groups of hexadecimal digits, with one separator; a line may end at it."""
    group = rf"[0-9A-Fa-f]{{{size}}}{EDGE_AFTER}"
    rows = (
        rf"{group}(?:{sign}{group}){{{least - 1},}}" for sign in (r"-\s?", r":\s?", r"\.", r"\s")
    )
    return rf"{EDGE_BEFORE}(?:{'|'.join(rows)})"


def _has_letter(text: str) -> bool:
    return not text.isdecimal() and any(character.isalpha() for character in text)


def _pairs(found: re.Match[str]) -> int:
    """How many pairs of hexadecimal digits; 0 for a list of two-digit numbers."""
    is_list = found[0][2].isspace() and not _has_letter(found[0])
    return 0 if is_list else len(_rows(found))


def _rows(found: re.Match[str]) -> list[str]:
    return re.findall("[0-9A-Fa-f]+", found[0])


def _fours(found: re.Match[str]) -> int:
    """How many groups of four; 0 for a list of years or of alert codes."""
    groups = _rows(found)
    is_list = all(group.startswith(_ALERT_CODES_BEGIN) for group in groups)
    return 0 if is_list or not _has_letter(found[0]) else len(groups)


def _is_install_code(found: re.Match[str]) -> bool:
    fingerprints = (10, 16)
    return _fours(found) >= 8 and _fours(found) not in fingerprints


def _is_install_code_in_eights(found: re.Match[str]) -> bool:
    """Whether four eights are no list of firmware versions, models or days."""
    eights = _rows(found)
    begin = {eight[:2] for eight in eights}
    is_list = len(begin) == 1 or begin <= {"19", "20"}
    is_versions = found[0][8].isspace() and "00" in begin
    return len(eights) == 4 and not (is_list or is_versions)


def _is_device_id_in_fours(found: re.Match[str]) -> bool:
    """Whether four fours are no list of years, alert codes or manufacturers."""
    fours = _rows(found)
    if not found[0][4].isspace():
        return _fours(found) == 4
    if len(fours) != 4 or len({four[:2] for four in fours}) == 1:
        return False
    has_digit = any(digit in found[0] for digit in "0123456789")
    return _is_named_a_device(found) or (_fours(found) == 4 and has_digit)


def _is_named_a_device(found: re.Match[str]) -> bool:
    before = found.string[max(0, found.start() - 24) : found.start()].lower()
    return any(word in before for word in ("eui", "device", "guid", "esme", "gsme", "chf", "gpf"))


def _holds_device_ids(found: re.Match[str]) -> bool:
    """Whether pairs are a Device ID, or a message that carries some; not a fingerprint."""
    fingerprints, other_kinds = (20, 32), (16, 18)
    return 8 <= _pairs(found) < 128 and _pairs(found) not in fingerprints + other_kinds


def _is_bare_device_id(found: re.Match[str]) -> bool:
    if _is_named_a_device(found):
        return True
    return _has_letter(found["it"]) and any(digit in found["it"] for digit in "0123456789")


def firmware_image() -> Detector:
    row = r":?[0-9A-Za-z+/_-]{40,}+={0,2}"
    return detector(
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


def mpan() -> Detector:
    # A lookahead, so that a number that stands before an MPAN does not swallow its first digits.
    core = r"(?:[0-9](?:\s{1,2}|-)?){12}[0-9]"
    top_line = r"(?:[Ss]\s?)?(?:[0-9]{2}[\s-]?[0-9]{3}[\s-]?[0-9A-Za-z]{3}[\s-]?)?"
    return detector(
        "mpan", rf"{EDGE_BEFORE}(?=(?P<it>{top_line}(?P<core>{core})){EDGE_AFTER})", _is_mpan
    )


def _is_mpan(found: re.Match[str]) -> bool:
    groups = re.split(r"\s+|-", found["core"])
    digits = "".join(groups)
    is_spelt_as_one = len(groups) <= 6 or len(groups) == len(digits)
    is_mixed = "-" in found["core"] and any(blank.isspace() for blank in found["core"])
    if digits.startswith("0") or is_mixed or not is_spelt_as_one:  # no distributor begins with 0
        return False
    return mpan_check_digit(digits[:12]) == int(digits[12])


def phone() -> Detector:
    rest = r"[1-35789](?:[\s().-]{0,2}[0-9]){8,9}"
    abroad = r"(?:\+|00)\s?44\)?[\s.-]{0,2}(?:\(0\)[\s.-]{0,2}|0)?"
    bare = r"44[1-35789][0-9]{8,9}"
    return detector(
        "phone", rf"(?<![0-9A-Za-z.+])(?:{bare}|(?:{abroad}|\(?0){rest}){EDGE_AFTER}", _is_phone
    )


def _is_phone(found: re.Match[str]) -> bool:
    """Whether digits are grouped as a phone number is, not as dates or firmware versions are."""
    groups = re.findall("[0-9]+", found[0])
    if len(groups) == 1 or found[0].startswith(("+", "00")):
        return True
    return len(groups[0]) <= 6 and len(groups[0]) + len(groups[1]) >= 5


MPAN = r"MPANs?(?:\s+cores?)?|supply\s+number"
MPRN = r"MPRNs?|MPxNs?|meter[\s-]+point(?:\s+reference)?(?:\s+number)?"
UPRN = r"UPRNs?|(?:unique\s+)?property\s+reference(?:\s+number)?"


def numbers_by_word(kind: str, words: str, shortest: int, longest: int) -> tuple[Detector, ...]:
    """Numbers of so many digits after their word, or before it: *1234567 (MPRN)*, *is the MPRN*."""
    number = rf"(?P<it>[0-9](?:\s?[0-9]){{{shortest - 1},{longest - 1}}}){EDGE_AFTER}(?!-[0-9])"
    after = rf"(?i:{words}){BETWEEN}{EDGE_BEFORE}{number}"
    before = rf"{EDGE_BEFORE}{number}\s{{0,2}}[(,]?\s?(?:is\s|as\s)?(?:the\s|an?\s)?(?i:{words})"
    return (detector(kind, after), detector(kind, before + r"(?![a-z])", _is_announced))


def _is_announced(found: re.Match[str]) -> bool:
    """Whether more than a blank joins number and word: *300000 MPRN checks* counts something."""
    joint = found.string[found.end("it") : found.end()].split()
    return joint[0] in ("is", "as", ",") or joint[0].startswith(("(", ","))


def serial_by_form() -> Detector:
    return detector(
        "serial-number",
        rf"""{EDGE_BEFORE}(?:[A-Za-z][0-9]{{2}}[A-Za-z]{{1,2}}\s?[0-9]{{5,10}}
        |[EGMegm][0-9][A-Za-z][0-9]{{8,13}}|[0-9]{{2}}[A-Z][0-9]{{7}}){EDGE_AFTER}""",
    )


def serial_by_word() -> Detector:
    return detector(
        "serial-number",
        rf"""(?<![A-Za-z])(?i:serials?|s/n|s\.n\.|msn|sn(?=\s?[:\#=])){BETWEEN}
        (?P<it>(?=[A-Za-z/-]{{0,6}}[0-9])[0-9A-Za-z][0-9A-Za-z/-]{{0,24}}(?:\s[0-9]{{3,12}}){{0,3}})
        {EDGE_AFTER}(?!\s?(?:baud|bps|kbps|bits?|Bd)\b)""",
        _is_serial,
    )


def _is_serial(found: re.Match[str]) -> bool:
    is_date = re.fullmatch(r"[0-9]{4}-[0-9]{2}(?:-[0-9]{2})?", found["it"])
    return not is_date and sum(character.isdecimal() for character in found["it"]) >= 4
