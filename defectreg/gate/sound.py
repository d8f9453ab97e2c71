"""Files read as their objects are named: git itself does not look whether the bytes fit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from defectreg.register.errors import CannotRun
from defectreg.store.git import Repository, blob_id


def sound_files(repository: Repository, blob_of: Mapping[str, str]) -> Iterator[tuple[str, bytes]]:
    """Each of these paths with the bytes of its blob; raises CannotRun where one is damaged."""
    read = repository.blobs(blob_of.values())
    for (path, blob), (_, data) in zip(blob_of.items(), read, strict=True):
        if blob_id(data) != blob:
            raise CannotRun(
                f"the object {blob} is damaged: its bytes are not those of its id",
                "git fsck says what is damaged; a new clone mends it",
            )
        yield path, data
