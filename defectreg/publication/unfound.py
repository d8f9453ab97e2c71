"""Words by which the text search finds no entry, wherever they stand in a text.

- At every search level manufacturers: the identifiers of all that the register knows and of all
  that entries and statements name; of their names every word but ordinary ones (``metering``,
  ``limited``) and those of Device Types. Of a name of nothing but ordinary words its rarest is
  left out.
- Below the level ``model`` each word that is written like a model or a firmware version (eight
  hexadecimal digits stand in it), and of the models and firmware that entries and statements name
  each word that has a digit and at least four characters.

Alert codes of entries are always found.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from defectreg.publication.words import DEVICE_TYPES
from defectreg.register.devices import Combination, NotationError, parse_combination
from defectreg.register.public import PublicDevice, PublicRecord, PublicRegister, PublicStatement
from defectreg.store.textindex import Cutter

ORDINARY = frozenset(
    """
    and appliances co communication communications company control controls corporation data device
    devices digital display displays electric electrical electricity electronics energy engineering
    for gas gb gmbh group heat heating holdings home hub hubs inc industries instrument instruments
    international limited llp load local ltd manufacturing measurement meter metering meters network
    networks of on plc power products remote services smart solutions supply switch switches system
    systems technologies technology the to uk utilities utility water wireless
    """.split()
)
"""Words of manufacturers' names that say nothing of whose they are."""
_HIDDEN = re.compile(r":\([^)]*\)/")
_NOT_SHOWN = "x"
_LIKE_A_MODEL = re.compile("[0-9a-f]{8}")
_SHORTEST = 4
"""Characters of a model's or a firmware's word that is left out."""
_NOTATIONS = ("device", "lives-with")


@dataclass(frozen=True, slots=True)
class Unfound:
    """The words that are left out of the index."""

    words: frozenset[str]
    alerts: frozenset[str]
    has_models: bool
    """Whether what is written like a model is found."""

    def among(self, words: Iterable[str]) -> frozenset[str]:
        """These words, as far as they are left out, and maybe others."""
        written_so = () if self.has_models else filter(_LIKE_A_MODEL.search, words)
        return self.words.union(written_so) - self.alerts


class Known:
    """Manufacturers, models and firmware that may not be found, taken of entry after entry."""

    def __init__(self, register: PublicRegister) -> None:
        self._has_models = register.policy.search_level == "model"
        self._identifiers = {identifier for identifier, _ in register.manufacturers}
        self._names = {name for _, name in register.manufacturers}
        self._products: set[str] = set()

    def take(
        self, identifiers: Iterable[str], names: Iterable[str], products: Iterable[str]
    ) -> None:
        """Take what an entry names, as `named_in` has it."""
        self._identifiers.update(identifiers)
        self._names.update(names)
        self._products.update(products)

    def unfound(self, found: Callable[[str], int], alerts: Iterable[str]) -> Unfound:
        """The words; ``found`` tells in how many entries one stands."""
        with Cutter() as cutter:
            hidden = {word for each in self._identifiers for word in cutter.cut(each)}
            hidden.update(self._of_names(cutter, found))
            if not self._has_models:
                hidden.update(_of_products(cutter, self._products))
            codes = frozenset(word for code in alerts for word in cutter.cut(code))
        return Unfound(frozenset(hidden), codes, self._has_models)

    def _of_names(self, cutter: Cutter, found: Callable[[str], int]) -> Iterator[str]:
        ordinary = ORDINARY.union(cutter.cut(" ".join((*DEVICE_TYPES, *DEVICE_TYPES.values()))))
        for name in self._names:
            if words := cutter.cut(name):
                telling = [word for word in words if _tells(word) and word not in ordinary]
                yield from telling or [min(words, key=found)]


def named_in(record: PublicRecord) -> tuple[list[str], list[str], list[str]]:
    """Identifiers and names of manufacturers, and products, that an entry and its statements
    name."""
    devices = [device for combination in record.affected for device in combination.devices]
    identifiers = {_identifier(device) for device in devices}
    names = {device.manufacturer for device in devices}
    products = {part for device in devices for part in (device.model, device.firmware)}
    for statement in record.statements:
        products.add(str(statement.values.get("firmware", "")))
        for text in _notations(statement):
            combination = read_notation(text)
            if combination is None:
                products.add(text)
                continue
            for each in combination.devices:
                products.update((each.model, str(each.firmware)))
                if each.manufacturer != _NOT_SHOWN:
                    identifiers.add(each.manufacturer)
    return sorted(identifiers), sorted(names), sorted(products)


@functools.lru_cache(maxsize=4096)
def read_notation(text: str) -> Combination | None:
    """The Devices of a notation, also where manufacturers are not shown; None where it is none."""
    try:
        return parse_combination(_HIDDEN.sub(f":{_NOT_SHOWN}/", text))
    except NotationError:
        return None


def _tells(word: str) -> bool:
    return len(word) > 1 and not word.isdecimal()


def _of_products(cutter: Cutter, products: Iterable[str]) -> Iterator[str]:
    for product in products:
        for word in cutter.cut(product):
            if len(word) >= _SHORTEST and any(map(str.isdigit, word)):
                yield word


def _notations(statement: PublicStatement) -> Iterator[str]:
    yield from (str(statement.values[key]) for key in _NOTATIONS if key in statement.values)
    yield from map(str, statement.values.get("tried-with", ()))


def _identifier(device: PublicDevice) -> str:
    """The manufacturer's identifier; of one that is not shown, none."""
    identifier = device.text.partition(":")[2].partition("/")[0]
    return "" if identifier.startswith("(") else identifier
