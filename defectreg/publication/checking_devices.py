"""What a reader checks devices against: entries in shards, so that the devices stay the reader's.

A shard has the entries of all models whose SHA-256 of ``TYPE:MANUFACTURER/MODEL`` (upper case)
begins with the same binary digits: as many as leave each shard 16 models or more. The page asks for
the shards of what was typed and matches in the browser.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

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


@dataclass(frozen=True, slots=True)
class Shards:
    """The entries to check against, and under which of their models each is found."""

    entries: tuple[bytes, ...]
    filed: Mapping[str, list[int]]
    """Binary digits of a model's SHA-256 → positions in ``entries``."""

    @classmethod
    def of(cls, entries: Iterable[Filed]) -> Shards:
        """The shards of entries in the register's order."""
        listed: list[bytes] = []
        filed: dict[str, list[int]] = {}
        for entry in entries:
            for digest in entry.digests:
                filed.setdefault(digest, []).append(len(listed))
            listed.append(entry.data)
        return cls(tuple(listed), filed)

    @property
    def digits(self) -> int:
        """How many binary digits tell shards apart: as many as leave each enough models."""
        digits = 0
        while digits < _DIGITS and self._are_large(digits + 1):
            digits += 1
        return digits

    def _are_large(self, digits: int) -> bool:
        models = Counter(digest[:digits] for digest in self.filed)
        return len(models) == 2**digits and min(models.values()) >= LEAST_MODELS

    def contents(self) -> Iterator[tuple[str, list[bytes]]]:
        """Each shard's binary digits and its entries in the register's order."""
        digits = self.digits
        found: dict[str, set[int]] = {"": set()} if not digits else {}
        for digest, positions in self.filed.items():
            found.setdefault(digest[:digits], set()).update(positions)
        for shard in sorted(found):
            yield shard, [self.entries[position] for position in sorted(found[shard])]


def check_my_devices(register: PublicRegister, pages: Pages) -> Iterator[tuple[str, bytes]]:
    """The page on which devices are checked, its scripts, and the shards that it asks for."""
    shown = (record for record in register.records if record.withdrawal is None)
    shards = Shards.of(filed(record, register.policy) for record in shown)
    yield (
        "check.html",
        pages.page(
            "check.html",
            "check.html",
            level=register.policy.search_level,
            is_hidden=register.policy.manufacturer_shown == "hidden",
            digits=shards.digits,
            least=LEAST_MODELS,
        ),
    )
    for script in ("dmc.js", "check.js"):
        yield script, f"/* {DISCLAIMER} */\n".encode() + pages.plain(script)
    for digits, entries in shards.contents():
        yield f"check/{digits or 'any'}.json", _shard(register, entries)


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


def _shard(register: PublicRegister, entries: list[bytes]) -> bytes:
    """A shard, an entry a line; without the day, so that it changes with its entries."""
    kept = ("disclaimer", "register", "demonstration", "audience")
    meta = json_bytes({key: head(register)["meta"][key] for key in kept})
    listed = b",".join(entries)
    return b'{"schema_version":%d,"meta":%b,"entries":[\n%b]}\n' % (SCHEMA_VERSION, meta, listed)
