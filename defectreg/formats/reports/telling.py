"""What every report says of a finding, in one line each, and how findings are told apart."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator

from defectreg.formats.visible import visible
from defectreg.register.findings import Finding, Severity

_ORDER: tuple[Severity, ...] = ("error", "warning", "awaited")


def by_weight(findings: Iterable[Finding]) -> list[Finding]:
    """Errors first, then warnings, then what is awaited; each in the order it came."""
    return sorted(findings, key=lambda finding: _ORDER.index(finding.severity))


def told(finding: Finding) -> str:
    """The sentence, and the hint where there is one, as one line that can be seen."""
    sentence = visible(finding.sentence)
    return f"{sentence}; hint: {visible(finding.hint)}" if finding.hint else sentence


def counted(number: int, word: str) -> str:
    """A number with its word: ``1 error``, ``5,000 errors``."""
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"


def numbered(findings: Iterable[Finding]) -> Iterator[tuple[Finding, int]]:
    """Each finding, and how many of the same code, file and sentence there were up to it."""
    seen: Counter[tuple[str, str, str]] = Counter()
    for finding in findings:
        key = finding.code, finding.file, finding.sentence
        seen[key] += 1
        yield finding, seen[key]


def fingerprint(finding: Finding, occurrence: int) -> str:
    """The same for a finding as long as it stands, wherever in its file: ``<32 hex>:<number>``.

    Hosts compare it with the one of the run before. Lines move with every edit above them, so they
    are no part of it.
    """
    about = "\0".join((finding.code, finding.file, finding.sentence))
    digest = hashlib.sha256(about.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return f"{digest}:{occurrence}"
