"""Whatever a finding says, a report of it can be read, and nothing of it leaves its place."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from defectreg.formats.reports import REPORTS
from defectreg.formats.reports.markdown import LONGEST
from defectreg.register.findings import Finding, Severity

TEXTS = st.one_of(
    st.text(st.characters()),
    st.text("`~|<>@#!/[](){}:,%;&\\\n\r\t -_*\u2028\u202e\x1b", max_size=60),
    st.sampled_from(["", "`" * 40, "\n```\n", "%0A::error::", "]]>", "[a](b)", "\ud800"]),
)
SEVERITIES: st.SearchStrategy[Severity] = st.sampled_from(("error", "warning", "awaited"))
FINDINGS = st.lists(
    st.builds(
        Finding,
        TEXTS,
        st.integers(1, 10**6),
        st.integers(1, 10**6),
        st.sampled_from(("R014", "G001", "S999")),
        SEVERITIES,
        TEXTS,
        TEXTS,
    ),
    max_size=8,
)


@given(FINDINGS)
def test_a_report_for_programs_has_one_entry_for_each_finding(findings: list[Finding]) -> None:
    issues = json.loads(REPORTS["codequality"](findings))
    results = json.loads(REPORTS["sarif"](findings))["runs"][0]["results"]
    (suite,) = ElementTree.fromstring(REPORTS["junit"](findings))
    assert len(issues) == len(results) == len(findings)
    assert len(suite) == max(1, len(findings))
    prints = [issue["fingerprint"] for issue in issues]
    assert len(set(prints)) == len(prints)


@given(FINDINGS)
def test_each_annotation_is_one_command_of_ours(findings: list[Finding]) -> None:
    written = REPORTS["annotations"](findings)
    lines = written.split("\n")[:-1]
    assert len(lines) == len(findings) == len(written.splitlines())
    for line in lines:
        form = r"::(error|warning|notice) (file=[^:,]+,line=\d+,col=\d+,)?title=[A-Z]\d{3}::.*"
        assert re.fullmatch(form, line)


@given(FINDINGS)
def test_a_comment_says_outside_its_blocks_what_it_says_of_harmless_findings(
    findings: list[Finding],
) -> None:
    twins = [Finding("f", 1, 1, finding.code, finding.severity, "s", "h") for finding in findings]
    written = REPORTS["markdown"](findings)
    assert len(written) <= LONGEST
    assert outside(written) == outside(REPORTS["markdown"](twins))


def outside(text: str) -> list[str]:
    """The lines of Markdown that no fence encloses (CommonMark 4.5)."""
    fence = ""
    lines = []
    for line in text.splitlines():
        if fence:
            closing = re.fullmatch(r" {0,3}(`+)[ \t]*", line)
            if closing and len(closing[1]) >= len(fence):
                fence = ""
            continue
        opening = re.match(r" {0,3}(`{3,}|~{3,})", line)
        if opening:
            fence = opening[1]
            continue
        lines.append(line)
    assert not fence
    return lines
