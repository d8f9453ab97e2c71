"""Reports: findings as the hosts of requests and their CI take them.

A format is a function of the findings to a text, one line of ``REPORTS`` and a golden file below
``tests/golden/reports``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from defectreg.formats.reports.annotations import workflow_commands
from defectreg.formats.reports.code_quality import code_quality
from defectreg.formats.reports.junit import junit
from defectreg.formats.reports.markdown import markdown
from defectreg.formats.reports.sarif import sarif
from defectreg.register.findings import Finding

Report: TypeAlias = Callable[[Sequence[Finding]], str]

REPORTS: Mapping[str, Report] = {
    "markdown": markdown,
    "codequality": code_quality,
    "annotations": workflow_commands,
    "sarif": sarif,
    "junit": junit,
}
