"""Lists of SHA-256 sums as ``sha256sum`` writes and checks them, with remarks in front."""

from __future__ import annotations

import re
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from defectreg.store.files import FileProblem

SUMS = "SHA256SUMS"
"""The customary name of such a list."""
_FURTHER = re.compile(r"sums/[0-9A-HJKMNP-TV-Z]{2}\.txt")
"""Names of the lists that the first one names."""


def to_sums(remarks: tuple[str, ...], sums: Mapping[str, str]) -> str:
    """The list of a folder's files by name; ``sha256sum --check`` passes over the remarks.

    Names are without line breaks and backslashes, which the format writes in another way.
    """
    lines = [f"# {remark}" for remark in remarks]
    lines += [f"{sums[name]}  {name}" for name in sorted(sums)]
    return "".join(f"{line}\n" for line in lines)


def remarks_in(text: str) -> list[str]:
    """The remarks in front of a list."""
    return [line[2:] for line in text.splitlines() if line.startswith("# ")]


def names_in(text: str) -> frozenset[str]:
    """The names of the files that a list has."""
    return frozenset(line[66:] for line in text.splitlines() if line[64:66] == "  ")


def names_of(folder: Path, text: str) -> frozenset[str]:
    """The names of the files that the first list of a folder has, or a list that it names.

    Raises FileProblem where one of those lists is missing, or is another than the first one says.
    """
    names = set(names_in(text))
    for digest, name in (line.split("  ", 1) for line in text.splitlines() if line[64:66] == "  "):
        if _FURTHER.fullmatch(name):
            names |= names_in(_checked(folder / name, digest).decode("utf-8", "replace"))
    return frozenset(names)


def _checked(file: Path, digest: str) -> bytes:
    data = file.read_bytes() if file.is_file() and not file.is_symlink() else None
    if data is None or sha256(data).hexdigest() != digest:
        raise FileProblem(
            f"{file} is not the list that {SUMS} names",
            "the publication is damaged: take another copy of it",
        )
    return data
