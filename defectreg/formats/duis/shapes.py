"""What DUIS's messages have in common: which elements stand in which, in order, and their texts.

What is wrong is said of the element that is wrong. No sentence repeats a text that might be an
identifier: only what looks like a code, a few letters.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from defectreg.formats.xml import Element, Layout
from defectreg.register.inventory.identifiers import (
    Form,
    IdentifierError,
    check_firmware,
    check_manufacturer,
    check_model,
    check_smets_version,
    parse_device_id,
)
from defectreg.register.notation import shown

NAMESPACE = "http://www.dccinterface.co.uk/ServiceUserGateway"
SIGNATURE = "http://www.w3.org/2000/09/xmldsig#"
BATCH = "Batch"
"""The element of ours in which many messages stand."""
_CODE = re.compile("[A-Za-z]{1,8}")
_SCHEMA_VERSION = re.compile("[0-9]{1,2}[.][0-9]{1,2}")
_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance "
"""How expat begins an attribute that says where a schema is: allowed, and of no meaning here."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A message, or a Device of one, that does not conform: where (from 1), and why."""

    line: int
    column: int
    sentence: str


class Wrong(Exception):
    """An element that does not conform, and the sentence that says why."""

    def __init__(self, element: Element, sentence: str) -> None:
        super().__init__(sentence)
        self.rejected = Rejected(element.line, element.column, sentence)


Check: TypeAlias = Callable[[str], str | None]
"""What is wrong with a text, None for nothing."""
Order: TypeAlias = Mapping[str, bool]
"""The elements that may stand in another, in their order, and whether each must."""


def layout(unit: str, opaque: Iterable[str] = ()) -> Layout:
    """Messages of a kind, alone or in a batch; the signature of each is not looked into."""
    return Layout(
        units={f"sr:{unit}"},
        frames=(BATCH,),
        namespaces={NAMESPACE: "sr", SIGNATURE: "ds"},
        opaque={"ds:Signature", *(f"sr:{name}" for name in opaque)},
    )


def in_order(element: Element, order: Order) -> dict[str, Element]:
    """The elements in an element by name, where they are those, in that order, each once."""
    places = list(order)
    found: dict[str, Element] = {}
    for child in element.elements:
        name = _name(child)
        if name not in order:
            raise Wrong(child, f"{shown(name)} is no element of {_name(element)}")
        if name in found:
            raise Wrong(child, f"{name} is there twice")
        before = next(reversed(found), name)
        if places.index(name) < places.index(before):
            raise Wrong(child, f"{name} comes after {before}, and has to come before")
        found[name] = child
    for name, is_needed in order.items():
        if is_needed and name not in found:
            raise Wrong(element, f"{name} is missing in {_name(element)}")
    _refuse_text(element)
    return found


def one_of(element: Element, names: Collection[str]) -> tuple[str, Element]:
    """The name of the only element in an element, and it."""
    _refuse_text(element)
    if len(element.elements) != 1:
        raise Wrong(element, f"{_name(element)} holds {len(element.elements)} elements, and not 1")
    child = element.elements[0]
    name = _name(child)
    if name not in names:
        raise Wrong(child, f"{shown(name)} is not read here as the content of {_name(element)}")
    return name, child


def only(element: Element, name: str) -> Element:
    """The element of that name in an element, among whatever others."""
    found = [child for child in element.elements if child.name == f"sr:{name}"]
    if len(found) == 1:
        return found[0]
    if found:
        raise Wrong(found[1], f"{name} is there twice")
    raise Wrong(element, f"{name} is missing in {_name(element)}")


def text_of(element: Element) -> str:
    """The text of an element that has neither elements nor attributes."""
    if element.elements:
        raise Wrong(element, f"{_name(element)} has elements in it")
    if element.attributes:
        raise Wrong(element, f"{_name(element)} has an attribute")
    return element.text


def empty(element: Element) -> None:
    """Raises Wrong where there is something in an element."""
    if element.elements or element.text.strip() or element.attributes:
        raise Wrong(element, f"{_name(element)} is not empty")


def value(element: Element, check: Check) -> str:
    """The text of an element; raises Wrong with what the check says of it."""
    text = text_of(element)
    sentence = check(text)
    if sentence is not None:
        raise Wrong(element, sentence)
    return text


def optional(found: Mapping[str, Element], name: str, check: Check) -> str | None:
    """The text of an element that may be missing."""
    element = found.get(name)
    return None if element is None else value(element, check)


def device_id(element: Element) -> str:
    """The EUI-64 in an element, in upper case."""
    try:
        return parse_device_id(text_of(element))
    except IdentifierError as error:
        raise Wrong(element, f"{_name(element)}: {error.sentence}") from error


def schema_version(message: Element) -> str:
    """The schemaVersion of a Request or Response."""
    for name in message.attributes:
        if name != "schemaVersion" and not name.startswith(_INSTANCE):
            raise Wrong(message, f"{_name(message)} has an attribute that DUIS does not know")
    version = message.attributes.get("schemaVersion", "")
    if not _SCHEMA_VERSION.fullmatch(version):
        raise Wrong(message, "schemaVersion is missing, or not two numbers with a dot between")
    return version


def code(codes: Collection[str], name: str) -> Check:
    """A check that a text is one of the codes; ``name`` says what the codes are of."""

    def check(text: str) -> str | None:
        if text in codes:
            return None
        said = text if _CODE.fullmatch(text) else "the text"
        hint = "; in capitals it is" if text.upper() in codes else ""
        return f"{said} is not {name}{hint}"

    return check


@lru_cache(maxsize=2)
def checks(form: Form) -> Mapping[str, Check]:
    """The checks of identifiers by the names of DUIS's elements, as exact as the form says."""
    return {
        "DeviceManufacturer": lambda text: check_manufacturer(text, form),
        "DeviceModel": lambda text: check_model(text, form),
        "SMETSCHTSVersion": check_smets_version,
        "FirmwareVersion": lambda text: check_firmware(text, form),
        "DeviceFirmwareVersion": lambda text: check_firmware(text, form),
    }


def _name(element: Element) -> str:
    return element.name.removeprefix("sr:")


def _refuse_text(element: Element) -> None:
    if element.text.strip(" \t\r\n"):
        raise Wrong(element, f"{_name(element)} has a text between its elements")
