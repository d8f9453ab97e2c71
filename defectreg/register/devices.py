"""Devices and their combinations as values: read, printed canonically, and matched.

``CHF:FF02/00020001@00020002 + ESME:FF01/00010100@0001*,00030000..00030004 in North`` is the one
notation everywhere; ``spec/dmc/`` has its grammar and a corpus that every implementation passes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from defectreg.register.firmware import (
    ANY_FIRMWARE,
    MOST_PATTERNS,
    Coverage,
    FirmwarePattern,
    FirmwareSet,
    parse_firmware,
    parse_pattern,
)
from defectreg.register.notation import (
    MOST_CHARACTERS,
    NotationError,
    Word,
    between,
    canonical,
    escape,
    is_hexadecimal,
    read_words,
    shown,
    unescape,
    unexpected,
    upper,
)

__all__ = [
    "DEVICE_TYPES",
    "INVENTORY_DEVICE_TYPES",
    "REGIONS",
    "Combination",
    "Coverage",
    "Device",
    "FirmwareSet",
    "NotationError",
    "covers",
    "overlaps",
    "parse_combination",
    "parse_firmware",
]

INVENTORY_DEVICE_TYPES = ("ESME", "GSME", "GPF", "CHF", "HCALCS", "PPMID", "IHD", "CAD")
"""Device Types of the Smart Metering Inventory (DUIS 5.4)."""
DEVICE_TYPES = (*INVENTORY_DEVICE_TYPES, "SAPC", "ALTHAN")
"""Device Types that an issue record may name."""
REGIONS = (
    "North",
    "Central",
    "South",
    "4G North",
    "4G Central",
    "4G South",
    "Unknown",
    "SMETS1",
)
"""Values of CSP Region (DUIS 5.4), in the order in which they are printed."""
_REGIONS_IN_CAPITALS = {upper(region): region for region in REGIONS}
_REGIONS_HINT = f"one or more of {', '.join(REGIONS)}"
MOST_DEVICES = 16
_MOST_IDENTIFIER = 30
_MANUFACTURER_DIGITS = 4
_MODEL_DIGITS = 8
OTHER_HALF = {"CHF": "GPF", "GPF": "CHF"}
"""Device Type → the one beside which it is always there: both are one Communications Hub."""
_EXAMPLE = "write TYPE:MANUFACTURER/MODEL, for example ESME:FF01/00010100"


@dataclass(frozen=True, slots=True)
class Device:
    """A Device Type, manufacturer and model, and the firmware versions meant.

    Identifiers of GBCS's form are kept in upper case, others as typed; case never tells two apart.
    """

    type: str
    manufacturer: str
    model: str
    firmware: FirmwareSet = ANY_FIRMWARE

    def __post_init__(self) -> None:
        manufacturer = canonical(self.manufacturer, _MANUFACTURER_DIGITS)
        object.__setattr__(self, "manufacturer", manufacturer)
        object.__setattr__(self, "model", canonical(self.model, _MODEL_DIGITS))

    def __str__(self) -> str:
        product = f"{self.type}:{escape(self.manufacturer)}/{escape(self.model)}"
        return f"{product}@{self.firmware}" if self.firmware.patterns else product

    @property
    def product(self) -> str:
        """``TYPE:MANUFACTURER/MODEL`` in the form in which models are compared, upper case."""
        return _product(self.type, self.manufacturer, self.model)


@lru_cache(maxsize=65536)
def _product(kind: str, manufacturer: str, model: str) -> str:
    return f"{kind}:{escape(upper(manufacturer))}/{escape(upper(model))}"


@dataclass(frozen=True, slots=True)
class Combination:
    """Devices that work together, and the CSP Regions meant; without regions, all of them.

    Devices are kept sorted by their text, regions in the order of ``REGIONS``, each once.
    """

    devices: tuple[Device, ...]
    regions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if len(self.devices) > 1:
            object.__setattr__(self, "devices", tuple(sorted(self.devices, key=str)))
        if self.regions:
            object.__setattr__(self, "regions", tuple(sorted(set(self.regions), key=REGIONS.index)))

    def __str__(self) -> str:
        devices = " + ".join(map(str, self.devices))
        return f"{devices} in {','.join(self.regions)}" if self.regions else devices

    def models(self) -> tuple[str, ...]:
        """Each ``TYPE:MANUFACTURER/MODEL`` of it once, in upper case, sorted."""
        return tuple(sorted({device.product for device in self.devices}))

    def lookup_models(self) -> tuple[str, ...]:
        """The models under which to file or look it up: of a Communications Hub, both halves.

        Two combinations of which one covers the other always have one of these in common.
        """
        return self.with_whole_hub().models()

    def manufacturers(self) -> tuple[str, ...]:
        """Each manufacturer identifier of it once, in upper case, sorted; not percent-encoded."""
        return tuple(sorted({upper(device.manufacturer) for device in self.devices}))

    def without_firmware(self) -> Combination:
        """The same models in the same regions, whatever their firmware."""
        bare = (replace(device, firmware=ANY_FIRMWARE) for device in self.devices)
        return replace(self, devices=tuple(bare))

    def without_regions(self) -> Combination:
        """The same Devices, wherever they are."""
        return replace(self, regions=())

    def with_whole_hub(self) -> Combination:
        """With the CHF of every GPF and the GPF of every CHF: they are one Communications Hub.

        Both carry the same manufacturer, model and firmware (DUIS 5.4, GBCS).
        """
        return _with_whole_hub(self)


@lru_cache(maxsize=4096)
def _with_whole_hub(one: Combination) -> Combination:
    products = {device.product for device in one.devices}
    halves = (
        replace(device, type=OTHER_HALF[device.type])
        for device in one.devices
        if device.type in OTHER_HALF
    )
    missing = tuple(half for half in halves if half.product not in products)
    return replace(one, devices=one.devices + missing)


def covers(entry: Combination, installed: Combination) -> Coverage:
    """Whether each Device of the entry is matched by a different one of the combination.

    POSSIBLY where the combination leaves open what the entry asks, or is in the entry only in part.
    The combination may itself be an entry: then YES means that all it stands for is covered.
    """
    present = installed.with_whole_hub().devices
    table = [[_device_covers(wanted, device) for device in present] for wanted in entry.devices]
    return min(_regions_cover(entry.regions, installed.regions), _assign(table))


def overlaps(one: Combination, other: Combination) -> bool:
    """Whether a combination of no more Devices than the larger of the two may be in both."""
    fewer, more = sorted((one.with_whole_hub(), other.with_whole_hub()), key=_size)
    candidates = (
        [index for index, device in enumerate(more.devices) if _devices_overlap(wanted, device)]
        for wanted in fewer.devices
    )
    return regions_overlap(one.regions, other.regions) and _each_has_its_own(list(candidates))


def _size(combination: Combination) -> int:
    return len(combination.devices)


def _device_covers(entry: Device, installed: Device) -> Coverage:
    if entry.product != installed.product:
        return Coverage.NO
    return entry.firmware.covers(installed.firmware)


def _devices_overlap(one: Device, other: Device) -> bool:
    return one.product == other.product and one.firmware.overlaps(other.firmware)


def _regions_cover(entry: Sequence[str], installed: Sequence[str]) -> Coverage:
    if not entry or (installed and set(installed) <= set(entry)):
        return Coverage.YES
    return Coverage.POSSIBLY if regions_overlap(entry, installed) else Coverage.NO


def regions_overlap(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether a region may be among both; none given is any."""
    # An inventory that says Unknown has not said that it is another region.
    return not one or not other or "Unknown" in {*one, *other} or bool(set(one) & set(other))


