"""Lists of SHA-256 sums as ``sha256sum`` writes and checks them, with remarks in front."""

from __future__ import annotations

from collections.abc import Mapping

SUMS = "SHA256SUMS"
"""The customary name of such a list."""


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
