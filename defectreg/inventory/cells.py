"""What one cell of an extract, an ASN file or a list comes in as, or why its row does not.

A reason repeats nothing of the cell.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

from defectreg.formats.spreadsheets import EatenZeros, find_eaten_zeros
from defectreg.register.detectors import KINDS, find
from defectreg.register.devices import INVENTORY_DEVICE_TYPES, REGIONS
from defectreg.register.inventory.identifiers import (
    CPL_STATUSES,
    DEVICE_STATUSES,
    Form,
    IdentifierError,
    check_firmware,
    check_manufacturer,
    check_model,
    parse_device_id,
)
from defectreg.register.notation import canonical

PRIVATE = frozenset(("mpan", "mprn", "uprn", "postcode", "address", "phone", "e-mail"))
"""Kinds of personal data that are looked for in texts."""
IDENTIFIERS: Mapping[str, tuple[int, Callable[[str, Form], str | None]]] = {
    "manufacturer": (4, check_manufacturer),
    "model": (8, check_model),
    "firmware": (8, check_firmware),
}
"""Columns of identifiers: the hexadecimal digits that GBCS gives them, and what checks them."""
_MOST_REMEMBERED = 1 << 16
_LONGEST_WORDS = 64
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ][0-9:.]*)?(?:Z|[+-][0-9:]{5})?")
_BRITISH = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})(?: [0-9:.]*)?")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")


class Wrong(str):
    """In the place of a cell that keeps its row out: the reason."""

    __slots__ = ()


class Mended(str):
    """A cell that got back the zeros that a spreadsheet took."""

    __slots__ = ()


Judge = Callable[[str], str]
"""Of a cell to what it comes in as, Wrong where it may not."""


class Judged(dict[str, str]):
    """Cells, each judged once as long as there are not too many different ones.

    ``has_odd``: whether any was Wrong or Mended so far.
    """

    def __init__(self, judge: Judge) -> None:
        super().__init__()
        self._judge = judge
        self.has_odd = False

    def __missing__(self, cell: str) -> str:
        if len(self) == _MOST_REMEMBERED:
            self.clear()
        judged = self[cell] = self._asked(cell)
        return judged

    def of(self, column: Iterable[str], *, has_numbers: bool = False) -> list[str]:
        """What the cells of a column come in as; ``has_numbers``: some may be NumberCells."""
        if not has_numbers:
            return [*map(self.__getitem__, column)]
        # A NumberCell equals the text, and is judged otherwise.
        return [self[cell] if type(cell) is str else self._asked(cell) for cell in column]

    def _asked(self, cell: str) -> str:
        judged = self._judge(cell)
        self.has_odd |= isinstance(judged, Wrong | Mended)
        return judged


def judge_of(column: str, form: Form, *, pad_zeros: bool) -> Judge:
    """What judges the cells of one of our columns."""
    if column in IDENTIFIERS:
        return partial(_identifier, column, form, pad_zeros)
    return _JUDGES.get(column) or partial(_words, column)


def kind_of_private(texts: Iterable[str]) -> str:
    """What of PRIVATE one of the texts looks like, in words, ``an MPAN``; '' for none of it."""
    for text in texts:
        for sighting in find(text):
            if sighting.kind in PRIVATE:
                return KINDS[sighting.kind].name
    return ""


def find_eaten(cell: str, digits: int, form: Form) -> EatenZeros | None:
    """What a spreadsheet took from an identifier, None for nothing."""
    # Where DUIS alone decides, 1.0 is a version like another; only 2.00E+05 never is.
    is_asked = form is Form.STRICT or "E+" in cell.upper()
    return find_eaten_zeros(cell, digits) if is_asked else None


def words_of(column: str) -> str:
    """A column's name as reasons have it."""
    return _WORDS.get(column, column.replace("_", " "))


