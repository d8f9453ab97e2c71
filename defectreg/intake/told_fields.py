"""What a record would say of a text: the fields that follow from what was found in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product as each_with_each
from math import prod
from typing import Any

from defectreg.intake.reading_firmware import FIRMWARE
from defectreg.intake.reports import Found
from defectreg.register.catalogue import Catalogue
from defectreg.register.devices import (
    Combination,
    Device,
    FirmwareSet,
    NotationError,
    parse_combination,
    parse_firmware,
)

_MOST_COMBINATIONS = 8
"""Combinations of one text beyond which its Devices are named one by one."""
_NOUNS = {
    "ESME": "meter",
    "GSME": "gas meter",
    "CHF": "Communications Hub",
    "GPF": "Communications Hub",
    "IHD": "display",
}
_LONGEST_TITLE, _SHORTEST_TITLE = 120, 8
_FEWEST_WORDS = 3
"""Words that a piece of a text has which says what is wrong."""
_WORD = re.compile(r"[A-Za-z]{2,}")
_IN_BRACKETS = re.compile(
    r"(?<=\w) \((?:(?:gas )?meter|Communications Hub|display|[A-Z]{3,6})?\s?\)"
)
_OPENING = re.compile(
    r"\s*(?:(?:hi|hello|hiya|dear|(?:good )?(?:morning|afternoon)|fao)\b[^,.:!\n]{0,30}[,.:!\n]+"
    r"|(?:please (?:note|advise|investigate|can you)|fyi|issue|fault|desc(?:ription)?)\s*[:=,-]+"
    r"|(?:call from )?(?:the )?(?:cust(?:omer)?|consumer|engineer)s?\b"
    r"(?: (?:called|rang|phoned|says?|said|reports?|reported|states|in|that|to say))*[.,:-]*"
    r"|(?:we have )?another (?:one|case) (?:where|of|in which)\b)\s*",
    re.IGNORECASE,
)
_VERSION = "\0"
"""Stands for a firmware version."""
_ABOUT_VERSION = re.compile(
    r"[,(]?\s{0,2}\b(?:(?:on|with|running|at|has|and|from|to|after|firmware|fw|f/w|software|sw"
    r"|version|ver|v)[\s:.]{0,2}){0,6}@?\s?\0,?|\0",
    re.IGNORECASE,
)
_PIECE = re.compile(r"(?:(?![.!?;](?:\s|$)|\n|\s-\s)[\s\S])+")
_LEFT_OVER = re.compile(r"\s*\b(?:since|on|from|at|by)\s*(?=[,.;]|$)", re.IGNORECASE)
_SAID_AGAIN = re.compile(
    r"\b(?:(?:comms )?hub|(?:gas )?meter|IHD|display|model|type) (?="
    r"Communications Hub|meter|gas meter|display|Device)",
    re.IGNORECASE,
)
_TWICE = re.compile(r"\b(\w+(?: \w+)?) \1\b", re.IGNORECASE)


def fields_of(found: Sequence[Found], catalogue: Catalogue) -> Mapping[str, Any]:
    """Values by dotted key of a record: ``affected``, ``variants``, ``alerts``,
    ``service-requests``, each a list; of its report ``report.region`` where one only is named, and
    ``report.since``.

    What was not found has no key. Models of several Device Types are one combination; a firmware
    version is of the model that is listed with it, else of the one named before it.
    """
    values: dict[str, Any] = {
        "affected": [str(one) for one in _affected(found, catalogue)],
        "variants": sorted(_values(found, "variant")),
        "alerts": sorted(_values(found, "alerts")),
        "service-requests": sorted(_values(found, "service-requests")),
    }
    regions, since = _values(found, "region"), sorted(_values(found, "since"))
    values["report.region"] = regions[0] if len(regions) == 1 else ""
    values["report.since"] = since[0] if since else ""
    return {key: value for key, value in values.items() if value}


def title_of(text: str, found: Iterable[Found]) -> str:
    """A title from what says most at the beginning, without greetings, makers, versions and days.

    Empty where the text says too little.
    """
    neutral = _ABOUT_VERSION.sub(" ", _neutral(text, found))
    pieces = [_title(match[0]) for match in _PIECE.finditer(neutral)]
    told = [piece for piece in pieces if len(piece) >= _SHORTEST_TITLE and " " in piece]
    full = [piece for piece in told if len(_WORD.findall(piece)) >= _FEWEST_WORDS]
    return next(iter(full or told), "")


def _title(piece: str) -> str:
    shown = "".join(each if each.isprintable() else " " for each in piece)
    words = _SAID_AGAIN.sub("", _IN_BRACKETS.sub("", " ".join(shown.split())))
    while opening := _OPENING.match(words):
        words = words[opening.end() :]
    title = _TWICE.sub(r"\1", _LEFT_OVER.sub("", words)).strip(" ,.:>-")
    return _cut(title[:1].upper() + title[1:])


def _values(found: Iterable[Found], field: str) -> list[str]:
    return list(dict.fromkeys(one.value for one in found if one.field == field))


def _affected(found: Sequence[Found], catalogue: Catalogue) -> list[Combination]:
    """What is written in the notation; where that is no whole combination, what the Devices make
    that are written or named."""
    written = [parse_combination(text) for text in _values(found, "affected")]
    if any(len(one.devices) > 1 or one.regions for one in written):
        return written
    devices = [*(one.devices[0] for one in written), *_named_devices(found, catalogue)]
    by_type: dict[str, dict[str, Device]] = {}
    for device in devices:
        by_type.setdefault(device.type, {}).setdefault(device.product, device)
    choices = [tuple(each.values()) for each in by_type.values()]
    if prod(map(len, choices)) > _MOST_COMBINATIONS:
        return [Combination((device,)) for several in choices for device in several]
    return [Combination(several) for several in each_with_each(*choices) if several]


def _named_devices(found: Sequence[Found], catalogue: Catalogue) -> Iterator[Device]:
    """The models that are named, each with the firmware versions that are its."""
    named = _named(found)
    firmware = _firmware_by_product(found, named, catalogue)
    for text in dict.fromkeys(named.values()):
        patterns = ",".join(dict.fromkeys(firmware.get(text, ())))
        versions = parse_firmware(patterns) if patterns else FirmwareSet()
        yield replace(parse_combination(text).devices[0], firmware=versions)


def _named(found: Sequence[Found]) -> dict[int, str]:
    """Where each model is named, with its product; those of which no type is known left out."""
    makers, types = _values(found, "manufacturer"), _values(found, "type")
    places: dict[int, str] = {}
    for one in found:
        if one.field == "model" and (product := _product(one.value, makers, types)):
            places[one.start] = product
    return places


def _product(value: str, makers: Sequence[str], types: Sequence[str]) -> str:
    """The product that a value is, with the one maker and Device Type of the text; else empty."""
    if ":" in value:
        return value
    if "/" not in value and len(makers) == 1:
        value = f"{makers[0]}/{value}"
    written = f"{types[0]}:{value}" if "/" in value and len(types) == 1 else ""
    try:
        return parse_combination(written).devices[0].product
    except NotationError:
        return ""


def _firmware_by_product(
    found: Sequence[Found], named: Mapping[int, str], catalogue: Catalogue
) -> dict[str, list[str]]:
    versions: dict[str, list[str]] = {}
    for one in found:
        if one.field == FIRMWARE and named:
            versions.setdefault(_whose(one, named, catalogue), []).append(one.value)
    return versions


def _whose(version: Found, named: Mapping[int, str], catalogue: Catalogue) -> str:
    """The product that is listed with a version; of several or none, the one named before it."""
    wanted = parse_firmware(version.value)
    listed = {
        place: product
        for place, product in named.items()
        if any(release in wanted for release in _releases(product, catalogue))
    }
    places = listed or named
    earlier = [place for place in places if place < version.start]
    return places[max(earlier) if earlier else min(places)]


def _releases(product: str, catalogue: Catalogue) -> Iterator[str]:
    listed = catalogue.products.get(product)
    yield from (release.version for release in listed.releases) if listed else ()


def _neutral(text: str, found: Iterable[Found]) -> str:
    """The text with Device Types in place of models, and without makers and days."""
    pieces, end = [], 0
    for one in sorted(found, key=lambda one: one.start):
        if one.field in ("manufacturer", "model", "affected", "since", "date", FIRMWARE):
            pieces += [text[end : one.start], _noun(one)]
            end = one.end
    return "".join([*pieces, text[end:]])


def _noun(one: Found) -> str:
    if one.field == FIRMWARE:
        return _VERSION
    if one.field not in ("model", "affected"):
        return ""
    kinds = re.findall(r"([A-Z]+):", one.value)
    return " and ".join(dict.fromkeys(_NOUNS.get(kind, kind) for kind in kinds)) or "Device"


def _cut(title: str) -> str:
    if len(title) <= _LONGEST_TITLE:
        return title
    return title[:_LONGEST_TITLE].rpartition(" ")[0] or title[:_LONGEST_TITLE]