def _assign(table: Sequence[Sequence[Coverage]]) -> Coverage:
    for least in (Coverage.YES, Coverage.POSSIBLY):
        rows = [[place for place, answer in enumerate(row) if answer >= least] for row in table]
        if _each_has_its_own(rows):
            return least
    return Coverage.NO


def _each_has_its_own(candidates: Sequence[Sequence[int]]) -> bool:
    """Whether every row can be given a different one of its candidates (bipartite matching)."""
    given: dict[int, int] = {}

    def place(row: int, tried: set[int]) -> bool:
        for candidate in candidates[row]:
            if candidate in tried:
                continue
            tried.add(candidate)
            if candidate not in given or place(given[candidate], tried):
                given[candidate] = row
                return True
        return False

    return all(place(row, set()) for row in range(len(candidates)))


@lru_cache(maxsize=4096)
def parse_combination(text: str, *, strict: bool = False) -> Combination:
    """The combination that a text writes; strict asks for identifiers as GBCS writes them.

    Raises NotationError with the column of what is wrong. Remembered, because records and what is
    said of them repeat each other's combinations.
    """
    words = read_words(text)
    split = _end_of_devices(words)
    devices = _parse_devices(words[:split], strict=strict)
    combination = Combination(devices, _parse_regions(words[split:]))
    # A character typed becomes at most three: " + " for "+".
    if 3 * len(text) > MOST_CHARACTERS and len(str(combination)) > MOST_CHARACTERS:
        raise NotationError(
            f"written canonically it has more than {MOST_CHARACTERS} characters",
            "split it into several entries",
            1,
        )
    return combination


