"""GitHub's annotations: workflow commands that a job prints."""

from __future__ import annotations

from collections.abc import Sequence

from defectreg.formats.reports.telling import by_weight, told
from defectreg.formats.visible import visible
from defectreg.register.findings import Finding

_COMMANDS = {"error": "error", "warning": "warning", "awaited": "notice"}


def workflow_commands(findings: Sequence[Finding]) -> str:
    """A line ``::error file=…,line=…,col=…,title=…::…`` for each finding, errors first.

    GitHub shows ten errors, ten warnings and ten notices of a step, and all lines in its log.
    """
    return "".join(map(_line, by_weight(findings)))


def _line(finding: Finding) -> str:
    place = {
        "file": visible(finding.file),
        "line": str(finding.line),
        "col": str(finding.column),
    }
    properties = {**(place if finding.file else {}), "title": finding.code}
    listed = ",".join(f"{name}={_property(text)}" for name, text in properties.items())
    return f"::{_COMMANDS[finding.severity]} {listed}::{_data(told(finding))}\n"


def _data(text: str) -> str:
    # As @actions/core does it; line breaks come only escaped, and would be %0D and %0A.
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
