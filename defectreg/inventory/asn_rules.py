"""What is asked of an ASN before it is sent or used: each question once, with its code.

A code that begins with A is of this list. ``awaited`` is what cannot be judged before something
else is loaded; it is never passed in silence.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from defectreg.register.devices import INVENTORY_DEVICE_TYPES
from defectreg.register.findings import Severity
from defectreg.register.inventory.identifiers import (
    Form,
    IdentifierError,
    check_firmware,
    check_manufacturer,
    check_model,
    check_smets_version,
    form_for,
    parse_device_id,
)
from defectreg.register.inventory.variants import VARIANTS, compare, in_words


class Reader(StrEnum):
    """Who asks: the manufacturer before the ASN is sent, the Supplier when it has come."""

    MANUFACTURER = "manufacturer"
    SUPPLIER = "supplier"


@dataclass(frozen=True, slots=True)
class Seen:
    """Where a Device of the ASN was seen before, with other details.

    ``asn_id`` and ``line`` are those of the earlier ASN; '' and 0 where it is in the inventory.
    ``differing`` names the columns whose text is another one.
    """

    differing: tuple[str, ...]
    asn_id: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """A line of an ASN, every value its text, with what the inventory knows of it.

    ``reject`` is why it cannot be read, '' where it can. ``copies``: how often its Device ID stands
    in the ASN, ``first_line`` where for the first time. ``implied``: the ESME Variants that the
    product map gives for its product and firmware. ``cpl_statuses``: those that the Central
    Products List gives for it. Both are None where no such list is loaded. ``status``: its Device
    Status in the inventory, '' where none is given; None where it is not there.
    """

    number: int
    line: int
    reject: str
    device_id: str
    device_type: str
    manufacturer: str
    model: str
    firmware: str
    smets_version: str
    variant: str
    first_line: int
    copies: int
    implied: tuple[str, ...] | None = None
    cpl_statuses: tuple[str, ...] | None = None
    status: str | None = None
    seen: tuple[Seen, ...] = ()

    @property
    def product(self) -> str:
        """``FF01/00010100@00010203``, a dash for what is not given."""
        return f"{self.manufacturer or '-'}/{self.model or '-'}@{self.firmware or '-'}"

    @property
    def could_be_judged(self) -> bool:
        """Whether there were the lists in which it is to be looked up."""
        needs_map = self.device_type == "ESME" and self.implied is None
        return not needs_map and self.cpl_statuses is not None


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
        "a Device that is not on the list cannot be pre-notified: see to that first",
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

_ACTIVE = "Active"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a line, or cannot be judged: the code and a sentence of this line."""

    code: str
    sentence: str


def check_line(line: Line) -> Iterator[Problem]:
    """What is wrong with a line, in the order of the codes."""
    if line.reject:
        yield Problem("A02", line.reject)
        return
    yield from _identity(line)
    written = _written(
        line.device_type, line.manufacturer, line.model, line.firmware, line.smets_version
    )
    yield from written
    yield from _variant(line)
    if not written:  # else it is no product that could be looked up
        yield from _implied(line)
        yield from _listed(line)
    yield from _seen(line)


def _identity(line: Line) -> Iterator[Problem]:
    try:
        parse_device_id(line.device_id)
    except IdentifierError as error:
        yield Problem("A03", error.sentence)
        return
    if line.copies > 1:
        where = "first here" if line.first_line == line.line else f"first in line {line.first_line}"
        yield Problem("A04", f"the Device ID stands {line.copies} times in this ASN, {where}")


@lru_cache(maxsize=4096)  # millions of lines are of a few products
def _written(
    device_type: str, manufacturer: str, model: str, firmware: str, smets_version: str
) -> tuple[Problem, ...]:
    problems = []
    if device_type not in INVENTORY_DEVICE_TYPES:
        said = "not one of DUIS" if device_type else "missing"
        problems.append(Problem("A05", f"the Device Type is {said}"))
    form = form_for(device_type, Form.STRICT)
    sentences = [
        check_manufacturer(manufacturer, form),
        check_model(model, form),
        check_firmware(firmware, form),
        check_smets_version(smets_version) if smets_version else None,
    ]
    return (*problems, *(Problem("A06", sentence) for sentence in sentences if sentence))


def _variant(line: Line) -> Iterator[Problem]:
    if line.variant and line.device_type in INVENTORY_DEVICE_TYPES and line.device_type != "ESME":
        yield Problem("A08", f"a {line.device_type} with an ESME Variant")
    elif line.variant and line.variant not in VARIANTS:
        yield Problem("A07", "it is none of the 25 ESME Variants" + _near(line.variant))
    elif not line.variant and line.device_type == "ESME":
        yield Problem("A09", "an ESME without an ESME Variant")


def _near(variant: str) -> str:
    meant = variant.strip().upper()
    return f"; written {meant} it would be one" if meant in VARIANTS else ""


def _implied(line: Line) -> Iterator[Problem]:
    if line.device_type != "ESME" or line.implied is None:
        return
    if not line.implied:
        yield Problem("A11", f"the product map has no entry for {line.product}")
    elif len(line.implied) > 1:
        yield Problem(
            "A12", f"the product map has {line.product} as {' and as '.join(line.implied)}"
        )
    elif line.variant in VARIANTS and line.variant != line.implied[0]:
        yield Problem("A10", _difference(line.variant, line.implied[0]))


def _difference(notified: str, implied: str) -> str:
    """``the ESME Variant is A, the product map says AD: load control is missing``."""
    missing, extra = compare(notified, implied)
    said = [f"{in_words(missing)} is missing"] if missing else []
    said += [f"{in_words(extra)} is too many"] if extra else []
    said += ["another base letter"] if notified[0] != implied[0] else []
    return f"the ESME Variant is {notified}, the product map says {implied}: {', '.join(said)}"


def _listed(line: Line) -> Iterator[Problem]:
    if line.cpl_statuses is None:
        return
    if not line.cpl_statuses:
        yield Problem("A13", f"{line.product} is not on the Central Products List")
    elif _ACTIVE not in line.cpl_statuses:
        said = ", ".join(filter(None, line.cpl_statuses)) or "without a status"
        yield Problem("A14", f"{line.product} is {said} on the Central Products List")


def _seen(line: Line) -> Iterator[Problem]:
    for seen in line.seen:
        others = ", ".join(seen.differing)
        if seen.asn_id or seen.line:
            where = f"line {seen.line} of {seen.asn_id or 'an earlier ASN'}"
            yield Problem("A16", f"{where} has the same Device with another {others}")
        else:
            yield Problem("A15", f"the inventory has this Device with another {others}")
