"""Codes of the field in free texts: alerts, Service Requests, ESME Variants and CSP Regions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from defectreg.intake.passages import Passage, joined, told_places
from defectreg.intake.reports import Found
from defectreg.register.codes import is_dcc_alert_code, is_esme_variant

_ALERT = re.compile(
    r"(?<![0-9A-Za-z.-])(?:(?P<mark>0[xX])?(?P<hex>[0-9A-Fa-f]{4})|(?P<dcc>(?:AD|N)[0-9]{1,3}))"
    r"(?![0-9A-Za-z]|[.:-][0-9A-Fa-f]|\s?[0-9][A-Z]{2}(?![0-9A-Za-z]))",
    re.IGNORECASE,
)
"""Not what a letter more, a Device ID's next pair or a postcode's second half stands behind."""
_ALERT_WORD = re.compile(r"\b(?:alerts?|alarms?|codes?|events?)(?:\s+codes?)?\W{0,3}$", re.I)
_REQUEST = re.compile(
    r"(?:(?<![0-9A-Za-z.])|(?<=SR)|(?<=SRV))[0-9]{1,2}\.[0-9]{1,2}(?:\.[0-9]{1,2})?"
    r"(?![0-9A-Za-z]|\.[0-9])",
    re.IGNORECASE,
)
_REQUEST_WORD = re.compile(
    r"\b(?:SRVs?|SRs?|service\s+req(?:uest)?s?|service\s+reference(?:\s+variant)?s?)\W{0,3}$", re.I
)
_VERSION_WORD = re.compile(
    r"\b(?:firmware|software|fw|f/w|sw|version|ver|release|v|GBCS|DUIS|CHTS|SMETS)\W{0,3}$", re.I
)
_VARIANT = re.compile(r"(?<![0-9A-Za-z-])[ABC][D-G]{0,3}(?![0-9A-Za-z-])")
_VARIANT_WORD = re.compile(r"\bvariants?(?:\s+(?:is|are|was|shows?|of|code))?\W{0,3}$", re.I)
_VARIANT_AFTER = re.compile(r"\s(?:ESME\s)?variants?\b", re.I)
_REGION = re.compile(
    r"(?<![0-9A-Za-z-])(?P<cellular>4G\s)?(?:CSP[\s-]?)?"
    r"(?P<name>north(?:ern)?|central|south(?:ern)?)(?![0-9A-Za-z-])",
    re.IGNORECASE,
)
_REGION_INITIAL = re.compile(r"\bCSP[\s-]?(?P<name>[NCS])\b")
_REGION_WORD = re.compile(r"\b(?:CSP|regions?|area)\W{0,3}$", re.I)
_REGION_AFTER = re.compile(r"\s(?:CSP\s)?(?:regions?|CSP|area)\b", re.I)
_IN = re.compile(r"\b(?:in|across|throughout)(?:\s+the)?\s$", re.I)
_NOT_IN = re.compile(
    r"\b(?:none|not|never|nothing|except|excluding|outside|unlike)(?:\s\w{1,9})?"
    r"(?:\s(?:in|from|for))?(?:\sthe)?(?:\sCSP)?\s$",
    re.I,
)
_PLACE_AFTER = re.compile(r"\s(?:[A-Z]|of\b)|\s(?:heating|london|wales|yorkshire|east|west)", re.A)


def alerts(passage: Passage) -> Iterator[Found]:
    """Alert codes: device alerts by their form or a word before, DCC Alerts by their code."""
    for match, is_told in told_places(passage, _ALERT, _ALERT_WORD):
        is_one = _is_dcc_alert if match["dcc"] else _is_device_alert
        if is_one(passage, match, is_told):
            yield Found("alerts", (match["hex"] or match["dcc"]).upper(), *match.span())


def _is_dcc_alert(passage: Passage, match: re.Match[str], is_told: bool) -> bool:
    is_written_so = is_told or match["dcc"].isupper()
    return is_written_so and is_dcc_alert_code(match["dcc"].upper())


def _is_device_alert(passage: Passage, match: re.Match[str], is_told: bool) -> bool:
    """Whether four digits are an alert's: told so, or listed and no number or word."""
    code = match["hex"].upper()
    if match["mark"] or is_told:
        return bool(match["mark"]) or not code.isalpha()
    listed = code in passage.vocabulary.catalogue.alert_codes
    return listed and not code.isdecimal() and not code.isalpha()


def service_requests(passage: Passage) -> Iterator[Found]:
    """Service Requests: after their word, or listed with three numbers and no version's."""
    for match, is_told in told_places(passage, _REQUEST, _REQUEST_WORD):
        listed = match[0] in passage.vocabulary.catalogue.service_requests
        is_version = _VERSION_WORD.search(passage.before(match.start()))
        if is_told or (listed and match[0].count(".") == 2 and not is_version):
            yield Found("service-requests", match[0], *match.span())


def variants(passage: Passage) -> Iterator[Found]:
    """ESME Variants beside their word, and without it those of three letters or more."""
    matches = list(_VARIANT.finditer(passage.text))
    said = [
        bool(_VARIANT_WORD.search(passage.before(match.start())))
        or (len(match[0]) > 1 and bool(_VARIANT_AFTER.match(passage.after(match.end()))))
        for match in matches
    ]
    for match, is_told in zip(matches, joined(passage, matches, said), strict=True):
        if is_esme_variant(match[0]) and (is_told or len(match[0]) > 2):
            yield Found("variant", match[0], *match.span())


def regions(passage: Passage) -> Iterator[Found]:
    """CSP Regions: beside *CSP* or *region*, after *in* where no place's name follows, or 4G."""
    matches = list(_REGION.finditer(passage.text))
    said = [_is_region(passage, match) for match in matches]
    for match, is_told in zip(matches, joined(passage, matches, said), strict=True):
        if is_told:
            name = match["name"].lower().removesuffix("ern").capitalize()
            yield Found("region", f"4G {name}" if match["cellular"] else name, *match.span())
    for match in _REGION_INITIAL.finditer(passage.text):
        name = {"N": "North", "C": "Central", "S": "South"}[match["name"]]
        yield Found("region", name, *match.span())


def _is_region(passage: Passage, match: re.Match[str]) -> bool:
    before, after = passage.before(match.start()), passage.after(match.end())
    if _NOT_IN.search(before):
        return False
    if match["cellular"] or "CSP" in match[0].upper() or _REGION_WORD.search(before):
        return True
    if _REGION_AFTER.match(after):
        return True
    return bool(_IN.search(before)) and not _PLACE_AFTER.match(after)
