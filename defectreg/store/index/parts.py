"""Which Devices of entries may be a Device that is installed: what scans of many begin with."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from defectreg.register.devices import Device
from defectreg.store.index.asking import Index
from defectreg.store.index.matching import Rows
from defectreg.store.index.views import View
from defectreg.store.places import Register

_MEETING = (
    "SELECT record_id, place, device, devices FROM models CROSS JOIN entries USING (number)"
    " WHERE product = ? AND lowest <= ? AND highest >= ?"
)
"""The Devices of entries whose bounds meet others: a product, and the highest and lowest asked."""
_HUBS = (
    "SELECT DISTINCT record_id, place, device FROM models CROSS JOIN entries USING (number)"
    " WHERE product >= 'CHF:' AND product < 'CHF;'"
)
"""The Communications Hubs of entries: each is filed under both of its halves."""
_AFFECTED = (
    "SELECT record_id, json_extract(data, '$.affected') FROM files"
    " WHERE is_record AND data IS NOT NULL AND record_id IN (SELECT value FROM json_each(?))"
)
"""The entries of records, by their ids in JSON."""


class Part(NamedTuple):
    """A Device of an entry."""

    record_id: str
    entry: int
    """Which of the record's combinations it belongs to."""
    device: int
    """Which Device of that combination it is."""
    devices: int
    """How many Devices that combination has."""


@dataclass(frozen=True)
class Parts:
    """Narrows questions down as ``Index.candidates`` does, one Device after the other.

    Of a Communications Hub either half stands for the other. Withdrawn records have no parts.
    """

    rows: Rows
    _found: dict[Device, frozenset[Part]] = field(default_factory=dict)

    def met_by(self, device: Device) -> frozenset[Part]:
        """The Devices of entries that it may be: of no other does ``covers`` say anything but NO.

        Remembered, for a fleet has few that differ.
        """
        if device not in self._found:
            self._found[device] = frozenset(
                Part(*row)
                for lowest, highest in device.firmware.bounds
                for row in self.rows(_MEETING, device.product, highest, lowest)
            )
        return self._found[device]

    @cached_property
    def hubs(self) -> Mapping[tuple[str, int], frozenset[int]]:
        """Record id and place of each entry that names Communications Hubs → which they are."""
        found: defaultdict[tuple[str, int], set[int]] = defaultdict(set)
        for record_id, entry, device in self.rows(_HUBS):
            found[record_id, entry].add(device)
        return {key: frozenset(devices) for key, devices in found.items()}

    def affected_of(self, record_ids: Iterable[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
        """The entries of records that can be read, in the notation."""
        for record_id, entries in self.rows(_AFFECTED, json.dumps([*record_ids])):
            yield record_id, tuple(json.loads(entries))


def parts_of(index: Index) -> Parts:
    """The Devices of the entries of an index."""
    return Parts(index._rows)


def index_at(register: Register, commit: str) -> Index:
    """The index of an earlier commit, whose files are read by what was in force there.

    It is kept where the one of HEAD is, which goes back and forth as far as the two differ, and is
    made anew where the schemas do. Raises CannotRun where its policy or schemas are broken.
    """
    earlier = Register(register.repository, commit)
    return Index(View(earlier, earlier.grounds, is_worktree=False))
