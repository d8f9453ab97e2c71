"""What is asked of an ASN before it is sent or used: each question once, with its code.

The codes stand in ``register.inventory.asn_codes``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from defectreg.register.devices import INVENTORY_DEVICE_TYPES
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
