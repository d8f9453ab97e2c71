"""Patterns of DUIS messages as they usually look, for reading them without a call for each element.

A pattern here matches nothing but whole elements: names as they stand, with DUIS's own prefix,
texts without markup, blanks between, no attribute, comment or reference. What it matches can mean
only what it is taken for. Whatever else may be right in XML does not match and is read in the usual
way, which is also what says where something is wrong, and why.

Each pattern is of text in which each character stands for one byte of the document.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from defectreg.formats.duis.shapes import NAMESPACE, SIGNATURE
from defectreg.register.devices import INVENTORY_DEVICE_TYPES
from defectreg.register.inventory.identifiers import Form
from defectreg.register.inventory.variants import VARIANTS

BLANKS = r"[ \t\r\n]*+"
PLAIN = "[ !-%'-;=?-~]"
"""Printable ASCII but ``&``, ``<`` and ``>``."""
ANYTHING = "[^<&]*+"
"""A text of which nothing is kept."""
_DIGIT = "[0-9A-Fa-f]"
EUI = f"{_DIGIT}{{2}}(?:-{_DIGIT}{{2}}){{7}}"


def one_of(codes: Iterable[str]) -> str:
    """One of some codes, as a group."""
    return f"({'|'.join(map(re.escape, codes))})"


def opened(name: str) -> str:
    """The start tag of an element that has elements, and the blanks after it."""
    return f"<sr:{name}>{BLANKS}"


def closed(name: str) -> str:
    """An end tag, and the blanks after it."""
    return f"</sr:{name}>{BLANKS}"


def element(name: str, text: str) -> str:
    """An element with a text, and the blanks after it."""
    return f"<sr:{name}>{text}</sr:{name}>{BLANKS}"


def optional(pattern: str) -> str:
    """What may be missing."""
    return f"(?:{pattern})?+"


def message(name: str) -> str:
    """The start tag of a Request or Response, its schemaVersion as a group."""
    version = "([0-9]{1,2}[.][0-9]{1,2})"
    namespace = re.escape(NAMESPACE)
    return f'{BLANKS}<sr:{name} xmlns:sr="{namespace}" schemaVersion="{version}">{BLANKS}'


def signature() -> str:
    """A signature that may be missing, with whatever is in it but another namespace."""
    inside = "(?:[^<&x]++|x(?!mlns)|</?ds:(?!Signature>))*+"
    start = f'<ds:Signature xmlns:ds="{re.escape(SIGNATURE)}">'
    return optional(f"{start}{inside}</ds:Signature>{BLANKS}")


@lru_cache(maxsize=2)
def texts(form: Form) -> Mapping[str, str]:
    """The patterns of identifiers by the names of their elements, each a group."""
    strict = form is Form.STRICT
    firmware = f"({_DIGIT}{{8}})" if strict else f"({PLAIN}{{1,8}})"
    return {
        "DeviceID": f"({EUI})",
        "DeviceType": one_of(INVENTORY_DEVICE_TYPES),
        "DeviceManufacturer": f"({_DIGIT}{{4}})" if strict else f"({PLAIN}{{1,30}})",
        "DeviceModel": f"({_DIGIT}{{8}})" if strict else f"({PLAIN}{{1,30}})",
        "SMETSCHTSVersion": f"({PLAIN}{{1,20}})",
        "FirmwareVersion": firmware,
        "DeviceFirmwareVersion": firmware,
        "ESMEVariant": one_of(VARIANTS),
    }
