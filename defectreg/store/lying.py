"""What lies in some places of the work tree, as a walk through all of it would find it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from defectreg.store.sources import GITS_OWN, WorkTreeSource


@dataclass(frozen=True)
class Lying:
    """Looks at places of a work tree; each folder is listed once."""

    source: WorkTreeSource
    _listed: dict[str, Mapping[str, bool]] = field(default_factory=dict)

    def has_file(self, path: str) -> bool:
        """Whether a file lies there; a link is one, whatever it leads to, and no way further."""
        folder, _, name = path.rpartition("/")
        return self._is_folder(folder) and self._names(folder).get(name) is False

    def below(self, folder: str) -> Iterator[str]:
        """The files below a folder; none where it is not there."""
        folder = folder.rstrip("/")
        if self._is_folder(folder):
            yield from self.source.paths(folder)

    def _is_folder(self, path: str) -> bool:
        folder, slash, name = path.rpartition("/")
        if not slash:
            return True  # a walk begins there, also where it is a link
        return self._is_folder(folder) and self._names(folder).get(name) is True

    def _names(self, folder: str) -> Mapping[str, bool]:
        """The names in a folder, and whether each is a folder."""
        if folder not in self._listed:
            self._listed[folder] = dict(_entries(f"{self.source.root}/{folder}"))
        return self._listed[folder]


def _entries(place: str) -> Iterator[tuple[str, bool]]:
    try:
        entries = os.scandir(place)
    except OSError:
        return
    with entries:
        for entry in entries:
            if entry.name != GITS_OWN:
                yield entry.name, entry.is_dir(follow_symlinks=False)