def _end_of_devices(words: Sequence[Word]) -> int:
    for index in range(1, len(words)):
        if words[index].text.lower() == "in" and words[index - 1].text not in ("+", ","):
            return index
    return len(words)


def _parse_devices(words: Sequence[Word], *, strict: bool) -> tuple[Device, ...]:
    items = between(words, "+", "a Device is missing", _EXAMPLE)
    if len(items) > MOST_DEVICES:
        raise NotationError(
            f"a combination has at most {MOST_DEVICES} Devices, this has {len(items)}",
            "split it into several entries",
            items[MOST_DEVICES][0].column,
        )
    devices = tuple(_parse_device(item, strict=strict) for item in items)
    patterns = sum(len(device.firmware.patterns) for device in devices)
    if patterns > MOST_PATTERNS:
        raise NotationError(
            f"a combination has at most {MOST_PATTERNS} firmware patterns, this has {patterns}",
            "use a prefix or a range, or split it into several entries",
            1,
        )
    return devices


def _parse_device(words: Sequence[Word], *, strict: bool) -> Device:
    first, *rest = words
    kind, manufacturer, model, firmware = _split_device(first)
    if upper(kind.text) not in DEVICE_TYPES:
        raise NotationError(
            f"{shown(kind.text)} is not a Device Type",
            f"one of {' '.join(DEVICE_TYPES)}",
            kind.column,
        )
    made_by = _parse_identifier(manufacturer, "manufacturer", _MANUFACTURER_DIGITS if strict else 0)
    product = _parse_identifier(model, "model", _MODEL_DIGITS if strict else 0)
    if firmware is not None:
        patterns = FirmwareSet(_parse_patterns((firmware, *rest), strict=strict))
        return Device(upper(kind.text), made_by, product, patterns)
    if rest:
        raise unexpected(rest[0])
    return Device(upper(kind.text), made_by, product)


def _split_device(word: Word) -> tuple[Word, Word, Word, Word | None]:
    """Its type, manufacturer, model and first firmware pattern, if there is one."""
    colon = word.text.find(":")
    if colon < 0:
        raise NotationError("a Device is written with a : after its type", _EXAMPLE, word.column)
    at = word.text.find("@", colon)
    end = len(word.text) if at < 0 else at
    slash = word.text.find("/", colon, end)
    if slash < 0:
        raise NotationError(
            "manufacturer and model are written with a / between", _EXAMPLE, word.column + colon + 1
        )
    return (
        word.part(0, colon),
        word.part(colon + 1, slash),
        word.part(slash + 1, end),
        None if at < 0 else word.part(at + 1),
    )


def _parse_patterns(words: Sequence[Word], *, strict: bool) -> tuple[FirmwarePattern, ...]:
    hint = "write a pattern before and after each comma, for example 0001*,00030005"
    items = between(words, ",", "a firmware version is missing", hint)
    patterns = []
    for first, *rest in items:
        patterns.append(parse_pattern(first, strict=strict))
        if rest:
            raise unexpected(rest[0])
    return tuple(patterns)


def _parse_identifier(word: Word, name: str, digits: int) -> str:
    """The text of a manufacturer or model; ``digits`` is what GBCS asks for, 0 when lenient."""
    text = unescape(word)
    if digits and not (len(text) == digits and is_hexadecimal(text)):
        raise NotationError(
            f"a {name} is {digits} hexadecimal digits, as GBCS writes it", _EXAMPLE, word.column
        )
    if not 1 <= len(text) <= _MOST_IDENTIFIER:
        raise NotationError(
            f"a {name} is 1 to {_MOST_IDENTIFIER} characters", _EXAMPLE, word.column
        )
    return text


def _parse_regions(words: Sequence[Word]) -> tuple[str, ...]:
    if not words:
        return ()
    if len(words) == 1:
        raise NotationError("a region is missing after `in`", _REGIONS_HINT, words[0].end)
    regions = []
    for item in between(words[1:], ",", "a region is missing", _REGIONS_HINT):
        name = " ".join(word.text for word in item)
        if upper(name) not in _REGIONS_IN_CAPITALS:
            raise NotationError(f"{shown(name)} is not a region", _REGIONS_HINT, item[0].column)
        regions.append(_REGIONS_IN_CAPITALS[upper(name)])
    return tuple(regions)
