"""A Device as a sheet or snapshot gives it, and what of it can be looked for in a register."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from defectreg.formats.spreadsheets import NumberCell, find_eaten_zeros
from defectreg.register.devices import DEVICE_TYPES, OTHER_HALF, Device
from defectreg.register.firmware import ANY_FIRMWARE, ExactFirmware, FirmwareSet
from defectreg.register.inventory.identifiers import (
    Form,
    check_firmware,
    check_manufacturer,
    check_model,
)
from defectreg.register.notation import upper

TYPE_2 = frozenset({"IHD", "CAD"})
"""Device Types with identifiers as DUIS asks; they need not have a firmware version."""
MOST_KEPT = 64
"""Characters of a cell that are kept: more than any identifier may have."""
_CHECKS = {"manufacturer": check_manufacturer, "model": check_model, "firmware": check_firmware}
_DIGITS = {"manufacturer": 4, "model": 8, "firmware": 8}
_WORDS = {"manufacturer": "manufacturer", "model": "model", "firmware": "firmware version"}
_EATEN = "a spreadsheet may have eaten its zeros"


@dataclass(frozen=True, slots=True)
class Given:
    """A Device as it is given: texts without blanks around, empty where nothing stands there."""

    type: str
    manufacturer: str
    model: str
    firmware: str
    numbers: tuple[str, ...] = ()
    """Names of those of them that a spreadsheet holds as a number of which the text is not sure."""

    def __str__(self) -> str:
        """For people: a dash stands for what is not given."""
        product = f"{self.type or '-'}:{self.manufacturer or '-'}/{self.model or '-'}"
        return f"{product}@{self.firmware or '-'}"


@dataclass(frozen=True, slots=True)
class Reading:
    """What can be made of a Device that is given."""

    given: Given
    device: Device | None
    """What is looked for: without firmware where that cannot be read; None where more cannot."""
    problems: tuple[str, ...] = ()
    """Why it could not be judged, or not in full."""
    mended: int = 0
    """How many of its values got their zeros back."""

    @property
    def is_hub(self) -> bool:
        """Whether it is a half of a Communications Hub."""
        return self.given.type in OTHER_HALF

    @property
    def types_in_doubt(self) -> frozenset[str]:
        """The Device Types of which there is perhaps one more than can be looked for."""
        if self.device is not None:
            return frozenset()
        known = self.given.type in DEVICE_TYPES
        return frozenset({self.given.type} if known else DEVICE_TYPES)


def given_of(device_type: str, manufacturer: str, model: str, firmware: str) -> Given:
    """A Device of the texts of four cells, which may be anything."""
    cells = {"manufacturer": manufacturer, "model": model, "firmware": firmware}
    numbers = tuple(name for name, cell in cells.items() if _is_unsure_number(cell, _DIGITS[name]))
    texts = _kept(manufacturer), _kept(model), _kept(firmware)
    return Given(upper(_kept(device_type)), *texts, numbers)


def read_device(given: Given, *, pads: bool = False) -> Reading:
    """What can be looked for of a Device; ``pads``: zeros are put back where that is sure.

    Manufacturer, model and firmware as GBCS asks (4, 8 and 8 hexadecimal digits), of Type 2 Devices
    as DUIS asks.
    """
    if given.type not in DEVICE_TYPES:
        return Reading(given, None, (_type_problem(given.type),))
    form = Form.LENIENT if given.type in TYPE_2 else Form.STRICT
    values = {name: str(getattr(given, name)) for name in _DIGITS}
    sure = _mended(values) if pads and form is Form.STRICT else {}
    values |= sure
    problems = dict(_problems(given, values, form))
    sentences = tuple(problems.values())
    if "manufacturer" in problems or "model" in problems:
        return Reading(given, None, sentences, len(sure))
    firmware = ANY_FIRMWARE
    if values["firmware"] and "firmware" not in problems:
        firmware = FirmwareSet((ExactFirmware(values["firmware"]),))
    device = Device(given.type, values["manufacturer"], values["model"], firmware)
    return Reading(given, device, sentences, len(sure))


def read_typed(device: Device, *, pads: bool = False) -> Reading:
    """The same of a Device that was typed in the notation; prefixes and ranges are as typed."""
    exact = [each for each in device.firmware.patterns if isinstance(each, ExactFirmware)]
    others = [each for each in device.firmware.patterns if each not in exact]
    versions = [each.version for each in exact] or ["0" * _DIGITS["firmware"] if others else ""]
    reads = [
        read_device(given_of(device.type, device.manufacturer, device.model, version), pads=pads)
        for version in versions
    ]
    given = replace(reads[0].given, firmware=str(device.firmware)[:MOST_KEPT])
    problems = tuple(dict.fromkeys(each for read in reads for each in read.problems))
    looked_for = reads[0].device
    if looked_for is not None:
        found = [each for read in reads if read.device for each in read.device.firmware.patterns]
        patterns = (*others, *(found if exact else ()))
        looked_for = replace(looked_for, firmware=FirmwareSet(() if problems else patterns))
    return Reading(given, looked_for, problems, sum(read.mended for read in reads))


def _kept(cell: str) -> str:
    return str(cell).strip()[:MOST_KEPT]


def _is_unsure_number(cell: str, digits: int) -> bool:
    """Whether it is a number that has all the digits, and may have been written otherwise."""
    if not isinstance(cell, NumberCell) or len(cell) != digits:
        return False
    eaten = find_eaten_zeros(cell, digits)
    return eaten is not None and not eaten.mended


def _type_problem(text: str) -> str:
    return "its Device Type is not one that is known" if text else "its Device Type is missing"


def _mended(values: Mapping[str, str]) -> dict[str, str]:
    """Those of the three values that certainly lost their zeros, with them."""
    eaten = {name: find_eaten_zeros(text, _DIGITS[name]) for name, text in values.items()}
    return {name: found.mended for name, found in eaten.items() if found and found.mended}


def _problems(
    given: Given, values: Mapping[str, str], form: Form
) -> Iterator[tuple[str, str]]:  # fmt: skip
    for name, text in values.items():
        sentence = _CHECKS[name](text, form)
        if sentence is None and name in given.numbers and form is Form.STRICT:
            sentence = f"the {_WORDS[name]} is kept as a number"
        if sentence is None or (name == "firmware" and not text and given.type in TYPE_2):
            continue
        yield name, sentence + (_advice(text, _DIGITS[name]) if form is Form.STRICT else "")


def _advice(text: str, digits: int) -> str:
    """What may have happened to an identifier that is none."""
    eaten = find_eaten_zeros(NumberCell(text), digits)
    if eaten is None:
        return ""
    return f": {_EATEN}" if eaten.mended else f": {_EATEN}, and how many is not sure"
