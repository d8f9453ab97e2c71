"""The Devices and combinations that a statement names: whether they are in the notation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from defectreg.register.devices import DEVICE_TYPES, NotationError, parse_combination
from defectreg.register.findings import DataPath, Problem

DEVICE_KEYS = ("device", "lives-with")
"""Keys that name one Device, without its firmware."""


def check_named(data: Mapping[str, Any]) -> Iterator[Problem]:
    """Problems of the Devices and combinations that schema-valid data of a statement name."""
    for key in DEVICE_KEYS:
        if key in data:
            yield from _device_problems((key,), data[key])
    for place, text in enumerate(data.get("tried-with", ())):
        yield from _combination_problems(("tried-with", place), text)
    for place, text in enumerate(data.get("told", {}).get("affected", ())):
        yield from _combination_problems(("told", "affected", place), text)


def _combination_problems(path: DataPath, text: str) -> Iterator[Problem]:
    try:
        parse_combination(text)
    except NotationError as error:
        yield Problem(path, error.sentence, error.hint)


def _device_problems(path: DataPath, text: str) -> Iterator[Problem]:
    if ":" in text:
        problems = list(_combination_problems(path, text))
        yield from problems
        if not problems and not _is_bare(text):
            sentence = "a Device is named here without its firmware"
            yield Problem(path, sentence, "the firmware stands under firmware")
    elif text not in DEVICE_TYPES:
        sentence = f"{text} is not a Device Type"
        yield Problem(path, sentence, f"one of {' '.join(DEVICE_TYPES)}")


def _is_bare(text: str) -> bool:
    entry = parse_combination(text)
    return len(entry.devices) == 1 and not (entry.regions or entry.devices[0].firmware.patterns)
