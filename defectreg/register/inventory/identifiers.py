"""Identifiers of a Device as the inventory writes them, and words that it knows.

Checks give None for what is right, else a sentence that repeats nothing of what it refuses: a
Device ID is nothing to be pasted elsewhere.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache

from defectreg.register.notation import is_hexadecimal, upper

DEVICE_STATUSES = (
    "Pending",
    "Whitelisted",
    "InstalledNotCommissioned",
    "Commissioned",
    "Decommissioned",
    "Withdrawn",
    "Suspended",
    "Recovery",
    "Recovered",
)
"""Values of Device Status (DUIS 5.4); Type 2 Devices have none."""
TYPE_2 = ("IHD", "CAD")
"""The Device Types of Type 2 Devices."""
CPL_STATUSES = ("Active", "Cancelled", "Expired", "Withdrawn")
"""Statuses of a product on the Central Products List, and of a firmware version (DUIS 5.4)."""
SMETS_VERSION = r"(?i)^(?:SMETS *)?V? *([0-9]{1,3})(?:\.[0-9]{1,3}){0,2}$"
"""A SMETS version, ``SMETS V5.0`` or ``5.0``; the first group is the number before the dot.

Written so that Python, DuckDB and Spark read it alike.
"""
_SMETS_VERSION = re.compile(SMETS_VERSION)
_SECOND_GENERATION = 2
_DEVICE_ID = re.compile("[0-9A-Fa-f]{2}(?:-[0-9A-Fa-f]{2}){7}")
_ONLY_DIGITS = re.compile("[0-9A-Fa-f]{16}")
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f]")
_MOST_NAME = 30
_FIRMWARE = 8
_MOST_SMETS_VERSION = 20


class Form(StrEnum):
    """How exactly manufacturer, model and firmware are written."""

    STRICT = "strict"
    """As GBCS asks: 4, 8 and 8 hexadecimal digits."""
    LENIENT = "lenient"
    """As DUIS 5.4 asks: up to 30, 30 and 8 characters; emulators and Type 2 Devices use those."""


class IdentifierError(ValueError):
    """A text that is no Device ID; ``sentence`` says why and does not repeat it."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def parse_device_id(text: str) -> str:
    """The EUI-64 in upper case, ``00-DB-12-34-56-78-90-A1``; raises IdentifierError."""
    if _DEVICE_ID.fullmatch(text):
        return text.upper()
    if not text:
        raise IdentifierError("the Device ID is missing")
    if _ONLY_DIGITS.fullmatch(text):
        raise IdentifierError("the Device ID has no hyphens between its eight pairs of digits")
    raise IdentifierError(
        "the Device ID is not eight pairs of hexadecimal digits with hyphens between"
    )


def check_manufacturer(text: str, form: Form) -> str | None:
    """What is wrong with a manufacturer identifier: 4 hexadecimal digits, or 30 characters."""
    return _check(text, "manufacturer", 4, _MOST_NAME, form)


def check_model(text: str, form: Form) -> str | None:
    """What is wrong with a model: 8 hexadecimal digits, or 30 characters."""
    return _check(text, "model", 8, _MOST_NAME, form)


def check_firmware(text: str, form: Form) -> str | None:
    """What is wrong with a firmware version: 8 hexadecimal digits, or 8 characters."""
    return _check(text, "firmware version", _FIRMWARE, _FIRMWARE, form)


def check_smets_version(text: str) -> str | None:
    """What is wrong with a SMETS or CHTS version: 1 to 20 characters (DUIS 5.4)."""
    return _check(text, "SMETS or CHTS version", 0, _MOST_SMETS_VERSION, Form.LENIENT)


def form_for(device_type: str, form: Form) -> Form:
    """The form to hold a Device to: GBCS's is not asked of Type 2 Devices, IHD and CAD."""
    return Form.LENIENT if device_type in TYPE_2 else form


@lru_cache(maxsize=1024)
def is_smets2(smets_version: str, region: str) -> bool | None:
    """Whether it is a SMETS2 Device: a SMETS version of 2.0 or above, and a region but SMETS1.

    None where the version is not given or not understood (a CHTS version says nothing of SMETS).
    A region that is not given is not SMETS1; region SMETS1 decides alone.
    """
    if upper(region) == "SMETS1":
        return False
    version = _SMETS_VERSION.fullmatch(smets_version)
    return None if version is None else int(version[1]) >= _SECOND_GENERATION


def _check(text: str, name: str, digits: int, most: int, form: Form) -> str | None:
    if not text:
        return f"the {name} is missing"
    if form is Form.STRICT:
        fits = len(text) == digits and is_hexadecimal(text)
        return None if fits else f"the {name} is not {digits} hexadecimal digits, as GBCS asks"
    if len(text) > most:
        return f"the {name} has more than the {most} characters that DUIS allows"
    return f"the {name} has a control character" if _CONTROLS.search(text) else None
