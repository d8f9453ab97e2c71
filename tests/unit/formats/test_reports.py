from __future__ import annotations

import json
import os
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import pytest

from defectreg.formats.reports import REPORTS
from defectreg.formats.reports.markdown import LONGEST
from defectreg.register.findings import Finding
from defectreg.register.public import DISCLAIMER
from tests.conftest import REPOSITORY

GOLDEN = REPOSITORY / "tests" / "golden" / "reports"
SUFFIXES = {
    "markdown": "md",
    "codequality": "json",
    "annotations": "txt",
    "sarif": "sarif",
    "junit": "xml",
}
RECORD = "records/7K/DR-7K3Q-X4MB.yaml"
FIX = "records/7K/DR-7K3Q-X4MB/2026-10-21-fix-maker-one.yaml"
ERROR = Finding(RECORD, 3, 7, "S004", "error", "kind is not one of the values allowed", "say issue")
WARNING = Finding(RECORD, 9, 1, "R033", "warning", "the alert 0001 is not in the catalogue")
AWAITED = Finding(FIX, 1, 1, "R013", "awaited", "the frequency has no source", "add one")
HOSTILE = Finding(
    "records/7K/a,b:c%\n::error::x.yaml", 2, 1, "S011", "error",
    "``` </code><script>alert(1)</script> | @all [here](https://example.org) ]]> \n::error::owned "
    "%0A /close \u202e\x1b[31m \ud800 {0} &amp; \ufffe",
    "say\r\n/merge ````````",
)  # fmt: skip
FOUND = [ERROR, WARNING, AWAITED, replace(ERROR, line=30), HOSTILE]


