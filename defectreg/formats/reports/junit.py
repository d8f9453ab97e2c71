"""JUnit's XML, which nearly every host of CI shows as a list of tests."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from defectreg.formats.reports.telling import counted, numbered, told
from defectreg.formats.visible import visible
from defectreg.register.findings import Finding

_NAME = "defectreg"


def junit(findings: Sequence[Finding]) -> str:
    """One suite with a case for each finding; without any, one case that passes.

    An error is a failure, what is awaited is skipped, a warning passes and says so. A case is named
    by its code and sentence, not by its line, so that a host knows it again in the next run.
    """
    suites = Element("testsuites", name=_NAME)
    failed = sum(finding.severity == "error" for finding in findings)
    skipped = sum(finding.severity == "awaited" for finding in findings)
    counts = {"tests": len(findings) or 1, "failures": failed, "errors": 0, "skipped": skipped}
    shown = {name: str(number) for name, number in counts.items()}
    suite = SubElement(suites, "testsuite", {"name": _NAME, **shown})
    for finding, occurrence in numbered(findings):
        _add(suite, finding, occurrence)
    if not findings:
        SubElement(suite, "testcase", classname=_NAME, name=counted(0, "finding"))
    indent(suites)
    text: str = tostring(suites, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _add(suite: Element, finding: Finding, occurrence: int) -> None:
    file = visible(finding.file)
    again = f" ({occurrence})" if occurrence > 1 else ""
    name = f"{finding.code}: {visible(finding.sentence)}{again}"
    case = SubElement(suite, "testcase", classname=file, name=name, file=file)
    place = f"{file}:{finding.line}:{finding.column}"
    text = f"{place}: {finding.severity}[{finding.code}]: {told(finding)}"
    if finding.severity == "error":
        SubElement(case, "failure", type=finding.code, message=told(finding)).text = text
    elif finding.severity == "awaited":
        SubElement(case, "skipped", message=told(finding))
    else:
        SubElement(case, "system-out").text = text
