"""GitLab's code quality report: a list of issues as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence

from defectreg.formats.reports.telling import fingerprint, numbered, told
from defectreg.formats.visible import visible
from defectreg.register.findings import Finding

_SEVERITIES = {"error": "major", "warning": "minor", "awaited": "info"}


def code_quality(findings: Sequence[Finding]) -> str:
    """The findings as GitLab's "Code Quality report format" asks (docs, CI/CD, Code Quality).

    Each with ``description``, ``check_name``, ``fingerprint``, ``severity`` (major, minor, and info
    for what is awaited), and ``location`` with ``path`` and ``lines``.
    """
    issues = [
        {
            "description": f"{finding.code}: {told(finding)}",
            "check_name": finding.code,
            "fingerprint": fingerprint(finding, occurrence),
            "severity": _SEVERITIES[finding.severity],
            "location": {"path": visible(finding.file) or ".", "lines": {"begin": finding.line}},
        }
        for finding, occurrence in numbered(findings)
    ]
    return json.dumps(issues, indent=2) + "\n"
