"""The product map: which ESME Variant a product has in which firmware, and who says so.

YAML, ``products:`` with ``manufacturer``, ``model``, ``firmware`` (patterns of the notation; left
out: all), ``esme-variant`` and ``source`` each; or a table with these columns.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from defectreg.formats.columnmap import NAMES, PRODUCTS
from defectreg.inventory.cells import Wrong, find_eaten, judge_of, kind_of_private
from defectreg.inventory.sifting import Batch, Sifted
from defectreg.register.firmware import FirmwarePattern, parse_firmware
from defectreg.register.inventory.identifiers import Form
from defectreg.register.inventory.variants import VARIANTS
from defectreg.register.notation import NotationError
from defectreg.register.yamltext import Document

_ALL = ("", "00000000", "FFFFFFFF")
_DIGITS = 8
_LONGEST_SOURCE = 200


class ProductMapError(ValueError):
    """A document that is no product map; ``sentence`` repeats nothing of it."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def batch_of(document: Document) -> Batch:
    """The entries of a product map in YAML, by the line of each; raises ProductMapError."""
    entries = document.data.get("products")
    if not isinstance(entries, list) or len(document.data) != 1:
        raise ProductMapError("a product map holds products:, a list, and nothing else")
    places, rejects = [], []
    columns: dict[str, list[str]] = {name: [] for name in NAMES[PRODUCTS]}
    for number, entry in enumerate(entries):
        line = document.position(("products", number)).line
        wrong = _wrong_entry(entry)
        if wrong or not isinstance(entry, dict):
            rejects.append((line, wrong))
            continue
        places.append(line)
        for name, column in columns.items():
            value = entry.get(name.replace("_", "-"), "")
            column.append(",".join(map(str, value)) if isinstance(value, list) else str(value))
    return Batch(places, columns, rejects)


def _wrong_entry(entry: object) -> str:
    keys = {name.replace("_", "-") for name in NAMES[PRODUCTS]}
    if not isinstance(entry, dict) or not set(entry) <= keys:
        return f"an entry of the product map says {', '.join(sorted(keys))}, and nothing else"
    for key, value in entry.items():
        is_list = key == "firmware" and isinstance(value, list)
        if not all(isinstance(each, str) for each in (value if is_list else [value])):
            return f"{key} of an entry of the product map is one text"
    return ""


def sift_products(batch: Batch, form: Form) -> Sifted:
    """The rows of the table ``products``, one for each firmware pattern of an entry that holds."""
    count = len(batch.places)
    given = [batch.columns.get(name, [""] * count) for name in NAMES[PRODUCTS]]
    places: list[int] = []
    rows: list[Mapping[str, str]] = []
    rejects = [*batch.rejects]
    for place, *cells in zip(batch.places, *given, strict=True):
        try:
            made = [*_rows(dict(zip(NAMES[PRODUCTS], map(str.strip, cells), strict=True)), form)]
        except ProductMapError as error:
            rejects.append((place, error.sentence))
            continue
        places += [place] * len(made)
        rows += made
    columns = {name: [row[name] for row in rows] for name in _COLUMNS}
    return Sifted(places, columns, [None] * len(places), rejects, 0)


_COLUMNS = ("manufacturer", "model", "firmware", "lowest", "highest", "esme_variant", "source")


def _rows(entry: dict[str, str], form: Form) -> Iterator[Mapping[str, str]]:
    """One row for each pattern; raises ProductMapError with the reason why there is none."""
    for name in ("manufacturer", "model"):
        entry[name] = judge_of(name, form, pad_zeros=False)(entry[name])
        if isinstance(entry[name], Wrong) or not entry[name]:
            raise ProductMapError(entry[name] or f"the {name} is missing")
    if entry["esme_variant"].upper() not in VARIANTS:
        raise ProductMapError("the ESME Variant is none of the 25")
    _check_source(entry["source"])
    entry["esme_variant"] = entry["esme_variant"].upper()
    for firmware, lowest, highest in _patterns(entry["firmware"], form):
        yield {**entry, "firmware": firmware, "lowest": lowest, "highest": highest}


def _check_source(source: str) -> None:
    if not source:
        raise ProductMapError("the source is missing: who says so, and where")
    if len(source) > _LONGEST_SOURCE or not source.isprintable():
        raise ProductMapError(f"the source is not one line of at most {_LONGEST_SOURCE} characters")
    private = kind_of_private((source,))
    if private:
        raise ProductMapError(f"the source has what looks like {private}")


def _patterns(text: str, form: Form) -> Sequence[tuple[str, str, str]]:
    """Each pattern as it is written, and the first and last version in it."""
    if not text:
        return [_ALL]
    if find_eaten(text, _DIGITS, form) is not None:
        raise ProductMapError("a spreadsheet took the zeros of the firmware version: write them")
    try:
        found = parse_firmware(text, strict=form is Form.STRICT)
    except NotationError as error:
        raise ProductMapError(f"firmware: {error.hint}") from error
    return [(str(pattern), *_bounds(pattern)) for pattern in found.patterns]


def _bounds(pattern: FirmwarePattern) -> tuple[str, str]:
    span = pattern.span
    return (f"{span[0]:08X}", f"{span[1]:08X}") if span else pattern.bounds[-1]
