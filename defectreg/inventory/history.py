"""The life of a Device in the inventory, and of the journal itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from defectreg.register.inventory.changes import Kind, Standing, is_after, present, standing
from defectreg.register.inventory.device import InventoryDevice
from defectreg.store.inventory.devices import find_alike, find_device
from defectreg.store.inventory.journal import (
    Batch,
    Entry,
    FirstChange,
    Journal,
    left_by,
    read_journal,
)
from defectreg.store.inventory.places import Inventory
from defectreg.store.inventory.snapshot import DEVICES, Snapshot, check_whole, find_current

_AT_ONCE = 200_000


@dataclass(frozen=True, slots=True)
class Step:
    """One request about a Device, and how far it has come."""

    entry: Entry
    standing: Standing


@dataclass(frozen=True, slots=True)
class Life:
    """What is known of a Device: what the newest extract says, every request, and what it is now.

    ``snapshot`` is None where nothing was loaded, ``said`` where the extract does not have the
    Device, ``now`` where it is not in the inventory. ``disagrees``: the snapshot says something
    else of it than when it was first changed, judged on that same snapshot.
    """

    device_id: str
    snapshot: Snapshot | None
    said: InventoryDevice | None
    steps: tuple[Step, ...]
    now: InventoryDevice | None
    disagrees: bool


@dataclass(frozen=True, slots=True)
class Account:
    """What the journal holds, and whether it agrees with the snapshots."""

    batches: tuple[Batch, ...]
    left: str | None
    """What a run that was killed has left, in a sentence."""
    gone: tuple[str, ...]
    """Snapshots on which batches were judged, and that are not there any more."""
    disagreeing: tuple[str, ...]
    """Device IDs of which the snapshot says something else than when they were first changed."""


def life_of(inventory: Inventory, device_id: str) -> Life:
    """The life of a Device; raises CannotRun where the inventory cannot be read."""
    snapshot = find_current(inventory)
    file = snapshot.tables.get(DEVICES) if snapshot else None
    said = find_device(file, device_id) if file else None
    as_of = snapshot.as_of if snapshot and file else ""
    with read_journal(inventory.journal) as journal:
        steps = tuple(_step(entry, said, as_of) for entry in journal.life(device_id))
        since = journal.changes([device_id], journal.first_since(as_of)).get(device_id, [])
    entries = [step.entry for step in steps]
    disagrees = _disagrees(entries, snapshot, said) if snapshot and file else False
    return Life(device_id, snapshot, said, steps, present(said, since), disagrees)


def account_of(inventory: Inventory, *, whole: bool) -> Account:
    """What the journal holds; ``whole`` reads every byte of it and of the newest snapshot.

    Raises CannotRun where either is damaged.
    """
    left = left_by(inventory.journal)
    snapshot = find_current(inventory)
    if whole and snapshot:
        check_whole(snapshot)
    with read_journal(inventory.journal, whole=whole) as journal:
        batches = tuple(journal.batches())
        disagreeing = tuple(_disagreeing(journal, snapshot)) if snapshot else ()
    judged_on = {batch.snapshot for batch in batches if batch.snapshot}
    gone = sorted(each for each in judged_on if not (inventory.snapshots / each).is_dir())
    return Account(batches, left, tuple(gone), disagreeing)


def _step(entry: Entry, said: InventoryDevice | None, as_of: str) -> Step:
    is_later = bool(as_of) and is_after(as_of, entry.batch.at)
    return Step(entry, standing(entry.change, entry.answer, said, is_later=is_later))


def _disagreeing(journal: Journal, snapshot: Snapshot) -> Iterator[str]:
    """Devices that were first changed as something else than what the snapshot says they were.

    Asked of the batches that were judged on it, and of the changes that came after its extract.
    """
    judged = [
        batch
        for batch in journal.batches()
        if (batch.kind, batch.snapshot) == ("requests", snapshot.id)
        and not is_after(snapshot.as_of, batch.at)
    ]
    if not judged or DEVICES not in snapshot.tables:
        return
    first = journal.first_since(snapshot.as_of)
    changes = journal.first_changes(first, range(judged[0].first, judged[-1].end))
    while piece := list(islice(changes, _AT_ONCE)):
        yield from _changed(snapshot, piece)


def _changed(snapshot: Snapshot, changes: Sequence[FirstChange]) -> Iterator[str]:
    devices = find_alike(snapshot.tables[DEVICES], [change.device_id for change in changes])
    for change, device in zip(changes, devices, strict=True):
        if not _agrees(change.kind, change.was, device):
            yield change.device_id


def _agrees(kind: Kind, was: Mapping[str, str], device: InventoryDevice | None) -> bool:
    """Whether a snapshot says of a Device what it was when it was first changed."""
    if kind == Kind.PRENOTIFIED:
        return device is None
    return device is not None and all(getattr(device, name) == said for name, said in was.items())


def _disagrees(entries: Iterable[Entry], snapshot: Snapshot, said: InventoryDevice | None) -> bool:
    """Whether the first change since an extract was of another Device than the snapshot has."""
    later = (entry for entry in entries if not is_after(snapshot.as_of, entry.batch.at))
    first = next(later, None)
    if first is None or first.batch.snapshot != snapshot.id:
        return False
    return not _agrees(first.change.kind, first.was, said)