def issues(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(REPORTS["codequality"](findings))
    return found


def run(findings: Sequence[Finding]) -> dict[str, Any]:
    log = json.loads(REPORTS["sarif"](findings))
    assert log["version"] == "2.1.0"
    (only,) = log["runs"]
    found: dict[str, Any] = only
    return found


def cases(findings: Sequence[Finding]) -> list[ElementTree.Element]:
    suites = ElementTree.fromstring(REPORTS["junit"](findings))
    (suite,) = suites
    found = list(suite)
    assert suite.attrib["tests"] == str(len(found))
    return found


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_is_as_its_golden_file(name: str) -> None:
    golden = GOLDEN / f"findings.{SUFFIXES[name]}"
    written = REPORTS[name](FOUND)
    if os.environ.get("REFRESH") == "1":
        golden.parent.mkdir(parents=True, exist_ok=True)
        golden.write_text(written, "utf-8")
    assert written == golden.read_text("utf-8")


def test_every_golden_file_is_a_formats() -> None:
    names = {path.name for path in GOLDEN.iterdir()}
    assert names == {f"findings.{SUFFIXES[name]}" for name in REPORTS}


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_of_nothing_can_be_read(name: str) -> None:
    written = REPORTS[name]([])
    assert written.endswith("\n") or not written
    if name in ("codequality", "sarif"):
        json.loads(written)
    if name == "junit":
        assert [list(case) for case in cases([])] == [[]]


@pytest.mark.parametrize("name", ["codequality", "sarif", "annotations"])
def test_what_is_read_by_programs_is_ascii_where_a_file_is_hostile(name: str) -> None:
    assert REPORTS[name]([HOSTILE]).isascii()


def test_what_is_awaited_is_told_apart_everywhere() -> None:
    assert [issue["severity"] for issue in issues(FOUND[:3])] == ["major", "minor", "info"]
    assert [result["level"] for result in run(FOUND[:3])["results"]] == ["error", "warning", "note"]
    lines = REPORTS["annotations"](FOUND[:3]).splitlines()
    assert [line.split()[0] for line in lines] == ["::error", "::warning", "::notice"]
    kinds = [[child.tag for child in case] for case in cases(FOUND[:3])]
    assert kinds == [["failure"], ["system-out"], ["skipped"]]
    before, _, after = REPORTS["markdown"](FOUND[:3]).partition("### Still awaited: 1 thing")
    assert AWAITED.sentence in after
    assert AWAITED.sentence not in before


def test_a_fingerprint_outlives_a_move_and_tells_two_of_a_kind_apart() -> None:
    def prints(findings: Sequence[Finding]) -> list[list[str]]:
        results = run(findings)["results"]
        return [
            [issue["fingerprint"] for issue in issues(findings)],
            [result["partialFingerprints"]["primaryLocationLineHash"] for result in results],
        ]

    twins = [ERROR, replace(ERROR, line=30)]
    moved = [replace(finding, line=finding.line + 5, column=1) for finding in twins]
    assert prints(twins) == prints(moved)
    for each in prints([*twins, replace(ERROR, file=FIX), replace(ERROR, code="S005")]):
        assert len(set(each)) == 4


def test_a_code_quality_issue_has_what_gitlab_asks() -> None:
    for issue in issues(FOUND):
        assert set(issue) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert issue["severity"] in {"info", "minor", "major", "critical", "blocker"}
        assert issue["location"]["lines"]["begin"] >= 1
        assert not issue["location"]["path"].startswith(("/", "./"))


def test_an_annotation_is_one_line_that_begins_no_other_command() -> None:
    lines = REPORTS["annotations"](FOUND).splitlines()
    assert len(lines) == len(FOUND)
    for line in lines:
        _, head, _ = line.split("::", 2)
        kind, _, listed = head.partition(" ")
        assert kind in {"error", "warning", "notice"}
        names = [part.partition("=")[0] for part in listed.split(",")]
        assert names == ["file", "line", "col", "title"]


def test_a_sarif_rule_stands_for_each_code_that_occurs_and_no_other() -> None:
    made = run(FOUND)
    rules = made["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["R013", "R033", "S004", "S011"]
    for rule in rules:
        assert all(rule[key]["text"] for key in ("shortDescription", "fullDescription", "help"))
        assert rule["defaultConfiguration"]["level"] in {"error", "warning", "note"}
    for result in made["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]


def test_a_sarif_result_has_a_place_in_a_relative_file() -> None:
    for result in run(FOUND)["results"]:
        (location,) = result["locations"]
        place = location["physicalLocation"]
        assert re.fullmatch(
            r"[A-Za-z0-9._~/-]+(%[0-9A-F]{2}[^%]*)*", place["artifactLocation"]["uri"]
        )
        assert min(place["region"].values()) >= 1
        assert result["message"]["text"]


def test_a_sarif_message_holds_no_link() -> None:
    texts = [result["message"]["text"] for result in run([HOSTILE])["results"]]
    assert not any("](" in text for text in texts)


def test_sarif_holds_no_more_than_a_host_takes_and_says_what_it_left_out() -> None:
    many = [replace(WARNING, line=number + 1) for number in range(25_001)]
    made = run([*many, ERROR])
    assert len(made["results"]) == 25_000
    assert made["results"][0]["level"] == "error"
    (note,) = made["invocations"][0]["toolExecutionNotifications"]
    assert note["message"]["text"].startswith("2 findings more")


def test_cases_of_junit_have_names_of_their_own() -> None:
    named = [(case.attrib["classname"], case.attrib["name"]) for case in cases(FOUND)]
    assert len(set(named)) == len(FOUND)


def test_what_is_hostile_stays_in_its_block_of_code() -> None:
    fenced = False
    fence = ""
    outside = []
    for line in REPORTS["markdown"]([HOSTILE, replace(HOSTILE, severity="awaited")]).splitlines():
        if not fenced and (opening := re.match(r"(`{3,})text$", line)):
            fenced, fence = True, opening[1]
        elif fenced and re.fullmatch(rf" {{0,3}}{fence}`*\s*", line):
            fenced = False
        elif not fenced:
            outside.append(line)
    assert not fenced
    for hostile in ("script", "@all", "example.org", "/close", "/merge", "a,b"):
        assert hostile not in "\n".join(outside)
    assert outside.count(f"> {DISCLAIMER}") == 1


def test_a_comment_is_as_long_as_a_host_takes_and_counts_what_it_leaves_out() -> None:
    many = [replace(ERROR, line=number + 1) for number in range(5_000)]
    written = REPORTS["markdown"]([*many, *(replace(AWAITED, line=n + 1) for n in range(10))])
    shown = written.count("error[S004]")
    assert 100 < shown < 5_000
    assert len(written) <= LONGEST
    assert f"{5_000 - shown:,} findings more did not fit here" in written
    assert "10 findings more did not fit here" in written
    assert DISCLAIMER in written


def test_one_endless_sentence_is_cut_and_the_others_are_still_told() -> None:
    written = REPORTS["markdown"]([replace(ERROR, sentence="`" * 100_000), WARNING])
    assert len(written) <= LONGEST
    assert WARNING.sentence in written


def test_every_comment_bears_the_disclaimer() -> None:
    assert DISCLAIMER in REPORTS["markdown"]([])
