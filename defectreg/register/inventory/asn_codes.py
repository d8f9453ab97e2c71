"""The codes of what is asked of an ASN before it is sent or used.

A code that begins with A is of this list. ``awaited`` is what cannot be judged before something
else is loaded; it is never passed in silence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from defectreg.register.findings import Severity


class Reader(StrEnum):
    """Who asks: the manufacturer before the ASN is sent, the Supplier when it has come."""

    MANUFACTURER = "manufacturer"
    SUPPLIER = "supplier"


@dataclass(frozen=True, slots=True)
class Code:
    """What a code says in general, how it counts, and what each reader does about it."""

    sentence: str
    severity: Severity
    hints: Mapping[Reader, str]


def _code(sentence: str, sender: str, receiver: str, severity: Severity = "error") -> Code:
    return Code(sentence, severity, {Reader.MANUFACTURER: sender, Reader.SUPPLIER: receiver})


_ASK_AGAIN = "ask the manufacturer for a corrected ASN"
_CORRECT = "correct the line before the ASN is sent"

CODES: Mapping[str, Code] = {
    "A01": _code(
        "The number of Devices that the ASN names is the number of its lines.",
        "write the ASN again: lines are missing, or there are too many",
        "it may have been cut off on its way: ask for it again, and load nothing of it before",
    ),
    "A02": _code(
        "A line can be read.", "write the line as the layout says", _ASK_AGAIN,
    ),
    "A03": _code(
        "A Device ID is eight pairs of hexadecimal digits with hyphens between.",
        _CORRECT,
        _ASK_AGAIN,
    ),
    "A04": _code(
        "A Device ID stands once in an ASN.",
        "one of the two is another Device: read its ID again",
        "ask the manufacturer which of the two lines holds; neither can be pre-notified before",
    ),
    "A05": _code("A Device Type is one of those that DUIS knows.", _CORRECT, _ASK_AGAIN),
    "A06": _code(
        "Manufacturer, model and firmware are written as GBCS asks, a SMETS version as DUIS asks.",
        "look whether a spreadsheet ate noughts; as text they stay",
        "look whether a spreadsheet ate noughts on the way, else ask the manufacturer",
    ),
    "A07": _code(
        "An ESME Variant is one of the 25.", _CORRECT, _ASK_AGAIN,
    ),
    "A08": _code("Only an ESME has an ESME Variant.", "leave it out of this line", _ASK_AGAIN),
    "A09": _code(
        "An ESME has an ESME Variant.",
        _CORRECT,
        "ask the manufacturer: what the meter reports later is the first letter alone",
    ),
    "A10": _code(
        "The ESME Variant is what the product map gives for the product and its firmware.",
        "correct the line, or the product map if that is wrong",
        "ask the manufacturer before you pre-notify; later it takes an SR8.4",
    ),
    "A11": _code(
        "The product map has the product.",
        "add your product to the map",
        "ask the manufacturer what the product does in this firmware, and add it to the map",
        "awaited",
    ),
    "A12": _code(
        "The product map gives one ESME Variant for a product in one firmware.",
        "mend the product map: two of its entries meet",
        "mend the product map: two of its entries meet",
        "awaited",
    ),
    "A13": _code(
        "The product is on the Central Products List.",
        "see to its listing first, or send what is listed",
        "do not install it before it is listed; ask the manufacturer",
    ),
    "A14": _code(
        "The product is Active on the Central Products List.",
        "ask for another firmware or product to be sent",
        "do not install it in this firmware; ask the manufacturer",
    ),
    "A15": _code(
        "A Device that is in the inventory has the same details there.",
        "read its Device ID again: it stands for another Device already",
        "find out which is right before you pre-notify",
    ),
    "A16": _code(
        "A Device that stood on an earlier ASN has the same details there.",
        "say to who receives it which of the two holds",
        "ask the manufacturer which of the two holds",
    ),
    "A17": _code(
        "A product map is loaded.",
        "defectreg inventory load --as products FILE",
        "defectreg inventory load --as products FILE",
        "awaited",
    ),
    "A18": _code(
        "The Central Products List is loaded.",
        "defectreg inventory load --as cpl FILE",
        "defectreg inventory load --as cpl FILE",
        "awaited",
    ),
    "A19": _code(
        "Extracts or earlier ASN files are loaded.",
        "defectreg inventory load FILE",
        "defectreg inventory load FILE",
        "warning",
    ),
    "A20": _code(
        "A Device that is pre-notified is not in the inventory yet.",
        "look whether it was shipped before",
        "nothing is to be done; where its details are wrong, that is SR8.4's to say",
    ),
    "A21": _code(
        "A Communications Hub is not pre-notified from an ASN.",
        "an ASN does not say which GPF goes with which CHF",
        "an ASN does not say which GPF goes with which CHF",
    ),
    "A22": _code(
        "The DUIS version that is asked for knows the ESME Variant.",
        "it is the receiver's systems that are to be asked",
        "only a User on a later DUIS version can pre-notify it as what it is",
    ),
}  # fmt: skip
"""Every code and what holds where there is no such finding. A code is never used again.

From A20 on they are asked of a line only where it is to be pre-notified.
"""
