"""Findings: what is wrong in a file, where, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

DataPath: TypeAlias = tuple[str | int, ...]
"""Keys and list positions that lead from a document's top to one of its values."""

Severity: TypeAlias = Literal["error", "warning", "awaited"]


@dataclass(frozen=True, slots=True)
class Problem:
    """What a check says of one value of a document; the check's caller knows code and file."""

    path: DataPath
    sentence: str
    hint: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One problem at its place. ``line`` and ``column`` count from 1, in characters."""

    file: str
    line: int
    column: int
    code: str
    severity: Severity
    sentence: str
    hint: str = ""
