"""What a reader checks devices against: entries in shards, so that the devices stay the reader's.

A shard has the entries of all models whose SHA-256 of ``TYPE:MANUFACTURER/MODEL`` (upper case)
begins with the same binary digits: as many as leave each shard 16 models or more. The page asks for
the shards of what was typed and matches in the browser.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

from defectreg.publication.cards import Cards, Sheet, digest
from defectreg.publication.documents import SCHEMA_VERSION, head, json_bytes
from defectreg.publication.entry import ENDING
from defectreg.publication.pages import Pages
from defectreg.publication.words import MARKS, STATEMENTS
from defectreg.register.policy import Policy
from defectreg.register.public import (
    DISCLAIMER,
    PublicCombination,
    PublicDevice,
    PublicRecord,
    PublicRegister,
)

LEAST_MODELS = 16
"""In each shard, where the register has as many."""
_DIGITS = 32
"""Binary digits of a SHA-256 that are looked at."""
_MOST_ENDINGS = 3
_NOT_SHOWN = "-"
"""Stands for the manufacturer where the policy hides it."""


@dataclass(frozen=True, slots=True)
class Filed:
    """An entry as shards hold it, and the models under which it is found."""

    digests: tuple[str, ...]
    """Binary digits of each model's SHA-256, sorted."""
    data: bytes


class Shards:
    """Under which models' digests each entry is filed, and which shards that makes."""

    def __init__(self, filed: Iterable[tuple[str, Sequence[str]]]) -> None:
        """Of the id of each entry, and the binary digits of each model's SHA-256."""
        self._filed: defaultdict[str, list[str]] = defaultdict(list)
        for record_id, digests in filed:
            for each in digests:
                self._filed[each].append(record_id)
        self.digits = self._digits()
        """How many binary digits tell shards apart: as many as leave each enough models."""

    def _digits(self) -> int:
        digits = 0
        while digits < _DIGITS and self._are_large(digits + 1):
            digits += 1
        return digits

    def _are_large(self, digits: int) -> bool:
        models = Counter(digest[:digits] for digest in self._filed)
        return len(models) == 2**digits and min(models.values()) >= LEAST_MODELS

    def ids(self) -> Iterator[tuple[str, list[str]]]:
        """Each shard's binary digits and the ids of its entries, sorted."""
        found: dict[str, set[str]] = {"": set()} if not self.digits else {}
        for each, ids in self._filed.items():
            found.setdefault(each[: self.digits], set()).update(ids)
        for shard in sorted(found):
            yield shard, sorted(found[shard])


def check_my_devices(register: PublicRegister, pages: Pages, cards: Cards) -> Iterator[Sheet]:
    """The page on which devices are checked, its scripts, and the shards that it asks for."""
    known = cards.file.read("id", "is_withdrawn", "digests")
    shards = Shards((each, digests.split()) for each, is_withdrawn, digests in known
                    if not is_withdrawn)  # fmt: skip
    yield Sheet("check page", "", partial(_page, register, pages, shards.digits))
    for digits, ids in shards.ids():
        path = f"check/{digits or 'any'}.json"
        key = digest(*(cards.digests[each] for each in ids))
        yield Sheet.of(path, key, partial(_shard, register, cards, ids))


def _page(register: PublicRegister, pages: Pages, digits: int) -> Iterator[tuple[str, bytes]]:
    yield (
        "check.html",
        pages.page(
            "check.html",
            "check.html",
            level=register.policy.search_level,
            is_hidden=register.policy.manufacturer_shown == "hidden",
            digits=digits,
            least=LEAST_MODELS,
        ),
    )
    for script in ("dmc.js", "check.js"):
        yield script, f"/* {DISCLAIMER} */\n".encode() + pages.plain(script)


def filed(record: PublicRecord, policy: Policy) -> Filed:
    """An entry, filed as the policy lets it be asked for: it asks nothing of other entries.

    At the search level ``model`` it is found under each of its models; below it the whole
    combination has to be given, so one model of each combination is enough to find it, and a shard
    holds no more.
    """
    is_hidden = policy.manufacturer_shown == "hidden"
    digests: set[str] = set()
    for combination in record.affected:
        models = sorted(digest_of(model) for model in _models(combination, is_hidden))
        digests.update(models if policy.search_level == "model" else models[:1])
    return Filed(tuple(sorted(digests)), json_bytes(_entry(record, is_hidden)))


@lru_cache(maxsize=65536)
def digest_of(model: str) -> str:
    """The first binary digits of the SHA-256 of ``TYPE:MANUFACTURER/MODEL`` in upper case."""
    beginning = hashlib.sha256(model.encode()).digest()[: _DIGITS // 8]
    return f"{int.from_bytes(beginning):0{_DIGITS}b}"


def _models(combination: PublicCombination, is_hidden: bool) -> Iterator[str]:
    """Each ``TYPE:MANUFACTURER/MODEL`` in upper case; percent-encoding is ASCII and stays."""
    for device in combination.devices:
        yield _notation(device, is_hidden).partition("@")[0].upper()


def _notation(device: PublicDevice, is_hidden: bool) -> str:
    if not is_hidden:
        return device.text
    return f"{device.type}:{_NOT_SHOWN}/{device.text.partition('/')[2]}"


def _affected(combination: PublicCombination, is_hidden: bool) -> str:
    """A combination in the notation; a manufacturer that is not shown is a dash."""
    if not is_hidden:
        return combination.text
    devices = " + ".join(_notation(device, is_hidden) for device in combination.devices)
    return f"{devices} in {','.join(combination.regions)}" if combination.regions else devices


def _entry(record: PublicRecord, is_hidden: bool) -> dict[str, Any]:
    return {
        "id": record.id,
        "title": record.title,
        "kind": record.kind_words,
        "day": record.last_day.isoformat(),
        "marks": [
            [mark, MARKS[mark][0]]
            for mark in record.marks
            if mark != "fix" or "fixed" not in record.marks
        ],
        "ending": _ending(record),
        "affected": [_affected(combination, is_hidden) for combination in record.affected],
    }


def _ending(record: PublicRecord) -> list[dict[str, str]]:
    """The best of what ends it that counts: fixes, else workarounds, else accommodations."""
    for kind in ENDING:
        found = [
            {
                "kind": kind,
                "word": STATEMENTS[kind],
                "device": str(said.values.get("device", "")),
                "firmware": str(said.values.get("firmware", "")),
            }
            for said in record.statements
            if said.kind == kind and not said.is_superseded
        ]
        if found:
            return found[:_MOST_ENDINGS]
    return []


def _shard(register: PublicRegister, cards: Cards, ids: Sequence[str]) -> bytes:
    """A shard, an entry a line; without the day, so that it changes with its entries."""
    listed = b",".join(cards.file.files("checked", ids))
    kept = ("disclaimer", "register", "demonstration", "audience")
    meta = json_bytes({key: head(register)["meta"][key] for key in kept})
    return b'{"schema_version":%d,"meta":%b,"entries":[\n%b]}\n' % (SCHEMA_VERSION, meta, listed)
