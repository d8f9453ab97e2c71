"""Markdown for one comment on a request: what is wrong, and what is still awaited.

Whatever came out of a file stands inside blocks of code, fenced by more backticks than it has:
there nothing is a link, a mention, an emoji, a command of the host or HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from defectreg.formats.reports.telling import by_weight, counted
from defectreg.formats.visible import visible
from defectreg.register.findings import Finding
from defectreg.register.public import DISCLAIMER

LONGEST = 60_000
"""Characters of a comment. GitHub takes 65,536, GitLab 1,000,000."""
_LONGEST_LINE = 1_000
_AROUND = 6_000
"""Characters kept for headings, fences, the disclaimer and what is said of the rest."""


def markdown(findings: Sequence[Finding]) -> str:
    """A comment's whole text, of at most ``LONGEST`` characters, with how many are left out."""
    wrong = [finding for finding in by_weight(findings) if finding.severity != "awaited"]
    awaited = [finding for finding in findings if finding.severity == "awaited"]
    room = LONGEST - _AROUND
    first = _fitting(wrong, room)
    second = _fitting(awaited, room - sum(map(_length, first)))
    parts = [f"### Checks of the register: {_heading(wrong)}", *_block(first, len(wrong))]
    if awaited:
        parts.append(f"### Still awaited: {counted(len(awaited), 'thing')}")
        parts.append("Nothing is wrong with these; they have yet to be said or signed.")
        parts.extend(_block(second, len(awaited)))
    if findings:
        parts.append("`defectreg explain CODE` says what a code means.")
    return "\n\n".join([*parts, f"> {DISCLAIMER}"]) + "\n"


def _heading(wrong: Sequence[Finding]) -> str:
    counts = [
        (sum(finding.severity == severity for finding in wrong), severity)
        for severity in ("error", "warning")
    ]
    return ", ".join(counted(number, word) for number, word in counts if number) or "nothing wrong"


def _fitting(findings: Sequence[Finding], room: int) -> list[str]:
    """The texts of the first findings, as many as there is room for."""
    texts = []
    for finding in findings:
        text = "\n".join(_lines(finding))
        room -= _length(text)
        if room < 0:
            break
        texts.append(text)
    return texts


def _length(text: str) -> int:
    return len(text) + 1


def _lines(finding: Finding) -> Iterator[str]:
    place = f"{finding.file}:{finding.line}:{finding.column}"
    yield _line(f"{place}: {finding.severity}[{finding.code}]: {finding.sentence}")
    if finding.hint:
        yield _line(f"  hint: {finding.hint}")


def _line(text: str) -> str:
    shown = visible(text)
    return shown if len(shown) <= _LONGEST_LINE else f"{shown[: _LONGEST_LINE - 1]}…"


def _block(texts: Sequence[str], among: int) -> Iterator[str]:
    if texts:
        text = "\n".join(texts)
        fence = "`" * max([3, *(len(run) + 1 for run in re.findall("`+", text))])
        yield f"{fence}text\n{text}\n{fence}"
    if len(texts) < among:
        left = counted(among - len(texts), "finding")
        yield f"{left} more did not fit here; what the check itself prints lists them all."
