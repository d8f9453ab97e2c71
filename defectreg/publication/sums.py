"""Lists of checksums, sharded by id: one changed entry rewrites one list and the first.

Names in every list are relative to the top of the site, so that from there
``sha256sum --check --quiet SHA256SUMS sums/*.txt`` checks all of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from defectreg.register.public import DISCLAIMER
from defectreg.store.checksums import SUMS, to_sums

_SHARDED = re.compile(
    r"(?:records/DR-|csaf/dr-)([0-9A-Za-z]{2})[0-9A-Za-z]{2}-"
    r"|(?:all|sitemaps)/([0-9A-Z]{2})\.[a-z]+\Z"
)
"""Names of what belongs to one entry, or to one shard."""


def shard_of(path: str) -> str:
    """The list in which a file stands: the first two symbols of its entry; empty for the first."""
    match = _SHARDED.match(path)
    return match[match.lastindex or 0].upper() if match else ""


def shard_list(shard: str, sums: Mapping[str, str]) -> tuple[str, bytes]:
    """The list of one shard's files. It names no commit: it changes when one of them does."""
    return f"sums/{shard}.txt", to_sums((DISCLAIMER,), sums).encode()


def root_list(sums: Mapping[str, str], remarks: tuple[str, ...]) -> tuple[str, bytes]:
    """The first list: what belongs to no shard, and the shards' lists."""
    return SUMS, to_sums(remarks, sums).encode()


def sums_files(sums: Mapping[str, str], remarks: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
    """All lists of a site, from the checksums of its files by path; the first list comes last."""
    import hashlib

    shards: dict[str, dict[str, str]] = {}
    for path, digest in sums.items():
        shards.setdefault(shard_of(path), {})[path] = digest
    root = dict(shards.pop("", {}))
    for shard in sorted(shards):
        path, data = shard_list(shard, shards[shard])
        root[path] = hashlib.sha256(data).hexdigest()
        yield path, data
    yield root_list(root, remarks)
