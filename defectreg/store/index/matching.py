"""Which records may apply to a combination: by models and bounds of firmware, never one by one."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from defectreg.register.devices import Combination, Device, FirmwareSet

Rows: TypeAlias = Callable[..., list[Any]]
"""Asks the tables: a question and its values → rows."""
_Met: TypeAlias = frozenset[tuple[int, int, int, int]]
"""Devices of entries: the record's number, the place of its combination, which Device, of how many.
"""
MEETING = (
    "SELECT number, place, devices, device FROM models"
    " WHERE product = ? AND lowest <= ? AND highest >= ?"
)
"""The Devices of entries whose bounds meet others: a product, and the highest and lowest asked."""
NAMES = "SELECT number, record_id FROM json_each(?) CROSS JOIN entries ON number = value"
"""The ids of records by their numbers, a list in JSON."""


@dataclass(frozen=True, slots=True)
class Matching:
    """Narrows questions down, of which ``devices.covers`` remains the judge.

    What was found for a Device is remembered: a fleet has few that differ.
    """

    rows: Rows
    _found: dict[tuple[str, FirmwareSet], _Met] = field(default_factory=dict)
    _names: dict[int, str] = field(default_factory=dict)

    def ids(self, combination: Combination) -> tuple[str, ...]:
        """Their ids, sorted."""
        numbers = self.numbers(combination)
        unknown = sorted(numbers - self._names.keys())
        if unknown:
            self._names.update(self.rows(NAMES, json.dumps(unknown)))
        return tuple(sorted(self._names[number] for number in numbers))

    def numbers(self, combination: Combination) -> set[int]:
        """The records with an entry of which each Device may be one of the combination's.

        Without the firmware of a Device, on either side, it may be.
        """
        met = frozenset().union(*map(self._met_by, combination.devices))
        count = Counter(entry[:3] for entry in met)
        return {number for (number, _, devices), there in count.items() if there == devices}

    def _met_by(self, device: Device) -> _Met:
        asked = device.product, device.firmware
        if asked not in self._found:
            self._found[asked] = frozenset(
                row
                for lowest, highest in device.firmware.bounds
                for row in self.rows(MEETING, device.product, highest, lowest)
            )
        return self._found[asked]
