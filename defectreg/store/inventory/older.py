"""The snapshots before the newest: how much they take, and which of them are removed."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass

from defectreg.store.inventory.places import Inventory
from defectreg.store.inventory.snapshot import Snapshot, being_made, snapshots_of


@dataclass(frozen=True, slots=True)
class Older:
    """How many snapshots there are beside the newest, and how many bytes they alone take.

    ``removed``: how many were removed just now.
    """

    count: int = 0
    bytes: int = 0
    removed: int = 0


def remove_older(inventory: Inventory, newest: Snapshot, keep: int | None) -> Older:
    """Keep the newest snapshots, so many with the one that was just made; None keeps all.

    The inventory is locked by who calls this. What is removed is moved away first, so that nobody
    finds half a snapshot; what a killed run leaves is removed by the next load.
    """
    others = [folder for folder in snapshots_of(inventory) if folder.name != newest.id]
    leaving = others[max(0, keep - 1) :] if keep else []
    for folder in leaving:
        aside = being_made(inventory)
        folder.replace(aside)
        shutil.rmtree(aside, ignore_errors=True)
    kept = others[: len(others) - len(leaving)]
    sizes = {entry.inode(): entry.stat().st_size for folder in kept for entry in os.scandir(folder)}
    for entry in os.scandir(newest.folder):  # a table that is in both takes no room of its own
        sizes.pop(entry.inode(), None)
    return Older(len(kept), sum(sizes.values()), len(leaving))
