"""A page for each device model, where the policy lets entries be looked up by model alone.

Models stand in the order of Device Types and of their own numbers. Nothing is counted here, since a
model has one manufacturer; models of one number stand in an order that says nothing of theirs.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby

from defectreg.publication.cards import Cards, Sheet, digest
from defectreg.publication.listing import Listing, Pager, list_sheets, paged
from defectreg.publication.pages import Pages
from defectreg.publication.word_files import file_name
from defectreg.publication.words import DEVICE_TYPES
from defectreg.register.policy import Policy
from defectreg.register.public import PublicDevice, PublicRecord

_INDEX = "models/index"
_PER_INDEX = 1000
"""Models on a page of the index."""
_LONGEST_NAME = 120
_SHORT = 16
"""Digits of a digest that tell models of one number apart."""
_PARTS = re.compile("[:/]")
_TYPES = tuple(DEVICE_TYPES)


@dataclass(frozen=True, slots=True)
class Model:
    """A device model, and the entries that name it."""

    type: str
    manufacturer: str
    """As it may be shown."""
    model: str
    notation: str
    listing: Listing

    @property
    def told(self) -> str:
        """All that pages show of it, beside its entries."""
        return f"{self.type} {self.manufacturer} {self.model} {self.notation} {self.listing.name}"


@dataclass(frozen=True, slots=True)
class Shelf:
    """Models of one Device Type that stand on one page of the index."""

    id: str
    heading: str
    models: tuple[Model, ...]


class Models:
    """The models that entries name."""

    def __init__(self) -> None:
        self._found: dict[str, Model] = {}

    def take(self, keys: str, devices: str, record_id: str) -> None:
        """Put an entry under each model that it names: the keys, and `devices_text` of them."""
        for place, key in enumerate(keys.split()):
            if key not in self._found:
                self._found[key] = _model(key, *json.loads(devices)[place])
            self._found[key].listing.ids.append(record_id)

    def sheets(self, pages: Pages, cards: Cards) -> Iterator[Sheet]:
        """The index, and the pages of each model."""
        for path, pager, shown in self._index():
            key = digest(b"%d" % pager.last, *(model.told.encode() for model in shown))
            yield Sheet.of(path, key, partial(_index_page, pages, path, pager, shown))
        for model in self._ordered():
            listing, told = model.listing, model.told
            yield from list_sheets(listing, pages, cards, "model.html", told, model=model)

    def types(self) -> Iterator[tuple[str, str]]:
        """Each Device Type in words, and where in the index its models begin."""
        seen: set[str] = set()
        for path, _, shown in self._index():
            for shelf in _shelves(shown):
                if shelf.id not in seen:
                    seen.add(shelf.id)
                    yield shelf.heading, f"{path}#{shelf.id}"

    def _index(self) -> Iterator[tuple[str, Pager, Sequence[Model]]]:
        return paged(_INDEX, self._ordered(), _PER_INDEX)

    def _ordered(self) -> list[Model]:
        return sorted(self._found.values(), key=_order)


def has_model_pages(policy: Policy) -> bool:
    """Whether there is a page for each model: only where both, models and makers, are shown."""
    return policy.search_level == "model" and policy.manufacturer_shown != "hidden"


def models_in(record: PublicRecord) -> dict[str, PublicDevice]:
    """The models that an entry names: by a key without a blank a Device of each."""
    return {_key(each): each for part in record.affected for each in part.devices}


def devices_text(models: Mapping[str, PublicDevice]) -> str:
    """What is shown of models, as JSON: Device Type, manufacturer, model, notation."""
    return json.dumps(
        [
            [each.type, each.manufacturer, each.model, each.text.partition("@")[0]]
            for each in models.values()
        ]
    )


def _model(key: str, kind: str, manufacturer: str, model: str, notation: str) -> Model:
    words = DEVICE_TYPES.get(kind, kind)
    listing = Listing(f"models/{_file_name(key)}", f"{words}, model {model}")
    return Model(kind, manufacturer, model, notation, listing)


def _index_page(pages: Pages, path: str, pager: Pager, models: Sequence[Model]) -> bytes:
    return pages.page("models.html", path, shelves=tuple(_shelves(models)), pager=pager)


def _key(device: PublicDevice) -> str:
    """The model in the notation; capitals never tell two apart."""
    return device.text.partition("@")[0].upper()


def _file_name(key: str) -> str:
    """``esme-00010100-6c9c24aa79474b65``: models of one number stand in the order of digests, as in
    the index, so that no list of files is in the order of manufacturers.
    """
    kind, _, model = (file_name(part) for part in _PARTS.split(key.lower()))
    name = f"{kind}-{model}-{_digest(key)[:_SHORT]}"
    return name if len(name) <= _LONGEST_NAME else f"{kind}-{_digest(key)}"


def _order(model: Model) -> tuple[int, str, str]:
    return _TYPES.index(model.type), model.model.upper(), _digest(model.notation.upper())


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _shelves(models: Iterable[Model]) -> Iterator[Shelf]:
    for kind, group in groupby(models, lambda model: model.type):
        yield Shelf(kind.lower(), DEVICE_TYPES.get(kind, kind), tuple(group))
