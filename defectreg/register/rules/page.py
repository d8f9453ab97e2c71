"""One code of a finding, as it is explained."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CodePage:
    """One code of a finding: its rule in a line, why, what to do, and whence it comes."""

    code: str
    severity: str
    title: str
    explanation: str
    hint: str
    source: str
    wrong: str = ""
    """A few lines that break it, as they may be shown; empty where lines alone cannot show it."""
    right: str = ""
    """What stands there when it is kept."""
