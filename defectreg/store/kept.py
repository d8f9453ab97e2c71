"""Entries as bytes: all of a large register fit into memory, and any of them can be had again."""

from __future__ import annotations

import datetime
import json
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, overload

from defectreg.register.public import (
    PublicCombination,
    PublicDevice,
    PublicEvent,
    PublicRecord,
    PublicStatement,
    PublicWithdrawal,
)

_written = json.JSONEncoder(separators=(",", ":")).encode
_NOT_WITHDRAWN = b",null]"
"""How the bytes of an entry end that is not withdrawn: `to_bytes` writes the withdrawal last."""


class KeptRecords(Sequence[PublicRecord]):
    """Entries in the order of their ids; each is made anew whenever it is asked for."""

    @classmethod
    def of(cls, records: Iterable[PublicRecord]) -> KeptRecords:
        """These entries, kept."""
        if isinstance(records, cls):
            return records
        return cls((record.id, to_bytes(record)) for record in records)

    def __init__(self, kept: Iterable[tuple[str, bytes]]) -> None:
        """From pairs of an entry's id and the entry as `to_bytes` writes it."""
        pairs = sorted(kept)
        self.ids = [record_id for record_id, _ in pairs]
        self.kept = [data for _, data in pairs]

    def __len__(self) -> int:
        return len(self.ids)

    @overload
    def __getitem__(self, place: int) -> PublicRecord: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[PublicRecord]: ...
    def __getitem__(self, place: int | slice) -> PublicRecord | Sequence[PublicRecord]:
        if isinstance(place, slice):
            return KeptRecords(zip(self.ids[place], self.kept[place], strict=True))
        return from_bytes(self.kept[place])

    def __iter__(self) -> Iterator[PublicRecord]:
        return map(from_bytes, self.kept)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]  # as of every sequence that can be long

    def count_withdrawn(self) -> int:
        """How many are withdrawn, told by how their bytes end: none is made anew."""
        return sum(not data.endswith(_NOT_WITHDRAWN) for data in self.kept)

    def find(self, record_id: str) -> PublicRecord | None:
        """The entry with this id; None where there is none."""
        place = bisect_left(self.ids, record_id)
        if place == len(self.ids) or self.ids[place] != record_id:
            return None
        return self[place]


class Titles(Mapping[str, str]):
    """Id → title of entries, looked up when it is asked for."""

    def __init__(self, records: KeptRecords) -> None:
        self._records = records

    def __len__(self) -> int:
        return len(self._records)

    def __iter__(self) -> Iterator[str]:
        return iter(self._records.ids)

    def __getitem__(self, record_id: str) -> str:
        record = self._records.find(record_id)
        if record is None:
            raise KeyError(record_id)
        return record.title


def to_bytes(record: PublicRecord) -> bytes:
    """An entry as bytes; of equal entries they are the same."""
    withdrawal = record.withdrawal
    return _written(
        [
            record.id,
            record.first_day.isoformat(),
            record.last_day.isoformat(),
            record.kind,
            record.kind_words,
            [_of_combination(each) for each in record.affected],
            record.marks,
            record.values,
            [_of_statement(each) for each in record.statements],
            [[event.day.isoformat(), event.what, event.whose] for event in record.timeline],
            record.reporters,
            record.is_provided_by_manufacturer,
            record.is_validated_by_its_reporter,
            record.untold,
            None
            if withdrawal is None
            else [withdrawal.day.isoformat(), withdrawal.code, withdrawal.other],
        ]
    ).encode()


def from_bytes(data: bytes) -> PublicRecord:
    """The entry that `to_bytes` wrote."""
    (
        record_id, first, last, kind, kind_words, affected, marks, values, statements, timeline,
        reporters, is_makers, is_own, untold, withdrawal,
    ) = json.loads(data)  # fmt: skip
    return PublicRecord(
        record_id,
        _day(first),
        _day(last),
        kind,
        kind_words,
        tuple(_combination(*each) for each in affected),
        tuple(marks),
        values,
        tuple(map(_statement, statements)),
        tuple(PublicEvent(_day(day), what, whose) for day, what, whose in timeline),
        tuple(reporters),
        is_makers,
        is_own,
        tuple(untold),
        None if withdrawal is None else PublicWithdrawal(_day(withdrawal[0]), *withdrawal[1:]),
    )


def _of_combination(combination: PublicCombination) -> list[Any]:
    devices = [
        [device.type, device.manufacturer, device.model, device.firmware, device.text]
        for device in combination.devices
    ]
    return [devices, combination.regions, combination.text]


def _combination(devices: list[list[str]], regions: list[str], text: str) -> PublicCombination:
    return PublicCombination(tuple(PublicDevice(*each) for each in devices), tuple(regions), text)


def _of_statement(statement: PublicStatement) -> list[Any]:
    return [
        statement.key,
        statement.kind,
        statement.whose,
        statement.devices,
        statement.day.isoformat(),
        statement.about,
        statement.is_superseded,
        statement.is_from_manufacturer,
        statement.values,
    ]


def _statement(kept: list[Any]) -> PublicStatement:
    key, kind, whose, devices, day, *rest = kept
    return PublicStatement(key, kind, whose, tuple(devices), _day(day), *rest)


@lru_cache(maxsize=4096)
def _day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)