_WORDS = {
    "device_id": "Device ID",
    "device_type": "Device Type",
    "device_status": "Device Status",
    "cpl_status": "CPL status",
    "firmware": "firmware version",
    "esme_variant": "ESME Variant",
    "smets_version": "SMETS version",
    "gbcs_version": "GBCS version",
    "han_variant": "HAN variant",
    "asn_id": "ASN's id",
    "region": "CSP Region",
    "supplier": "Responsible Supplier",
    "supplier_since": "day since when the Supplier is responsible",
    "prenotified_by": "Supplier that pre-notified it",
    "date_commissioned": "day of commissioning",
    "firmware_since": "day of the firmware",
    "ship_date": "ship date",
}


def _identifier(column: str, form: Form, pad_zeros: bool, cell: str) -> str:
    text = cell.strip()
    digits, check = IDENTIFIERS[column]
    if not text:
        return ""
    eaten = find_eaten(cell if cell == text else text, digits, form)
    if eaten is not None:
        return _padded(column, eaten.mended, pad_zeros=pad_zeros)
    problem = check(text, form)
    if problem is None and form is Form.LENIENT:
        return _kept_words(column, canonical(text, digits))
    return Wrong(problem) if problem else canonical(text, digits)


def _padded(column: str, mended: str, *, pad_zeros: bool) -> str:
    if mended and pad_zeros:
        return Mended(mended)
    how = (
        "--pad-zeros gives them back"
        if mended
        else "what it was cannot be told, so --pad-zeros does not give them back"
    )
    return Wrong(f"a spreadsheet took the zeros of the {words_of(column)}: {how}")


def _device_id(cell: str) -> str:
    try:
        return parse_device_id(cell.strip())
    except IdentifierError as error:
        return Wrong(error.sentence)


def _supplier(column: str, cell: str) -> str:
    text = cell.strip()
    if not text:
        return ""
    try:
        return parse_device_id(text)
    except IdentifierError:
        return Wrong(
            f"the {words_of(column)} is not eight pairs of hexadecimal digits with hyphens between"
        )


def _one_of(column: str, values: Sequence[str], cell: str, *, is_required: bool = False) -> str:
    text = cell.strip()
    known = {_bare(value): value for value in values}
    if not text and not is_required:
        return ""
    if not text:
        return Wrong(f"the {words_of(column)} is missing")
    return known.get(_bare(text)) or Wrong(f"the {words_of(column)} is none that DUIS knows")


def _bare(text: str) -> str:
    return re.sub(r"[\s_-]+", "", text).lower()


def _day(column: str, cell: str) -> str:
    text = cell.strip()
    iso, british = _ISO.fullmatch(text), _BRITISH.fullmatch(text)
    if not text:
        return ""
    parts = iso.groups() if iso else british.groups()[::-1] if british else ()
    try:
        return datetime.date(*map(int, parts)).isoformat()
    except (ValueError, TypeError):
        return Wrong(f"the {words_of(column)} is no day written YYYY-MM-DD or DD/MM/YYYY")


def _words(column: str, cell: str) -> str:
    return _kept_words(column, cell.strip())


def _kept_words(column: str, text: str) -> str:
    """Text that is kept as it stands, but for what may never come in."""
    if len(text) > _LONGEST_WORDS:
        return Wrong(f"the {words_of(column)} has more than {_LONGEST_WORDS} characters")
    if _CONTROLS.search(text):
        return Wrong(f"the {words_of(column)} has a control character")
    private = kind_of_private((text,))
    if private:
        return Wrong(f"the {words_of(column)} looks like {private}")
    return text


_JUDGES: Mapping[str, Judge] = {
    "device_id": _device_id,
    "device_type": partial(_one_of, "device_type", INVENTORY_DEVICE_TYPES, is_required=True),
    "device_status": partial(_one_of, "device_status", DEVICE_STATUSES),
    "firmware_status": partial(_one_of, "firmware_status", CPL_STATUSES),
    "cpl_status": partial(_one_of, "cpl_status", CPL_STATUSES),
    "region": partial(_one_of, "region", REGIONS),
    "base_letter": partial(_one_of, "base_letter", ("A", "B", "C")),
    "supplier": partial(_supplier, "supplier"),
    "prenotified_by": partial(_supplier, "prenotified_by"),
    **{
        column: partial(_day, column)
        for column in ("date_commissioned", "supplier_since", "firmware_since", "ship_date")
    },
}
