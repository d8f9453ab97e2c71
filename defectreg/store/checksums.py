"""Lists of SHA-256 sums as ``sha256sum`` writes and checks them, with remarks in front."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

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
    """The names of the files that the first list of a folder has, or a list that it names."""
    names = set(names_in(text))
    for name in sorted(filter(_FURTHER.fullmatch, names)):
        further = folder / name
        if further.is_file() and not further.is_symlink():
            names |= names_in(further.read_text("utf-8", "replace"))
    return frozenset(names)
