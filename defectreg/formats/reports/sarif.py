"""SARIF 2.1.0, OASIS' format for what checkers found, as GitHub's code scanning takes it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from defectreg.formats.reports.telling import by_weight, counted, fingerprint, numbered, told
from defectreg.register.findings import Finding
from defectreg.register.rules.page import CodePage
from defectreg.register.rules.pages import code_pages

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_MOST = 25_000
"""Results that GitHub takes of a run; a file with more is refused whole."""
_LEVELS = {"error": "error", "warning": "warning", "awaited": "note"}
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/")


def sarif(findings: Sequence[Finding]) -> str:
    """One run with its results, and a rule for each code that occurs.

    ``level`` is error, warning, or note for what is awaited. Columns count characters.
    """
    shown = by_weight(findings)[:_MOST]
    codes = sorted({finding.code for finding in shown})
    places = {code: number for number, code in enumerate(codes)}
    run: dict[str, Any] = {
        "tool": {"driver": {"name": "defectreg", "rules": _rules(codes)}},
        "columnKind": "unicodeCodePoints",
        "results": [
            _result(finding, occurrence, places[finding.code])
            for finding, occurrence in numbered(shown)
        ],
    }
    if len(shown) < len(findings):
        run["invocations"] = [_cut(len(findings) - len(shown))]
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rules(codes: Iterable[str]) -> list[dict[str, Any]]:
    pages = code_pages()
    unknown = CodePage("", "error", "A rule of another version.", "", "", "")
    return [_rule(code, pages.get(code, unknown)) for code in codes]


def _rule(code: str, page: CodePage) -> dict[str, Any]:
    whence = f"Source: {page.source}" if page.source else ""
    helping = "\n\n".join(filter(None, (page.explanation, page.hint, whence)))
    return {
        "id": code,
        "shortDescription": {"text": page.title},
        "fullDescription": {"text": page.explanation or page.title},
        "help": {"text": helping or page.title},
        "defaultConfiguration": {"level": _LEVELS[page.severity]},
    }


def _result(finding: Finding, occurrence: int, rule: int) -> dict[str, Any]:
    region = {"startLine": finding.line, "startColumn": finding.column}
    place = {"artifactLocation": {"uri": _uri(finding.file)}, "region": region}
    return {
        "ruleId": finding.code,
        "ruleIndex": rule,
        "level": _LEVELS[finding.severity],
        "message": {"text": _unlinked(told(finding))},
        "locations": [{"physicalLocation": place}],
        # The one name that GitHub reads; its form is <hash>:<number of the occurrence>.
        "partialFingerprints": {"primaryLocationLineHash": fingerprint(finding, occurrence)},
    }


def _unlinked(text: str) -> str:
    """A message in which ``[…](…)`` makes no link; SARIF has links in plain text too."""
    return text.replace("](", "] (")


def _uri(path: str) -> str:
    """A path as a relative reference (RFC 3986)."""
    return "".join(
        chr(byte) if byte in _UNRESERVED else f"%{byte:02X}"
        for byte in path.encode("utf-8", "surrogatepass")
    )


def _cut(number: int) -> dict[str, Any]:
    text = f"{counted(number, 'finding')} more: what the check itself prints lists them all"
    note = {"level": "warning", "message": {"text": text}}
    return {"executionSuccessful": True, "toolExecutionNotifications": [note]}
